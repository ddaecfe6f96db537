import type { Context } from '../context.js';
import type { Account, Customer, Device, Page, Reboot } from './schemas.js';

/** Where a listing starts and how it is cut into pages; both count from 1. */
export interface PageRequest {
  page: number;
  perPage: number;
}

/** The operations of the partner API (openapi.yaml). Each throws RemoError. */
export interface Api {
  getAccount(): Promise<Account>;
  customersPage(query: PageRequest & { email?: string }): Promise<Page<Customer>>;
  /** All customers, a page at a time, fetched some pages ahead, in order. */
  allCustomers(query: { email?: string }): AsyncIterable<Page<Customer>>;
  getCustomer(id: string): Promise<Customer>;
  devicesPage(customerId: string, query: PageRequest): Promise<Page<Device>>;
  allDevices(customerId: string): AsyncIterable<Page<Device>>;
  getDevice(id: string): Promise<Device>;
  /**
   * Instructs a device to reboot, under a key that makes repeating it harmless.
   * @throws RemoError; `params.lost` says whether an attempt may have reached the backend unanswered
   */
  createReboot(deviceId: string, instruction: { key: string; reason?: string }): Promise<RebootReceipt>;
  /** The reboot that was created under a key, if there is one. */
  findReboot(deviceId: string, key: string): Promise<Reboot | undefined>;
  getReboot(id: string): Promise<Reboot>;
}

/** The backend's answer to a reboot instruction. */
export interface RebootReceipt {
  reboot: Reboot;
  /** The backend had created it for an earlier request with the same key. */
  replayed: boolean;
  requestId?: string;
}

/** The API of the context's backend, spoken to as its signed-in user. @throws RemoError `api_url_missing` */
export async function openApi(_context: Context): Promise<Api> {
  throw new Error('under construction');
}
