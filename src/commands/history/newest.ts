import { statSync } from 'node:fs';
import type { Context } from '../../context.js';
import type { JournalHeader } from '../../reboot/record.js';
import { journalsOf, readIfPossible } from '../batches/records.js';
import type { HistoryRow } from './columns.js';
import { type Dated, type Selection, select } from './select.js';

/** A file system's clock may differ from ours, that of a network's most (milliseconds). */
const clockTolerance = 86_400_000;

/**
 * The wanted reboots of all runs, the newest instruction first. A run may have been gone on with long after later ones
 * began, so journals are read in the order in which they were last written: nothing in one is younger than that.
 * @param look what is shown each run that is read
 * @param most how many are wanted at most; no more than these are held in memory
 * @throws RemoError `file_unreadable` for the folder; `interrupted`
 */
export async function* newestFirst(
  selection: Selection,
  { most, look }: { most: number; look: (header: JournalHeader) => void },
  context: Context,
): AsyncGenerator<HistoryRow[]> {
  const journals = await lastWrittenFirst(selection.since, context);
  let waiting: Dated[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  for (const [index, journal] of journals.entries()) {
    const record = await readIfPossible(journal, context);
    if (record) look(record.header);
    const found = record ? select(record, selection) : [];
    for (const one of found) newest = Math.max(newest, one.moment);
    waiting.push(...found);
    const next = journals[index + 1];
    const bound = next ? next.writtenAt + clockTolerance : Number.NEGATIVE_INFINITY;
    if (newest <= bound && waiting.length <= most) continue;
    waiting.sort(byAge).splice(most);
    const ready = waiting.filter(({ moment }) => moment > bound);
    waiting = waiting.slice(ready.length);
    newest = waiting[0]?.moment ?? Number.NEGATIVE_INFINITY;
    if (ready.length > 0) yield ready.map(({ row }) => row);
  }
}

type Written = Awaited<ReturnType<typeof journalsOf>>[number] & { writtenAt: number };

/** Newest first; of one moment, what was never sent comes last. */
function byAge(a: Dated, b: Dated): number {
  return b.moment - a.moment || Number(a.row.at === null) - Number(b.row.at === null);
}

/** The journals that can hold something of a moment or later. */
async function lastWrittenFirst(since = Number.NEGATIVE_INFINITY, context: Context): Promise<Written[]> {
  const journals = await journalsOf(context);
  return journals
    .map(journal => ({ ...journal, writtenAt: writtenAt(journal.path) }))
    .filter(({ writtenAt }) => !(writtenAt < since - clockTolerance))
    .sort((a, b) => b.writtenAt - a.writtenAt);
}

/** One that can't be looked at is told of when it is read. Of thousands, one after the other is the fastest. */
function writtenAt(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
