import { RemoError } from '../errors.js';
import { type Answer, badResponse } from './response.js';
import type { Page } from './schemas.js';

/** Where a listing starts and how it is cut into pages; both count from 1. */
export interface PageRequest {
  page: number;
  perPage: number;
}

/** The page itself, once it is known to be the one asked for. @throws RemoError `bad_response` */
export function pageAsked<T>({ value, facts }: Answer<Page<T>>, asked: PageRequest): Page<T> {
  if (value.page !== asked.page)
    throw badResponse(facts, 'page', { kind: 'expected', what: `${asked.page}` });
  const { items, page, per_page, total } = value;
  if (items.length > per_page) throw badResponse(facts, 'items', { kind: 'too_many' });
  // Taken for the end of the listing, a page that is too short would cut it in silence.
  const due = Math.min(per_page, total - (page - 1) * per_page);
  if (items.length < due) throw badResponse(facts, 'items', { kind: 'too_few', due });
  return value;
}

/**
 * Every page of a listing, in order, some fetched ahead of the one in use. How many there are follows from
 * the total and the page size that the backend states (it may cut smaller than asked); an empty page ends
 * the listing and is not given out. A row that comes twice in a row of pages is given out once. An error on any page is thrown in its turn; leaving early aborts what
 * is under way.
 * @param fetchPage throws RemoError; its signal is aborted when the page is no longer wanted
 * @param options.limit no page is asked for once so many rows are had or on their way
 * @param options.ahead pages under way or waiting beyond the one in use: what bounds the memory
 */
export async function* allPages<T extends { id: string }>(
  fetchPage: (asked: PageRequest, signal: AbortSignal) => Promise<Page<T>>,
  options: { operation: string; perPage?: number | undefined; limit?: number | undefined; ahead?: number },
): AsyncGenerator<Page<T>, void, undefined> {
  const { operation, limit = Number.POSITIVE_INFINITY, ahead = 4 } = options;
  const perPage = Math.min(options.perPage ?? 100, limit);
  const leaving = new AbortController();
  const underWay: Promise<Page<T>>[] = [];
  let size: number | undefined;
  let before = new Set<string>();
  let last = 1;
  let next = 1;
  let left = limit;
  const fetchAhead = () => {
    while (next <= last && underWay.length < ahead && underWay.length * (size ?? perPage) < left) {
      const fetched = fetchPage({ page: next++, perPage }, leaving.signal);
      // One that fails while another is awaited is heard of in its turn, or not at all.
      fetched.catch(() => {});
      underWay.push(fetched);
    }
  };
  try {
    fetchAhead();
    for (let fetched = underWay.shift(); fetched; fetched = underWay.shift()) {
      const page = await fetched;
      if (page.items.length === 0) return;
      size ??= page.per_page;
      if (page.per_page !== size) {
        // Cut otherwise in the middle, rows would be missing or double.
        throw new RemoError('bad_response', {
          operation,
          status: 200,
          field: 'per_page',
          problem: { kind: 'expected', what: `${size}` },
        });
      }
      last = Math.ceil(page.total / size);
      // A row that was linked meanwhile moves the others on by one: the last of a page comes again.
      const items = page.items.filter(({ id }) => !before.has(id));
      if (items.length === 0) {
        throw new RemoError('bad_response', {
          operation,
          status: 200,
          field: 'items',
          problem: { kind: 'repeated', page: page.page },
        });
      }
      before = new Set(page.items.map(({ id }) => id));
      left -= items.length;
      fetchAhead();
      yield { ...page, items };
    }
  } finally {
    leaving.abort();
  }
}
