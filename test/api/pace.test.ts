import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, Pace } from '../../src/api/pace.js';
import { VirtualClock } from '../support/virtual-clock.js';

/** A pace and requests that ask for their turns; `left` has who left, and when (milliseconds from the start). */
function scene() {
  const clock = new VirtualClock();
  const start = clock.now();
  const pace = new Pace(clock, () => 0.5);
  const left: [name: string | number, at: number][] = [];
  const ask = async (name: string | number, candidate: Partial<Candidate> = {}) => {
    await pace.turn({ ends: [], tooLate: () => undefined, ...candidate });
    left.push([name, clock.now() - start]);
  };
  const askAll = (names: readonly (string | number)[]) => Promise.all(names.map(name => ask(name)));
  /** Lets time pass. */
  const pass = (ms: number) => clock.settle(clock.sleep(ms));
  return { clock, start, pace, left, ask, askAll, pass };
}
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
const gaps = (left: [unknown, number][]) =>
  left.slice(1).map(([, at], before) => at - (left[before]?.[1] ?? 0));

describe('the pace', () => {
  it('lets everybody leave at once while nobody was refused, without a timer', async () => {
    const { clock, pace, left, askAll } = scene();
    await askAll(numbers(1000));
    expect(new Set(left.map(([, at]) => at))).toEqual(new Set([0]));
    expect(pace.turn({ ends: [], tooLate: () => undefined })).toBeUndefined();
    expect(pace.pausedUntil()).toBeUndefined();
    expect(clock.timers).toBe(0);
  });

  it('lets nobody wait because the clock was set back', async () => {
    const { clock, pace, left, ask, start } = scene();
    await ask('a');
    clock.setBack(3_600_000);
    await ask('b');
    expect(left).toHaveLength(2);
    expect(clock.now()).toBe(start - 3_600_000);
    expect(pace.pausedUntil()).toBeUndefined();
  });

  it('holds all back for as long as the backend asks, not only the one it refused', async () => {
    const { clock, start, pace, left, askAll } = scene();
    pace.refused(start, 3000);
    expect(pace.pausedUntil()).toBe(start + 3000);
    await clock.settle(askAll(['a', 'b']));
    expect(left[0]).toEqual(['a', 3000]);
    expect(pace.pausedUntil()).toBeUndefined();
  });

  it('waits on when the backend asks for more meanwhile, and for no less when it asks for less', async () => {
    const { clock, start, pace, left, ask, pass } = scene();
    pace.refused(start, 3000);
    const asked = ask('a');
    await pass(2000);
    pace.refused(start, 4000);
    pace.refused(start, 100);
    await clock.settle(asked);
    expect(left).toEqual([['a', 6000]]);
  });

  it('holds all back for a growing moment when the backend does not say how long', async () => {
    const { clock, pace, left, ask } = scene();
    for (const name of [1, 2, 3]) {
      pace.refused(clock.now());
      await clock.settle(ask(name));
      await clock.settle(clock.sleep(1));
    }
    expect(left.map(([, at]) => at)).toEqual([250, 751, 1752]);
  });

  it('lets them leave one by one after a pause, in the order they came', async () => {
    const { clock, start, pace, left, ask, askAll } = scene();
    pace.refused(start, 1000);
    const asked = askAll(numbers(20));
    await clock.settle(clock.sleep(1500));
    await clock.settle(Promise.all([asked, ask('late')]));
    expect(left.map(([name]) => name)).toEqual([...numbers(20), 'late']);
    // Nothing was answered yet: five a second until more is known.
    expect(new Set(gaps(left))).toEqual(new Set([200]));
  });

  it('does not store up turns that nobody took', async () => {
    const { clock, start, pace, left, askAll, pass } = scene();
    pace.refused(start, 1000);
    await pass(60_000);
    await clock.settle(askAll(numbers(5)));
    expect(gaps(left).every(gap => gap >= 180)).toBe(true);
  });
});

describe('the rate', () => {
  /** How far apart requests leave now, milliseconds. */
  async function spacing({ clock, left, askAll }: ReturnType<typeof scene>): Promise<number> {
    left.length = 0;
    await clock.settle(askAll(numbers(3)));
    return gaps(left).at(-1) ?? 0;
  }
  const answered = (pace: Pace, times: number, leftAt: number) => {
    for (let i = 0; i < times; i++) pace.answered(leftAt);
  };

  it('is half of what was answered in the last second at first', async () => {
    const parts = scene();
    answered(parts.pace, 100, parts.start);
    parts.pace.refused(parts.start, 1000);
    expect(await spacing(parts)).toBe(20);
  });

  it('is halved once for all that left before it was', async () => {
    const parts = scene();
    answered(parts.pace, 100, parts.start);
    for (let i = 0; i < 30; i++) parts.pace.refused(parts.start, 1000);
    expect(await spacing(parts)).toBe(20);
    answered(parts.pace, 1, parts.clock.now());
    parts.pace.refused(parts.clock.now(), 1000);
    expect(await spacing(parts)).toBeCloseTo(40, -1);
  });

  it('is not halved when a pause was too short, but when the next one was too', async () => {
    const parts = scene();
    const found: number[] = [];
    for (let i = 0; i < 4; i++) {
      parts.pace.refused(parts.clock.now(), 1000);
      found.push(await spacing(parts));
    }
    expect(found).toEqual([200, 200, 400, 800]);
  });

  it('never becomes nothing', async () => {
    const parts = scene();
    for (let i = 0; i < 30; i++) {
      parts.pace.refused(parts.clock.now(), 1000);
      await parts.pass(1500);
    }
    expect(await spacing(parts)).toBe(2000);
  });

  it('grows with each answer while it holds somebody back', async () => {
    const parts = scene();
    parts.pace.refused(parts.start, 1000);
    await parts.pass(1000);
    const waiting = parts.askAll(numbers(3));
    answered(parts.pace, 400, parts.clock.now());
    await parts.clock.settle(waiting);
    // From 5 to 10 a second faster than from there on.
    const fast = await spacing(parts);
    expect(fast).toBeGreaterThan(50);
    expect(fast).toBeLessThan(80);
  });

  it('does not grow on answers that it did not hold back', async () => {
    const parts = scene();
    parts.pace.refused(parts.start, 1000);
    await parts.pass(60_000);
    answered(parts.pace, 400, parts.clock.now());
    expect(await spacing(parts)).toBe(200);
  });
});

describe('a request that waits for its turn', () => {
  it('is ended by its signal at once, and nobody else is', async () => {
    const { clock, start, pace, left, ask, pass } = scene();
    pace.refused(start, 60_000);
    const leaving = new AbortController();
    const first = ask('first');
    const middle = ask('middle', { ends: [new AbortController().signal, leaving.signal] });
    const last = ask('last');
    await pass(1000);
    leaving.abort(new Error('enough'));
    await expect(middle).rejects.toThrow('enough');
    expect(clock.now()).toBe(start + 1000);
    await clock.settle(Promise.all([first, last]));
    expect(left.map(([name]) => name)).toEqual(['first', 'last']);
  });

  it('does not even begin to wait when its signal was aborted before', async () => {
    const { pace, ask, start } = scene();
    const ended = { ends: [AbortSignal.abort(new Error('over'))] };
    await expect(ask('a', ended)).rejects.toThrow('over');
    pace.refused(start, 1000);
    await expect(ask('b', ended)).rejects.toThrow('over');
  });

  it('leaves no timer behind that would keep the process alive, and the next is served all the same', async () => {
    const { clock, start, pace, left, ask } = scene();
    pace.refused(start, 3_600_000);
    const leaving = new AbortController();
    const asked = [1, 2, 3].map(name => ask(name, { ends: [leaving.signal] }));
    expect(clock.timers).toBe(1);
    leaving.abort(new Error('enough'));
    expect(clock.timers).toBe(0);
    const next = ask('next');
    await Promise.all(asked.map(one => expect(one).rejects.toThrow('enough')));
    await clock.settle(next);
    expect(left).toEqual([['next', 3_600_000]]);
  });

  it('is given up as soon as the wait is too long for it, from the start or later on', async () => {
    const { clock, start, pace, left, ask, pass } = scene();
    const patient = (ms: number) => ({
      tooLate: (until: number) => (until - clock.now() > ms ? new Error(`over ${ms}`) : undefined),
    });
    pace.refused(start, 10_000);
    await expect(ask('a', patient(9000))).rejects.toThrow('over 9000');
    const short = ask('b', patient(20_000));
    const long = ask('c', patient(60_000));
    await pass(5000);
    pace.refused(start, 30_000);
    await expect(short).rejects.toThrow('over 20000');
    expect(clock.now()).toBe(start + 5000);
    await clock.settle(long);
    expect(left).toEqual([['c', 35_000]]);
  });

  it('that is given up at its turn takes none from the next', async () => {
    const { clock, start, pace, left, ask } = scene();
    pace.refused(start, 1000);
    const closed = { tooLate: (until: number) => (until > start + 1100 ? new Error('closed') : undefined) };
    const first = ask('first');
    const closedOnes = [1, 2, 3].map(name => ask(name, closed).catch(error => error.message));
    await clock.settle(Promise.all([first, ...closedOnes, ask('last')]));
    expect(left).toEqual([
      ['first', 1000],
      ['last', 1200],
    ]);
    expect(await Promise.all(closedOnes)).toEqual(['closed', 'closed', 'closed']);
  });
});

it('whatever is refused when, nobody leaves during a pause, and nobody overtakes', async () => {
  const event = fc.oneof(
    fc.record({ type: fc.constant('ask' as const) }),
    fc.record({ type: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 2000 }) }),
    fc.record({
      type: fc.constant('refuse' as const),
      wish: fc.option(fc.integer({ min: 0, max: 5000 }), { nil: undefined }),
      age: fc.nat(2000),
    }),
    fc.record({ type: fc.constant('answer' as const), age: fc.nat(2000) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40 }), async events => {
      const { clock, pace, left, ask, pass, start } = scene();
      const pauses: { from: number; to: number }[] = [];
      const asked: Promise<void>[] = [];
      for (const one of events) {
        const from = clock.now();
        if (one.type === 'ask') asked.push(ask(asked.length));
        if (one.type === 'pass') await pass(one.ms);
        if (one.type === 'answer') pace.answered(from - one.age);
        if (one.type === 'refuse') {
          pace.refused(from - one.age, one.wish);
          pauses.push({ from, to: from + (one.wish ?? 0) });
        }
      }
      await clock.settle(Promise.all(asked));
      expect(left.map(([name]) => name)).toEqual(numbers(asked.length));
      for (const [name, after] of left) {
        const at = start + after;
        const early = pauses.filter(({ from, to }) => from < at && at < to);
        expect(early, `${name}`).toEqual([]);
      }
      expect(clock.timers).toBe(0);
    }),
    { numRuns: 150 },
  );
});
