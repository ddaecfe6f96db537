import { describe, expect, it } from 'vitest';
import type { FleetDevice } from '../../../src/sandbox/fleet.js';
import { ofDifferentOwners, ofOneOwner } from '../../support/fleet.js';
import { remo } from '../../support/run.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';
import { instructionTo, type Result, scene } from './scene.js';

describe('the results of a run on stdout', () => {
  it('come as they are with -o ndjson, and with -o json at the end, in the order of the plan', async () => {
    const sandbox = await sandboxForTest();
    const ids = ofDifferentOwners(sandbox, 2).map(({ id }) => id);
    const slow = { ...instructionTo(ids[0] ?? ''), kind: 'delay', ms: 300 } as const;
    const watched = async (format: string) => {
      let early = '';
      sandbox.faults.add(slow);
      const words = ['devices', 'reboot', ...ids, '--yes', '--no-wait', '--min-interval', '0', '-o', format];
      const ended = await remo(words, {
        sandbox,
        person: async host => {
          await host.shown('1/2');
          early = host.out;
        },
      });
      return { early, ...ended };
    };
    const streamed = await watched('ndjson');
    expect(JSON.parse(streamed.early)).toMatchObject({ device_id: ids[1], outcome: 'accepted' });
    expect(
      streamed.out
        .trim()
        .split('\n')
        .map(line => JSON.parse(line).device_id),
    ).toEqual(ids.toReversed());
    await new Promise(resolve => setTimeout(resolve, 60));
    const whole = await watched('json');
    expect(whole.early).toBe('');
    expect(whole.json<Result[]>().map(({ device_id }) => device_id)).toEqual(ids);
  });
});

describe('the exit code of a run', () => {
  it.each<[what: string, fates: string[], code: number]>([
    ['all good', ['normal', 'normal'], 0],
    ['one failed', ['normal', 'fails'], 3],
    ['one offline', ['offline', 'normal'], 3],
    ['one unknown', ['normal', 'stuck'], 8],
    ['one failed and one unknown', ['fails', 'stuck'], 8],
    ['one unknown and one offline', ['stuck', 'offline'], 8],
  ])('with %s', async (_what, fates, code) => {
    const { devices, reboot } = await scene(fates.length);
    for (const [index, device] of devices.entries()) {
      const fate = fates[index];
      if (fate === 'offline') device.status = 'offline';
      else device.behavior = fate as FleetDevice['behavior'];
    }
    expect(await reboot('--wait=20s')).toMatchObject({ code });
  });

  it.each([
    ['stuck', ['--canary', '1'], 8],
    ['stuck', ['--concurrency', '1', '--max-failure-rate', '0'], 8],
    ['fails', ['--canary', '1'], 3],
    ['fails', ['--concurrency', '1', '--max-failures', '0'], 3],
  ] as const)('is not decided by a limit of its own: %s, with %j', async (fate, limit, code) => {
    const { devices, reboot } = await scene(3);
    if (devices[0]) devices[0].behavior = fate;
    const ended = await reboot('--wait=20s', ...limit);
    expect(ended.code).toBe(code);
    expect(
      ended
        .json<Result[]>()
        .map(({ outcome }) => outcome)
        .slice(1),
    ).toEqual(['not_attempted', 'not_attempted']);
  });

  it('is that of what stopped it, whatever became of the others', async () => {
    const { sandbox, devices, reboot } = await scene(3);
    const [stuck, refused] = devices as [FleetDevice, FleetDevice];
    stuck.behavior = 'stuck';
    sandbox.faults.add({
      ...instructionTo(refused.id),
      kind: 'answer',
      ...problems.unauthenticated(),
    });
    const { code, json } = await reboot('--wait=20s', '--concurrency', '1');
    expect(code).toBe(4);
    expect(json<Result[]>().map(({ outcome }) => outcome)).toEqual([
      'unknown',
      'not_attempted',
      'not_attempted',
    ]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('is that of %s, and what is under way is finished', async (signal, expected) => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.5 });
    const ids = ofOneOwner(sandbox, 3).map(({ id }) => id);
    const { code, json, err } = await remo(['devices', 'reboot', ...ids, '--yes', '-o', 'json'], {
      sandbox,
      tty: { stderr: true },
      columns: 200,
      person: async host => {
        while (sandbox.rebootCount(ids[0] ?? '') === 0) await new Promise(resolve => setTimeout(resolve, 5));
        await new Promise(resolve => setTimeout(resolve, 50));
        host.signal(signal);
      },
    });
    expect(code).toBe(expected);
    expect(json()).toMatchObject([
      { outcome: 'rebooted' },
      { outcome: 'not_attempted', reason: 'interrupted' },
      { outcome: 'not_attempted', reason: 'interrupted' },
    ]);
    expect(err).toContain('and 1 other device: - not attempted: The run was interrupted before its turn.');
    expect(err).toContain('remo batches resume');
    expect(sandbox.reboots).toHaveLength(1);
  });

  it('is none of a SIGHUP where no terminal can have been closed, as with nohup', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.2 });
    const ids = ofOneOwner(sandbox, 2).map(({ id }) => id);
    const { code, json } = await remo(['devices', 'reboot', ...ids, '--yes', '-o', 'json'], {
      sandbox,
      person: async host => {
        while (sandbox.rebootCount(ids[0] ?? '') === 0) await new Promise(resolve => setTimeout(resolve, 5));
        host.signal('SIGHUP');
      },
    });
    expect(code).toBe(0);
    expect(json()).toMatchObject([{ outcome: 'rebooted' }, { outcome: 'rebooted' }]);
  });
});
