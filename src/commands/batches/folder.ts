import path from 'node:path';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { journalFolder } from '../../reboot/journals.js';

/** Longer than the lock of a killed process takes to go stale (milliseconds). */
const lockPatience = 12_000;

/** The folder of the journals. */
export function journalDirectory({ directories }: Context): string {
  return journalFolder(directories.state);
}

/** Whether a process is at work on a run. */
export async function isRunning(batchId: string, context: Context): Promise<boolean> {
  const { isLocked } = await import('../../lock.js');
  return isLocked(path.join(journalDirectory(context), batchId));
}

/**
 * Does some work on a run while no other process does.
 * @param patience how long to wait for another process (milliseconds)
 * @throws RemoError `batch_in_use`, `journal_unwritable`, and what the work throws
 */
export async function withRun<T>(
  batchId: string,
  context: Context,
  work: (held: () => Promise<boolean>) => Promise<T>,
  patience = lockPatience,
): Promise<T> {
  const { clock, signal, replacements } = context;
  const file = path.join(journalDirectory(context), batchId);
  // Who only reads journals needs no lock.
  const { withFileLock } = await import('../../lock.js');
  return withFileLock(
    {
      file,
      patience,
      clock,
      signal,
      random: replacements.random ?? Math.random,
      failure: (lock, detail) =>
        detail === ''
          ? new RemoError('batch_in_use', { batch: batchId })
          : new RemoError('journal_unwritable', { path: lock, detail }),
    },
    work,
  );
}
