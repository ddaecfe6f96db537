import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import type { Output } from '../../outputs.js';
import type { Outcome } from '../../reboot/outcome.js';
import { isFinished, listJournals, type RunRecord, readRecord } from '../../reboot/record.js';
import { journalDirectory } from './perform.js';

/**
 * The record of one run on this computer.
 * @throws RemoError `batch_not_found`, `journal_broken`
 */
export async function openRecord(
  batchId: string,
  context: Context,
): Promise<{ record: RunRecord; path: string }> {
  const directory = journalDirectory(context);
  const known = await listJournals(directory);
  const found = known.find(journal => journal.batchId === batchId);
  if (found) return { record: await readRecord(found.path), path: found.path };
  const names = known.map(journal => journal.batchId);
  throw new RemoError('batch_not_found', { batch: batchId, ...nearest(batchId, names) });
}

/** A run in one line, as data. */
export function summary(record: RunRecord): Output<'batches-list'> {
  const { header, devices, lastAt } = record;
  const count = (outcome: Outcome) => devices.filter(device => device.outcome === outcome).length;
  return {
    batch_id: header.batch_id,
    started_at: header.started_at,
    last_at: lastAt,
    state: isFinished(record) ? 'finished' : 'unfinished',
    profile: header.profile,
    api_url: header.api_url,
    host: header.host,
    requested_by: header.requested_by,
    reason: header.reason,
    devices: devices.length,
    accepted: count('accepted'),
    rebooted: count('rebooted'),
    failed: count('failed'),
    skipped: count('skipped'),
    not_attempted: count('not_attempted'),
    unknown: count('unknown'),
  };
}
