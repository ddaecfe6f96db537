import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../src/reboot/record.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import { ageLock, cameras, journalFiles, nameOfRun } from '../support/batches.js';
import { folderForTest, remo, soon, startRemo } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

const rounds = 30;
const atOnce = 10;

/** How the batches of the rounds go about it, in turns; `lasts` is about how long one takes (milliseconds). */
const kinds = [
  { flags: ['--wait=30s'], file: false, lasts: 2_400 },
  { flags: ['--no-wait'], file: true, lasts: 400 },
  { flags: ['--wait=30s', '--per-customer', '2'], file: true, lasts: 1_300 },
  { flags: ['--wait=30s', '--canary', '2'], file: false, lasts: 2_400 },
  { flags: ['--no-wait', '--per-customer', '2', '--concurrency', '1'], file: false, lasts: 400 },
];

/** Kills a batch at a random moment, and goes on with it until it is done. @returns what the kill left */
async function round(number: number, ids: readonly string[], sandbox: Sandbox): Promise<string> {
  const { flags, file, lasts } = kinds[number % kinds.length] ?? kinds[0] ?? never();
  const folder = folderForTest();
  const list = path.join(folder, 'devices.txt');
  if (file) writeFileSync(list, `${ids.join('\n')}\n`);
  const named = file ? ['--file', list] : ids;
  const options = { sandbox, folder };
  const kill = async (argv: readonly string[]) => {
    const started = await startRemo(argv, options);
    // Most at a moment between the first line of the journal and the last device's return, however slow the
    // machine is to get there; some before that.
    const under = () => journalFiles(folder).length > 0 || started.child.exitCode !== null;
    if (number % 6 !== 0) await expect.poll(under, soon).toBe(true);
    await delay(Math.random() * lasts);
    return started.endedBy('SIGKILL');
  };

  const killed = await kill(['devices', 'reboot', ...named, '--yes', ...flags]);
  const [journal] = journalFiles(folder);
  // Without a header that is whole nothing can have been sent.
  const before = journal === undefined ? undefined : await readRecord(journal).catch(() => undefined);
  if (journal === undefined || !before) {
    for (const id of ids) expect(sandbox.rebootCount(id)).toBe(0);
    return 'nothing';
  }
  const goOn = ['batches', 'resume', nameOfRun(journal), '--yes'];
  ageLock(journal);
  if (number % 3 === 0) {
    await kill(goOn);
    ageLock(journal);
  }
  expect(await remo(goOn, options)).toMatchObject({ code: 0 });
  const { devices } = await readRecord(journal);
  const wanted = flags.includes('--no-wait') ? 'accepted' : 'rebooted';
  expect(devices.map(({ deviceId, outcome }) => [deviceId, outcome])).toEqual(ids.map(id => [id, wanted]));
  for (const id of ids) expect([id, sandbox.rebootCount(id)]).toEqual([id, 1]);
  return killed.signal === null ? 'the end' : before.devices.map(({ outcome }) => outcome).join(' ');
}

function never(): never {
  throw new RangeError();
}

describe('a batch over two customers whose process is killed at a random moment', () => {
  it(`and gone on with leaves every device rebooted exactly once, in ${rounds} rounds`, async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.4, latencyMs: 15, customers: 300 });
    const devices = cameras(sandbox, 2, 2 * rounds);
    expect(devices).toHaveLength(4 * rounds);
    const left: string[] = [];
    const lane = async (first: number) => {
      for (let number = first; number < rounds; number += atOnce) {
        left.push(await round(number, devices.slice(number * 4, number * 4 + 4), sandbox));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, (_, first) => lane(first)));

    // The rounds prove little if all were killed at the same point.
    const moments = new Set(left).size;
    expect(moments).toBeGreaterThan(4);
    const counts = devices.map(id => sandbox.rebootCount(id));
    const times = (count: number) => counts.filter(one => one === count).length;
    expect(times(0) + times(1)).toBe(devices.length);
    process.stdout.write(
      `${rounds} rounds, killed at ${moments} different points: of ${devices.length} devices ` +
        `${times(1)} were rebooted once, ${times(0)} never (killed before anything was sent), none twice.\n`,
    );
  }, 180_000);
});
