import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { Journal } from '../../../src/reboot/journal.js';
import type { JournalEntry, JournalHeader } from '../../../src/reboot/record.js';
import { held, intentLine, journalHeader } from '../../support/journal.js';

/** Puts a run on record; the file is as old as its last line. @returns its path */
export async function record(
  folder: string,
  changes: Parameters<typeof journalHeader>[0],
  entries: readonly JournalEntry[],
  customers?: JournalHeader['customers'],
): Promise<string> {
  const header = journalHeader(changes);
  const owners = customers ? { customers } : {};
  const journal = await Journal.create(path.join(folder, 'batches'), { ...header, ...owners }, held);
  for (const entry of entries) await journal.append(entry);
  await journal.close();
  const last = new Date(entries.at(-1)?.at ?? header.started_at);
  await utimes(journal.path, last, last);
  return journal.path;
}

/** The lines of a device that was instructed at a moment and is done with. */
export function accepted(device_id: string, at: string, key = `key-${device_id}-${at}`): JournalEntry[] {
  return [
    intentLine(device_id, key, { at }),
    {
      type: 'accepted',
      at,
      device_id,
      key,
      reboot_id: `reb-${device_id}`,
      requested_at: at,
      request_id: `req-${device_id}`,
    },
  ];
}

/** Such a run of one device. */
export function runAt(
  folder: string,
  batch_id: string,
  at: string,
  changes: Parameters<typeof journalHeader>[0] = {},
): Promise<string> {
  return record(folder, { batch_id, started_at: at, ...changes }, accepted('dev_1', at));
}
