import type { Page } from '../api/schemas.js';
import type { Context } from '../context.js';
import type { Column } from './columns.js';
import { page as askForMove } from './prompts.js';

/** A listing that is looked at a page at a time; pages count from 1. */
export interface Browsing<T> {
  fetch: (page: number) => Promise<Page<T>>;
  columns: readonly Column<T>[];
  perPage: number;
  /** The first page to show; 1 without it. */
  start?: number;
}

/**
 * Shows a listing page by page as tables: at the end of each the person goes on, back or out. Where nobody can
 * be asked it is the one page, and on stderr how to see the rest.
 * @returns how many rows there are in all; with none nothing was written
 * @throws RemoError `interrupted`, and what `fetch` throws; ClosedPipe
 */
export async function browse<T>(context: Context, browsing: Browsing<T>): Promise<{ total: number }> {
  const { fetch, columns, perPage, start = 1 } = browsing;
  const { Table } = await import('./table.js');
  const table = await Table.open(context, columns);
  const ask = context.canAsk && context.io.stdoutIsTerminal;
  for (let number = start; ; ) {
    const { items, total } = await fetch(number);
    if (total === 0) return { total };
    if (items.length > 0) await table.write(items, { header: true });
    tellPosition(context, { number, perPage, shown: items.length, total, cut: !ask && items.length < total });
    const possible = { next: number * perPage < total, previous: number > 1 };
    if (!possible.next && !possible.previous) return { total };
    if (!ask) {
      tellRest(context, possible.next ? number + 1 : undefined);
      return { total };
    }
    const move = await askForMove(context, possible);
    if (move === 'quit') return { total };
    number += move === 'next' ? 1 : -1;
  }
}

function tellPosition(
  context: Context,
  at: { number: number; perPage: number; shown: number; total: number; cut: boolean },
): void {
  const { beyondLast, range } = context.messages.terminal;
  const before = (at.number - 1) * at.perPage;
  if (at.shown === 0) context.io.err(beyondLast(at.number, Math.ceil(at.total / at.perPage)));
  // That a list is cut is said in any case.
  else if (!context.settings.quiet || at.cut) context.io.err(range(before + 1, before + at.shown, at.total));
}

function tellRest(context: Context, nextPage: number | undefined): void {
  if (!context.settings.quiet) context.io.err(context.messages.terminal.seeRest(nextPage));
}
