import type { Client, Look } from './client.js';
import { allPages, type PageRequest, pageAsked } from './paging.js';
import { badResponse } from './response.js';
import { httpDate } from './retry.js';
import { type Page, pageSchema, type Reboot, rebootSchema } from './schemas.js';

const rebootPage = pageSchema(rebootSchema);
const LIST = 'listReboots';

/** How many reboots of one device are looked through for a key; a backend that filters gives one. */
const FARTHEST_PAGE = 20;

/** A reboot instruction. */
export interface RebootOrder {
  /** 16 to 128 characters that make repeating it harmless. */
  key: string;
  reason?: string;
  /** It is not sent at this time or later; milliseconds since the epoch. */
  notAfter?: number;
  /** Nor at this time or later, unless an earlier attempt may have been taken: what is known of the device is old. */
  freshUntil?: number;
  /** Nor at this time or later: the backend may have forgotten the key by then. */
  keyUntil?: number;
}

/** The backend's answer to a reboot instruction. */
export interface RebootReceipt {
  reboot: Reboot;
  /** The backend had created it for an earlier request with the same key. */
  replayed: boolean;
  requestId?: string;
}

/**
 * Instructs a device to reboot, under a key that makes repeating it harmless.
 * @throws RemoError; `params.lost` is true when an attempt may have reached the backend without a definite
 * answer, an answer about another device or key included. `window_closed`, `reading_outdated`, `too_late`, or the
 * reason of the user's signal, when it was not sent, or refused and not sent again
 */
export async function createReboot(
  request: Client,
  deviceId: string,
  { key, reason, notAfter, freshUntil, keyUntil }: RebootOrder,
): Promise<RebootReceipt> {
  const { value, headers, facts } = await request({
    operation: 'createReboot',
    method: 'POST',
    path: ['devices', deviceId, 'reboots'],
    idempotencyKey: key,
    body: reason === undefined ? {} : { reason },
    schema: rebootSchema,
    ...(notAfter === undefined ? {} : { notAfter }),
    ...(freshUntil === undefined ? {} : { freshUntil }),
    ...(keyUntil === undefined ? {} : { keyUntil }),
  });
  const lost = { ...facts, lost: true };
  if (value.device_id !== deviceId) throw badResponse(lost, 'device_id', { kind: 'another', what: 'device' });
  if (value.idempotency_key !== key)
    throw badResponse(lost, 'idempotency_key', { kind: 'another', what: 'key' });
  const { requestId } = facts;
  const replayed = headers.get('idempotency-replayed') === 'true';
  return { reboot: value, replayed, ...(requestId === undefined ? {} : { requestId }) };
}

/**
 * The reboot that was created under a key, if there is one. Each one listed is compared, so that a backend
 * that ignores the filter is not taken at its word. The user's Ctrl-C does not end it: it belongs to an
 * instruction in flight.
 * @throws RemoError; `bad_response` when the backend lists more unasked-for reboots than can be looked through
 */
export async function findReboot(
  request: Client,
  deviceId: string,
  key: string,
): Promise<Reboot | undefined> {
  const search = { idempotency_key: key };
  const fetchPage = async (asked: PageRequest, signal: AbortSignal) =>
    (await rebootsPage(request, deviceId, asked, { search, signal })).page;
  const pages = allPages(fetchPage, {
    operation: LIST,
    // The first page nearly always decides.
    ahead: 1,
  });
  for await (const page of pages) {
    const found = page.items.find(reboot => reboot.idempotency_key === key);
    if (found) return found;
    if (page.page >= FARTHEST_PAGE && page.total > page.page * page.per_page) {
      throw badResponse({ operation: LIST, status: 200, lost: false }, 'items', { kind: 'key_ignored' });
    }
  }
  return undefined;
}

/** The last reboots of a device: few of them, newest first. */
export interface RecentReboots {
  reboots: readonly Reboot[];
  /** When the backend said so, by its own clock; milliseconds since the epoch. */
  toldAt?: number;
}

/** So many are looked at: behind some that failed there may be one that did not. */
const fewReboots = 10;

export async function recentReboots(request: Client, deviceId: string): Promise<RecentReboots> {
  const { page, headers } = await rebootsPage(request, deviceId, { page: 1, perPage: fewReboots });
  const reboots = page.items.toSorted((a, b) => Date.parse(b.requested_at) - Date.parse(a.requested_at));
  const toldAt = httpDate(headers.get('date') ?? '');
  return { reboots, ...(toldAt === undefined ? {} : { toldAt }) };
}

/** A search by key settles what became of an instruction; its `signal` ends it once it is settled. */
async function rebootsPage(
  request: Client,
  deviceId: string,
  asked: PageRequest,
  settling?: { search: { idempotency_key: string }; signal: AbortSignal },
): Promise<{ page: Page<Reboot>; headers: Pick<Headers, 'get'> }> {
  const answer = await request({
    operation: LIST,
    path: ['devices', deviceId, 'reboots'],
    query: { ...settling?.search, page: asked.page, per_page: asked.perPage },
    schema: rebootPage,
    ...(settling ? { signal: settling.signal, settling: true } : {}),
  });
  const page = pageAsked(answer, asked);
  const stray = page.items.findIndex(reboot => reboot.device_id !== deviceId);
  if (stray !== -1)
    throw badResponse(answer.facts, `items[${stray}].device_id`, { kind: 'another', what: 'device' });
  return { page, headers: answer.headers };
}

/** One reboot and how it stands. @throws RemoError `not_found` */
export async function getReboot(request: Client, id: string, look: Look = {}): Promise<Reboot> {
  const { value, facts } = await request({
    operation: 'getReboot',
    path: ['reboots', id],
    schema: rebootSchema,
    ...look,
  });
  if (value.id !== id) throw badResponse(facts, 'id', { kind: 'another', what: 'reboot' });
  return value;
}
