import { lstat, rm } from 'node:fs/promises';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { listJournals } from '../../reboot/journals.js';
import { isFinished, readHeader, readRecord } from '../../reboot/record.js';
import { inline } from '../../terminal/sanitise.js';
import { journalDirectory, withRun } from './folder.js';

const day = 86_400_000;

/** What may be removed: runs of a profile that last had something written before a moment (milliseconds). */
interface Limits {
  profile: string;
  before: number;
}
type Journal = Awaited<ReturnType<typeof listJournals>>[number];

/**
 * Removes the finished runs of the profile in use that are older than `history_days`, and says how many. What is
 * unfinished, at work, unreadable or none of ours stays; that one can't be removed is told and stands in no way.
 */
export async function pruneHistory(context: Context): Promise<void> {
  const { clock, io, messages, signal } = context;
  const { value: days } = context.setting('historyDays');
  if (days === undefined) return;
  const limits = { profile: context.setting('profile').value, before: clock.now() - days * day };
  let removed = 0;
  let failure: string | undefined;
  for (const journal of await listJournals(journalDirectory(context)).catch(() => [])) {
    if (signal.aborted) break;
    try {
      if (await remove(journal, limits, context)) removed += 1;
    } catch (error) {
      const why = reasonOf(error);
      if (why !== undefined) failure ??= messages.batches.notPruned(inline(journal.path), inline(why));
    }
  }
  if (removed > 0 && !context.setting('quiet').value) io.err(messages.batches.pruned(removed, days));
  if (failure !== undefined) io.err(failure);
}

/** Why one could not be removed, if that is worth telling. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof RemoError)) return (error as Error).message;
  return error.is('journal_unwritable') ? error.params.detail : undefined;
}

/** @returns whether it was removed */
async function remove({ batchId, path }: Journal, limits: Limits, context: Context): Promise<boolean> {
  // Most of those that stay are told by their age, those of another profile by their first line. What can't be read
  // stays, and so does what another process has removed first.
  const file = await lstat(path).catch(nothing);
  if (!file?.isFile() || file.mtimeMs >= limits.before) return false;
  const header = await readHeader(path).catch(nothing);
  if (header?.batch_id !== batchId || header.profile !== limits.profile) return false;
  const work = async () => {
    const record = await readRecord(path).catch(nothing);
    if (!record || !isFinished(record) || !(Date.parse(record.lastAt) < limits.before)) return false;
    await rm(path);
    return true;
  };
  return withRun(batchId, context, work, 0);
}

const nothing = () => undefined;
