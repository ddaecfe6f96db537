import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.js';
import { instructions, ofDifferentOwners, ofOneOwner } from '../../support/fleet.js';
import type { FakeHost } from '../../support/host.js';
import { type RunOptions, remo, temporaryFolder } from '../../support/run.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';

const idsOf = (devices: readonly { id: string }[]) => devices.map(({ id }) => id);

async function listFile(content: string | Buffer): Promise<string> {
  const file = path.join(await temporaryFolder(), 'devices.txt');
  await writeFile(file, content);
  return file;
}

/** The devices that would be rebooted. */
async function planned(sandbox: Sandbox, words: readonly string[], options: RunOptions = {}) {
  const argv = ['devices', 'reboot', ...words, '--dry-run', '-o', 'json'];
  const { code, out, err } = await remo(argv, { sandbox, ...options });
  const rows = out === '' ? [] : (JSON.parse(out) as { device_id: string; action: string }[]);
  const ids = rows.flatMap(({ device_id, action }) => (action === 'reboot' ? [device_id] : []));
  return { code, err, ids, rows };
}

describe('the devices of remo devices reboot, from a list', () => {
  it.each<[what: string, content: (a: string, b: string) => string]>([
    ['one id a line', (a, b) => `${a}\n${b}\n`],
    ['comments, blank lines and no end', (a, b) => `# west\n\n${a} # lobby\n\t\n  ${b}`],
    ['a byte order mark and CRLF', (a, b) => `\uFEFF${a}\r\n\r\n${b}\r\n`],
    ['NDJSON', (a, b) => `{"id":"${a}","name":"x"}\n{"id":"${b}"}\n`],
    ['CSV', (a, b) => `name,id\r\n"a, b",${a}\r\nc,${b}\r\n`],
  ])('are read from %s, in its order, from a file and from stdin', async (_what, content) => {
    const sandbox = await sandboxForTest();
    const [b, a] = idsOf(ofDifferentOwners(sandbox, 2));
    const text = content(a ?? '', b ?? '');
    expect(await planned(sandbox, ['--file', await listFile(text)])).toMatchObject({ code: 0, ids: [a, b] });
    expect(await planned(sandbox, ['-f', '-'], { stdin: text })).toMatchObject({ code: 0, ids: [a, b] });
  });

  it.each(['ndjson', 'json', 'csv'])('are what batches show writes as %s', async format => {
    const sandbox = await sandboxForTest();
    const ids = idsOf(ofDifferentOwners(sandbox, 2));
    const made = ['devices', 'reboot', ...ids, '--yes', '--no-wait', '-o', 'ndjson'];
    const { folder, out: results } = await remo(made, { sandbox });
    const run = JSON.parse(results.split('\n')[0] ?? '').batch_id;
    const { out: stdin } = await remo(['batches', 'show', run, '-o', format], {
      env: { REMO_STATE_DIR: folder },
    });
    expect((await planned(sandbox, ['-f', '-'], { stdin })).rows.map(({ device_id }) => device_id)).toEqual(
      ids,
    );
  });

  it.each(['ndjson', 'json', 'csv'])('are what devices show writes as %s', async format => {
    const sandbox = await sandboxForTest();
    const { out } = await remo(['devices', 'show', 'sakura@example.jp', '-o', format], { sandbox });
    const { code, json } = await remo(
      ['devices', 'reboot', '--file', '-', '--yes', '--no-wait', '-o', 'json'],
      { sandbox, stdin: out },
    );
    // The car park is offline.
    expect(code).toBe(3);
    const { devices } = sandbox.fleet.customer('sakura@example.jp');
    expect(json<{ device_id: string }[]>().map(({ device_id }) => device_id)).toEqual(idsOf(devices));
    expect(instructions(sandbox)).toHaveLength(3);
  });

  it('are what a run did not get done', async () => {
    const sandbox = await sandboxForTest();
    const folder = await temporaryFolder();
    const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
    const ids = idsOf(sandbox.fleet.customer('sakura@example.jp').devices);
    const run = await remo(['devices', 'reboot', ...ids, '--yes', '--no-wait', '-o', 'json'], {
      sandbox,
      env,
    });
    const [{ batch_id = '' } = {}] = run.json<{ batch_id: string }[]>();
    const show = ['batches', 'show', batch_id, '--outcome', 'skipped', '-o', 'ndjson'];
    const { out } = await remo(show, { env });
    const { rows } = await planned(sandbox, ['--file', '-'], { stdin: out });
    expect(rows).toMatchObject([{ device_id: sandbox.fleet.device({ name: '駐車場' }).id }]);
  });

  it('are each rebooted once, however often they are named', async () => {
    const sandbox = await sandboxForTest();
    const [a = '', b = ''] = idsOf(ofDifferentOwners(sandbox, 2));
    const { code, err } = await remo(['devices', 'reboot', '--file', '-', '--yes', '--no-wait'], {
      sandbox,
      stdin: `${a}\n${b}\n${a}\n${a}\n`,
    });
    expect(code).toBe(0);
    expect(err).toContain('Plan: 2 devices of 2 customers');
    expect(err).toContain('Skipped: 2 devices (2 given more than once).');
    for (const id of [a, b]) expect(sandbox.rebootCount(id)).toBe(1);
  });

  it('that are not known end it with 5 and their lines; nothing is sent', async () => {
    const sandbox = await sandboxForTest();
    const [a = ''] = idsOf(ofDifferentOwners(sandbox, 1));
    const file = await listFile(`# mine\n${a}\ndev_nope\n\ndev_gone # a comment\ndev_nope\n`);
    const { code, out, err } = await remo(['devices', 'reboot', '-f', file, '--yes', '-o', 'json'], {
      sandbox,
    });
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toContain(`No such device, named in ${file}:\n  line 3: dev_nope\n  line 5: dev_gone\n`);
    const data = JSON.parse(err.trim().split('\n').at(-1) ?? '');
    expect(data.error).toMatchObject({
      code: 'device_not_found',
      params: { ids: ['dev_nope', 'dev_gone'], lines: { dev_nope: 3, dev_gone: 5 } },
    });
    expect(instructions(sandbox)).toEqual([]);
    const ja = await remo(['devices', 'reboot', '-f', file, '--yes', '--lang', 'ja'], { sandbox });
    expect(ja.err).toContain(`${file} に記載された次の機器が見つかりません:\n  3行目: dev_nope`);
  });

  it('that are not known are skipped with --skip-missing, in the plan, the results and the journal', async () => {
    const sandbox = await sandboxForTest();
    const [a = ''] = idsOf(ofDifferentOwners(sandbox, 1));
    const words = ['devices', 'reboot', 'dev_nope', a, 'dev_gone', '--skip-missing', '-o', 'json'];
    const planned = await remo([...words, '--dry-run'], { sandbox });
    expect(planned.json()).toMatchObject([
      { device_id: 'dev_nope', customer_id: null, action: 'skip', reason: 'gone' },
      { device_id: 'dev_gone', device_name: null, action: 'skip', reason: 'gone' },
      { device_id: a, action: 'reboot' },
    ]);
    const { code, err, json, folder } = await remo([...words, '--yes', '--quiet', '--no-wait'], { sandbox });
    expect(code).toBe(3);
    expect(err).toContain('dev_nope: - skipped: The backend does not know it (any more).');
    const results = [
      { device_id: 'dev_nope', customer_name: null, outcome: 'skipped', reason: 'gone' },
      { device_id: a, outcome: 'accepted' },
      { device_id: 'dev_gone', device_name: null, outcome: 'skipped', reason: 'gone' },
    ];
    expect(json()).toMatchObject(results);
    expect(sandbox.rebootCount(a)).toBe(1);
    const [{ batch_id: run = '' } = {}] = json<{ batch_id: string }[]>();
    const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
    const shown = await remo(['batches', 'show', run, '-o', 'json'], { env });
    expect(shown.json()).toMatchObject({ state: 'finished', skipped: 2, results });
  });

  it('that may not be seen are not attempted with --skip-missing, and can be gone on with', async () => {
    const sandbox = await sandboxForTest();
    const [a = '', b = ''] = idsOf(ofDifferentOwners(sandbox, 2));
    sandbox.faults.add({ kind: 'answer', ...problems.forbidden(), path: new RegExp(`/devices/${a}$`) });
    const words = ['devices', 'reboot', a, b, '--skip-missing', '--yes', '--no-wait', '-o', 'json'];
    const { code, json, folder } = await remo(words, { sandbox });
    expect(code).toBe(3);
    expect(json()).toMatchObject([
      { device_id: a, outcome: 'not_attempted', reason: 'forbidden' },
      { device_id: b, outcome: 'accepted' },
    ]);
    const [{ batch_id: run = '' } = {}] = json<{ batch_id: string }[]>();
    const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
    const left = await remo(['batches', 'resume', run, '--yes', '-o', 'json'], { sandbox, env });
    expect(left.json()).toMatchObject([{ device_id: a, outcome: 'accepted' }]);
    expect(sandbox.rebootCount(a)).toBe(1);
  });

  it('of which none is known are the wrong list: 5, also with --skip-missing', async () => {
    const sandbox = await sandboxForTest();
    const list = { sandbox, stdin: 'dev_nope\n' };
    const { code, err, folder } = await remo(
      ['devices', 'reboot', '--file', '-', '--skip-missing', '--yes'],
      list,
    );
    expect(code).toBe(5);
    expect(err).toContain('line 1: dev_nope');
    expect(await remo(['batches', 'list', '-o', 'json'], { env: { REMO_STATE_DIR: folder } })).toMatchObject({
      out: '[]\n',
    });
  });

  it('are looked up side by side, as many as --concurrency says', async () => {
    const sandbox = await sandboxForTest({ latencyMs: 20 });
    const ids = idsOf(ofOneOwner(sandbox, 12));
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, sandbox.requests.filter(({ status }) => status === undefined).length);
    }, 2);
    await planned(sandbox, [...ids, '--concurrency', '3']).finally(() => clearInterval(watch));
    expect(most).toBe(3);
  });
});

describe('a list of devices that can not be used', () => {
  it.each<[what: string, content: string, says: string]>([
    ['empty', '', 'it names no device'],
    ['comments alone', '# dev_1\n\n', 'it names no device'],
    ['the output of a pipe', 'dev_1\tx\n', "line 1) can't be used: this line has several columns"],
    ['broken NDJSON', '{"id":"dev_1"}\n{"id":\n', 'line 2)'],
    ['two ids on a line', 'dev_1\ndev_2 dev_3\n', 'line 2)'],
  ])('(%s) ends with 2, asking nobody, from a file and from stdin', async (_what, content, says) => {
    const sandbox = await sandboxForTest();
    const file = await listFile(content);
    const read = await remo(['devices', 'reboot', '--file', file, '--yes'], { sandbox });
    const piped = await remo(['devices', 'reboot', '--file', '-', '--yes'], { sandbox, stdin: content });
    for (const { code, out, err } of [read, piped]) {
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(says);
      expect(err).toContain('No reboot was instructed.');
    }
    expect(read.err).toContain(file);
    expect(piped.err).toContain('standard input');
    expect(sandbox.requests).toEqual([]);
  });

  it('is not there, is a folder, or has no name: 2, asking nobody', async () => {
    const sandbox = await sandboxForTest();
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'list'));
    for (const name of ['nowhere.txt', 'list']) {
      const file = path.join(folder, name);
      const { code, err } = await remo(['devices', 'reboot', '--file', file, '--yes'], { sandbox });
      expect(code).toBe(2);
      expect(err).toContain(`${file} can't be read`);
    }
    const { code, err } = await remo(['devices', 'reboot', '--file', '', '--yes'], { sandbox });
    expect(code).toBe(2);
    expect(err).toContain('--file: "" is not usable');
    expect(sandbox.requests).toEqual([]);
  });

  it.each([false, true])(
    'can not come from stdin while the answer would too (terminal: %s): 7, unread',
    async tty => {
      const sandbox = await sandboxForTest();
      const [a = ''] = idsOf(ofDifferentOwners(sandbox, 1));
      let stdin: FakeHost['stdin'] | undefined;
      const { code, err } = await remo(['devices', 'reboot', '--file', '-'], {
        sandbox,
        tty,
        stdin: a,
        person: async host => {
          stdin = host.stdin;
        },
      });
      expect(code).toBe(7);
      expect(err).toContain('--yes');
      expect(stdin?.read()?.toString()).toBe(a);
      expect(sandbox.requests).toEqual([]);
    },
  );

  it('may be typed at a terminal, up to Ctrl-D; Ctrl-C ends it with 130', async () => {
    const sandbox = await sandboxForTest();
    const [a = ''] = idsOf(ofDifferentOwners(sandbox, 1));
    const typing = (end: (host: FakeHost) => void) =>
      remo(['devices', 'reboot', '--file', '-', '--yes'], {
        sandbox,
        tty: true,
        person: async host => {
          host.type(`${a}\n`);
          await new Promise(resolve => setTimeout(resolve, 50));
          end(host);
        },
      });
    expect(await typing(host => host.signal('SIGINT'))).toMatchObject({ code: 130 });
    expect(instructions(sandbox)).toEqual([]);
    expect(await typing(host => host.stdin.end())).toMatchObject({ code: 0 });
    expect(sandbox.rebootCount(a)).toBe(1);
  });
});
