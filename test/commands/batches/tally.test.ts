import { describe, expect, it } from 'vitest';
import { Tally } from '../../../src/commands/batches/tally.js';
import { RemoError } from '../../../src/errors.js';
import type { Ending } from '../../../src/reboot/outcome.js';
import { fakeClock } from '../../support/clock.js';
import { plannedDevice } from '../../support/planned.js';

const back: Ending = { outcome: 'rebooted', bootedAt: '2026-11-23T03:01:00Z', tookMs: 60_000 };
const failed: Ending = { outcome: 'failed', reason: { code: 'reboot_failed', failure: null, online: false } };
const offline: Ending = { outcome: 'skipped', reason: { code: 'offline' } };
const duplicate: Ending = { outcome: 'skipped', reason: { code: 'duplicate' } };
const interrupted: Ending = { outcome: 'not_attempted', reason: { code: 'interrupted' } };

function scene(total = 100, skipped = 0) {
  const clock = fakeClock();
  const tally = new Tally(total, skipped, () => clock.now());
  let last = 0;
  const end = (ending: Ending, id = `dev_${++last}`) =>
    tally.observe({ type: 'ended', result: { planned: plannedDevice(id), ending } });
  return {
    clock,
    tally,
    instruct: (id: string) => tally.observe({ type: 'instructing', planned: plannedDevice(id) }),
    end,
    /** So many devices end, one each so many milliseconds. */
    go(count: number, everyMs: number) {
      for (let index = 0; index < count; index += 1) {
        clock.advance(everyMs);
        end(back);
      }
    },
  };
}

describe('the books of a run', () => {
  it('count how devices ended; those whose turn never came are not done', () => {
    const { tally, end } = scene();
    for (const ending of [back, back, failed, offline, interrupted]) end(ending);
    expect([...tally.counts]).toEqual([
      ['rebooted', 2],
      ['failed', 1],
      ['skipped', 1],
      ['not_attempted', 1],
    ]);
    expect(tally.done).toBe(4);
  });

  it('know what is under way, what is done to it, and since when; the longest first', () => {
    const { clock, tally, instruct, end } = scene();
    const start = clock.now();
    instruct('a');
    clock.advance(1000);
    instruct('b');
    tally.observe({ type: 'accepted', planned: plannedDevice('b') });
    const { device } = plannedDevice('a');
    tally.observe({
      type: 'waiting',
      planned: plannedDevice('a'),
      device: { ...device, status: 'rebooting' },
    });
    const flying = () => tally.inFlight.map(one => [one.planned.device.id, one.activity, one.since - start]);
    expect(flying()).toEqual([
      ['a', 'rebooting', 0],
      ['b', 'accepted', 1000],
    ]);
    end(duplicate, 'b');
    end(back, 'a');
    expect(flying()).toEqual([['b', 'accepted', 1000]]);
  });

  it('have an instruction begin anew that the time window had put off', () => {
    const { clock, tally, instruct } = scene();
    instruct('a');
    tally.observe({ type: 'sleeping', until: clock.now() + 60_000, timeZone: 'Asia/Tokyo' });
    expect(tally.inFlight).toEqual([]);
    clock.advance(60_000);
    tally.observe({ type: 'awake' });
    instruct('a');
    expect(tally.inFlight).toMatchObject([{ activity: 'instructing', since: clock.now() }]);
  });

  it('keep the first reason for stopping', () => {
    const { tally } = scene();
    const error = new RemoError('interrupted', { signal: 'SIGINT' });
    tally.observe({ type: 'stopping', error });
    tally.observe({ type: 'stopping', error: new RemoError('declined', {}) });
    expect(tally.stopping).toBe(error);
  });
});

describe('the rate of a run', () => {
  const perMinute = (tally: Tally) => tally.rate && Math.round(tally.rate * 60_000 * 10) / 10;

  it('is not known before there is enough to tell it from', () => {
    const { clock, tally, end, go } = scene();
    expect(tally.rate).toBeUndefined();
    for (let index = 0; index < 8; index += 1) end(back);
    expect(tally.rate).toBeUndefined();
    clock.advance(4_000);
    expect(tally.rate).toBeUndefined();
    clock.advance(1_000);
    expect(perMinute(tally)).toBe(96);
    const slow = scene();
    slow.go(4, 60_000);
    expect(slow.tally.rate).toBeUndefined();
    go(1, 1);
    expect(perMinute(tally)).toBeGreaterThan(96);
  });

  it('is that of the last minute', () => {
    const { tally, go } = scene();
    go(300, 200);
    expect(perMinute(tally)).toBe(300);
    go(60, 1000);
    expect(perMinute(tally)).toBe(60);
  });

  it('is that of the last twenty where a minute has fewer', () => {
    const { tally, go } = scene();
    go(100, 1000);
    go(20, 15_000);
    expect(perMinute(tally)).toBe(4);
  });

  it('falls while nothing ends', () => {
    const { clock, tally, go } = scene();
    go(60, 1000);
    clock.advance(60_000);
    expect(perMinute(tally)).toBe(30);
  });

  it('leaves out what is skipped or never attempted: it takes no time', () => {
    const { tally, end, go } = scene();
    go(60, 1000);
    for (let index = 0; index < 1000; index += 1) end(index % 2 ? offline : interrupted);
    expect(perMinute(tally)).toBe(60);
  });

  it('does not count the night in which nothing was started', () => {
    const { clock, tally, end, go } = scene();
    go(60, 1000);
    const until = clock.now() + 8 * 3_600_000;
    tally.observe({ type: 'sleeping', until, timeZone: 'Asia/Tokyo' });
    expect(tally.sleeping).toEqual({ until, timeZone: 'Asia/Tokyo' });
    clock.advance(1000);
    end(back);
    clock.advance(8 * 3_600_000);
    tally.observe({ type: 'awake' });
    expect(tally.sleeping).toBeUndefined();
    expect(perMinute(tally)).toBe(61);
    go(60, 1000);
    expect(perMinute(tally)).toBe(60);
    expect(tally.elapsed).toBe(120_000 + 1000 + 8 * 3_600_000);
  });
});

describe('the time that a run still takes', () => {
  it('is that of the devices left, at the present rate', () => {
    const { tally, go } = scene(180);
    expect(tally.remaining).toBeUndefined();
    go(60, 1000);
    expect(tally.remaining).toBeCloseTo(120_000);
  });

  it('does not count those that will be skipped', () => {
    const { tally, end, go } = scene(190, 10);
    for (let index = 0; index < 4; index += 1) end(offline);
    go(60, 1000);
    expect(tally.remaining).toBeCloseTo(120_000);
  });

  it('is not told when nothing is left, or nothing is started', () => {
    const done = scene(60);
    done.go(60, 1000);
    expect(done.tally.remaining).toBeUndefined();
    const { clock, tally, go } = scene(180);
    go(60, 1000);
    tally.observe({ type: 'sleeping', until: clock.now() + 1000, timeZone: 'Asia/Tokyo' });
    expect(tally.remaining).toBeUndefined();
    tally.observe({ type: 'awake' });
    expect(tally.remaining).toBeCloseTo(120_000);
    tally.observe({ type: 'stopping', error: new RemoError('declined', {}) });
    expect(tally.remaining).toBeUndefined();
  });
});
