import type { Session } from '../auth/session.js';
import type { Context } from '../context.js';
import { getAccount } from './account.js';
import { type Look, openClient } from './client.js';
import { allCustomers, type CustomersQuery, customersPage, getCustomer } from './customers.js';
import { allDevices, devicesPage, getDevice } from './devices.js';
import { Pace } from './pace.js';
import type { PageRequest } from './paging.js';
import {
  createReboot,
  findReboot,
  getReboot,
  type RebootOrder,
  type RebootReceipt,
  type RecentReboots,
  recentReboots,
} from './reboots.js';
import { limits, unattended } from './retry.js';
import type { Account, Customer, Device, Page, Reboot } from './schemas.js';
import type { Transport } from './transport.js';

export type { RebootOrder, RebootReceipt, RecentReboots } from './reboots.js';

/** The operations of the partner API (openapi.yaml). Each throws RemoError. */
export interface Api {
  getAccount(): Promise<Account>;
  /** One page of customers; the signal ends it at once, with its reason. */
  customersPage(query: PageRequest & { email?: string }, signal?: AbortSignal): Promise<Page<Customer>>;
  /** All customers, a page at a time, fetched some pages ahead, in order. */
  allCustomers(query: CustomersQuery): AsyncIterable<Page<Customer>>;
  getCustomer(id: string): Promise<Customer>;
  devicesPage(customerId: string, query: PageRequest): Promise<Page<Device>>;
  allDevices(customerId: string): AsyncIterable<Page<Device>>;
  getDevice(id: string, look?: Look): Promise<Device>;
  /**
   * Instructs a device to reboot, under a key that makes repeating it harmless.
   * @throws RemoError; `params.lost` says whether an attempt may have reached the backend unanswered
   */
  createReboot(deviceId: string, order: RebootOrder): Promise<RebootReceipt>;
  /** The reboot that was created under a key, if there is one. */
  findReboot(deviceId: string, key: string): Promise<Reboot | undefined>;
  getReboot(id: string, look?: Look): Promise<Reboot>;
  recentReboots(deviceId: string): Promise<RecentReboots>;
  /**
   * From here on nobody sits and waits for each answer: a backend that asks to wait is obeyed for up to an hour
   * each time, until the user wants to leave.
   */
  workUnattended(): void;
  /** Thousands of requests follow: each is to take as little of the processor as can be. */
  expectMany(): Promise<void>;
  /** Until when nothing is sent (milliseconds since the epoch), while the backend wants it so. */
  pausedUntil(): number | undefined;
}

/** The API of the context's backend, spoken to as its signed-in user, or with the tokens of another
 * session. @throws RemoError `api_url_missing` */
export async function openApi(
  context: Context,
  session: () => Promise<Pick<Session, 'token' | 'renew'>> = () => context.session(),
): Promise<Api> {
  const { clock, replacements, settings, signal, userAgent } = context;
  const random = replacements.random ?? Math.random;
  const pace = new Pace(clock, random);
  let attended = true;
  let transport: Transport = await context.fetch();
  const request = openClient({
    baseUrl: context.apiUrl,
    session,
    fetch: (url, message) => transport(url, message),
    clock,
    random,
    pace,
    tolerance: () => (attended || signal.aborted ? limits : unattended),
    userAgent,
    timeout: settings.timeout,
    signal,
    observe: await context.observer(),
  });
  return {
    getAccount: () => getAccount(request),
    customersPage: (query, signal) => customersPage(request, query, signal),
    allCustomers: query => allCustomers(request, query),
    getCustomer: id => getCustomer(request, id),
    devicesPage: (customerId, query) => devicesPage(request, customerId, query),
    allDevices: customerId => allDevices(request, customerId),
    getDevice: (id, look) => getDevice(request, id, look),
    createReboot: (deviceId, order) => createReboot(request, deviceId, order),
    findReboot: (deviceId, key) => findReboot(request, deviceId, key),
    getReboot: (id, look) => getReboot(request, id, look),
    recentReboots: deviceId => recentReboots(request, deviceId),
    expectMany: async () => {
      transport = await context.bulkTransport();
    },
    workUnattended: () => {
      attended = false;
    },
    pausedUntil: () => pace.pausedUntil(),
  };
}
