import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { ofDifferentOwners } from '../support/fleet.js';
import { folderForTest, remo, shell } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
/** The script of the chapter "Batches", as it stands there. */
const script = /^```sh\n(#!\/bin\/sh\n# nightly-reboot .*?)^```$/ms.exec(readme)?.[1] ?? '';

/** A job as cron would have it: the script and a list in a folder, signed in as a program. */
function job(sandbox: Sandbox, ids: readonly string[]) {
  const folder = folderForTest();
  const executable = { mode: 0o755 };
  mkdirSync(path.join(folder, 'bin'));
  writeFileSync(path.join(folder, 'bin', 'remo'), '#!/bin/sh\nexec "$NODE" "$REMO" "$@"\n', executable);
  writeFileSync(path.join(folder, 'nightly-reboot'), script, executable);
  writeFileSync(path.join(folder, 'ids.txt'), `# the shops\n${ids.join('\n')}\n`);
  const env = {
    REMO_API_URL: sandbox.apiUrl,
    REMO_TOKEN: undefined,
    REMO_CLIENT_ID: 'remo-batch',
    REMO_CLIENT_SECRET: 'sandbox-secret',
    REBOOT_WINDOW: '00:00-23:59',
  };
  const command = 'cd "$HOME" && PATH="$HOME/bin:$PATH" ./nightly-reboot ids.txt out';
  const night = () => shell(command, { sandbox, env, folder });
  const results = () => {
    const [day = ''] = readdirSync(path.join(folder, 'out'));
    return path.join(folder, 'out', day);
  };
  return { folder, env, night, results };
}

/** Has a run end at once as one that can be resumed: a window that opens in half a day. */
function neverNow(): string[] {
  const hour = (offset: number) => `${String((new Date().getUTCHours() + offset) % 24).padStart(2, '0')}:00`;
  return ['--window', `${hour(12)}-${hour(13)}`, '--tz', 'UTC', '--window-stop'];
}

describe('the nightly job of the README', () => {
  it('is a clean shell script', () => {
    expect(script).not.toBe('');
    const { status, stdout, error } = spawnSync('shellcheck', ['-s', 'sh', '-'], {
      input: script,
      encoding: 'utf8',
    });
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return;
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  it('reboots the list, keeps the results, and drafts the messages', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.3 });
    const owner = sandbox.fleet.customer('sakura@example.jp');
    const ids = owner.devices.flatMap(({ id, status }) => (status === 'online' ? [id] : []));
    const { night, results } = job(sandbox, [...ids, 'dev_gone']);
    const { code, err } = await night();
    // One of the list is not there any more: for cron to tell.
    expect({ code, err }).toEqual({ code: 3, err: 'dev_gone\tskipped\tgone\t\t\t\t\t\t\n' });
    for (const id of ids) expect(sandbox.rebootCount(id)).toBe(1);
    const lines = readFileSync(path.join(results(), 'results.tsv'), 'utf8').trim().split('\n');
    expect(lines.map(line => line.split('\t')[1])).toEqual([...ids.map(() => 'rebooted'), 'skipped']);
    const [draft = ''] = readdirSync(path.join(results(), 'notices'));
    const mail = await PostalMime.parse(readFileSync(path.join(results(), 'notices', draft)));
    expect(mail.to?.[0]).toMatchObject({ address: 'sakura@example.jp' });
  });

  it('says nothing where all went well', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.3 });
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    expect(await job(sandbox, [id]).night()).toMatchObject({ code: 0, out: '', err: '' });
  });

  it('tells cron of an earlier run that is in trouble, although tonight all is well', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.3 });
    const stuck = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    stuck.behavior = 'stuck';
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const { env, folder, night } = job(sandbox, [id]);
    const earlier = ['devices', 'reboot', stuck.id, '--yes', '--wait=500ms', '--reason', 'nightly reboot'];
    const before = await remo(earlier, { sandbox, env, folder });
    expect(before.code).toBe(8);
    const { code, err } = await night();
    expect(code).toBe(8);
    expect(err).toContain(`${stuck.id}\tunknown`);
    expect(sandbox.rebootCount(id)).toBe(1);
    expect(sandbox.rebootCount(stuck.id)).toBe(1);
  });

  it('leaves a run alone that a person made and stopped, and goes by its own list', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.3 });
    const [listed, ...byHand] = ofDifferentOwners(sandbox, 3).map(({ id }) => id);
    const { env, folder, night } = job(sandbox, [listed ?? '']);
    const stopped = ['devices', 'reboot', ...byHand, '--yes', '--reason', 'wrong list', ...neverNow()];
    expect((await remo(stopped, { sandbox, env, folder })).code).toBe(3);
    expect(await night()).toMatchObject({ code: 0, err: '' });
    expect(sandbox.rebootCount(listed ?? '')).toBe(1);
    for (const id of byHand) expect(sandbox.rebootCount(id)).toBe(0);
  });

  it('leaves an unfinished run of another backend alone', async () => {
    const [sandbox, other] = [
      await sandboxForTest({ bootSeconds: 0.3 }),
      await sandboxForTest({ bootSeconds: 0.3 }),
    ];
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const { folder, night, env } = job(sandbox, [id]);
    const there = ['devices', 'reboot', id, '--yes', '--reason', 'nightly reboot', ...neverNow()];
    const elsewhere = { ...env, REMO_API_URL: other.apiUrl };
    expect((await remo(there, { sandbox: other, env: elsewhere, folder })).code).toBe(3);
    expect(await night()).toMatchObject({ code: 0, err: '' });
    expect(sandbox.rebootCount(id)).toBe(1);
    expect(other.rebootCount(id)).toBe(0);
  });

  it('tells cron night after night of a canary that failed, and goes on after the word of a person', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.3 });
    const fails = sandbox.fleet.device({ behavior: 'fails' });
    // Few enough of them fail that the limit is not reached.
    const others = ofDifferentOwners(sandbox, 11).map(({ id }) => id);
    const tonight = job(sandbox, [fails.id, ...others]);
    const { code, err } = await tonight.night();
    expect(code).toBe(3);
    expect(err).toContain(fails.id);
    const batches = (...words: string[]) =>
      remo(['batches', ...words], { sandbox, env: tonight.env, folder: tonight.folder });
    const [run = ''] = (await batches('list', '--columns', 'batch_id,state')).out.split('\t');
    writeFileSync(path.join(tonight.folder, 'ids.txt'), '');
    const next = await tonight.night();
    expect(next.err).toContain(fails.id);
    expect(sandbox.reboots).toHaveLength(2);
    expect((await batches('resume', run, '--yes', '--now', '--canary', '0')).code).toBe(3);
    for (const id of [fails.id, ...others]) expect(sandbox.rebootCount(id)).toBe(1);
    expect((await batches('list')).out).not.toContain('unfinished');
  }, 60_000);
});
