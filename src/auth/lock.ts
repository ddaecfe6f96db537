import { mkdir, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import type { Clock } from '../clock.js';
import { RemoError } from '../errors.js';

/** A lock whose owner has not touched it for this long belongs to a killed process; milliseconds. */
const STALE = 10_000;
const TOUCH = 2000;
/** How long to wait for another process: it may be waiting for a person to unlock the keychain. */
const PATIENCE = 120_000;

export interface LockOptions {
  /** Where locks are kept. */
  directory: string;
  profile: string;
  clock: Clock;
  signal: AbortSignal;
  random: () => number;
}

/**
 * Does some work while no other process does the like for the same profile.
 * @throws RemoError `sign_in_locked`, the signal's reason, and what the work throws
 */
export async function withLock<T>(options: LockOptions, work: () => Promise<T>): Promise<T> {
  const { directory, profile, clock, signal, random } = options;
  const file = path.join(directory, 'locks', profile);
  const busy = (detail: string) => new RemoError('sign_in_locked', { path: `${file}.lock`, detail });
  const end = clock.now() + PATIENCE;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 }).catch(error => {
    throw busy((error as Error).message);
  });
  for (;;) {
    const release = await acquire(file).catch(error => {
      throw busy((error as Error).message);
    });
    // An error of the release would be that of a lock that is no longer there.
    if (release) return work().finally(() => release().catch(() => {}));
    if (clock.now() > end) throw busy('');
    await clock.sleep(25 + 50 * random(), signal);
  }
}

/** Takes the lock, unless another process has it. */
async function acquire(file: string): Promise<(() => Promise<void>) | undefined> {
  const release = await take(file, Number.MAX_SAFE_INTEGER);
  if (release) return release;
  if (!(await isStale(file))) return undefined;
  // proper-lockfile itself lets two processes that see the same stale lock remove it one after the other,
  // the second one the first one's new lock. So only the owner of a second lock removes a stale one.
  const releaseBroom = await take(`${file}.stale`, STALE);
  if (!releaseBroom) return undefined;
  try {
    // Its owner may be alive after all and have let go of it by now.
    if (await isStale(file)) await rmdir(`${file}.lock`).catch(() => {});
  } finally {
    await releaseBroom().catch(() => {});
  }
  return take(file, Number.MAX_SAFE_INTEGER);
}

async function take(file: string, stale: number): Promise<(() => Promise<void>) | undefined> {
  try {
    return await lockfile.lock(file, { realpath: false, stale, update: TOUCH, onCompromised: () => {} });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
    throw error;
  }
}

/** Whether the lock is there and was not touched for long: one look, since others come and go meanwhile. */
async function isStale(file: string): Promise<boolean> {
  const found = await stat(`${file}.lock`).catch(() => undefined);
  return found !== undefined && found.mtimeMs < Date.now() - STALE;
}
