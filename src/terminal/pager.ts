import type { Page } from '../api/schemas.js';
import type { Context } from '../context.js';
import type { Column } from './columns.js';
import { Finder } from './finder.js';
import { page as askForMove, untilLeft } from './paging.js';
import { inline } from './sanitise.js';
import type { Table } from './table.js';

/** A listing that is looked at a page at a time; pages count from 1. */
export interface Browsing<T> {
  fetch: (page: number) => Promise<Page<T>>;
  columns: readonly Column<T>[];
  perPage: number;
  /** The first page to show; 1 without it. */
  start?: number;
}

/** A page that is, or is to be, on the screen. */
interface Shown<T> {
  number: number;
  page: Page<T>;
}

/** A search looks through so many pages, then it asks; on a list of 100,000 it would be thousands of requests. */
const pagesPerSearch = 50;

/**
 * Shows a listing page by page as tables: at the end of each the person goes on, back, to the next page that
 * contains a text, or out. Where nobody can be asked it is the one page, and on stderr how to see the rest.
 * @returns how many rows there are in all; with none nothing was written
 * @throws RemoError `interrupted`, and what `fetch` throws; ClosedPipe
 */
export async function browse<T>(context: Context, browsing: Browsing<T>): Promise<{ total: number }> {
  const { fetch, columns, perPage, start = 1 } = browsing;
  const { Table } = await import('./table.js');
  const table = await Table.open(context, columns);
  const search = new Search(context, browsing, table);
  const ask = context.canAsk && context.io.stdoutIsTerminal;
  for (let shown: Shown<T> = { number: start, page: await fetch(start) }; ; ) {
    const { number, page } = shown;
    const { items, total } = page;
    if (total === 0) return { total };
    if (items.length > 0) await table.write(items, { header: true, finder: search.finder });
    tellPosition(context, { number, perPage, shown: items.length, total, cut: !ask && items.length < total });
    search.tellHits(items);
    const possible = { next: number * perPage < total, previous: number > 1 };
    if (!possible.next && !possible.previous) return { total };
    if (!ask) {
      tellRest(context, possible.next ? number + 1 : undefined);
      return { total };
    }
    let next: Shown<T> | undefined;
    while (!next) {
      const move = await askForMove(context, possible);
      if (move === 'quit') return { total };
      if (typeof move === 'object') next = await search.from(shown, move.search);
      else {
        const to = number + (move === 'next' ? 1 : -1);
        next = { number: to, page: await fetch(to) };
      }
    }
    shown = next;
  }
}

/** The search of one who pages: what was looked for last, and how far. */
class Search<T> {
  finder: Finder | undefined;
  /** Where the last search stopped without an answer. */
  private lookedUpTo = 0;

  constructor(
    private readonly context: Context,
    private readonly browsing: Browsing<T>,
    private readonly table: Table<T>,
  ) {}

  /** Says how many rows of a page contain what is looked for: highlighting alone needs colours. */
  tellHits(rows: readonly T[]): void {
    const { io, messages } = this.context;
    if (!this.finder) return;
    const hits = this.table.count(rows, this.finder);
    if (hits > 0) io.err(messages.terminal.found(inline(this.finder.text), hits));
  }

  /**
   * The next page with a text: from the one on the screen on, or, for the same text once more, from the one after it.
   * @param text empty for the same as before
   * @returns undefined where there is none, which has been said then
   */
  async from(shown: Shown<T>, text: string): Promise<Shown<T> | undefined> {
    if (text === '' && !this.finder) return undefined;
    const again = text === '' || text === this.finder?.text;
    if (!again) {
      this.lookedUpTo = 0;
      this.finder = new Finder(text);
      if (this.table.count(shown.page.items, this.finder) > 0) return shown;
    }
    const finder = this.finder as Finder;
    const { context, browsing } = this;
    const { notFound, notFoundYet, searching } = context.messages.terminal;
    const first = Math.max(shown.number, this.lookedUpTo) + 1;
    const last = Math.ceil(shown.page.total / browsing.perPage);
    const end = Math.min(last, first + pagesPerSearch - 1);
    if (first <= end) {
      const found = await untilLeft(context, searching(inline(finder.text)), left =>
        this.look(finder, first, end, left),
      );
      if (found !== 'nowhere') return found;
    }
    const exhausted = end >= last;
    this.lookedUpTo = exhausted ? 0 : end;
    context.io.err((exhausted ? notFound : notFoundYet)(inline(finder.text), end));
    return undefined;
  }

  private async look(finder: Finder, first: number, end: number, left: AbortSignal) {
    for (let number = first; number <= end && !left.aborted; number += 1) {
      const page = await this.browsing.fetch(number);
      if (this.table.count(page.items, finder) > 0) return { number, page };
    }
    return left.aborted ? undefined : 'nowhere';
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
