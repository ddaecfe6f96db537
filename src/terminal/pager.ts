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
  const ask = context.canAsk && context.io.stdoutIsTerminal;
  // While one pages, all there is to say stands below the table: a page of the portal just fits 24 lines.
  const table = await Table.open(context, columns, { announces: !ask });
  const search = new Search(context, browsing, table);
  for (let shown: Shown<T> = { number: start, page: await fetch(start) }; ; ) {
    const { number, page } = shown;
    const { items, total } = page;
    if (total === 0) return { total };
    if (items.length > 0) await table.write(items, { header: true, finder: search.finder });
    const notes = [...(ask ? leftOut(context, table) : []), ...search.hits(items)];
    const cut = !ask && items.length < total;
    await tellPosition(context, { number, perPage, shown: items.length, total, cut }, notes);
    const possible = { next: number * perPage < total, previous: number > 1 };
    if (!possible.next && !possible.previous) return { total };
    if (!ask) {
      tellRest(context, possible.next ? number + 1 : undefined);
      return { total };
    }
    let next: Shown<T> | undefined;
    for (let note: string | undefined; !next; ) {
      const move = await askForMove(context, possible, note);
      if (move === 'quit') return { total };
      const found =
        typeof move === 'object'
          ? await search.from(shown, move.search)
          : await turn(context, fetch, number + (move === 'next' ? 1 : -1));
      if (typeof found === 'string') note = found;
      else next = found;
    }
    shown = next;
  }
}

/** @returns undefined where the person did not wait for the page */
async function turn<T>(
  context: Context,
  fetch: Browsing<T>['fetch'],
  number: number,
): Promise<Shown<T> | undefined> {
  const page = await untilLeft(context, context.messages.terminal.fetching(number), () => fetch(number));
  return page && { number, page };
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

  /** What there is to say of a page: highlighting alone needs colours, and not every hit is on the screen. */
  hits(page: readonly T[]): string[] {
    if (!this.finder) return [];
    const { rows, unseen } = this.table.find(page, this.finder);
    return rows > 0 ? [this.context.messages.terminal.found(inline(this.finder.text), rows, unseen)] : [];
  }

  /**
   * The next page with a text: from the one on the screen on, or, for the same text once more, from the one after it.
   * @param text empty for the same as before
   * @returns what to say where there is none; undefined where the person did not wait
   */
  async from(shown: Shown<T>, text: string): Promise<Shown<T> | string | undefined> {
    if (text === '' && !this.finder) return undefined;
    const again = text === '' || text === this.finder?.text;
    if (!again) {
      this.lookedUpTo = 0;
      this.finder = new Finder(text);
      if (this.table.find(shown.page.items, this.finder).rows > 0) return shown;
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
    return (exhausted ? notFound : notFoundYet)(inline(finder.text), end);
  }

  private async look(finder: Finder, first: number, end: number, left: AbortSignal) {
    for (let number = first; number <= end && !left.aborted; number += 1) {
      const page = await this.browsing.fetch(number);
      if (this.table.find(page.items, finder).rows > 0) return { number, page };
    }
    return left.aborted ? undefined : 'nowhere';
  }
}

function leftOut<T>({ messages, settings }: Context, { missing }: Table<T>): string[] {
  return missing.length > 0 && !settings.quiet ? [messages.terminal.leftOut(missing)] : [];
}

/** Says on one line, where it fits one, which rows those were, and what there is to say of them. */
async function tellPosition(
  context: Context,
  at: { number: number; perPage: number; shown: number; total: number; cut: boolean },
  notes: readonly string[],
): Promise<void> {
  const { io, settings, messages } = context;
  const { beyondLast, range } = messages.terminal;
  const before = (at.number - 1) * at.perPage;
  const { wrap } = await import('./width.js');
  // That a list is cut is said in any case.
  const position = settings.quiet && !at.cut ? [] : [range(before + 1, before + at.shown, at.total)];
  const line = [...position, ...notes].join(` ${messages.symbols.between} `);
  if (at.shown === 0) io.err(beyondLast(at.number, Math.ceil(at.total / at.perPage)));
  else if (line !== '') io.err(wrap(line, io.width).join('\n'));
}

function tellRest(context: Context, nextPage: number | undefined): void {
  if (!context.settings.quiet) context.io.err(context.messages.terminal.seeRest(nextPage));
}
