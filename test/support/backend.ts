import type { RebootOrder, RebootReceipt, RecentReboots } from '../../src/api/index.js';
import type { Customer, Device, Reboot } from '../../src/api/schemas.js';
import type { Clock } from '../../src/clock.js';
import { type ErrorCode, type ErrorParams, RemoError } from '../../src/errors.js';

/** What happens to one instruction on its way. `taken`: the backend acted on it all the same. */
export type Mishap = { taken: boolean; error: RemoError };
/** What becomes of a reboot. */
export type Fate = 'back' | 'failed' | 'never';

/** The contract lets a backend forget a key after a day (milliseconds). */
const keyLifetime = 24 * 3_600_000;

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
  /** How long a device takes to boot, and what becomes of its reboots, unless `behaviours` says otherwise. */
  bootMs = 8_000;
  fate: Fate = 'back';
  readonly behaviours = new Map<string, { bootMs?: number; fate?: Fate }>();
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

  async getDevice(id: string, _look?: { signal?: AbortSignal }): Promise<Device> {
    this.calls.push(`GET device ${id}`);
    const error = this.lookErrors.shift();
    if (error) throw error;
    const device = this.devices.get(id);
    if (!device) throw failure('not_found', { operation: 'getDevice' });
    const stages = this.rebootsOf(id).map(reboot => ({ reboot, stage: this.stage(reboot) }));
    if (stages.at(-1)?.stage === 'in_progress') return { ...device, status: 'rebooting' };
    const last = stages.findLast(({ stage }) => stage === 'completed');
    if (!last) return { ...device };
    return { ...device, status: 'online', booted_at: new Date(this.backAt(last.reboot)).toISOString() };
  }

  private stage(reboot: Reboot): Reboot['status'] {
    const fate = this.behaviours.get(reboot.device_id)?.fate ?? this.fate;
    if (fate === 'failed') return 'failed';
    return fate === 'never' || this.clock.now() < this.backAt(reboot) ? 'in_progress' : 'completed';
  }

  private backAt({ device_id, requested_at }: Reboot): number {
    return Date.parse(requested_at) + (this.behaviours.get(device_id)?.bootMs ?? this.bootMs);
  }

  private show(reboot: Reboot): Reboot {
    const status = this.stage(reboot);
    return { ...reboot, status, failure: status === 'failed' ? 'watchdog' : null };
  }

  async recentReboots(deviceId: string): Promise<RecentReboots> {
    this.calls.push(`RECENT reboots ${deviceId}`);
    const reboots = this.rebootsOf(deviceId).toReversed();
    return { reboots: reboots.map(reboot => this.show(reboot)), toldAt: this.clock.now() };
  }

  async getCustomer(id: string): Promise<Customer> {
    this.calls.push(`GET customer ${id}`);
    const customer = this.customers.get(id);
    if (!customer) throw failure('not_found', { operation: 'getCustomer' });
    return customer;
  }

  async createReboot(
    deviceId: string,
    { key, reason, notAfter = Number.POSITIVE_INFINITY, keyUntil = notAfter }: RebootOrder,
  ): Promise<RebootReceipt> {
    if (this.clock.now() >= notAfter) throw failures.late();
    if (this.clock.now() >= keyUntil) throw failures.tooLate();
    this.calls.push(`POST reboot ${deviceId}`);
    const mishap = this.mishaps.shift();
    if (mishap && !mishap.taken) throw mishap.error;
    const known = this.underKey(deviceId, key);
    const reboot = known ?? this.take(deviceId, key, reason);
    if (mishap) throw mishap.error;
    return { reboot, replayed: known !== undefined, requestId: `req-${this.calls.length}` };
  }

  async findReboot(deviceId: string, key: string): Promise<Reboot | undefined> {
    this.calls.push(`FIND reboot ${deviceId}`);
    const error = this.searchErrors.shift();
    if (error) throw error;
    const known = this.underKey(deviceId, key);
    return known && this.show(known);
  }

  async getReboot(id: string): Promise<Reboot> {
    this.calls.push(`GET reboot ${id}`);
    const reboot = this.reboots.find(one => one.id === id);
    if (!reboot) throw failure('not_found', { operation: 'getReboot' });
    return this.show(reboot);
  }

  /** Somebody else reboots a device. */
  rebootBy(who: string, deviceId: string): Reboot {
    const reboot = this.take(deviceId, `key-of-${who}-${this.reboots.length}`, undefined);
    reboot.requested_by = who;
    return reboot;
  }

  private underKey(deviceId: string, key: string): Reboot | undefined {
    const remembered = this.clock.now() - keyLifetime;
    return this.rebootsOf(deviceId).find(
      reboot => reboot.idempotency_key === key && Date.parse(reboot.requested_at) > remembered,
    );
  }

  private take(deviceId: string, key: string, reason: string | undefined): Reboot {
    const device = this.devices.get(deviceId);
    if (!device) throw failure('not_found', { operation: 'createReboot' });
    const newest = this.rebootsOf(deviceId).at(-1);
    if (newest && this.stage(newest) === 'in_progress') {
      const params = { operation: 'createReboot', lost: false, rebootId: newest.id };
      throw failure('reboot_in_progress', params);
    }
    if (device.status === 'offline') throw failures.offline();
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
      problem: { kind: 'expected', what: 'string' },
    }),
  rateLimited: () => failure('rate_limited', { operation: 'createReboot', lost: false, status: 429 }),
  offline: () => failure('device_offline', { operation: 'createReboot', lost: false }),
  busy: (lost = false) =>
    failure('reboot_in_progress', { operation: 'createReboot', lost, rebootId: 'rb_other' }),
  forbidden: () => failure('forbidden', { operation: 'createReboot', lost: false }),
  /** The user left before it was sent; its last moment came before it was. */
  interrupted: () => failure('interrupted', { signal: 'SIGINT' }),
  late: (lost = false) => failure('window_closed', { operation: 'createReboot', lost }),
  tooLate: (lost = false) => failure('too_late', { operation: 'createReboot', lost }),
  signedOut: () => failure('unauthenticated', { operation: 'createReboot', lost: false }),
};
