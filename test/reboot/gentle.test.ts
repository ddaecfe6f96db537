import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Customer, Device } from '../../src/api/schemas.js';
import { RemoError } from '../../src/errors.js';
import type { RunEvent } from '../../src/reboot/course.js';
import { exitCodeOf, type RunReport } from '../../src/reboot/outcome.js';
import type { RunSettings } from '../../src/reboot/record.js';
import { FakeBackend, type Fate, failure, failures } from '../support/backend.js';
import { fakeClock } from '../support/clock.js';
import { journalHeader } from '../support/journal.js';
import { remo, temporaryFolder } from '../support/run.js';
import { type Life, TestRun } from '../support/runs.js';
import { problems, sandboxForTest } from '../support/sandbox.js';
import { VirtualClock } from '../support/virtual-clock.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits for each device, as runs of several do. */
const waiting = { wait_ms: 5 * minute };
const night = { from: '01:00', to: '05:00', time_zone: 'UTC', stop: false };

/** A fleet, and what happened to it: `log` has each instruction as the backend took it, and each ending. */
async function scene(start = '2026-11-21T00:00:00Z') {
  const clock = new VirtualClock(start);
  const backend = new FakeBackend(clock);
  backend.bootMs = 40 * second;
  const folder = await temporaryFolder();
  const log: string[] = [];
  /** The same with the time of day in front. */
  const timedLog: string[] = [];
  const note = (what: string) => {
    log.push(what);
    timedLog.push(`${new Date(clock.now()).toISOString().slice(11, 16)} ${what}`);
  };
  const { createReboot } = backend;
  backend.createReboot = async (id, order) => {
    const before = backend.reboots.length;
    const receipt = await createReboot.call(backend, id, order);
    if (backend.reboots.length > before) note(`${id} instructed`);
    return receipt;
  };
  const observe = (event: RunEvent) => {
    if (event.type === 'ended') note(`${event.result.planned.device.id} ${event.result.ending.outcome}`);
    if (event.type === 'sleeping' || event.type === 'awake') note(event.type);
  };
  const stop = new AbortController();
  /** The devices `a1 a2 b1`: of customers a, a and b. One that is named `…r` is a recorder. */
  const add = (ids: string, changes: Partial<Device> = {}, owner: Partial<Customer> = {}) => {
    for (const id of ids.split(' ')) {
      const kind = id.endsWith('r') ? 'recorder' : 'camera';
      backend.addDevice(id, { customer_id: id.slice(0, 1), kind, ...changes }, owner);
    }
  };
  const finish = async (working: Promise<RunReport>) => {
    const report = await clock.settle(working);
    const endings = Object.fromEntries(
      report.results.map(({ planned, ending }) => [planned.device.id, ending]),
    );
    const outcomes = report.results.map(({ planned, ending }) => `${planned.device.id} ${ending.outcome}`);
    return { report, endings, outcomes, exit: exitCodeOf(report) };
  };
  const lifeOf = (life: Life) => ({ signal: stop.signal, ...life, observe });
  const prepare = (ids: string, settings: Partial<RunSettings> = {}) => {
    const run = new TestRun(
      { clock, backend, folder },
      `run-${Math.random()}`,
      ids.split(' '),
      journalHeader({ options: { ...waiting, ...settings } }).options,
    );
    return {
      begin: (life: Life = {}) => finish(run.begin(lifeOf(life))),
      resume: (life: Life = {}) => finish(run.resume(lifeOf(life))),
      record: () => clock.during(run.record()),
      entries: () => run.entries(),
      lines: async () =>
        (await run.entries()).map(entry => ('device_id' in entry ? `${entry.device_id} ` : '') + entry.type),
    };
  };
  return {
    clock,
    backend,
    log,
    timedLog,
    stop: () => stop.abort(new RemoError('interrupted', { signal: 'SIGINT' })),
    add,
    fate: (id: string, fate: Fate) => backend.behaviours.set(id, { fate }),
    prepare,
    run: (ids: string, settings: Partial<RunSettings> = {}) => prepare(ids, settings).begin(),
  };
}

describe('the devices of a customer', () => {
  it('are rebooted one at a time, the next when the last is back', async () => {
    const { add, log, run } = await scene();
    add('a1 a2 a3');
    await run('a1 a2 a3');
    expect(log).toEqual([
      'a1 instructed',
      'a1 rebooted',
      'a2 instructed',
      'a2 rebooted',
      'a3 instructed',
      'a3 rebooted',
    ]);
  });

  it('stay as they are when one is offline after a reboot that failed; when it is online they go on', async () => {
    const { add, fate, backend, log, run } = await scene();
    add('a1 a2 a-r b1 b2');
    fate('a1', 'failed');
    fate('b1', 'failed');
    const { getDevice } = backend;
    backend.getDevice = async id => {
      const device = await getDevice.call(backend, id);
      return id === 'a1' && log.includes('a1 instructed') ? { ...device, status: 'offline' } : device;
    };
    const { outcomes, endings } = await run('a1 a2 a-r b1 b2');
    expect(outcomes).toEqual([
      'a1 failed',
      'a2 not_attempted',
      'a-r not_attempted',
      'b1 failed',
      'b2 rebooted',
    ]);
    expect(endings['a2']).toMatchObject({ reason: { error: { code: 'other_not_back' } } });
  });

  it('that are recorders come last, wherever they stand in the list', async () => {
    const { add, log, run } = await scene();
    add('a-r a1 b-r b1');
    await run('a-r a1 b-r b1', { concurrency: 1 });
    expect(log.filter(line => line.endsWith('instructed'))).toEqual([
      'a1 instructed',
      'a-r instructed',
      'b1 instructed',
      'b-r instructed',
    ]);
  });

  it('go side by side as --per-customer allows, but no recorder before all others are back', async () => {
    const { add, backend, log, run } = await scene();
    add('a1 a2 a3 a-r');
    backend.behaviours.set('a2', { bootMs: minute });
    backend.behaviours.set('a3', { bootMs: 3 * minute });
    await run('a-r a1 a2 a3', { per_customer: 2 });
    expect(log).toEqual([
      'a1 instructed',
      'a2 instructed',
      'a1 rebooted',
      'a3 instructed',
      'a2 rebooted',
      'a3 rebooted',
      'a-r instructed',
      'a-r rebooted',
    ]);
  });

  it('are each instructed once the last instruction was taken, where nobody waits', async () => {
    const { add, log, run } = await scene();
    add('a1 a2');
    const { exit } = await run('a1 a2', { wait_ms: null });
    expect(log).toEqual(['a1 instructed', 'a1 accepted', 'a2 instructed', 'a2 accepted']);
    expect(exit).toBe(0);
  });

  it('are rebooted beside those of other customers, as many customers as --concurrency says', async () => {
    const { add, backend, log, run } = await scene();
    add('a1 a2 b1 c1');
    backend.behaviours.set('b1', { bootMs: minute });
    backend.behaviours.set('c1', { bootMs: 2 * minute });
    await run('a1 a2 b1 c1', { concurrency: 2 });
    expect(log).toEqual([
      'a1 instructed',
      'b1 instructed',
      'a1 rebooted',
      'a2 instructed',
      'b1 rebooted',
      'c1 instructed',
      'a2 rebooted',
      'c1 rebooted',
    ]);
  });

  it('are not touched any more once one of them did not come back; those of others are', async () => {
    const { add, fate, run } = await scene();
    add('a1 a2 a-r b1 b2');
    fate('a1', 'never');
    const { outcomes, endings, exit } = await run('a1 a2 a-r b1 b2');
    expect(outcomes).toEqual([
      'a1 unknown',
      'a2 not_attempted',
      'a-r not_attempted',
      'b1 rebooted',
      'b2 rebooted',
    ]);
    expect(endings['a2']).toMatchObject({
      reason: { code: 'stopped', error: { code: 'other_not_back', params: { device: 'a1' } } },
    });
    expect(exit).toBe(8);
  });

  it('go on after one that failed to reboot: it is still there', async () => {
    const { add, fate, run } = await scene();
    add('a1 a2');
    fate('a1', 'failed');
    expect(await run('a1 a2')).toMatchObject({ outcomes: ['a1 failed', 'a2 rebooted'], exit: 3 });
  });

  it('that waited for the window meanwhile are not touched either', async () => {
    const { add, backend, fate, run, timedLog } = await scene('2026-11-21T04:59:30Z');
    add('a1 a2 a3');
    fate('a1', 'never');
    backend.behaviours.set('a2', { bootMs: minute });
    const { outcomes } = await run('a1 a2 a3', { per_customer: 2, window: night });
    expect(timedLog).toEqual([
      '04:59 a1 instructed',
      '04:59 a2 instructed',
      '05:00 a2 rebooted',
      '05:00 sleeping',
      '05:04 a1 unknown',
      '01:00 awake',
      '01:00 a3 not_attempted',
    ]);
    expect(outcomes).toEqual(['a1 unknown', 'a2 rebooted', 'a3 not_attempted']);
  });

  it('that an earlier process had begun with are finished before others are begun', async () => {
    const { add, backend, log, prepare } = await scene();
    add('a1 a2 a-r');
    const run = prepare('a1 a2 a-r');
    // Killed while it watched the recorder, with one camera that could not be asked for.
    await run.begin({
      observe: () => {},
      api: Object.assign(Object.create(backend), {
        getDevice: async (id: string) => {
          if (id === 'a2' && log.includes('a1 rebooted')) throw failures.timeout();
          return backend.getDevice(id);
        },
      }),
      writing: ({ type, ...entry }) => {
        if (type === 'rebooted' && 'device_id' in entry && entry.device_id === 'a-r') {
          throw failure('journal_unwritable', { path: '/full', detail: 'ENOSPC' });
        }
      },
    });
    log.length = 0;
    await run.resume();
    expect(log).toEqual(['a-r rebooted', 'a2 instructed', 'a2 rebooted']);
  });
});

describe('a run that is gone on with', () => {
  /** A slow backend that loses sight of a device once it is planned. */
  const blindTo = (backend: FakeBackend, hidden: string, clock: VirtualClock) =>
    Object.assign(Object.create(backend), {
      getDevice: async (id: string) => {
        await clock.sleep(300);
        if (id === hidden && backend.calls.includes(`GET device ${id}`)) throw failures.timeout();
        return backend.getDevice(id);
      },
    });

  it('looks first at a device that was not back; the others of its customer wait for that', async () => {
    const { add, backend, clock, fate, log, prepare } = await scene();
    add('a1 a2');
    fate('a2', 'never');
    const run = prepare('a1 a2', { concurrency: 1 });
    expect(await run.begin({ api: blindTo(backend, 'a1', clock) })).toMatchObject({
      outcomes: ['a1 not_attempted', 'a2 unknown'],
    });
    log.length = 0;
    await run.resume();
    expect(log).toEqual(['a2 unknown', 'a1 not_attempted']);
  });

  it('finishes what a kill left under way before anything else, so that no more than so many are at once', async () => {
    const { add, backend, clock, log, prepare } = await scene();
    add('a1 b1');
    const run = prepare('a1 b1', { concurrency: 1 });
    await run.begin({
      api: blindTo(backend, 'a1', clock),
      writing: entry => {
        if (entry.type === 'rebooted') {
          throw failure('journal_unwritable', { path: '/full', detail: 'ENOSPC' });
        }
      },
    });
    log.length = 0;
    await run.resume();
    expect(log).toEqual(['b1 rebooted', 'a1 instructed', 'a1 rebooted']);
  });

  it('knows what it did, although a process that had lost it wakes up in the middle of writing a key down', async () => {
    const { add, backend, clock, prepare } = await scene();
    add('a1 b1');
    const run = prepare('a1 b1', { concurrency: 2 });
    let own = true;
    const asleep = run.begin({
      newKey: () => `key-of-the-sleeper-${Math.random()}`,
      held: async () => own,
      writing: () => clock.sleep(10 * minute),
    });
    await clock.settle(clock.sleep(minute));
    own = false;
    // Killed with one of the two keys sent: the sleeper's lines come after its own.
    const killed = run.resume({
      writing: entry => (entry.type === 'accepted' ? clock.sleep(20 * minute) : undefined),
    });
    await clock.settle(clock.sleep(2 * minute));
    await asleep;
    await run.resume();
    expect(backend.reboots.map(({ device_id }) => device_id).toSorted()).toEqual(['a1', 'b1']);
    const { devices } = await run.record();
    const keys = backend.reboots.map(({ idempotency_key }) => idempotency_key);
    expect(devices.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
    expect(devices).toMatchObject([{ outcome: 'rebooted' }, { outcome: 'rebooted' }]);
    await killed.catch(() => {});
  });

  it('waits for a device that the backend can not tell of at first', async () => {
    const { add, backend, prepare } = await scene();
    add('a1');
    const run = prepare('a1');
    await run.begin({
      writing: entry => {
        if (entry.type === 'rebooted')
          throw failure('journal_unwritable', { path: '/full', detail: 'ENOSPC' });
      },
    });
    const getReboot = backend.getReboot.bind(backend);
    let asked = 0;
    backend.getReboot = async id => {
      if (asked++ === 0) throw failures.internal();
      return getReboot(id);
    };
    expect(await run.resume()).toMatchObject({ outcomes: ['a1 rebooted'], exit: 0 });
  });

  it('takes the reboot that keeps it from instructing a device for its own, if that has arrived meanwhile', async () => {
    const { add, backend, prepare } = await scene();
    add('a1');
    const run = prepare('a1', { min_interval_ms: 10 * minute });
    backend.mishaps.push({ taken: false, error: failures.timeout() });
    await run.begin();
    const [intent] = await run.entries();
    const key = intent && 'key' in intent ? `${intent.key}` : '';
    const getDevice = backend.getDevice.bind(backend);
    const getCustomer = backend.getCustomer.bind(backend);
    let planned = false;
    const api = Object.assign(Object.create(backend), {
      getCustomer: async (id: string) => {
        planned = true;
        return getCustomer(id);
      },
      getDevice: async (id: string) => {
        // After the backend was asked for the key, and before the instruction.
        if (planned && backend.reboots.length === 0) await backend.createReboot(id, { key });
        return getDevice(id);
      },
    });
    expect(await run.resume({ api })).toMatchObject({ outcomes: ['a1 rebooted'], exit: 0 });
    expect(backend.reboots).toMatchObject([{ idempotency_key: key }]);
  });

  it('counts from the last sending what may still be on its way, however long ago the first was', async () => {
    const { add, backend, clock, prepare } = await scene();
    add('a1');
    const run = prepare('a1');
    const lose = () => {
      backend.mishaps.push({ taken: false, error: failures.timeout() });
      backend.searchErrors.push(failures.timeout());
    };
    lose();
    await run.begin();
    clock.leap(10 * minute);
    // Asked for the first, the backend answers; of the second it does not.
    backend.mishaps.push({ taken: false, error: failures.timeout() });
    await run.resume();
    clock.leap(minute);
    add('a1', { status: 'offline' });
    expect(await run.resume()).toMatchObject({ outcomes: ['a1 unknown'] });
    clock.leap(10 * minute);
    expect(await run.resume()).toMatchObject({ outcomes: ['a1 skipped'] });
  });
});

describe('a canary', () => {
  it('goes first; the others follow when it is back', async () => {
    const { add, log, run } = await scene();
    add('a1 b1 c1');
    const { exit } = await run('a1 b1 c1', { canary: 1 });
    expect(log.slice(0, 4)).toEqual(['a1 instructed', 'a1 rebooted', 'b1 instructed', 'c1 instructed']);
    expect(exit).toBe(0);
  });

  it('is of as many customers as can be', async () => {
    const { add, log, run } = await scene();
    add('a1 a2 b1 b2');
    await run('a1 a2 b1 b2', { canary: 3 });
    const first = log.slice(0, log.indexOf('b2 instructed'));
    expect(first.filter(line => line.endsWith('rebooted')).sort()).toEqual([
      'a1 rebooted',
      'a2 rebooted',
      'b1 rebooted',
    ]);
  });

  it.each([
    ['fails to reboot', 'failed', 'failed', 3],
    ['does not come back', 'never', 'unknown', 8],
  ] as const)('that %s is the last: nothing else is touched', async (_what, fate, outcome, code) => {
    const { add, backend, fate: decide, run } = await scene();
    add('a1 b1 c1');
    decide('b1', fate);
    const { outcomes, exit, report } = await run('a1 b1 c1', { canary: 2 });
    expect(outcomes).toEqual(['a1 rebooted', `b1 ${outcome}`, 'c1 not_attempted']);
    expect(report.stoppedBy).toMatchObject({ code: 'canary_failed', params: { ids: ['b1'] } });
    expect(exit).toBe(code);
    expect(backend.rebootsOf('c1')).toEqual([]);
  });

  it('that is the only one of its customer to be started is the only one that is named', async () => {
    const { add, fate, run } = await scene();
    add('a1 a2 a3');
    fate('a1', 'never');
    const { report, outcomes } = await run('a1 a2 a3', { canary: 2 });
    expect(outcomes).toEqual(['a1 unknown', 'a2 not_attempted', 'a3 not_attempted']);
    expect(report.stoppedBy).toMatchObject({ code: 'canary_failed', params: { ids: ['a1'] } });
  });

  it('that turns out to be offline proves nothing: the next device takes its place', async () => {
    const { add, backend, log, run } = await scene();
    add('a1 b1 c1');
    backend.mishaps.push({ taken: false, error: failures.offline() });
    const { outcomes } = await run('a1 b1 c1', { canary: 1 });
    expect(outcomes).toEqual(['a1 skipped', 'b1 rebooted', 'c1 rebooted']);
    expect(log).toEqual(['a1 skipped', 'b1 instructed', 'b1 rebooted', 'c1 instructed', 'c1 rebooted']);
  });

  it('that was proven is not asked for again when the run is gone on with', async () => {
    const { add, backend, log, prepare } = await scene();
    add('a1 b1 c1 d1');
    const run = prepare('a1 b1 c1 d1', { canary: 1 });
    const { stoppedBy } = (
      await run.begin({
        api: Object.assign(Object.create(backend), {
          createReboot: async (id: string, order: { key: string }) => {
            if (id !== 'a1') throw failures.signedOut();
            return backend.createReboot(id, order);
          },
        }),
      })
    ).report;
    expect(stoppedBy).toMatchObject({ code: 'unauthenticated' });
    log.length = 0;
    const { outcomes } = await run.resume();
    expect(outcomes).toEqual(['b1 rebooted', 'c1 rebooted', 'd1 rebooted']);
    expect(log.slice(0, 2)).toEqual(['b1 instructed', 'c1 instructed']);
  });

  it('that was not back yet is looked at before any other device when the run is gone on with', async () => {
    const { add, fate, log, prepare } = await scene();
    add('a1 a2 b1 b2');
    fate('b1', 'never');
    const run = prepare('a1 a2 b1 b2', { canary: 2 });
    expect((await run.begin()).outcomes).toEqual([
      'a1 rebooted',
      'a2 not_attempted',
      'b1 unknown',
      'b2 not_attempted',
    ]);
    log.length = 0;
    expect((await run.resume()).report.stoppedBy).toMatchObject({
      code: 'canary_failed',
      params: { ids: ['b1'] },
    });
    expect(log).not.toContain('a2 instructed');
    fate('b1', 'back');
    expect(await run.resume()).toMatchObject({ exit: 0 });
  });

  it('that did not get its turn because of a Ctrl-C has not failed', async () => {
    const { add, clock, prepare, stop } = await scene();
    add('a1 a2');
    const run = prepare('a1 a2', { canary: 2 });
    void clock.sleep(20 * second).then(stop);
    const { outcomes, report, exit } = await run.begin();
    expect(outcomes).toEqual(['a1 rebooted', 'a2 not_attempted']);
    expect(report.stoppedBy).toMatchObject({ code: 'interrupted' });
    expect(exit).toBe(130);
  });

  it('that is under way at a Ctrl-C is still waited for', async () => {
    const { add, clock, prepare, stop } = await scene();
    add('a1 b1');
    const run = prepare('a1 b1', { canary: 1 });
    void clock.sleep(20 * second).then(stop);
    const { outcomes, report, exit } = await run.begin();
    expect(outcomes).toEqual(['a1 rebooted', 'b1 not_attempted']);
    expect(report.stoppedBy).toMatchObject({ code: 'interrupted' });
    expect(exit).toBe(130);
  });
});

describe('a run with a limit of failures', () => {
  it('stops with one more than it bears: what is under way is finished, nothing is begun', async () => {
    const { add, backend, fate, run } = await scene();
    add('a1 b1 c1 c2 d1');
    for (const id of ['a1', 'b1']) fate(id, 'failed');
    const { outcomes, report, exit } = await run('a1 b1 c1 c2 d1', { max_failures: 1, concurrency: 3 });
    expect(outcomes).toEqual([
      'a1 failed',
      'b1 failed',
      'c1 rebooted',
      'c2 not_attempted',
      'd1 not_attempted',
    ]);
    expect(report.stoppedBy).toMatchObject({ code: 'too_many_failures', params: { failures: 2, total: 5 } });
    expect(exit).toBe(3);
    expect(backend.rebootsOf('d1')).toEqual([]);
  });

  it('bears as many as it says', async () => {
    const { add, fate, run } = await scene();
    add('a1 b1 c1');
    fate('a1', 'failed');
    expect(await run('a1 b1 c1', { max_failures: 1, concurrency: 1 })).toMatchObject({
      outcomes: ['a1 failed', 'b1 rebooted', 'c1 rebooted'],
    });
  });

  it('of none stops at the first', async () => {
    const { add, fate, run } = await scene();
    add('a1 b1');
    fate('a1', 'never');
    expect(await run('a1 b1', { max_failures: 0, concurrency: 1 })).toMatchObject({
      outcomes: ['a1 unknown', 'b1 not_attempted'],
      exit: 8,
    });
  });

  it('in a share of all devices to be rebooted counts those alone', async () => {
    const { add, fate, run } = await scene();
    add('a1 b1 c1 d1');
    add('x1 y1', { status: 'offline' });
    for (const id of ['a1', 'b1']) fate(id, 'failed');
    // Two of the four that are online are a half, and not more than that.
    expect(await run('x1 a1 y1 b1 c1 d1', { max_failure_rate: 0.5, concurrency: 1 })).toMatchObject({
      outcomes: ['x1 skipped', 'a1 failed', 'y1 skipped', 'b1 failed', 'c1 rebooted', 'd1 rebooted'],
      exit: 3,
    });
    const { outcomes } = await run('x1 a1 y1 b1 c1 d1', { max_failure_rate: 0.49, concurrency: 1 });
    expect(outcomes.slice(-2)).toEqual(['c1 not_attempted', 'd1 not_attempted']);
  });

  it('sends nothing of a device whose key was just being written down', async () => {
    const { add, backend, clock, fate, prepare } = await scene();
    add('a1 b1');
    fate('a1', 'failed');
    backend.bootMs = second;
    const run = prepare('a1 b1', { max_failures: 0 });
    const { outcomes } = await run.begin({
      // A slow disk.
      writing: async entry => {
        if (entry.type === 'intent' && entry.device_id === 'b1') await clock.sleep(minute);
      },
    });
    expect(outcomes).toEqual(['a1 failed', 'b1 not_attempted']);
    expect(backend.rebootsOf('b1')).toEqual([]);
    expect((await run.lines()).slice(-2)).toEqual(['b1 not_sent', 'end']);
  });
});

describe('a window', () => {
  it('is waited for; what the night is too short for comes in the next', async () => {
    const { add, timedLog, run } = await scene('2026-11-21T22:00:00Z');
    add('a1 a2');
    const { outcomes, exit } = await run('a1 a2', { window: { ...night, from: '23:59', to: '00:00' } });
    expect(timedLog).toEqual([
      '22:00 sleeping',
      '23:59 awake',
      '23:59 a1 instructed',
      '23:59 a1 rebooted',
      '23:59 a2 instructed',
      '00:00 a2 rebooted',
    ]);
    expect({ outcomes, exit }).toEqual({ outcomes: ['a1 rebooted', 'a2 rebooted'], exit: 0 });
  });

  it('that closes lets what is under way come to its end, and opens for the rest a day later', async () => {
    const { add, backend, timedLog, run } = await scene('2026-11-21T04:59:30Z');
    backend.bootMs = 2 * minute;
    add('a1 a2 b1');
    await run('a1 a2 b1', { window: night, concurrency: 1 });
    expect(timedLog).toEqual([
      '04:59 a1 instructed',
      '05:01 a1 rebooted',
      '05:01 sleeping',
      '01:00 awake',
      '01:00 a2 instructed',
      '01:02 a2 rebooted',
      '01:02 b1 instructed',
      '01:04 b1 rebooted',
    ]);
  });

  it('may go over midnight', async () => {
    const { add, timedLog, run } = await scene('2026-11-21T21:00:00Z');
    add('a1');
    await run('a1', { window: { ...night, from: '23:00', to: '04:00' } });
    expect(timedLog[1]).toBe('23:00 awake');
    const late = await scene('2026-11-21T02:00:00Z');
    late.add('a1');
    await late.run('a1', { window: { ...night, from: '23:00', to: '04:00' } });
    expect(late.timedLog[0]).toBe('02:00 a1 instructed');
  });

  it('is by the clock of its zone', async () => {
    const { add, timedLog, run } = await scene('2026-11-21T12:00:00Z');
    add('a1');
    await run('a1', { window: { ...night, time_zone: 'Asia/Tokyo' } });
    expect(timedLog.slice(0, 2)).toEqual(['12:00 sleeping', '16:00 awake']);
  });

  it('with --window-stop ends the run when it is closed', async () => {
    const { add, backend, clock, prepare } = await scene('2026-11-21T04:59:30Z');
    backend.bootMs = 2 * minute;
    add('a1 a2');
    const run = prepare('a1 a2', { window: { ...night, stop: true } });
    const { outcomes, report, exit } = await run.begin();
    expect(outcomes).toEqual(['a1 rebooted', 'a2 not_attempted']);
    expect(report.stoppedBy).toMatchObject({ code: 'outside_window' });
    expect(exit).toBe(3);
    clock.leap(21 * hour);
    expect(await run.resume()).toMatchObject({ outcomes: ['a2 rebooted'], exit: 0 });
  });

  it.each([
    [
      'waits for the next opening',
      false,
      ['a1 rebooted'],
      ['intent', 'not_sent', 'intent', 'accepted', 'rebooted'],
    ],
    ['with --window-stop leaves it for another day', true, ['a1 not_attempted'], ['intent', 'not_sent']],
  ])(
    'that closes while the backend wants to be left in peace: nothing was sent, and the run %s',
    async (...of) => {
      const [, stop, outcomes, lines] = of;
      const { add, backend, clock, timedLog, prepare } = await scene('2026-11-21T04:50:00Z');
      add('a1');
      const createReboot = backend.createReboot.bind(backend);
      // Refused for half an hour: the API gives up at once what could not leave in time.
      backend.createReboot = async (id, order) => {
        if (clock.now() < Date.parse('2026-11-21T05:20:00Z')) throw failures.late();
        return createReboot(id, order);
      };
      const run = prepare('a1', { window: { ...night, stop } });
      expect(await run.begin()).toMatchObject({ outcomes });
      const entries = await run.entries();
      expect(entries.map(({ type }) => type)).toEqual([...lines, 'end']);
      const keys = new Set(entries.flatMap(entry => ('key' in entry ? [entry.key] : [])));
      expect(keys.size).toBe(1);
      expect(backend.reboots.map(({ idempotency_key }) => idempotency_key)).toEqual(stop ? [] : [...keys]);
      if (!stop)
        expect(timedLog.slice(0, 3)).toEqual(['04:50 sleeping', '01:00 awake', '01:00 a1 instructed']);
    },
  );

  it('that closes before the backend bears requests again: one instruction leaves, in the next opening', async () => {
    const clock = fakeClock(Date.parse('2026-11-21T04:50:00Z'));
    const sandbox = await sandboxForTest({ now: () => clock.now() });
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    sandbox.faults.add({ kind: 'answer', method: 'POST', ...problems.tooManyRequests('1800') });
    const argv = ['devices', 'reboot', id, '--yes', '--window', '01:00-05:00', '--tz', 'UTC', '-o', 'json'];
    const { code, folder } = await remo(argv, { sandbox, replacements: { clock } });
    expect(code).toBe(0);
    const [reboot, ...more] = sandbox.reboots;
    expect(more).toEqual([]);
    expect(new Date(reboot?.requestedAt ?? 0).toISOString()).toMatch(/^2026-11-22T01:00/);
    const [journal = ''] = await readdir(`${folder}/batches`);
    const lines = (await readFile(`${folder}/batches/${journal}`, 'utf8')).trimEnd().split('\n');
    expect(lines.slice(1).map(line => [JSON.parse(line).type, JSON.parse(line).key])).toEqual([
      ['intent', reboot?.key],
      ['not_sent', reboot?.key],
      ['intent', reboot?.key],
      ['accepted', reboot?.key],
      ['end', undefined],
    ]);
  });

  it('is not waited for by a run that was interrupted: it ends at once, and can be gone on with', async () => {
    const { add, clock, prepare, stop } = await scene('2026-11-21T12:00:00Z');
    add('a1 b1');
    const run = prepare('a1 b1', { window: night });
    void clock.sleep(90 * second).then(stop);
    const { outcomes, exit } = await run.begin();
    expect({ outcomes, exit }).toEqual({ outcomes: ['a1 not_attempted', 'b1 not_attempted'], exit: 130 });
    expect(clock.now()).toBe(Date.parse('2026-11-21T12:01:30Z'));
    const { signal } = new AbortController();
    expect(await run.resume({ signal })).toMatchObject({ outcomes: ['a1 rebooted', 'b1 rebooted'], exit: 0 });
    expect(new Date(clock.now()).toISOString()).toMatch(/^2026-11-22T01:0/);
  });

  it('is not waited for by a run that is stopped meanwhile', async () => {
    const { add, backend, clock, fate, run } = await scene('2026-11-21T04:59:30Z');
    add('a1 b1 b2');
    fate('a1', 'failed');
    backend.bootMs = 10 * minute;
    const looks = backend.getReboot.bind(backend);
    // It fails when the window has closed and another lane sleeps.
    backend.getReboot = async id => {
      const reboot = await looks(id);
      const early = clock.now() < Date.parse('2026-11-21T05:03:00Z');
      return reboot.device_id === 'a1' && early ? { ...reboot, status: 'in_progress' } : reboot;
    };
    backend.behaviours.set('b1', { bootMs: minute });
    const { outcomes, report } = await run('a1 b1 b2', { window: night, max_failures: 0 });
    expect(outcomes).toEqual(['a1 failed', 'b1 rebooted', 'b2 not_attempted']);
    expect(report.stoppedBy).toMatchObject({ code: 'too_many_failures' });
    expect(new Date(clock.now()).toISOString()).toMatch(/^2026-11-21T05:0/);
  });

  it('does not matter to a run that is gone on with at once (--now)', async () => {
    const { add, prepare, timedLog } = await scene('2026-11-21T12:00:00Z');
    add('a1');
    const run = prepare('a1', { window: { ...night, stop: true } });
    expect(await run.begin()).toMatchObject({ outcomes: ['a1 not_attempted'] });
    expect(await run.resume({ now: true })).toMatchObject({ outcomes: ['a1 rebooted'] });
    expect(timedLog).toContain('12:00 a1 instructed');
  });

  it('does not keep a run from finding out what became of the devices that it had begun with', async () => {
    const { add, backend, prepare, stop } = await scene('2026-11-21T04:59:00Z');
    backend.bootMs = 10 * minute;
    add('a1');
    const run = prepare('a1', { window: night });
    const { createReboot } = backend;
    backend.createReboot = async (id, order) => {
      stop();
      return createReboot.call(backend, id, order);
    };
    expect(await run.begin()).toMatchObject({ outcomes: ['a1 accepted'], exit: 130 });
    const { signal } = new AbortController();
    expect(await run.resume({ signal })).toMatchObject({ outcomes: ['a1 unknown'] });
    expect(await run.resume({ signal })).toMatchObject({ outcomes: ['a1 rebooted'] });
    expect(backend.rebootsOf('a1')).toHaveLength(1);
  });
});

describe('a device that was rebooted a short while ago', () => {
  const interval = { min_interval_ms: 10 * minute };

  it('is left out, with who rebooted it and when', async () => {
    const { add, backend, clock, run } = await scene();
    add('a1');
    backend.rebootBy('taro@partner.example', 'a1');
    clock.leap(9 * minute);
    const { endings, exit } = await run('a1', interval);
    expect(endings['a1']).toEqual({
      outcome: 'skipped',
      reason: {
        code: 'recently_rebooted',
        rebootId: 'rb_1',
        at: '2026-11-21T00:00:00.000Z',
        by: 'taro@partner.example',
      },
    });
    expect(exit).toBe(3);
  });

  it.each([
    ['when the time is up', 10 * minute, 10 * minute],
    ['with --min-interval 0', 0, minute],
  ])('is rebooted %s', async (_what, min_interval_ms, later) => {
    const { add, backend, clock, run } = await scene();
    add('a1');
    backend.rebootBy('taro@partner.example', 'a1');
    clock.leap(later);
    expect(await run('a1', { min_interval_ms })).toMatchObject({ outcomes: ['a1 rebooted'] });
  });

  it('is rebooted all the same if that one failed', async () => {
    const { add, backend, clock, fate, run } = await scene();
    add('a1');
    fate('a1', 'failed');
    backend.rebootBy('taro@partner.example', 'a1');
    clock.leap(minute);
    expect(await run('a1', { ...interval, wait_ms: null })).toMatchObject({ outcomes: ['a1 accepted'] });
    expect(backend.rebootsOf('a1')).toHaveLength(2);
  });

  it('is left out although the last one failed, as the one before it did not', async () => {
    const { add, backend, clock, run } = await scene();
    add('a1');
    const done = backend.rebootBy('taro@partner.example', 'a1');
    clock.leap(minute);
    const failed = { ...done, id: 'rb_2', requested_at: new Date(clock.now()).toISOString() };
    backend.recentReboots = async () => ({
      reboots: [
        { ...failed, status: 'failed' },
        { ...done, status: 'completed' },
      ],
    });
    expect(await run('a1', interval)).toMatchObject({
      endings: { a1: { reason: { code: 'recently_rebooted', rebootId: done.id } } },
    });
  });

  it.each([
    ['half an hour ahead', '2026-11-21T00:30:00Z', undefined],
    ['three hours behind, which it tells', '2026-11-20T21:00:00Z', -3 * hour],
  ])('is left out though the clock of the backend is %s', async (_what, requested_at, offset) => {
    const { add, backend, clock, run } = await scene();
    add('a1');
    backend.rebootBy('taro@partner.example', 'a1');
    clock.leap(5 * minute);
    const { recentReboots } = backend;
    backend.recentReboots = async id => {
      const told = await recentReboots.call(backend, id);
      const reboots = told.reboots.map(reboot => ({ ...reboot, requested_at }));
      return { reboots, ...(offset === undefined ? {} : { toldAt: clock.now() + offset }) };
    };
    expect(await run('a1', interval)).toMatchObject({
      endings: { a1: { reason: { code: 'recently_rebooted' } } },
    });
  });

  it('is left out although it was not when the run began', async () => {
    const { add, backend, clock, run } = await scene();
    add('a1 a2');
    void clock.sleep(10 * second).then(() => backend.rebootBy('taro@partner.example', 'a2'));
    backend.behaviours.set('a1', { bootMs: 2 * minute });
    const { endings, outcomes } = await run('a1 a2', interval);
    expect(outcomes).toEqual(['a1 rebooted', 'a2 skipped']);
    expect(endings['a2']).toMatchObject({
      reason: { code: 'recently_rebooted', by: 'taro@partner.example' },
    });
  });

  it('is left out of a run that is gone on with, although that had a key for it: it was never sent', async () => {
    const { add, backend, clock, prepare } = await scene();
    add('a1');
    const run = prepare('a1', interval);
    // Killed before the instruction left.
    await run.begin({
      writing: entry => {
        if (entry.type === 'not_sent')
          throw failure('journal_unwritable', { path: '/full', detail: 'ENOSPC' });
      },
      api: Object.assign(Object.create(backend), {
        createReboot: async () => {
          throw failures.interrupted();
        },
      }),
    });
    expect((await run.record()).devices).toMatchObject([{ outcome: 'unknown', reason: 'in_flight' }]);
    backend.rebootBy('taro@partner.example', 'a1');
    // So soon after, the instruction might still be on its way.
    clock.leap(2 * minute);
    expect(await run.resume()).toMatchObject({ outcomes: ['a1 unknown'] });
    clock.leap(5 * minute);
    expect(await run.resume()).toMatchObject({ outcomes: ['a1 skipped'] });
    expect(backend.rebootsOf('a1')).toHaveLength(1);
  });
});

describe('an instruction that the backend holds back for a minute', () => {
  async function heldBack(colleague: boolean) {
    const time = fakeClock(Date.parse('2026-11-21T04:50:00Z'));
    const sandbox = await sandboxForTest({ now: () => time.now(), bootSeconds: 20 });
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    sandbox.faults.add({ kind: 'answer', method: 'POST', ...problems.tooManyRequests('60') });
    let waited = false;
    const clock = {
      ...time,
      async sleep(ms: number, signal?: AbortSignal) {
        const first = ms > 50_000 && !waited;
        waited ||= first;
        if (first && colleague) {
          const { accessToken } = await sandbox.issueToken();
          const headers = {
            Authorization: `Bearer ${accessToken}`,
            'Content-Type': 'application/json',
            'Idempotency-Key': 'key-of-a-colleague',
          };
          const url = `${sandbox.apiUrl}/devices/${id}/reboots`;
          await fetch(url, { method: 'POST', headers, body: '{}' });
        }
        return time.sleep(ms, signal);
      },
    };
    const argv = ['devices', 'reboot', id, '--yes', '-o', 'json'];
    const ended = await remo(argv, { sandbox, replacements: { clock } });
    expect(waited).toBe(true);
    const [journal = ''] = await readdir(`${ended.folder}/batches`);
    const text = await readFile(`${ended.folder}/batches/${journal}`, 'utf8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    return { ...ended, sandbox, lines: lines.slice(1) };
  }

  it('is not given to a device that a colleague has rebooted in that time', async () => {
    const { code, json, sandbox } = await heldBack(true);
    expect(json()).toMatchObject([{ outcome: 'skipped', reason: 'recently_rebooted' }]);
    expect(code).toBe(3);
    expect(sandbox.reboots.map(({ key }) => key)).toEqual(['key-of-a-colleague']);
  });

  it('leaves under the same key after another look at the device', async () => {
    const { code, sandbox, lines } = await heldBack(false);
    expect(code).toBe(0);
    const [reboot] = sandbox.reboots;
    expect(lines.map(({ type, key }) => [type, key])).toEqual([
      ['intent', reboot?.key],
      ['not_sent', reboot?.key],
      ['intent', reboot?.key],
      ['accepted', reboot?.key],
      ['end', undefined],
    ]);
    const looks = sandbox.requests.map(({ method }) => method);
    expect(looks.slice(looks.indexOf('POST'))).toEqual(['POST', 'GET', 'GET', 'GET', 'POST']);
  });

  it('does not leave at all where the backend holds it back again and again; nothing is pending then', async () => {
    const { add, backend, run } = await scene();
    add('a1');
    let asked = 0;
    backend.createReboot = async () => {
      asked += 1;
      throw failure('reading_outdated', { operation: 'createReboot', lost: false });
    };
    expect(await run('a1')).toMatchObject({ outcomes: ['a1 not_attempted'], exit: 3 });
    expect(asked).toBe(10);
  });

  it('leaves in the end when the backend has held it back a few times', async () => {
    const { add, backend, clock, run } = await scene();
    add('a1');
    const limits: number[] = [];
    const { createReboot } = backend;
    backend.createReboot = async (id, order) => {
      limits.push((order.freshUntil ?? 0) - clock.now());
      if (limits.length < 6) throw failure('reading_outdated', { operation: 'createReboot', lost: false });
      return createReboot.call(backend, id, order);
    };
    expect(await run('a1')).toMatchObject({ outcomes: ['a1 rebooted'] });
    expect(limits).toEqual([10, 40, 40, 40, 40, 40].map(seconds => seconds * second));
  });
});

describe('before each instruction', () => {
  it('the device is looked at again: the boot that counts is the one right before', async () => {
    const { add, backend, clock, prepare } = await scene();
    add('a1 a2');
    // It boots of its own accord while the run is busy with the other.
    void clock.sleep(10 * second).then(() => add('a2', { booted_at: '2026-11-21T00:00:10Z' }));
    const run = prepare('a1 a2');
    expect(await run.begin()).toMatchObject({ outcomes: ['a1 rebooted', 'a2 rebooted'] });
    const intents = (await run.entries()).flatMap(entry =>
      entry.type === 'intent' ? [entry.booted_at] : [],
    );
    expect(intents).toEqual(['2026-11-01T00:00:00Z', '2026-11-21T00:00:10Z']);
    expect(backend.rebootsOf('a2')).toHaveLength(1);
  });

  it('the owner is looked at again: who has signed out meanwhile was not signed in', async () => {
    const { add, clock, prepare } = await scene();
    add('a1 a2');
    void clock.sleep(10 * second).then(() => add('a2', {}, { signed_in: false }));
    const run = prepare('a1 a2');
    await run.begin();
    expect((await run.record()).devices.map(({ ownerSignedIn }) => ownerSignedIn)).toEqual([true, false]);
  });

  it.each([
    ['went offline', { status: 'offline' }, 'offline'],
    ['is rebooting', { status: 'rebooting' }, 'already_rebooting'],
    ['became somebody else’s', { customer_id: 'z' }, 'changed_hands'],
  ] as const)('a device that %s meanwhile is left out', async (_what, changes, code) => {
    const { add, backend, clock, run } = await scene();
    add('a1 a2');
    void clock.sleep(10 * second).then(() => add('a2', changes));
    const { endings } = await run('a1 a2');
    expect(endings['a2']).toMatchObject({ outcome: 'skipped', reason: { code } });
    expect(backend.rebootsOf('a2')).toEqual([]);
  });

  it('a device that can not be looked at is left out, and the others are not', async () => {
    const { add, backend, clock, run } = await scene();
    add('a1 a2 a3');
    const getDevice = backend.getDevice.bind(backend);
    backend.getDevice = async id => {
      if (id === 'a2' && clock.now() > Date.parse('2026-11-21T00:00:20Z')) throw failures.timeout();
      return getDevice(id);
    };
    const { outcomes, exit } = await run('a1 a2 a3');
    expect({ outcomes, exit }).toEqual({
      outcomes: ['a1 rebooted', 'a2 not_attempted', 'a3 rebooted'],
      exit: 3,
    });
  });
});

describe('a backend that is in trouble in the middle of a run', () => {
  it.each([
    [
      'can not be reached',
      failure('network', { operation: 'getDevice', lost: false, trouble: 'refused', host: 'h', detail: '' }),
    ],
    [
      'is hidden by a gateway that says so',
      failure('server_error', { operation: 'getDevice', status: 502, lost: false }),
    ],
    ['fails inside', failure('server_error', { operation: 'getDevice', status: 500, lost: false })],
  ])('and %s, stops it after three devices in a row; the rest keep their turn', async (_what, trouble) => {
    const { add, backend, log, run } = await scene();
    const ids = 'a1 b1 c1 d1 e1 f1 g1';
    add(ids);
    const getDevice = backend.getDevice.bind(backend);
    const looked: string[] = [];
    backend.getDevice = async id => {
      if (!log.includes('a1 rebooted')) return getDevice(id);
      looked.push(id);
      throw trouble;
    };
    const { outcomes, exit } = await run(ids, { concurrency: 1 });
    expect(outcomes).toEqual(['a1 rebooted', ...'bcdefg'.split('').map(name => `${name}1 not_attempted`)]);
    expect(looked).toEqual(['b1', 'c1', 'd1']);
    expect(exit).toBe(6);
  });
});

describe('a device that is another customer’s by the time the run is gone on with', () => {
  it('is watched if it had been instructed: that can not be undone, and nothing is sent', async () => {
    const { add, backend, clock, prepare, stop } = await scene();
    add('a1');
    const run = prepare('a1');
    void clock.sleep(10 * second).then(stop);
    expect(await run.begin()).toMatchObject({ outcomes: ['a1 accepted'] });
    add('a1', { customer_id: 'z' });
    expect(await run.resume({ signal: new AbortController().signal })).toMatchObject({
      outcomes: ['a1 rebooted'],
    });
    expect(backend.calls.filter(call => call.startsWith('POST'))).toHaveLength(1);
  });

  it.each([
    ['arrived is told so', true, 'a1 rebooted'],
    ['did not arrive is left alone', false, 'a1 skipped'],
  ])('with an instruction whose answer nobody saw and that %s', async (_what, taken, outcome) => {
    const { add, backend, clock, prepare } = await scene();
    add('a1');
    const run = prepare('a1');
    backend.mishaps.push({ taken, error: failures.timeout() });
    backend.searchErrors.push(failures.timeout());
    expect(await run.begin()).toMatchObject({ outcomes: ['a1 unknown'] });
    add('a1', { customer_id: 'z' });
    clock.leap(hour);
    expect(await run.resume()).toMatchObject({ outcomes: [outcome] });
    expect(backend.calls.filter(call => call.startsWith('POST'))).toHaveLength(1);
  });
});

describe('a computer that sleeps for hours', () => {
  it('in the middle of a wait looks once more when it wakes: the device is back', async () => {
    const { add, clock, run } = await scene();
    add('a1');
    void clock.sleep(10 * second).then(() => clock.leap(3 * hour));
    expect(await run('a1')).toMatchObject({ outcomes: ['a1 rebooted'], exit: 0 });
  });

  it('while it waits for the window goes on as soon as it wakes within one', async () => {
    const { add, clock, timedLog, run } = await scene('2026-11-21T20:00:00Z');
    add('a1');
    // The lid is closed at nine, and opened at half past three.
    void clock.sleep(hour).then(() => clock.leap(6.5 * hour));
    await run('a1', { window: night });
    expect(timedLog.slice(0, 3)).toEqual(['20:00 sleeping', '03:30 awake', '03:30 a1 instructed']);
  });

  it('over the whole window waits for the next', async () => {
    const { add, clock, timedLog, run } = await scene('2026-11-21T20:00:00Z');
    add('a1');
    void clock.sleep(hour).then(() => clock.leap(10 * hour));
    await run('a1', { window: night });
    expect(timedLog.slice(0, 3)).toEqual(['20:00 sleeping', '01:00 awake', '01:00 a1 instructed']);
    expect(clock.now()).toBeGreaterThan(Date.parse('2026-11-23T01:00:00Z'));
  });

  it('after the look at the window, with the key just written, sends nothing outside it', async () => {
    const { add, backend, clock, timedLog, prepare } = await scene('2026-11-21T04:00:00Z');
    add('a1');
    let slept = false;
    const run = prepare('a1', { window: night });
    await run.begin({
      writing: entry => {
        if (entry.type !== 'intent' || slept) return;
        slept = true;
        clock.leap(2 * hour);
      },
    });
    expect(timedLog.slice(0, 3)).toEqual(['06:00 sleeping', '01:00 awake', '01:00 a1 instructed']);
    expect(backend.rebootsOf('a1')).toHaveLength(1);
  });

  it('between an instruction and its answer repeats it only while the backend remembers the key', async () => {
    const { add, backend, clock, run } = await scene();
    add('a1');
    const createReboot = backend.createReboot.bind(backend);
    // As the API does: no answer, then the same again, unless that has become too late.
    backend.createReboot = async (id, order) => {
      await createReboot(id, order);
      clock.leap(25 * hour);
      if (order.keyUntil !== undefined && clock.now() >= order.keyUntil) throw failures.tooLate(true);
      return createReboot(id, order);
    };
    expect(await run('a1')).toMatchObject({ outcomes: ['a1 unknown'], exit: 8 });
    expect(backend.rebootsOf('a1')).toHaveLength(1);
  });
});
