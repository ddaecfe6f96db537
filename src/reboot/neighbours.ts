import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../clock.js';

/** So long an answer is used again (milliseconds): thousands of devices ask in a few seconds. */
const keptFor = 100;
/** Runs are named by their time; one that began before so many others has long ended, or its lock is there. */
const mostLooked = 50;

/**
 * Tells of other runs on this computer, by what they leave in the folder of the journals: a lock while one is under
 * way, and a journal that was written since. A folder that can't be read tells of none.
 * @param own the run that asks
 * @returns whether another one has been at work since a moment (milliseconds)
 */
export function neighbours(
  directory: string,
  own: string,
  clock: Clock,
): (since: number) => Promise<boolean> {
  let lastWritten = Number.NEGATIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  const look = async () => {
    const names = await readdir(directory).catch(() => []);
    const others = names.filter(name => !name.startsWith(own));
    const locks = others.filter(name => name.endsWith('.lock'));
    const journals = others.filter(name => name.endsWith('.ndjson')).sort();
    for (const name of [...locks, ...journals.slice(-mostLooked)]) {
      const written = await stat(path.join(directory, name)).catch(() => undefined);
      lastWritten = Math.max(lastWritten, written?.mtimeMs ?? lastWritten);
    }
    lookedAt = clock.now();
  };
  return async since => {
    if (clock.now() - lookedAt > keptFor) {
      looking ??= look().finally(() => {
        looking = undefined;
      });
      await looking;
    }
    // The clock of a file system may be a tick behind.
    return lastWritten >= since - 1_000;
  };
}
