import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../clock.js';

/** So long an answer is used again (milliseconds): thousands of devices ask in a few seconds. */
const keptFor = 100;
/** Runs are named by their time; one that began before so many others has long ended, or its lock is there. */
const mostLooked = 50;

/**
 * Tells of other runs on this computer, by what they leave in the folder of the journals: a lock while one is under
 * way, and a journal that was written since. A folder that can't be read tells of none. It looks without a thread:
 * every device that is about to be instructed would wait for dozens of answers, one turn of the event loop each.
 * @param own the run that asks
 * @returns whether another one has been at work since a moment (milliseconds)
 */
export function neighbours(directory: string, own: string, clock: Clock): (since: number) => boolean {
  let lastWritten = Number.NEGATIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = () => {
    const others = namesIn(directory).filter(name => !name.startsWith(own));
    const locks = others.filter(name => name.endsWith('.lock'));
    const journals = others.filter(name => name.endsWith('.ndjson')).sort();
    for (const name of [...locks, ...journals.slice(-mostLooked)]) {
      lastWritten = Math.max(lastWritten, writtenAt(path.join(directory, name)));
    }
    lookedAt = clock.now();
  };
  return since => {
    if (clock.now() - lookedAt > keptFor) look();
    // The clock of a file system may be a tick behind.
    return lastWritten >= since - 1_000;
  };
}

/** When it was last written (milliseconds); one that is gone since, or can't be looked at, never was. */
function writtenAt(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
