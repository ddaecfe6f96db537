import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customersPage } from '../../src/api/customers.js';
import { devicesPage } from '../../src/api/devices.js';
import { allPages, type PageRequest } from '../../src/api/paging.js';
import { findReboot } from '../../src/api/reboots.js';
import type { Page } from '../../src/api/schemas.js';
import { RemoError } from '../../src/errors.js';
import { bench, customer, device, failureOf, key, page, reboot } from './support.js';

const operation = 'listThings';

interface Row {
  id: string;
}
const row = (number: number): Row => ({ id: String(number) });

/** A listing of the numbers below `total`, at most `largest` a page. */
function listing(total: number, largest = 100) {
  const asked: number[] = [];
  const signals = new Set<AbortSignal>();
  let underWay = 0;
  let most = 0;
  const fetchPage = async ({ page, perPage }: PageRequest, signal: AbortSignal): Promise<Page<Row>> => {
    asked.push(page);
    signals.add(signal);
    most = Math.max(most, ++underWay);
    // Later pages come sooner.
    for (let turns = page % 3; turns >= 0; turns--) await new Promise(resolve => setImmediate(resolve));
    underWay--;
    const per_page = Math.min(perPage, largest);
    const start = (page - 1) * per_page;
    const length = Math.max(0, Math.min(per_page, total - start));
    return { items: Array.from({ length }, (_, i) => row(start + i)), page, per_page, total };
  };
  return { fetchPage, asked, aborted: () => [...signals].every(({ aborted }) => aborted), most: () => most };
}

async function rows<T extends { id: string }>(pages: AsyncIterable<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  for await (const { items } of pages) all.push(...items);
  return all;
}

describe('all pages', () => {
  it('give every row once and in order, whatever the sizes', async () => {
    const sizes = [
      fc.nat(300),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 6 }),
    ] as const;
    await fc.assert(
      fc.asyncProperty(...sizes, async (total, perPage, largest, ahead) => {
        const { fetchPage, asked, most } = listing(total, largest);
        const all = await rows(allPages(fetchPage, { operation, perPage, ahead }));
        expect(all).toEqual(Array.from({ length: total }, (_, i) => row(i)));
        const pages = Math.max(1, Math.ceil(total / Math.min(perPage, largest)));
        expect(asked).toEqual(Array.from({ length: pages }, (_, i) => i + 1));
        expect(most()).toBeLessThanOrEqual(ahead);
      }),
      { numRuns: 60 },
    );
  });

  it('are not asked for beyond the rows wanted, though one came twice', async () => {
    const { fetchPage, asked } = listing(1000);
    // A row that was linked meanwhile moves the others on by one.
    const moving = async (page: PageRequest, signal: AbortSignal) => {
      const found = await fetchPage(page, signal);
      return page.page === 1 ? found : { ...found, items: found.items.map(({ id }) => row(Number(id) - 1)) };
    };
    let had = 0;
    for await (const { items } of allPages(moving, { operation, perPage: 10, limit: 20 }))
      had += items.length;
    expect({ had, asked }).toEqual({ had: 29, asked: [1, 2, 3] });
  });

  it('fetch no more than a few ahead of the one in use', async () => {
    const { fetchPage, asked } = listing(100_000);
    const pages = allPages(fetchPage, { operation });
    for (let used = 1; used <= 3; used++) {
      await pages.next();
      await new Promise(resolve => setTimeout(resolve, 20));
      expect(asked).toHaveLength(used + 4);
    }
    await pages.return();
  });

  it('give a row that moved on to the next page once, and refuse a page that repeats the one before', async () => {
    const { fetchPage } = listing(200);
    const moved = async (asked: PageRequest, signal: AbortSignal) => {
      const found = await fetchPage(asked, signal);
      return asked.page === 2 ? { ...found, items: [row(99), ...found.items.slice(0, -1)] } : found;
    };
    expect((await rows(allPages(moved, { operation }))).map(({ id }) => Number(id))).toEqual(
      Array.from({ length: 199 }, (_, i) => i),
    );
    const stuck = async (asked: PageRequest, signal: AbortSignal) => ({
      ...(await fetchPage({ ...asked, page: 1 }, signal)),
      page: asked.page,
    });
    await expect(rows(allPages(stuck, { operation }))).rejects.toMatchObject({
      code: 'bad_response',
      params: { field: 'items' },
    });
  });

  it('end at an empty page, and grow with the listing', async () => {
    let total = 250;
    const { fetchPage } = listing(250);
    const shrunk = allPages(async (asked, signal) => ({ ...(await fetchPage(asked, signal)), total: 1000 }), {
      operation,
    });
    expect(await rows(shrunk)).toHaveLength(250);
    const growing = async (asked: PageRequest, signal: AbortSignal) => {
      total += 50;
      return listing(total).fetchPage(asked, signal);
    };
    expect((await rows(allPages(growing, { operation }))).length).toBeGreaterThanOrEqual(300);
  });

  it('fail as a whole with the error of any page, in its turn, and abort the rest', async () => {
    const { fetchPage, asked, aborted } = listing(1000);
    const failing = new RemoError('network', { operation, trouble: 'reset', host: 'h', detail: '' });
    const pages = allPages(
      async (asked, signal) => {
        if (asked.page === 3) throw failing;
        return fetchPage(asked, signal);
      },
      { operation },
    );
    expect((await pages.next()).value?.page).toBe(1);
    expect((await pages.next()).value?.page).toBe(2);
    await expect(pages.next()).rejects.toBe(failing);
    expect(asked).toEqual([1, 2, 4, 5, 6]);
    expect(aborted()).toBe(true);
    expect(await pages.next()).toEqual({ done: true, value: undefined });
  });

  it('left early abort what is under way, and its failures bother nobody', async () => {
    const unhandled: unknown[] = [];
    const heard = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', heard);
    const signals: AbortSignal[] = [];
    const { fetchPage } = listing(1000);
    const pages = allPages<Row>(
      (asked, signal) => {
        signals.push(signal);
        if (asked.page === 1) return fetchPage(asked, signal);
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        );
      },
      { operation },
    );
    for await (const _ of pages) break;
    await new Promise(resolve => setTimeout(resolve, 20));
    process.off('unhandledRejection', heard);
    expect(signals).toHaveLength(5);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
    expect(unhandled).toEqual([]);
  });

  it('refuse another page size in the middle', async () => {
    const pages = allPages(
      async ({ page: number }) =>
        page([row(number)], { page: number, per_page: number === 1 ? 1 : 2, total: 5 }),
      { operation },
    );
    expect(await failureOf(rows(pages))).toMatchObject({
      code: 'bad_response',
      params: { operation, field: 'per_page' },
    });
  });
});

describe('a page', () => {
  const answered = (body: unknown) => bench({ fetch: async () => Response.json(body) }).request;
  const asked = { page: 2, perPage: 1 };

  it('has to hold as many as its own total says', async () => {
    const short = { items: [], page: 2, per_page: 1, total: 2 };
    const error = await failureOf(customersPage(answered(short), asked));
    expect(error).toMatchObject({
      code: 'bad_response',
      params: { field: 'items', problem: { kind: 'too_few', due: 1 } },
    });
  });

  it('has to be the one asked for', async () => {
    const error = await failureOf(customersPage(answered(page([customer('c1')])), asked));
    expect(error).toMatchObject({
      code: 'bad_response',
      params: { operation: 'listCustomers', field: 'page' },
    });
  });

  it('has no more items than its size', async () => {
    const body = page([customer('c1'), customer('c2')], { page: 2, per_page: 1 });
    expect((await failureOf(customersPage(answered(body), asked))).params).toMatchObject({ field: 'items' });
  });

  it('of devices has none of another customer', async () => {
    const body = page([device('d1'), device('d2', 'c2')], { page: 2, per_page: 2 });
    const error = await failureOf(devicesPage(answered(body), 'c1', asked));
    expect(error.params).toMatchObject({ operation: 'listDevices', field: 'items[1].customer_id' });
  });
});

describe('the reboot under a key', () => {
  /** A backend with so many other reboots of the device that ignores the filter, or not. */
  const backend = (others: number, { filters = false, wanted = -1 } = {}) => {
    const all = Array.from({ length: others }, (_, i) =>
      reboot({ id: `r${i}`, idempotency_key: i === wanted ? key : `other-${i}-0123456789` }),
    );
    return bench({
      fetch: async input => {
        const query = new URL(String(input)).searchParams;
        expect(query.get('idempotency_key')).toBe(key);
        const listed = filters ? all.filter(({ idempotency_key }) => idempotency_key === key) : all;
        const [number, size] = [Number(query.get('page')), Number(query.get('per_page'))];
        const items = listed.slice((number - 1) * size, number * size);
        return Response.json(page(items, { page: number, per_page: size, total: listed.length }));
      },
    });
  };

  it('is found at once where the backend filters', async () => {
    const { request, attempts } = backend(500, { filters: true, wanted: 321 });
    expect((await findReboot(request, 'd1', key))?.id).toBe('r321');
    expect(attempts).toHaveLength(1);
    expect(await findReboot(backend(500, { filters: true }).request, 'd1', key)).toBeUndefined();
  });

  it('is not confused with others where it does not', async () => {
    expect((await findReboot(backend(250, { wanted: 249 }).request, 'd1', key))?.id).toBe('r249');
    expect(await findReboot(backend(250).request, 'd1', key)).toBeUndefined();
    expect(await findReboot(backend(2000).request, 'd1', key)).toBeUndefined();
  });

  it('is not said to be missing when it could not be looked for everywhere', async () => {
    const { request, attempts } = backend(5000);
    const error = await failureOf(findReboot(request, 'd1', key));
    expect(error).toMatchObject({ code: 'bad_response', params: { operation: 'listReboots' } });
    expect(attempts.length).toBeLessThanOrEqual(21);
  });

  it('is not taken from another device', async () => {
    const { request } = bench({ fetch: async () => Response.json(page([reboot({ device_id: 'd2' })])) });
    expect((await failureOf(findReboot(request, 'd1', key))).params).toMatchObject({
      field: 'items[0].device_id',
    });
  });
});
