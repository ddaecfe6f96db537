import type { Clock } from '../../src/clock.js';

interface Sleeper {
  due: number;
  wake(): void;
}

/**
 * Time for many at once: it stands still while anybody has something to do, then jumps to the next who wakes.
 * Starts at 2026-03-01 00:00 UTC unless told.
 */
export class VirtualClock implements Clock {
  private time: number;
  private readonly sleepers = new Set<Sleeper>();
  private working = 0;

  constructor(start = '2026-03-01T00:00:00Z') {
    this.time = Date.parse(start);
  }

  now(): number {
    return this.time;
  }

  /** As while a computer sleeps: time passes that nobody notices. */
  leap(ms: number): void {
    this.time += ms;
  }

  /** Lets time stand still for work that takes none of it: what a disk does. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.working++;
    return work.finally(() => {
      this.working--;
    });
  }

  /** As somebody does who finds that it is fast. */
  setBack(ms: number): void {
    this.time -= ms;
  }

  /** How many timers there are. */
  get timers(): number {
    return this.sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const end = () => {
        this.sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper = {
        due: this.time + ms,
        wake: () => {
          signal?.removeEventListener('abort', end);
          resolve();
        },
      };
      signal?.addEventListener('abort', end, { once: true });
      this.sleepers.add(sleeper);
    });
  }

  /** Lets time pass until all that is under way has come to its end. */
  async settle<T>(underWay: Promise<T>): Promise<T> {
    let settled = false;
    const end = () => {
      settled = true;
    };
    underWay.then(end, end);
    for (;;) {
      // A request takes some turns of the event loop that are no time.
      for (let turn = 0; turn < 4; turn++) await new Promise(resolve => setImmediate(resolve));
      if (settled) return underWay;
      if (this.working === 0) this.next();
    }
  }

  /** Wakes everybody who is next. */
  private next(): void {
    const due = Math.min(...[...this.sleepers].map(sleeper => sleeper.due));
    if (due === Number.POSITIVE_INFINITY) throw new Error('everybody waits, and nobody for a time');
    this.time = Math.max(this.time, due);
    for (const sleeper of [...this.sleepers].filter(one => one.due <= this.time)) {
      this.sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
