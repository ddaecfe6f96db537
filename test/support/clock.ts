import type { Clock } from '../../src/clock.js';

/** A clock that only sleeping moves, and at once. `slept` has each nap in milliseconds. */
export function fakeClock(
  start = Date.parse('2026-11-23T03:00:00Z'),
): Clock & { slept: number[]; advance(ms: number): void } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    advance(ms) {
      now += ms;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += ms;
      slept.push(ms);
      // Others get their turn, as they would while time passes.
      await new Promise(resolve => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}
