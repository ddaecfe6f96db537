import type { RebootReceipt } from '../../src/api/index.js';
import type { Customer, Device, Reboot } from '../../src/api/schemas.js';
import type { Clock } from '../../src/clock.js';
import { type ErrorCode, type ErrorParams, RemoError } from '../../src/errors.js';

/** What happens to one instruction on its way. `taken`: the backend acted on it all the same. */
export type Mishap = { taken: boolean; error: RemoError };

/** The reboot part of a backend, in memory and exactly by the contract, with mishaps on request. */
export class FakeBackend {
  readonly devices = new Map<string, Device>();
  readonly customers = new Map<string, Customer>();
  readonly reboots: Reboot[] = [];
  /** Mishaps of the coming instructions, and errors of the coming searches by key, in order. */
  readonly mishaps: Mishap[] = [];
  readonly searchErrors: RemoError[] = [];
  /** Errors of the coming looks at a device. */
  readonly lookErrors: RemoError[] = [];
  bootMs = 8_000;
  /** What becomes of a reboot. */
  fate: 'back' | 'failed' | 'never' = 'back';
  readonly calls: string[] = [];

  constructor(private readonly clock: Clock) {}

  addDevice(id: string, changes: Partial<Device> = {}, owner: Partial<Customer> = {}): Device {
    const customer_id = changes.customer_id ?? 'cus_1';
    const device: Device = {
      id,
      customer_id,
      name: `camera ${id}`,
      kind: 'camera',
      model: 'WV-S1536LTN',
      serial_number: '1',
      mac_address: '00:00:5E:00:53:01',
      ip_address: null,
      firmware_version: null,
      status: 'online',
      last_seen_at: null,
      booted_at: '2026-11-01T00:00:00Z',
      ...changes,
    };
    this.devices.set(id, device);
    this.customers.set(customer_id, {
      id: customer_id,
      name: 'さくら商店',
      email: 'sakura@example.jp',
      linked_at: '2026-01-01T00:00:00Z',
      device_count: 1,
      signed_in: true,
      ...owner,
    });
    return device;
  }

  rebootsOf(deviceId: string): Reboot[] {
    return this.reboots.filter(({ device_id }) => device_id === deviceId);
  }

  async getDevice(id: string): Promise<Device> {
    this.calls.push(`GET device ${id}`);
    const error = this.lookErrors.shift();
    if (error) throw error;
    const device = this.devices.get(id);
    if (!device) throw failure('not_found', { operation: 'getDevice' });
    const newest = this.rebootsOf(id).at(-1);
    if (!newest || this.fate === 'failed') return { ...device };
    if (this.underWay(id)) return { ...device, status: 'rebooting' };
    return { ...device, status: 'online', booted_at: new Date(this.backAt(newest)).toISOString() };
  }

  private underWay(deviceId: string): Reboot | undefined {
    const newest = this.rebootsOf(deviceId).at(-1);
    if (!newest || this.fate === 'failed') return undefined;
    return this.fate === 'never' || this.clock.now() < this.backAt(newest) ? newest : undefined;
  }

  private backAt({ requested_at }: Reboot): number {
    return Date.parse(requested_at) + this.bootMs;
  }

  async latestReboot(deviceId: string): Promise<Reboot | undefined> {
    this.calls.push(`LATEST reboot ${deviceId}`);
    return this.rebootsOf(deviceId).at(-1);
  }

  async getCustomer(id: string): Promise<Customer> {
    this.calls.push(`GET customer ${id}`);
    const customer = this.customers.get(id);
    if (!customer) throw failure('not_found', { operation: 'getCustomer' });
    return customer;
  }

  async createReboot(
    deviceId: string,
    { key, reason }: { key: string; reason?: string },
  ): Promise<RebootReceipt> {
    this.calls.push(`POST reboot ${deviceId}`);
    const mishap = this.mishaps.shift();
    if (mishap && !mishap.taken) throw mishap.error;
    const known = this.reboots.find(reboot => reboot.idempotency_key === key);
    const underWay = this.underWay(deviceId);
    if (!known && underWay) {
      const params = { operation: 'createReboot', lost: false, rebootId: underWay.id };
      throw failure('reboot_in_progress', params);
    }
    const reboot = known ?? this.create(deviceId, key, reason);
    if (mishap) throw mishap.error;
    return { reboot, replayed: known !== undefined, requestId: `req-${this.calls.length}` };
  }

  async findReboot(deviceId: string, key: string): Promise<Reboot | undefined> {
    this.calls.push(`FIND reboot ${deviceId}`);
    const error = this.searchErrors.shift();
    if (error) throw error;
    return this.rebootsOf(deviceId).find(reboot => reboot.idempotency_key === key);
  }

  async getReboot(id: string): Promise<Reboot> {
    this.calls.push(`GET reboot ${id}`);
    const reboot = this.reboots.find(one => one.id === id);
    if (!reboot) throw failure('not_found', { operation: 'getReboot' });
    if (this.fate === 'failed') return { ...reboot, status: 'failed', failure: 'watchdog' };
    return { ...reboot, status: 'in_progress' };
  }

  private create(deviceId: string, key: string, reason: string | undefined): Reboot {
    const device = this.devices.get(deviceId);
    if (!device) throw failure('not_found', { operation: 'createReboot' });
    const reboot: Reboot = {
      id: `rb_${this.reboots.length + 1}`,
      device_id: deviceId,
      customer_id: device.customer_id,
      status: 'accepted',
      reason: reason ?? null,
      requested_at: new Date(this.clock.now()).toISOString(),
      requested_by: 'hanako@partner.example',
      completed_at: null,
      failure: null,
      idempotency_key: key,
    };
    this.reboots.push(reboot);
    return reboot;
  }
}

export function failure<C extends ErrorCode>(code: C, params: ErrorParams[C]): RemoError {
  return new RemoError(code, params);
}

/** The API's errors after its own repeating is over, by what they say of the instruction. */
export const failures = {
  timeout: () =>
    failure('network', { operation: 'createReboot', lost: true, trouble: 'timeout', host: 'h', detail: '' }),
  refused: () =>
    failure('network', { operation: 'createReboot', lost: false, trouble: 'refused', host: 'h', detail: '' }),
  gateway: () => failure('server_error', { operation: 'createReboot', lost: true, status: 504 }),
  internal: () =>
    failure('server_error', {
      operation: 'createReboot',
      lost: false,
      status: 500,
      serverCode: 'internal',
      requestId: 'req-500',
    }),
  garbled: () =>
    failure('bad_response', {
      operation: 'createReboot',
      lost: true,
      status: 202,
      field: 'id',
      detail: 'missing',
    }),
  rateLimited: () => failure('rate_limited', { operation: 'createReboot', lost: false, status: 429 }),
  offline: () => failure('device_offline', { operation: 'createReboot', lost: false }),
  busy: (lost = false) =>
    failure('reboot_in_progress', { operation: 'createReboot', lost, rebootId: 'rb_other' }),
  forbidden: () => failure('forbidden', { operation: 'createReboot', lost: false }),
  /** The user left before it was sent; its last moment came before it was. */
  interrupted: () => failure('interrupted', { signal: 'SIGINT' }),
  late: (lost = false) => failure('window_closed', { operation: 'createReboot', lost }),
  signedOut: () => failure('unauthenticated', { operation: 'createReboot', lost: false }),
};
