import type { Context } from '../../context.js';
import { writeList } from '../../terminal/output.js';
import { allRecords } from '../batches/records.js';
import { parseOutcomes } from '../batches/show.js';
import { columns, type HistoryRow } from './columns.js';
import { type Selection, select } from './select.js';

export interface HistoryOptions extends Omit<Selection, 'outcomes'> {
  /** Outcomes, a comma between two. */
  outcome?: string;
  /** At most so many. */
  limit?: number;
}

/** So many rows of a table line up with each other; more of them need not be there at once. */
const linedUp = 200;

/**
 * `remo history`: every reboot that this computer asked for, the newest run first, from the journals alone.
 * @throws RemoError `invalid_value`, `file_unreadable`
 */
export async function showHistory(options: HistoryOptions, context: Context): Promise<void> {
  const { limit = Number.POSITIVE_INFINITY, outcome, ...rest } = options;
  const selection: Selection = outcome === undefined ? rest : { ...rest, outcomes: parseOutcomes(outcome) };
  const { history, batches } = context.messages;
  let cut = false;
  async function* pages() {
    let left = limit;
    const page: HistoryRow[] = [];
    for await (const record of allRecords(context, selection.since)) {
      const rows = select(record, selection);
      cut = rows.length > left;
      page.push(...rows.slice(0, left));
      left -= rows.length;
      if (cut) break;
      if (context.format !== 'table') yield page.splice(0);
      while (page.length >= linedUp) yield page.splice(0, linedUp);
    }
    yield page;
  }
  const shown = await writeList(context, { columns, rows: pages() });
  if (context.settings.quiet) return;
  if (cut) context.io.err(history.cut(shown));
  if (shown > 0) return;
  const narrowed = Object.keys(selection).length > 0;
  context.io.err(narrowed ? history.noneSuch : batches.none);
}
