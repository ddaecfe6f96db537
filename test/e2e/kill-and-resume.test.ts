import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../src/reboot/record.js';
import { folderForTest, remo, startRemo } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

const rounds = 30;
/** A killed process's lock has to go stale first, so the rounds wait side by side. */
const atOnce = 10;

describe('a process that is killed at a random moment', () => {
  it(`and gone on with leaves every device rebooted exactly once, in ${rounds} rounds`, async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.4, latencyMs: 15 });
    const devices = [...sandbox.fleet.devices.values()]
      .filter(({ status, behavior }) => status === 'online' && behavior === 'normal')
      .map(({ id }) => id);
    const killedAfter: string[] = [];

    const round = async (number: number) => {
      const ids = devices.slice(number * 4, number * 4 + 4);
      const folder = folderForTest();
      const started = await startRemo(['devices', 'reboot', ...ids, '--yes', '--wait=30s'], {
        sandbox,
        folder,
      });
      // From before the first look-up to after the last device is back.
      const fuse = 150 + Math.random() * 1800;
      await new Promise(resolve => setTimeout(resolve, fuse));
      started.kill('SIGKILL');
      const { signal } = await started.ended;
      const directory = path.join(folder, '.local', 'state', 'remo', 'batches');
      const [journal] = existsSync(directory)
        ? readdirSync(directory).filter(name => name.endsWith('.ndjson'))
        : [];
      if (!journal) {
        killedAfter.push('nothing');
        for (const id of ids) expect(sandbox.rebootCount(id)).toBe(0);
        return;
      }
      const file = path.join(directory, journal);
      const before = await readRecord(file).catch(() => undefined);
      if (!before) {
        // Killed while the first line was being written: nothing can have been sent.
        killedAfter.push('a torn header');
        for (const id of ids) expect(sandbox.rebootCount(id)).toBe(0);
        return;
      }
      killedAfter.push(signal === null ? 'the end' : before.devices.map(({ outcome }) => outcome).join(' '));
      const resumed = await remo(['batches', 'resume', journal.replace('.ndjson', ''), '--yes'], {
        sandbox,
        folder,
      });
      expect(resumed).toMatchObject({ code: 0 });
      const { devices: records } = await readRecord(file);
      expect(records.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'rebooted'));
      for (const id of ids) expect(sandbox.rebootCount(id)).toBe(1);
    };

    for (let first = 0; first < rounds; first += atOnce) {
      await Promise.all(Array.from({ length: atOnce }, (_, index) => round(first + index)));
    }
    // The rounds prove little if all were killed at the same point.
    expect(new Set(killedAfter).size).toBeGreaterThan(2);
  }, 180_000);
});
