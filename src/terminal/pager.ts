import type { Page } from '../api/schemas.js';
import type { Context } from '../context.js';
import type { Column } from './columns.js';
import { writeTable } from './output.js';
import { page as askForMove } from './prompts.js';

/** A listing that is looked at a page at a time; pages count from 1. */
export interface Browsing<T> {
  fetch: (page: number) => Promise<Page<T>>;
  columns: readonly Column<T>[];
  /** The first page to show; 1 without it. */
  start?: number;
}

/**
 * Shows a listing page by page as tables: at the end of each the person goes on, back or out. Where nobody can
 * be asked it is the one page, and on stderr how to see the rest.
 * @returns how many rows there are in all; with none nothing was written
 * @throws RemoError `interrupted`, and what `fetch` throws; ClosedPipe
 */
export async function pages<T>(
  context: Context,
  { fetch, columns, start = 1 }: Browsing<T>,
): Promise<number> {
  const ask = context.canAsk && context.io.stdoutIsTerminal;
  for (let number = start; ; ) {
    const found = await fetch(number);
    const { items, per_page, total } = found;
    if (total === 0) return total;
    if (items.length > 0) await writeTable(context, columns, items);
    tellPosition(context, number, found);
    const possible = { next: number * per_page < total, previous: number > 1 };
    if (!possible.next && !possible.previous) return total;
    if (!ask) {
      tellRest(context, possible.next ? number + 1 : undefined);
      return total;
    }
    const move = await askForMove(context, possible);
    if (move === 'quit') return total;
    number += move === 'next' ? 1 : -1;
  }
}

function tellPosition(context: Context, number: number, { items, per_page, total }: Page<unknown>): void {
  const { beyondLast, range } = context.messages.terminal;
  const before = (number - 1) * per_page;
  if (items.length === 0) context.io.err(beyondLast(number, Math.ceil(total / per_page)));
  else if (!context.settings.quiet) context.io.err(range(before + 1, before + items.length, total));
}

function tellRest(context: Context, nextPage: number | undefined): void {
  if (!context.settings.quiet) context.io.err(context.messages.terminal.seeRest(nextPage));
}
