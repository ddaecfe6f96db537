import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { inOrder, type SortKey } from '../../terminal/order.js';
import { writeList } from '../../terminal/output.js';
import { parseOutcomes } from '../batches/outcomes.js';
import { type HistoryRow, historyListing } from './columns.js';
import { nearNames } from './near.js';
import { newestFirst } from './newest.js';
import type { Selection } from './select.js';

export interface HistoryOptions extends Omit<Selection, 'outcomes'>, ListingOptions {
  /** Outcomes, a comma between two. */
  outcome?: string;
  /** At most so many. */
  limit?: number;
}

/** So many rows of a table line up with each other; more of them need not be there at once. */
const linedUp = 200;

/** The options that narrow it down. */
const narrowing = ['since', 'until', 'device', 'customer', 'outcome'] as const;

/**
 * `remo history`: every reboot that this computer asked for, the newest first, from the journals alone.
 * @throws RemoError `invalid_value`, `period_empty`, `file_unreadable`
 */
export async function showHistory(options: HistoryOptions, context: Context): Promise<void> {
  const { limit = Number.POSITIVE_INFINITY, outcome, ...rest } = options;
  const selection: Selection = outcome === undefined ? rest : { ...rest, outcomes: parseOutcomes(outcome) };
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = selection;
  if (since >= until) throw new RemoError('period_empty', {});
  const { history, batches } = context.messages;
  // One more tells whether there are more.
  const most = options.sort ? Number.POSITIVE_INFINITY : limit + 1;
  const near = nearNames(selection);
  const found = newestFirst(selection, { most, look: near.look }, context);
  const part = firstOf(limit, options.sort ? sorted(found, options.sort) : found);
  const rows = context.format === 'table' ? together(part.pages) : part.pages;
  const shown = await writeList(context, { ...historyListing, rows }, options);
  // That a list is cut is no hint: it is said in any case.
  if (part.isCut()) context.io.err((options.sort ? history.cutSorted : history.cut)(shown));
  if (shown > 0) return;
  const narrowed = narrowing.some(name => options[name] !== undefined);
  if (!context.settings.quiet) context.io.err(narrowed ? history.noneSuch : batches.none);
  // That a name was only a part is no hint: it is said in any case.
  await near.tell(context);
}

type Pages = AsyncIterable<readonly HistoryRow[]>;

async function* sorted(pages: Pages, keys: readonly SortKey[]): AsyncGenerator<readonly HistoryRow[]> {
  const all: HistoryRow[] = [];
  for await (const rows of pages) all.push(...rows);
  yield inOrder(all, historyListing.columns, keys);
}

/** The first rows of all, and whether there are more. */
function firstOf(limit: number, pages: Pages) {
  let left = limit;
  async function* taken() {
    for await (const rows of pages) {
      yield rows.slice(0, Math.max(0, left));
      left -= rows.length;
      if (left < 0) return;
    }
  }
  return { pages: taken(), isCut: () => left < 0 };
}

/** The same rows on pages that a table is quick with. */
async function* together(pages: Pages): AsyncGenerator<HistoryRow[]> {
  const page: HistoryRow[] = [];
  for await (const rows of pages) {
    page.push(...rows);
    while (page.length >= linedUp) yield page.splice(0, linedUp);
  }
  yield page;
}
