import type { Customer, Page } from '../../api/schemas.js';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { columnsOf, type ListingOptions } from '../../terminal/listing.js';
import { inOrder } from '../../terminal/order.js';
import { writeList } from '../../terminal/output.js';
import { browse } from '../../terminal/pager.js';
import { inline } from '../../terminal/sanitise.js';
import { customerListing } from './columns.js';

/** The options of `remo customers list`, the numbers already within their bounds. */
export interface ListOptions extends ListingOptions {
  email?: string;
  page?: number;
  perPage?: number;
  all?: boolean;
  limit?: number;
}

/** As many as the portal shows on a page. */
const portalPage = 20;
/** From so many customers on memory is worth a thought. */
const large = 5_000;

/** `remo customers list`: a page at a time on a terminal, everything elsewhere. */
export async function listCustomers(options: ListOptions, context: Context): Promise<undefined> {
  check(options);
  const { email, page, perPage, all, limit } = options;
  const found = await find(options, context);
  let total: number;
  if (page !== undefined || (perPage !== undefined && !all && limit === undefined)) {
    total = await listOnePage(await found.page(page ?? 1, perPage ?? portalPage), options, context);
  } else if (
    all ||
    limit !== undefined ||
    context.pager ||
    context.format !== 'table' ||
    !context.io.stdoutIsTerminal
  ) {
    total = await listInTurn(found.all(), options, context);
  } else {
    const columns = columnsOf(customerListing, options, 'table');
    const fetch = (number: number) => found.page(number, portalPage);
    ({ total } = await browse(context, { fetch, columns, perPage: portalPage }));
  }
  if (total === 0) explainNone(email, context);
}

/** What a search found, a page at a time or all in turn. */
interface Found {
  page(number: number, perPage: number): Promise<Page<Customer>>;
  all(): AsyncIterable<Page<Customer>>;
}

/** Searches as far as is looked at; where the order is another than the backend's, all at once. */
async function find({ email, sort, perPage, limit }: ListOptions, context: Context): Promise<Found> {
  const api = await context.api();
  const query = email === undefined ? {} : { email };
  const all = (most?: number) => watched(api.allCustomers({ ...query, perPage, limit: most }), context);
  if (!sort) {
    return {
      page: (page, size) => api.customersPage({ ...query, page, perPage: size }),
      all: () => all(limit),
    };
  }
  const rows: Customer[] = [];
  for await (const { items } of all()) rows.push(...items);
  return pagesOf(inOrder(rows, customerListing.columns, sort));
}

/** Rows that are all there, as the backend would give them. */
function pagesOf(rows: readonly Customer[]): Found {
  const page = async (number: number, perPage: number) => {
    const items = rows.slice((number - 1) * perPage, number * perPage);
    return { items, page: number, per_page: perPage, total: rows.length };
  };
  return {
    page,
    async *all() {
      const size = 100;
      for (let number = 1; number <= Math.ceil(rows.length / size); number += 1) yield page(number, size);
    },
  };
}

/** The pages as they come; says so when the listing changed meanwhile. */
async function* watched(pages: AsyncIterable<Page<Customer>>, { host, io, messages }: Context) {
  let total: number | undefined;
  let changed = false;
  for await (const page of pages) {
    if (total === undefined && page.total > large) host.expectMuch();
    changed ||= total !== undefined && page.total !== total;
    total = page.total;
    yield page;
  }
  if (changed) io.err(messages.customers.changed);
}

/** @throws RemoError `conflicting_options` */
function check({ page, all, limit }: ListOptions): void {
  const given = Object.entries({
    '--page': page !== undefined,
    '--all': all === true,
    '--limit': limit !== undefined,
  });
  const [first, second] = given.flatMap(([name, isGiven]) => (isGiven ? [name] : []));
  if (first && second) throw new RemoError('conflicting_options', { first, second });
}

async function listOnePage(found: Page<Customer>, options: ListingOptions, context: Context) {
  const { items, page, per_page, total } = found;
  await writeList(context, { ...customerListing, rows: items }, options);
  if (items.length === total) return total;
  const { range, beyondLast, seeRest } = context.messages.terminal;
  const before = (page - 1) * per_page;
  const last = Math.ceil(total / per_page);
  // That a list is cut is no hint: it is said in any case.
  context.io.err(items.length > 0 ? range(before + 1, before + items.length, total) : beyondLast(page, last));
  hint(seeRest(page < last ? page + 1 : undefined), context);
  return total;
}

async function listInTurn(found: AsyncIterable<Page<Customer>>, options: ListOptions, context: Context) {
  const { limit } = options;
  let total = 0;
  async function* rows() {
    let left = limit ?? Number.POSITIVE_INFINITY;
    for await (const page of found) {
      total = page.total;
      yield page.items.slice(0, left);
      left -= page.items.length;
      if (left <= 0) return;
    }
  }
  const shown = await writeList(context, { ...customerListing, rows: rows() }, options);
  if (limit !== undefined && shown < total) context.io.err(context.messages.customers.cut(shown, total));
  return total;
}

function explainNone(email: string | undefined, context: Context): void {
  const { none, noneFor, whyMissing } = context.messages.customers;
  hint(email === undefined ? none : noneFor(inline(email)), context);
  hint(whyMissing, context);
}

/** A word to a person beside the data; `--quiet` does without. */
function hint(text: string, context: Context): void {
  if (!context.settings.quiet) context.io.err(text);
}
