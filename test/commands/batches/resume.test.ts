import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FleetDevice } from '../../../src/sandbox/fleet.js';
import { instructions } from '../../support/fleet.js';
import type { FakeHost } from '../../support/host.js';
import { remo } from '../../support/run.js';
import { problems } from '../../support/sandbox.js';
import { ownerOf, type Result, scene } from './scene.js';

/** Outside of it the run ends at once, with nothing sent: something to go on with. It is noon in Tokyo. */
const closedWindow = ['--window', '01:00-05:00', '--tz', 'Asia/Tokyo', '--window-stop'];

/** A run that came to none of its devices. */
async function stoppedRun(count: number, ...words: string[]) {
  const made = await scene(count);
  const ended = await made.reboot(...closedWindow, '--reason', 'firmware', ...words);
  const [{ batch_id: run = '' } = {}] = ended.json<Result[]>();
  const env = { REMO_CONFIG_DIR: ended.folder, REMO_STATE_DIR: ended.folder };
  const resume = (more: readonly string[], options: Parameters<typeof remo>[1] = {}) =>
    remo(['batches', 'resume', run, ...more], { ...made.at, ...options, env: { ...env, ...options.env } });
  return { ...made, run, env, resume };
}

/** The same folder as if the process had been killed right after its first line of a type. */
async function killed({ folder }: { folder: string }, type: string) {
  const [name = ''] = (await readdir(path.join(folder, 'batches'))).filter(file => file.endsWith('.ndjson'));
  const file = path.join(folder, 'batches', name);
  const lines = (await readFile(file, 'utf8')).split('\n');
  const last = lines.findIndex(line => line.includes(`"type":"${type}"`));
  await writeFile(file, `${lines.slice(0, last + 1).join('\n')}\n`);
  return { folder, env: { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder } };
}

/** What `remo batches list` says. */
async function recorded(folder: string) {
  const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
  const { json } = await remo(['batches', 'list', '-o', 'json'], { env });
  return json<{ batch_id: string; state: string }[]>();
}

const outcomes = (results: readonly Result[]) => results.map(({ outcome }) => outcome);

describe('remo batches resume', () => {
  it('goes on with the others while the backend fails at one of them, which can be gone on with later', async () => {
    const { resume, sandbox, devices } = await stoppedRun(3);
    const [, second] = devices;
    const path = new RegExp(`/devices/${second?.id}$`);
    sandbox.faults.add({ path, kind: 'answer', times: 5, ...problems.internal() });
    const first = await resume(['--yes', '--now', '-o', 'json']);
    expect(first.code).toBe(3);
    expect(first.json<Result[]>()).toMatchObject([
      { outcome: 'rebooted' },
      { device_id: second?.id, device_name: second?.name, outcome: 'not_attempted', reason: 'server_error' },
      { outcome: 'rebooted' },
    ]);
    expect(first.err).toContain('1 that the backend fails at');
    expect(instructions(sandbox)).toHaveLength(2);
    expect((await resume(['--yes', '--now'])).code).toBe(0);
    expect(instructions(sandbox)).toHaveLength(3);
  });

  it('goes on under the settings of the run, with its reason', async () => {
    const { resume, sandbox, devices } = await stoppedRun(
      3,
      '--canary',
      '1',
      '--wait=2m',
      '--max-failures',
      '1',
    );
    const { code, err, json } = await resume(['--yes', '--now', '-o', 'json']);
    expect(code).toBe(0);
    for (const line of [
      'Plan: 3 devices of 3 customers',
      'Each is waited for until it is back, at most 2 min.',
      '1 device first; the others only if all of these come back.',
      'Stops once more than 1 failed.',
      'Warning: Video from a rebooted device',
    ])
      expect(err).toContain(line);
    expect(json<Result[]>().map(({ device_id }) => device_id)).toEqual(devices.map(({ id }) => id));
    expect(sandbox.reboots.map(({ reason }) => reason)).toEqual(Array(3).fill('firmware'));
  });

  it('goes on after a canary that failed only with a word on canaries; those that came back count', async () => {
    const { sandbox, devices, at } = await scene(4);
    const [, second] = devices as [FleetDevice, FleetDevice];
    second.behavior = 'fails';
    const ids = devices.map(({ id }) => id);
    const words = ['devices', 'reboot', ...ids, '--yes', '-o', 'json', '--concurrency', '1', '--canary', '2'];
    const ended = await remo(words, at);
    expect(outcomes(ended.json())).toEqual(['rebooted', 'failed', 'not_attempted', 'not_attempted']);
    const [{ batch_id = '' } = {}] = ended.json<Result[]>();
    const env = { REMO_CONFIG_DIR: ended.folder, REMO_STATE_DIR: ended.folder };
    const resume = (...more: string[]) =>
      remo(['batches', 'resume', batch_id, '--yes', '-o', 'json', ...more], { ...at, env });
    const refused = await resume();
    expect(refused.code).toBe(3);
    expect(refused.err).toContain(second.id);
    expect(refused.err).toContain('--canary N');
    expect(instructions(sandbox)).toHaveLength(2);

    const { code, err, json } = await resume('--canary', '1');
    expect(err).toContain('1 device first;');
    expect(outcomes(json())).toEqual(['rebooted', 'rebooted']);
    // The whole run counts, whichever process got each device done.
    expect(code).toBe(3);
    for (const { id } of devices) expect(sandbox.rebootCount(id)).toBe(1);
  });

  it('asks: a yes or no, from ten devices on their number, with the run as it is now', async () => {
    const typing = (steps: [string, string][]) => async (host: FakeHost) => {
      for (const [shown, keys] of steps) {
        await host.shown(shown);
        host.type(keys);
      }
    };
    const few = await stoppedRun(2);
    const person = typing([['Go on with 2 devices?', 'y\r']]);
    expect(await few.resume(['--now'], { tty: true, columns: 120, person })).toMatchObject({ code: 0 });

    const many = await stoppedRun(11);
    const no = typing([
      ['Type 11 to reboot 11 devices', '10\r'],
      ['That is not 11.', '\x15\r'],
    ]);
    expect(await many.resume(['--now'], { tty: true, columns: 120, person: no })).toMatchObject({ code: 7 });
    expect(instructions(many.sandbox)).toEqual([]);
    if (many.devices[0]) many.devices[0].status = 'offline';
    const yes = typing([['Type 10 to reboot 10 devices', '10\r']]);
    expect(await many.resume(['--now'], { tty: true, columns: 120, person: yes })).toMatchObject({ code: 3 });
    expect(instructions(many.sandbox)).toHaveLength(10);
  });

  it('where nobody can be asked needs --yes: 7, asking nobody', async () => {
    const { resume, sandbox } = await stoppedRun(2);
    sandbox.requests.length = 0;
    for (const options of [{}, { tty: true, env: { CI: '1' } }]) {
      const { code, err } = await resume([], options);
      expect(code).toBe(7);
      expect(err).toContain('--yes');
    }
    expect(sandbox.requests).toEqual([]);
  });

  it('of a run that is not there says so, whether or not an answer is missing', async () => {
    const { code, err } = await remo(['batches', 'resume', 'nope']);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('nope') });
  });

  it('puts on record who goes on with it', async () => {
    const { resume, run, sandbox } = await stoppedRun(1);
    const { folder } = await resume(['--yes', '--now', '--profile', 'night']);
    const lines = (await readFile(path.join(folder, 'batches', `${run}.ndjson`), 'utf8')).trim().split('\n');
    const resumed = lines.map(line => JSON.parse(line)).find(({ type }) => type === 'resumed');
    const requested_by = sandbox.reboots[0]?.requestedBy;
    expect(requested_by).toContain('@');
    expect(resumed).toMatchObject({ requested_by, profile: 'night' });
  });

  it('of what is gone, offline or another customer’s by now leaves it alone and says so', async () => {
    const { resume, sandbox, devices } = await stoppedRun(4);
    const [gone, offline, sold, good] = devices as [FleetDevice, FleetDevice, FleetDevice, FleetDevice];
    sandbox.fleet.devices.delete(gone.id);
    offline.status = 'offline';
    sold.customer_id = good.customer_id;
    const { code, err, json } = await resume(['--yes', '--now', '-o', 'json']);
    expect(code).toBe(3);
    expect(err).toContain(
      'Skipped: 3 devices (1 not known to the backend, 1 offline and 1 of another customer by now).',
    );
    expect(json<Result[]>().map(({ outcome, reason }) => reason ?? outcome)).toEqual([
      'gone',
      'offline',
      'changed_hands',
      'rebooted',
    ]);
    expect(instructions(sandbox)).toHaveLength(1);
  });

  it('names the owners who were signed in when their device was instructed, not now', async () => {
    const { devices, sandbox, at, reboot } = await scene(2);
    for (const device of devices) ownerOf(sandbox, device).signed_in = true;
    const { folder, env } = await killed(
      await reboot('--concurrency', '1', '--min-interval', '0'),
      'accepted',
    );
    for (const device of devices) ownerOf(sandbox, device).signed_in = false;
    const [{ batch_id: run = '' } = {}] = await recorded(folder);
    const { code, err, json } = await remo(['batches', 'resume', run, '--yes', '-o', 'json'], { ...at, env });
    expect(code).toBe(0);
    const [first] = devices;
    const { email = '' } = first ? ownerOf(sandbox, first) : {};
    expect(err).toContain('Please contact these customers');
    expect(err).toContain(`<${email}> — was signed in`);
    expect(json()).toMatchObject([{ owner_signed_in: true, outcome: 'rebooted' }, { outcome: 'rebooted' }]);
  });

  it('tells what may have been taken as unknown once the backend no longer has the device', async () => {
    const { devices, sandbox, at, reboot } = await scene(2);
    const [first] = devices as [FleetDevice];
    const { folder, env } = await killed(
      await reboot('--concurrency', '1', '--min-interval', '0'),
      'accepted',
    );
    sandbox.fleet.devices.delete(first.id);
    const [{ batch_id: run = '' } = {}] = await recorded(folder);
    const { code, err, json } = await remo(['batches', 'resume', run, '--yes', '-o', 'json'], { ...at, env });
    expect(code).toBe(8);
    expect(json()).toMatchObject([
      { device_id: first.id, device_name: first.name, outcome: 'unknown', reason: 'gone' },
      { outcome: 'rebooted' },
    ]);
    expect(err).toContain('The instruction may have been taken, but the backend no longer knows the device.');
    // Nothing can be found out any more.
    expect(err).not.toContain('remo batches resume');
    expect(await recorded(folder)).toMatchObject([{ state: 'finished', unknown: 1, rebooted: 1 }]);
  });

  it('counts failures over the whole run: at the limit it goes on only where more are allowed', async () => {
    const { devices, sandbox, at, reboot } = await scene(6);
    for (const device of devices.slice(0, 4)) device.behavior = 'fails';
    const begun = await reboot('--concurrency', '1', '--max-failures', '1');
    expect(outcomes(begun.json())).toEqual(['failed', 'failed', ...Array(4).fill('not_attempted')]);
    const [{ batch_id: run = '' } = {}] = begun.json<Result[]>();
    const env = { REMO_CONFIG_DIR: begun.folder, REMO_STATE_DIR: begun.folder };
    const resume = (...words: string[]) =>
      remo(['batches', 'resume', run, '--yes', '-o', 'json', ...words], { ...at, env });
    const sent = instructions(sandbox).length;
    const refused = await resume();
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toContain('2 of 6 devices failed, which is more than allowed.');
    expect(refused.err).toContain('--max-failures N');
    expect(instructions(sandbox)).toHaveLength(sent);
    // The third in all is one too many again.
    const next = await resume('--max-failures', '2');
    expect(outcomes(next.json())).toEqual(['failed', 'not_attempted', 'not_attempted', 'not_attempted']);
    expect(next.err).toContain('3 of 6 devices failed');
    const last = await resume('--max-failure-rate', '90%');
    expect(outcomes(last.json())).toEqual(['failed', 'rebooted', 'rebooted']);
  });

  it('without the permission to reboot: 4, asking for nothing', async () => {
    const { resume, sandbox } = await stoppedRun(2);
    sandbox.requests.length = 0;
    const { code, err } = await resume(['--yes', '--now'], {
      env: {
        REMO_TOKEN: undefined,
        REMO_CLIENT_ID: 'remo-batch',
        REMO_CLIENT_SECRET: 'sandbox-secret',
        REMO_CREDENTIAL_STORE: 'file',
        REMO_SCOPES: 'remo.read',
      },
      // Of the real time: a token of the sandbox goes by it.
      replacements: {},
    });
    expect(code).toBe(4);
    expect(err).toContain('remo.reboot');
    expect(sandbox.requests.filter(({ path }) => path.startsWith('/partner'))).toEqual([]);
  });

  it('with --quiet shows the plan only to who decides on it', async () => {
    const { resume } = await stoppedRun(2);
    const person = async (host: FakeHost) => {
      await host.shown('Go on with');
      host.type('\r');
    };
    const asked = await resume(['--now', '--quiet'], { tty: true, person });
    expect(asked.err).toContain('Plan: 2 devices');
    const { code, err } = await resume(['--yes', '--now', '--quiet']);
    expect(code).toBe(0);
    expect(err).toMatch(/^Warning: [^\n]+\nIf the owner [^\n]+\n2 devices in [^\n]+\n$/);
  });

  it.each([
    [['--progress', 'loud'], 'auto, plain or none'],
    [['--concurrency', '2'], 'Unknown option: --concurrency'],
  ])('does not take %j: 2', async (words, says) => {
    const { resume, sandbox } = await stoppedRun(1);
    sandbox.requests.length = 0;
    const { code, err } = await resume(['--yes', ...words]);
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(sandbox.requests).toEqual([]);
  });

  it('reads well in Japanese', async () => {
    const { resume } = await stoppedRun(3);
    const person = async (host: FakeHost) => {
      await host.shown('残り3台の機器を続けて処理しますか。');
      host.type('\r');
    };
    const { code, err } = await resume(['--lang', 'ja'], { tty: true, columns: 120, person });
    expect(code).toBe(7);
    expect(err).toContain('01:00から05:00まで(Asia/Tokyo)だけ実行します。残りは後で再開できます。');
  });
});
