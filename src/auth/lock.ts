import path from 'node:path';
import type { Clock } from '../clock.js';
import { RemoError } from '../errors.js';
import { withFileLock } from '../lock.js';

/** How long to wait for another process: it may be waiting for a person to unlock the keychain. */
const PATIENCE = 120_000;

export interface LockOptions {
  /** Where locks are kept. */
  directory: string;
  /** The entry of the credential store that is worked on. */
  entry: string;
  clock: Clock;
  signal: AbortSignal;
  random: () => number;
  onSlow: () => void;
}

/**
 * Does some work while no other process does the like for the same entry.
 * @throws RemoError `sign_in_locked`, `sign_in_busy`, the signal's reason, and what the work throws
 */
export async function withLock<T>(options: LockOptions, work: () => Promise<T>): Promise<T> {
  const { directory, entry, ...timing } = options;
  const lock = {
    ...timing,
    file: path.join(directory, 'locks', entry),
    patience: PATIENCE,
    failure: (path: string, detail: string) =>
      detail === ''
        ? new RemoError('sign_in_busy', { path })
        : new RemoError('sign_in_locked', { path, detail }),
  };
  return withFileLock(lock, work);
}
