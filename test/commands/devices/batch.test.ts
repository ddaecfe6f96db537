import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FleetDevice } from '../../../src/sandbox/fleet.js';
import { fakeClock } from '../../support/clock.js';
import { instructions, ofDifferentOwners, ofOneOwner } from '../../support/fleet.js';
import { remo } from '../../support/run.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';

describe('remo devices reboot of several devices', () => {
  it("skips one in somebody else's reboot, with that reboot's id, seen before or at the instruction", async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 600 });
    const [theirs, mine] = ofDifferentOwners(sandbox, 2).map(({ id }) => id) as [string, string];
    await remo(['devices', 'reboot', theirs, '--yes'], { sandbox });
    const rebootId = sandbox.reboots[0]?.id;
    // It is online yet: without a look at its last reboot only the backend knows.
    for (const interval of ['10m', '0']) {
      const argv = ['devices', 'reboot', theirs, '--yes', '--min-interval', interval, '-o', 'json'];
      const { code, json, err } = await remo(argv, { sandbox });
      expect(code).toBe(3);
      const reason = 'already_rebooting';
      expect(json()).toMatchObject([{ outcome: 'skipped', reason, reboot_id: rebootId }]);
      expect(err).toContain(`Already rebooting (reboot ${rebootId}).`);
    }
    const plan = await remo(['devices', 'reboot', theirs, mine, '--dry-run', '-o', 'json'], { sandbox });
    expect(plan.json()).toMatchObject([
      { device_id: theirs, action: 'skip', reason: 'already_rebooting', reboot_id: rebootId },
      { device_id: mine, action: 'reboot', reboot_id: null },
    ]);
    expect(plan.err).toContain('Skipped: 1 device (1 already rebooting).');
    expect(sandbox.rebootCount(theirs)).toBe(1);
  });

  it('of which none can be rebooted asks nothing, sends nothing, and ends with 3', async () => {
    const sandbox = await sandboxForTest();
    const devices = ofDifferentOwners(sandbox, 12);
    for (const device of devices) device.status = 'offline';
    const ids = devices.map(({ id }) => id);
    const { code, err } = await remo(['devices', 'reboot', ...ids], { sandbox, tty: true, columns: 120 });
    expect(code).toBe(3);
    expect(err).toContain('Plan: 0 devices of 0 customers');
    expect(err).toContain('No device to reboot; nothing was sent.');
    expect(err).not.toContain('Warning');
    expect(instructions(sandbox)).toEqual([]);
  });

  it('has its plan as data in the order of the run: canaries, then customer by customer, recorders last', async () => {
    const sandbox = await sandboxForTest();
    const [recorder, camera, other, last] = [...ofOneOwner(sandbox, 3), ...ofDifferentOwners(sandbox, 1)] as [
      FleetDevice,
      FleetDevice,
      FleetDevice,
      FleetDevice,
    ];
    Object.assign(recorder, { kind: 'recorder' });
    for (const one of [camera, other, last]) Object.assign(one, { kind: 'camera' });
    const planned = async (...words: string[]) => {
      const ids = [recorder, last, camera, other].map(({ id }) => id);
      const { json } = await remo(['devices', 'reboot', ...ids, '--dry-run', '-o', 'json', ...words], {
        sandbox,
      });
      return json<{ device_id: string }[]>().map(({ device_id }) => device_id);
    };
    expect(await planned()).toEqual([camera.id, other.id, recorder.id, last.id]);
    expect(await planned('--canary', '2')).toEqual([camera.id, last.id, other.id, recorder.id]);
  });

  it('sends nothing while one of them can not be looked up: 6', async () => {
    const sandbox = await sandboxForTest();
    const ids = ofDifferentOwners(sandbox, 3).map(({ id }) => id);
    const path = new RegExp(`/devices/${ids[1]}$`);
    sandbox.faults.add({ path, kind: 'answer', times: 5, ...problems.internal() });
    const { code, out, err, folder } = await remo(
      ['devices', 'reboot', '--file', '-', '--yes', '-o', 'json'],
      {
        sandbox,
        stdin: ids.join('\n'),
        replacements: { clock: fakeClock(Date.now()) },
      },
    );
    expect({ code, out }).toEqual({ code: 6, out: '' });
    expect(err).toContain('The backend failed: 500');
    // Of many it says which.
    expect(err).toContain(`The device that could not be looked up: ${ids[1]} (standard input, line 2)\n`);
    expect(JSON.parse(/^\{.*$/m.exec(err)?.[0] ?? '').error.params).toMatchObject({ device: ids[1] });
    expect(instructions(sandbox)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('looks up and reboots them all although a look fails now and then', async () => {
    const sandbox = await sandboxForTest();
    const ids = ofDifferentOwners(sandbox, 2).map(({ id }) => id);
    sandbox.faults.add({ path: /\/devices\/[^/]+$/, kind: 'answer', times: 2, ...problems.internal() });
    sandbox.faults.add({ path: /\/customers\//, kind: 'answer', ...problems.internal() });
    const { code } = await remo(['devices', 'reboot', ...ids, '--yes', '--no-wait'], {
      sandbox,
      replacements: { clock: fakeClock(Date.now()) },
    });
    expect(code).toBe(0);
    expect(ids.map(id => sandbox.rebootCount(id))).toEqual([1, 1]);
  });

  it('interrupted while it looks them up ends with 130, and nothing was sent', async () => {
    const sandbox = await sandboxForTest({ latencyMs: 100 });
    const ids = ofOneOwner(sandbox, 40).map(({ id }) => id);
    const { code, out, folder } = await remo(['devices', 'reboot', ...ids, '--yes'], {
      sandbox,
      person: async host => {
        while (sandbox.requests.length < 8) await new Promise(resolve => setTimeout(resolve, 5));
        host.signal('SIGINT');
      },
    });
    expect({ code, out }).toEqual({ code: 130, out: '' });
    expect(instructions(sandbox)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not need to know whose sign-in it is', async () => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ path: /\/account$/, kind: 'answer', ...problems.forbidden() });
    const ids = ofDifferentOwners(sandbox, 2).map(({ id }) => id);
    const { code, folder } = await remo(['devices', 'reboot', ...ids, '--yes', '--no-wait'], { sandbox });
    expect(code).toBe(0);
    const [file = ''] = await readdir(path.join(folder, 'batches'));
    const [header = ''] = (await readFile(path.join(folder, 'batches', file), 'utf8')).split('\n');
    expect(JSON.parse(header)).toMatchObject({ requested_by: null, devices: [{}, {}] });
  });

  it('that the sign-in may not reboot stops at the first refusal: 4', async () => {
    const sandbox = await sandboxForTest();
    const ids = ofOneOwner(sandbox, 3).map(({ id }) => id);
    // Of a token in REMO_TOKEN nothing is known beforehand.
    const { accessToken } = await sandbox.issueToken({ scope: 'openid remo.read' });
    const { code, json } = await remo(['devices', 'reboot', ...ids, '--yes', '-o', 'json'], {
      sandbox,
      env: { REMO_TOKEN: accessToken },
    });
    expect(code).toBe(4);
    expect(json<{ outcome: string }[]>().map(({ outcome }) => outcome)).toEqual([
      'failed',
      'not_attempted',
      'not_attempted',
    ]);
    expect(instructions(sandbox)).toHaveLength(1);
    expect(sandbox.reboots).toEqual([]);
  });

  it('tells a line as each ends, none with --progress none, in every language', async () => {
    const sandbox = await sandboxForTest();
    const ids = ofOneOwner(sandbox, 2).map(({ id }) => id);
    const run = (...words: string[]) =>
      remo(['devices', 'reboot', ...ids, '--yes', '--no-wait', '--min-interval', '0', ...words], { sandbox });
    expect((await run('--lang', 'ja')).err).toMatch(
      /^1\/2 ✓ 受付済み {2}.*\n2\/2 ✓ 受付済み {2}.*\n2台、所要時間/m,
    );
    await new Promise(resolve => setTimeout(resolve, 60));
    const { err } = await run('--progress', 'none');
    expect(err).not.toContain('1/2');
    expect(err).toContain('Plan: 2 devices');
    expect(err).toContain('2 devices in 0 s: ✓ accepted 2');
  });
});
