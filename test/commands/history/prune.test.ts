import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { intentLine } from '../../support/journal.js';
import { type RunOptions, remo, temporaryFolder } from '../../support/run.js';
import { sandboxForTest } from '../../support/sandbox.js';
import { accepted, record, runAt } from './recorded.js';

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

async function computer() {
  const folder = await temporaryFolder();
  const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
  return {
    folder,
    batches: path.join(folder, 'batches'),
    env,
    remo: (argv: readonly string[], options: RunOptions = {}) =>
      remo(argv, { ...options, env: { ...env, ...options.env } }),
    left: async () => (await readdir(path.join(folder, 'batches'))).sort(),
  };
}

describe('remo config set history-days', () => {
  it('removes the finished runs that are older, and says how many', async () => {
    const { folder, remo, left } = await computer();
    await runAt(folder, 'a-old', daysAgo(400));
    await runAt(folder, 'b-old', daysAgo(91));
    await runAt(folder, 'c-young', daysAgo(89));
    const { code, out, err } = await remo(['config', 'set', 'history-days', '90']);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toBe(
      'Stored in the new profile "default": history_days = 90\n' +
        'Removed from the record: 2 runs of more than 90 days ago (history_days).\n',
    );
    expect(await left()).toEqual(['c-young.ndjson']);
    expect((await remo(['config', 'set', 'history_days', '88', '--quiet'])).err).toBe('');
    expect(await left()).toEqual([]);
  });

  it('counts from the last line: a run may have been gone on with late', async () => {
    const { folder, remo, left } = await computer();
    await record(
      folder,
      { batch_id: 'a-run', started_at: daysAgo(400), devices: [{ device_id: 'dev_1' }] },
      accepted('dev_1', daysAgo(10)),
    );
    await remo(['config', 'set', 'history_days', '90']);
    expect(await left()).toEqual(['a-run.ndjson']);
  });

  it('leaves alone what is unfinished, broken, of another profile, or none of ours', async () => {
    const { batches, folder, remo, left } = await computer();
    const old = daysAgo(400);
    await runAt(folder, 'z-old', old);
    await record(folder, { batch_id: 'a-unfinished', started_at: old }, [
      intentLine('dev_1', 'k', { at: old }),
    ]);
    await runAt(folder, 'b-lab', old, { profile: 'lab' });
    await runAt(folder, 'c-run', old);
    const broken = path.join(batches, 'c-run.ndjson');
    await writeFile(broken, 'garbage\n', { flag: 'a' });
    await copyFile(path.join(batches, 'z-old.ndjson'), path.join(batches, 'z-old (copy).ndjson'));
    await writeFile(path.join(batches, 'notes.txt'), 'mine');
    await writeFile(path.join(batches, 'data.ndjson'), '{"a":1}\n');
    await mkdir(path.join(batches, 'folder.ndjson'));
    await symlink(path.join(folder, 'elsewhere'), path.join(batches, 'link.ndjson'));
    for (const name of ['c-run.ndjson', 'z-old (copy).ndjson', 'notes.txt', 'data.ndjson', 'folder.ndjson'])
      await utimes(path.join(batches, name), new Date(old), new Date(old));
    const kept = (await left()).filter(name => name !== 'z-old.ndjson');
    const { err } = await remo(['config', 'set', 'history_days', '1']);
    expect(err).toContain('1 run of more than a day ago');
    expect(await left()).toEqual(kept);
    await remo(['config', 'set', 'history_days', '1', '--profile', 'lab']);
    expect(await left()).toEqual(kept.filter(name => name !== 'b-lab.ndjson'));
  });

  it('leaves a run alone that another process is at, and takes one whose process was killed', async () => {
    const { batches, folder, remo, left } = await computer();
    const old = daysAgo(400);
    await runAt(folder, 'a-busy', old);
    await runAt(folder, 'b-killed', old);
    await mkdir(path.join(batches, 'a-busy.lock'));
    await mkdir(path.join(batches, 'b-killed.lock'));
    const stale = new Date(Date.now() - 60_000);
    await utimes(path.join(batches, 'b-killed.lock'), stale, stale);
    expect((await remo(['config', 'set', 'history_days', '90'])).err).toContain('1 run ');
    expect(await left()).toEqual(['a-busy.lock', 'a-busy.ndjson']);
  });

  it('by several processes at once removes each run once', async () => {
    const { folder, remo, left } = await computer();
    const names = Array.from({ length: 20 }, (_, index) => `run-${index}`);
    for (const name of names) await runAt(folder, name, daysAgo(400));
    const set = () => remo(['config', 'set', 'history_days', '90']);
    const ended = await Promise.all([set(), set(), set()]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    const removed = ended.map(({ err }) => Number(/(\d+) runs? of more/.exec(err)?.[1] ?? 0));
    expect(removed.reduce((sum, count) => sum + count)).toBe(names.length);
    expect(await left()).toEqual([]);
  });

  it('without any run on record only stores', async () => {
    const { batches, remo } = await computer();
    const { code, err } = await remo(['config', 'set', 'history_days', '90', '--lang', 'ja']);
    expect({ code, err }).toEqual({
      code: 0,
      err: '新しいプロファイル「default」に保存しました: history_days = 90\n',
    });
    expect(existsSync(batches)).toBe(false);
  });
});

describe('with history_days a reboot', () => {
  it('removes old runs at its end, and not what it has done itself', async () => {
    const sandbox = await sandboxForTest();
    const { folder, remo, left } = await computer();
    await remo(['config', 'set', 'history_days', '90']);
    await runAt(folder, '2-old', daysAgo(400));
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const { code, err } = await remo(['devices', 'reboot', id, '--yes'], { sandbox });
    expect(code).toBe(0);
    expect(err).toContain('Removed from the record: 1 run of more than 90 days ago');
    expect(await left()).toEqual([expect.stringMatching(/^\d{8}T\d{9}Z-[0-9a-f]{6}\.ndjson$/)]);
  });

  it('only: neither a dry run nor reading, and without the setting nothing is removed', async () => {
    const sandbox = await sandboxForTest();
    const { folder, remo, left } = await computer();
    await runAt(folder, '2-old', daysAgo(400));
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const days = { REMO_HISTORY_DAYS: '90' };
    await remo(['devices', 'reboot', id, '--dry-run'], { sandbox, env: days });
    await remo(['history'], { env: days });
    await remo(['batches', 'list'], { env: days });
    await remo(['devices', 'reboot', id, '--yes'], { sandbox });
    expect(await left()).toContain('2-old.ndjson');
    await remo(['devices', 'reboot', id, '--yes', '--min-interval', '0'], { sandbox, env: days });
    expect(await left()).not.toContain('2-old.ndjson');
  });
});
