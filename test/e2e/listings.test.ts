import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.js';
import { journalFiles, nameOfRun, stateBelow } from '../support/batches.js';
import { remo, shell, startRemo } from '../support/program.js';
import { remo as inMemory } from '../support/run.js';
import { problems, sandboxForTest } from '../support/sandbox.js';

let sandbox: Sandbox;
let folder: string;
let device: string;
let batch: string;

beforeAll(async () => {
  sandbox = await startSandbox({ bootSeconds: 0.05 });
  folder = mkdtempSync(path.join(os.tmpdir(), 'remo-listings-'));
  device = sandbox.fleet.device({ status: 'online', behavior: 'normal' }).id;
  const env = { REMO_CONFIG_DIR: path.join(folder, '.config/remo'), REMO_STATE_DIR: stateBelow(folder) };
  await inMemory(['config', 'set', 'lang', 'en'], { env });
  await inMemory(['devices', 'reboot', device, '--yes', '--wait'], { env, sandbox });
  batch = nameOfRun(journalFiles(folder)[0] ?? '');
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every command that lists something, and a column of it; RUN is a run, DEVICE a device that reboots as it should. */
const listing = [
  ['customers list', 'name'],
  ['devices show sakura@example.jp', 'name'],
  ['devices status DEVICE', 'name'],
  ['devices reboot DEVICE --yes --wait --min-interval 0', 'outcome'],
  ['devices reboot DEVICE --dry-run', 'action'],
  ['batches list', 'state'],
  ['batches show RUN', 'outcome'],
  ['notices RUN --all', 'path'],
  ['config list', 'name'],
  ['config profiles', 'name'],
  ['doctor', 'check'],
  ["devices show --columns '?'", 'name'],
] as const;

// Each is a process or several: they take their time on a busy machine.
describe.each(listing)('remo %s', { timeout: 120_000 }, (words, column) => {
  const line = (flags = '') => `remo ${words} ${flags}`.replace('DEVICE', device).replace('RUN', batch);
  const run = (script: string) => shell(script, { sandbox, folder });
  const lines = (text: string) => text.split('\n').length;

  it('ends quietly with 0 when nobody reads on, or nobody reads at all', async () => {
    // A pipe that is closed before anything is written to it, and one after the first line.
    const scripts = [
      `{ ${line()} 2>&3; echo $? >&3; } 3>&2 | :`,
      `{ ${line('-o csv')}; echo $? >&2; } | head -n 1`,
    ];
    for (const script of scripts) {
      const { err } = await run(script);
      expect(err).toMatch(/(^|\n)0\n$/);
      expect(err).not.toMatch(/Error|EPIPE| {4}at /);
    }
  });

  it.skipIf(!existsSync('/dev/full'))('ends with 1 on a full disk, and says so', async () => {
    for (const flags of ['', '-o json', `--sort ${column}`]) {
      const { code, err } = await run(`${line(flags)} >/dev/full`);
      expect([flags, code]).toEqual([flags, 1]);
      expect(err).toMatch(/^Error: Writing the output failed: .*ENOSPC/m);
      expect(err).not.toContain('    at ');
    }
  });

  it('is the same without a stdin, and without a stderr; without a stdout it ends as ever', async () => {
    const whole = await run(line());
    const noStdin = await run(`${line()} <&-`);
    const noStderr = await run(`${line()} 2>&-`);
    const noStdout = await run(`${line()} >&-`);
    expect(whole.code).toBe(0);
    expect(noStdin).toMatchObject({ code: 0 });
    expect(noStderr).toMatchObject({ code: 0, err: '' });
    expect(noStdout).toMatchObject({ code: 0, out: '' });
    for (const { out } of [noStdin, noStderr]) expect(lines(out)).toBe(lines(whole.out));
  });
});

describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  it.each(['ndjson', 'csv', 'yaml', 'table'])('is noticed with -o %s, too', async format => {
    const { code, err } = await shell(`remo customers list -o ${format} >/dev/full`, { sandbox, folder });
    expect(code).toBe(1);
    expect(err).toMatch(/^Error: Writing the output failed: .*ENOSPC/m);
  });
});

describe('a listing of several pages', () => {
  it.each(['ndjson', 'csv', 'json', 'yaml'])(
    'with -o %s has its first page out while the second is awaited',
    async format => {
      const sandbox = await sandboxForTest();
      sandbox.faults.add({ kind: 'hang', path: /page=2/ });
      const running = await startRemo(['customers', 'list', '-o', format], { sandbox });
      const last = sandbox.fleet.customers[99]?.id ?? '';
      await running.shows(new RegExp(last), 'out');
      expect(running.out).not.toContain(sandbox.fleet.customers[100]?.id);
      expect(await running.endedBy('SIGINT')).toMatchObject({ code: 130 });
    },
  );

  it.each(['json', 'ndjson', 'csv', 'yaml', 'table'])(
    'fails as a whole with -o %s when one in the middle fails',
    async format => {
      const sandbox = await sandboxForTest({ customers: 350 });
      sandbox.faults.add({ kind: 'answer', path: /page=3&/, ...problems.internal(), status: 501 });
      const { code, out, err } = await remo(['customers', 'list', '-o', format], { sandbox });
      expect(code).toBe(6);
      expect(err).toContain('listCustomers');
      if (format === 'json') expect(() => JSON.parse(out)).toThrow();
    },
  );
});
