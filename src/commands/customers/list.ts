import type { Customer, Page } from '../../api/schemas.js';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { writeList } from '../../terminal/output.js';
import { browse } from '../../terminal/pager.js';
import { inline } from '../../terminal/sanitise.js';
import { customerColumns } from './columns.js';

/** The options of `remo customers list`, the numbers already within their bounds. */
export interface ListOptions {
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
  const api = await context.api();
  const query = email === undefined ? {} : { email };
  let total: number;
  if (page !== undefined || (perPage !== undefined && !all && limit === undefined)) {
    total = await listOnePage(
      await api.customersPage({ ...query, page: page ?? 1, perPage: perPage ?? portalPage }),
      context,
    );
  } else if (
    all ||
    limit !== undefined ||
    context.pager ||
    context.format !== 'table' ||
    !context.io.stdoutIsTerminal
  ) {
    total = await listInTurn(api.allCustomers({ ...query, perPage, limit }), limit, context);
  } else {
    const fetch = (number: number) => api.customersPage({ ...query, page: number, perPage: portalPage });
    ({ total } = await browse(context, { fetch, columns: customerColumns, perPage: portalPage }));
  }
  if (total === 0) explainNone(email, context);
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

async function listOnePage(found: Page<Customer>, context: Context): Promise<number> {
  await writeList(context, { columns: customerColumns, rows: found.items });
  const { items, page, per_page, total } = found;
  if (items.length < total) {
    const before = (page - 1) * per_page;
    const { range, beyondLast } = context.messages.terminal;
    hint(
      items.length === 0
        ? beyondLast(page, Math.ceil(total / per_page))
        : range(before + 1, before + items.length, total),
      context,
    );
  }
  return total;
}

async function listInTurn(found: AsyncIterable<Page<Customer>>, limit: number | undefined, context: Context) {
  let total = 0;
  let changed = false;
  async function* rows() {
    let left = limit ?? Number.POSITIVE_INFINITY;
    for await (const page of found) {
      if (page.page === 1 && page.total > large) context.host.expectMuch();
      changed ||= page.page > 1 && page.total !== total;
      total = page.total;
      yield page.items.slice(0, left);
      left -= page.items.length;
      if (left <= 0) return;
    }
  }
  const shown = await writeList(context, { columns: customerColumns, rows: rows() });
  if (changed) context.io.err(context.messages.customers.changed);
  if (limit !== undefined && shown < total) hint(context.messages.customers.cut(shown, total), context);
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
