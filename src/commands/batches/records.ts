import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import type { Output } from '../../outputs.js';
import { listJournals } from '../../reboot/journals.js';
import type { Outcome } from '../../reboot/outcome.js';
import { isFinished, type RunRecord, readRecord } from '../../reboot/record.js';
import { inline } from '../../terminal/sanitise.js';
import { isRunning, journalDirectory } from './folder.js';

/**
 * The record of one run on this computer.
 * @throws RemoError `batch_not_found`, `journal_broken`, `file_unreadable`
 */
export async function openRecord(
  batchId: string,
  context: Context,
): Promise<{ record: RunRecord; path: string }> {
  const known = await journalsOf(context);
  const found = known.find(journal => journal.batchId === batchId);
  if (found) return { record: await readOwn(found).catch(unreadable(found.path)), path: found.path };
  const names = known.map(journal => journal.batchId);
  throw new RemoError('batch_not_found', { batch: batchId, ...nearest(batchId, names) });
}

/**
 * The records on this computer, newest run first, one in memory at a time. One that can't be read hides no other: it
 * is told of on stderr and left out.
 * @throws RemoError `file_unreadable` for the folder; `interrupted`
 */
export async function* allRecords(context: Context): AsyncGenerator<RunRecord> {
  for (const journal of await journalsOf(context)) {
    const record = await readIfPossible(journal, context);
    if (record) yield record;
  }
}

type Journal = Awaited<ReturnType<typeof listJournals>>[number];

/**
 * One of many records; nothing for one that can't be read, which is told of on stderr.
 * @throws RemoError `interrupted`
 */
export async function readIfPossible(journal: Journal, context: Context): Promise<RunRecord | undefined> {
  context.signal.throwIfAborted();
  try {
    return await readOwn(journal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const { misnamed, unreadable } = context.messages.batches;
    const told = error instanceof RemoError && error.is('batch_not_found') ? misnamed : unreadable;
    // Another process may have removed it since it was listed.
    if (code !== 'ENOENT') context.io.err(told(inline(journal.path)));
    return undefined;
  }
}

/**
 * Reads the journal of the run that its file is named after; a copy under another name would make a second run of it.
 * @throws RemoError `batch_not_found` for such a copy; as `readRecord`
 */
async function readOwn({ batchId, path }: Journal): Promise<RunRecord> {
  const record = await readRecord(path);
  const { batch_id: suggestion } = record.header;
  if (suggestion !== batchId) throw new RemoError('batch_not_found', { batch: batchId, suggestion });
  return record;
}

/** The journals on this computer, newest run first. @throws RemoError `file_unreadable` */
export function journalsOf(context: Context) {
  const directory = journalDirectory(context);
  return listJournals(directory).catch(unreadable(directory));
}

function unreadable(path: string) {
  return (error: Error): never => {
    if (!('code' in error) || error instanceof RemoError) throw error;
    throw new RemoError('file_unreadable', { path, detail: error.message }, { cause: error });
  };
}

type Summary = Output<'batches-list'>;

/** How far a run is: `running` while a process is at work on it, `closed` when a person has put an end to it. */
export type RunState = Summary['state'];

async function stateOf(record: RunRecord, context: Context): Promise<RunState> {
  if (record.closed) return 'closed';
  if (isFinished(record)) return 'finished';
  return (await isRunning(record.header.batch_id, context)) ? 'running' : 'unfinished';
}

/** A run in one line, as data. */
export async function summary(record: RunRecord, context: Context): Promise<Summary> {
  const { header, devices, lastAt, stoppedBy } = record;
  const count = (outcome: Outcome) => devices.filter(device => device.outcome === outcome).length;
  return {
    batch_id: header.batch_id,
    started_at: header.started_at,
    last_at: lastAt,
    state: await stateOf(record, context),
    profile: header.profile,
    api_url: header.api_url,
    host: header.host,
    requested_by: header.requested_by,
    reason: header.reason,
    stopped_by: stoppedBy,
    devices: devices.length,
    accepted: count('accepted'),
    rebooted: count('rebooted'),
    failed: count('failed'),
    skipped: count('skipped'),
    not_attempted: count('not_attempted'),
    unknown: count('unknown'),
  };
}
