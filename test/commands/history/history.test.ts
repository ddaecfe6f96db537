import { execFile } from 'node:child_process';
import { copyFile, mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { HistoryRow } from '../../../src/commands/history/columns.js';
import { intentLine } from '../../support/journal.js';
import { type RunOptions, remo, temporaryFolder } from '../../support/run.js';
import { sandboxForTest } from '../../support/sandbox.js';
import { accepted, record, runAt } from './recorded.js';

/** One computer with what is on record there; no command has a backend or a sign-in. */
async function computer() {
  const folder = await temporaryFolder();
  const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
  const history = (argv: readonly string[], options: RunOptions = {}) =>
    remo(['history', ...argv], { ...options, env: { ...env, ...options.env } });
  return {
    folder,
    env,
    history,
    rows: async (...argv: string[]) => (await history([...argv, '-o', 'json'])).json<HistoryRow[]>(),
  };
}

/** Two runs: one of three devices of two customers in the morning, one of a device at noon. */
async function twoRuns() {
  const here = await computer();
  const devices = [
    { device_id: 'dev_a', customer_id: 'cus_1' },
    { device_id: 'dev_b', customer_id: 'cus_2' },
    { device_id: 'dev_c', customer_id: 'cus_2' },
    { device_id: 'dev_d', customer_id: 'cus_2' },
  ];
  const customers = [
    { customer_id: 'cus_1', name: 'さくら商店', email: 'Sakura@example.jp' },
    { customer_id: 'cus_2', name: 'あさくら', email: 'asakura@example.jp' },
  ];
  const at = '2026-11-20T00:00:00.000Z';
  await record(
    here.folder,
    { batch_id: '20261120T000000000Z-aaaaaa', started_at: at, reason: 'night job', devices },
    [
      ...accepted('dev_a', '2026-11-20T00:00:01.000Z'),
      intentLine('dev_b', 'kb', { at: '2026-11-20T00:00:02.000Z' }),
      { type: 'failed', at, device_id: 'dev_b', key: 'kb', reason: 'refused', request_id: 'req-b' },
      // Taken back before it left.
      intentLine('dev_c', 'kc', { at: '2026-11-20T00:00:03.000Z' }),
      { type: 'not_sent', at, device_id: 'dev_c', key: 'kc', reason: 'stopped: window_closed' },
      { type: 'skipped', at, device_id: 'dev_d', key: null, reason: 'offline', reboot_id: null },
    ],
    customers,
  );
  await runAt(here.folder, '20261120T120000000Z-bbbbbb', '2026-11-20T12:00:00.000Z', {
    devices: [{ device_id: 'dev_1' }],
  });
  return here;
}

const ids = (rows: readonly HistoryRow[]) => rows.map(({ device_id }) => device_id);

describe('remo history', () => {
  it('has each reboot that was asked for with who, when, why and what became of it, newest first', async () => {
    const { rows } = await twoRuns();
    const [noon, second, first, ...more] = await rows();
    expect(more).toEqual([]);
    expect(noon).toMatchObject({ device_id: 'dev_1', batch_id: '20261120T120000000Z-bbbbbb', reason: null });
    expect(second).toMatchObject({
      at: '2026-11-20T00:00:02.000Z',
      device_id: 'dev_b',
      outcome: 'failed',
      outcome_reason: 'refused',
      request_id: 'req-b',
      reboot_id: null,
      customer_email: 'asakura@example.jp',
    });
    expect(first).toEqual({
      at: '2026-11-20T00:00:01.000Z',
      device_id: 'dev_a',
      device_name: 'camera dev_a',
      outcome: 'accepted',
      outcome_reason: null,
      customer_id: 'cus_1',
      customer_name: 'さくら商店',
      customer_email: 'Sakura@example.jp',
      owner_signed_in: true,
      requested_by: 'hanako@partner.example',
      reason: 'night job',
      host: 'desk',
      profile: 'default',
      api_url: 'https://host.example/partner/v1',
      requested_at: '2026-11-20T00:00:01.000Z',
      booted_before: null,
      booted_at: null,
      reboot_id: 'reb-dev_a',
      request_id: 'req-dev_a',
      batch_id: '20261120T000000000Z-aaaaaa',
      idempotency_key: 'key-dev_a-2026-11-20T00:00:01.000Z',
      failure: null,
    });
  });

  it('has what a real run recorded', async () => {
    const sandbox = await sandboxForTest();
    const { env, rows } = await computer();
    const online = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const offline = sandbox.fleet.device({ status: 'offline' });
    const argv = [
      'devices',
      'reboot',
      online.id,
      offline.id,
      '--yes',
      '--no-wait',
      '--reason',
      'ticket 4711',
    ];
    await remo(argv, { sandbox, env });
    const [reboot] = sandbox.reboots;
    expect(await rows()).toMatchObject([
      {
        device_id: online.id,
        outcome: 'accepted',
        reason: 'ticket 4711',
        reboot_id: reboot?.id,
        idempotency_key: reboot?.key,
        requested_by: reboot?.requestedBy,
      },
    ]);
    expect(ids(await rows('--all'))).toEqual([online.id, offline.id]);
  });

  it('has the newest first, of a run that was gone on with after later ones too', async () => {
    const { folder, history } = await computer();
    const ids = ['dev_1', 'dev_2'];
    const devices = ids.map(device_id => ({ device_id }));
    await record(folder, { batch_id: 'a-run', started_at: '2026-10-01T00:00:00.000Z', devices }, [
      ...accepted('dev_1', '2026-10-01T00:00:01.000Z'),
      ...accepted('dev_2', '2026-11-20T00:00:00.000Z'),
    ]);
    await runAt(folder, 'b-run', '2026-10-10T00:00:00.000Z');
    await runAt(folder, 'c-run', '2026-11-25T00:00:00.000Z');
    const runs = async (...argv: string[]) =>
      (await history([...argv, '-o', 'json'])).json<HistoryRow[]>().map(({ batch_id }) => batch_id);
    expect(await runs()).toEqual(['c-run', 'a-run', 'b-run', 'a-run']);
    expect(await runs('--limit', '2')).toEqual(['c-run', 'a-run']);
    expect(await runs('--limit', '1', '--until', '2026-11-21')).toEqual(['a-run']);
  });

  it('reads no further than it takes to know the newest', async () => {
    const { folder, history } = await computer();
    await runAt(folder, 'a-run', '2026-10-01T00:00:00.000Z');
    await writeFile(path.join(folder, 'batches', 'b-broken.ndjson'), 'garbage\n');
    const old = new Date('2026-10-02T00:00:00Z');
    await utimes(path.join(folder, 'batches', 'b-broken.ndjson'), old, old);
    for (const day of [10, 11]) await runAt(folder, `c-${day}`, `2026-10-${day}T00:00:00.000Z`);
    const { err, json } = await history(['--limit', '1', '-o', 'json']);
    expect(json<HistoryRow[]>()).toMatchObject([{ batch_id: 'c-11' }]);
    expect(err).not.toContain('b-broken');
  });

  it('tells who gave each instruction, also where another went on with the run', async () => {
    const { folder, rows } = await computer();
    const devices = ['dev_1', 'dev_2', 'dev_3'].map(device_id => ({ device_id }));
    await record(folder, { batch_id: 'a-run', started_at: '2026-11-20T00:00:00.000Z', devices }, [
      ...accepted('dev_1', '2026-11-20T00:00:01.000Z'),
      {
        type: 'resumed',
        at: '2026-11-20T01:00:00.000Z',
        host: 'laptop',
        profile: 'night',
        requested_by: 'taro@partner.example',
      },
      ...accepted('dev_2', '2026-11-20T01:00:01.000Z'),
      // As journals of before have it.
      { type: 'resumed', at: '2026-11-20T02:00:00.000Z', host: 'old-pc' },
      ...accepted('dev_3', '2026-11-20T02:00:01.000Z'),
    ]);
    expect(await rows()).toMatchObject([
      { device_id: 'dev_3', requested_by: null, host: 'old-pc', profile: 'default' },
      { device_id: 'dev_2', requested_by: 'taro@partner.example', host: 'laptop', profile: 'night' },
      { device_id: 'dev_1', requested_by: 'hanako@partner.example', host: 'desk', profile: 'default' },
    ]);
  });

  it.each([
    ['--customer', 'sakura', 'Sakura@example.jp and asakura@example.jp'],
    ['--customer', 'さくら商店', 'Sakura@example.jp'],
    ['--device', 'dev_', 'dev_1, dev_a, dev_b, dev_c and dev_d'],
    ['--device', 'DEV_A', 'dev_a'],
  ])('%s %s names those that hold it, as nothing is called just that', async (option, part, names) => {
    const { history } = await twoRuns();
    for (const more of [[], ['--quiet']]) {
      const { code, err, out } = await history([option, part, ...more]);
      expect({ code, out }).toEqual({ code: 0, out: '' });
      expect(err.toLowerCase()).toContain(names.toLowerCase());
    }
    const period = await history([
      option,
      option === '--device' ? 'dev_a' : 'cus_1',
      '--since',
      '2026-11-22',
    ]);
    expect(period.err).toBe('No such reboot has been recorded on this computer.\n');
  });

  it('refuses a period in which nothing can lie', async () => {
    const { history } = await twoRuns();
    for (const period of [
      ['--since', '2026-12-01', '--until', '2026-11-01'],
      ['--since', '1d', '--until', '999999999w'],
    ]) {
      const { code, err } = await history(period);
      expect(code).toBe(2);
      expect(err).toContain('--since is not before --until');
    }
    expect(await history(['--since', '2026-11-20', '--until', '2026/11/20'])).toMatchObject({ code: 0 });
  });

  it.each([
    [['--device', 'dev_b'], ['dev_b']],
    [['--device', 'dev'], []],
    [['--customer', 'cus_2'], ['dev_b']],
    [
      ['--customer', 'sakura@EXAMPLE.jp'],
      ['dev_1', 'dev_a'],
    ],
    [['--customer', 'sakura'], []],
    [['--outcome', 'failed,unknown'], ['dev_b']],
    [
      ['--outcome', 'not_attempted,skipped'],
      ['dev_d', 'dev_c'],
    ],
    [['--all'], ['dev_1', 'dev_b', 'dev_a', 'dev_d', 'dev_c']],
    [
      ['--all', '--customer', 'cus_2'],
      ['dev_b', 'dev_d', 'dev_c'],
    ],
    [
      ['--since', '2026-11-20T00:00:02Z'],
      ['dev_1', 'dev_b'],
    ],
    [['--until', '2026-11-20T09:00:02+09:00'], ['dev_a']],
    [['--since', '2026-11-21T00:00:00Z'], []],
    [
      ['--all', '--since', '2026-11-20T00:00:01Z'],
      ['dev_1', 'dev_b', 'dev_a'],
    ],
  ])('%j shows %j', async (argv, expected) => {
    const { rows } = await twoRuns();
    expect(ids(await rows(...argv))).toEqual(expected);
  });

  it('reads a day in the zone of this computer, the last one to its end', async () => {
    const { folder, rows } = await computer();
    const local = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();
    for (const [day, hour] of [
      [2, 23],
      [3, 0],
      [3, 23],
      [4, 0],
    ] as const) {
      await runAt(folder, `2026110${day}T${hour}0000000Z-aaaaaa`, local(day, hour));
    }
    const shown = await rows('--since', '2026-11-03', '--until', '2026-11-03');
    expect(shown.map(({ at }) => at)).toEqual([local(3, 23), local(3, 0)]);
  });

  it('counts a length of time from now', async () => {
    const { folder, rows } = await computer();
    const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    await runAt(folder, 'a-run', ago(30));
    await runAt(folder, 'b-run', ago(20));
    expect((await rows('--since', '24h')).map(({ batch_id }) => batch_id)).toEqual(['b-run']);
    expect((await rows('--until', '1d')).map(({ batch_id }) => batch_id)).toEqual(['a-run']);
  });

  it('leaves journals unread that were last written long before --since', async () => {
    const { folder, history } = await computer();
    const file = await runAt(folder, 'old-run', '2026-01-01T00:00:00.000Z');
    await writeFile(file, 'garbage\n');
    const old = new Date('2026-01-01T00:00:00Z');
    await utimes(file, old, old);
    expect((await history(['--since', '2026-06-01T00:00:00Z'])).err).not.toContain('old-run');
    expect((await history([])).err).toContain('old-run');
  });

  it('with --limit says that it left older ones out, and only then', async () => {
    const { history } = await twoRuns();
    const two = await history(['--limit', '2', '-o', 'json']);
    expect(ids(two.json())).toEqual(['dev_1', 'dev_b']);
    expect(two.err).toBe('Shown: the newest 2. There are older ones; everything: without --limit.\n');
    expect((await history(['--limit', '3', '-o', 'json'])).err).toBe('');
    expect((await history(['--limit', '1'])).err).toContain('Shown: the newest 1.');
    expect((await history(['--limit', '1', '--quiet'])).err).toContain('Shown: the newest 1.');
  });

  it('with --sort and --limit shows the first of all, whichever run they are of', async () => {
    const { history } = await twoRuns();
    const two = await history(['--sort', 'device_id', '--limit', '2', '-o', 'json']);
    expect(ids(two.json())).toEqual(['dev_1', 'dev_a']);
    expect(two.err).toBe('Shown: the first 2. There are more; everything: without --limit.\n');
    const last = await history(['--sort', '-device_id', '--limit', '1', '-o', 'json']);
    expect(ids(last.json())).toEqual(['dev_b']);
    expect((await history(['--sort', 'device_id', '--limit', '3'])).err).toBe('');
  });

  it('names what can not be read, and shows the others', async () => {
    const { folder, history } = await twoRuns();
    await writeFile(path.join(folder, 'batches', '20991231T000000000Z-broken.ndjson'), 'garbage\n');
    await mkdir(path.join(folder, 'batches', '20991230T000000000Z-folder.ndjson'));
    const { code, err, json } = await history(['-o', 'json', '--quiet']);
    expect(code).toBe(0);
    expect(ids(json())).toEqual(['dev_1', 'dev_b', 'dev_a']);
    expect(err.trim().split('\n')).toEqual([
      expect.stringContaining('20991231T000000000Z-broken.ndjson'),
      expect.stringContaining('20991230T000000000Z-folder.ndjson'),
    ]);
  });

  it('passes over a copy of a journal, a broken time, and what would make it wait, and names them', async () => {
    const { folder, env, rows, history } = await twoRuns();
    const at = (name: string) => path.join(folder, 'batches', `${name}.ndjson`);
    await copyFile(at('20261120T120000000Z-bbbbbb'), at('copy'));
    await promisify(execFile)('mkfifo', [at('fifo')]);
    await runAt(folder, 'times', '2026-11-20T00:00:00.000Z');
    await writeFile(at('times'), '{"type":"end","at":"2026-11-27Tgarbage","stopped_by":null}\n', {
      flag: 'a',
    });
    expect(ids(await rows())).toEqual(['dev_1', 'dev_b', 'dev_a']);
    const told = (await history([])).err.trimEnd().split('\n').sort();
    expect(told).toEqual([
      expect.stringMatching(/can't be read: .*fifo\.ndjson$/),
      expect.stringMatching(/can't be read: .*times\.ndjson$/),
      expect.stringMatching(/another name: .*copy\.ndjson$/),
    ]);
    const listed = await remo(['batches', 'list', '-o', 'json'], { env });
    expect(listed.json()).toHaveLength(2);
    // A second run under the name of the copy would reboot again.
    const resumed = await remo(['batches', 'resume', 'copy', '--yes'], { env });
    expect(resumed.code).toBe(2);
    expect(resumed.err).toContain('20261120T120000000Z-bbbbbb');
  });

  it('of a folder that is none ends as bad input, in every command that reads it', async () => {
    const { folder, history, env } = await computer();
    await writeFile(path.join(folder, 'batches'), '');
    expect(await history([])).toMatchObject({ code: 2, out: '' });
    expect(await remo(['batches', 'list'], { env })).toMatchObject({ code: 2, out: '' });
    expect(await remo(['batches', 'show', 'x'], { env })).toMatchObject({ code: 2, out: '' });
  });

  it('says so when there is nothing, and when nothing fits', async () => {
    const { history } = await computer();
    expect(await history(['-o', 'json'])).toMatchObject({
      code: 0,
      out: '[]\n',
      err: 'No reboots have been recorded on this computer.\n',
    });
    expect(await history(['--device', 'x'])).toMatchObject({
      code: 0,
      out: '',
      err: 'No such reboot has been recorded on this computer.\n',
    });
    expect((await history(['--device', 'x', '--quiet'])).err).toBe('');
  });

  it.each([
    [['--since', 'tuesday'], '--since'],
    [['--until', '2026-02-30'], '--until'],
    [['--since', ''], '--since'],
    [['--outcome', 'lost'], '--outcome'],
    [['--limit', '0'], '--limit'],
  ])('%j is bad input', async (argv, flag) => {
    const { history } = await twoRuns();
    const { code, out, err } = await history(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`${flag}: "`);
  });

  it('is a table on a terminal, in the person’s language', async () => {
    const { history } = await twoRuns();
    const { out } = await history(['--no-color'], { tty: true, columns: 200 });
    const [header = '', , ...lines] = out.trimEnd().split('\n');
    expect(header.split(/ {2,}/)).toEqual(
      'WHEN,ID,DEVICE,OUTCOME,E-MAIL,BY,WHY,COMPUTER,PROFILE,REQUEST ID,RUN'.split(','),
    );
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain('✗ failed');
    const narrow = await history(['--lang', 'ja'], { tty: true });
    expect(narrow.out).toContain('指示日時');
    expect(narrow.out).toContain('night job');
    expect(narrow.err).toContain('実行者');
  });

  it('lines a long table up in parts, none of which needs the whole', async () => {
    const { folder, history } = await computer();
    const devices = Array.from({ length: 300 }, (_, index) => ({ device_id: `dev_${index}` }));
    const at = '2026-11-20T00:00:00.000Z';
    const lines = devices.flatMap(({ device_id }) => accepted(device_id, at));
    for (const batch_id of ['a', 'b', 'c']) await record(folder, { batch_id, devices }, lines);
    const { out } = await history([], { tty: true, columns: 120 });
    expect(out.trimEnd().split('\n')).toHaveLength(2 + 900);
  });

  it('ends quietly when nobody reads on', async () => {
    const { history } = await twoRuns();
    const ended = await history([], { person: async host => host.stdout.breakWith('EPIPE') });
    expect(ended).toMatchObject({ code: 0, err: '' });
  });
});
