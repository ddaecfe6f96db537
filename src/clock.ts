import { setTimeout as delay } from 'node:timers/promises';

/** Time as a dependency: tests bring their own. */
export interface Clock {
  /** The present moment, milliseconds since the epoch. */
  now(): number;
  /**
   * Waits for a number of milliseconds.
   * @throws the signal's reason when it is aborted first
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await delay(ms, undefined, signal ? { signal } : {}).catch(error => {
      throw signal?.reason ?? error;
    });
  },
};
