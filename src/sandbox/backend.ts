import type { Account, Customer, Device, Reboot } from '../api/schemas.js';
import type { Fleet, FleetCustomer, FleetDevice } from './fleet.js';
import { Problem } from './problem.js';

/** A reboot as it was instructed. How it stands follows from the time, see `stage`. */
export interface RebootRecord {
  readonly id: string;
  readonly deviceId: string;
  readonly customerId: string;
  readonly key: string;
  readonly reason: string | null;
  readonly requestedBy: string;
  /** Milliseconds since the epoch. */
  readonly requestedAt: number;
  /** Milliseconds from the instruction to the end. */
  readonly duration: number;
  readonly behavior: FleetDevice['behavior'];
}
type Stage = Reboot['status'];

/**
 * The state behind the API. Nothing runs in it: what a reboot has come to is worked out from the clock
 * whenever somebody asks, so that it is the same for everybody and needs no timer.
 */
export class Backend {
  /** Every reboot instructed, oldest first. */
  readonly reboots: RebootRecord[] = [];
  private readonly byId = new Map<string, RebootRecord>();
  private readonly byKey = new Map<string, RebootRecord>();
  private readonly ofDevice = new Map<string, RebootRecord[]>();

  constructor(
    readonly fleet: Fleet,
    readonly account: Account,
    private readonly now: () => number,
    /** How long a reboot takes, milliseconds. */
    private readonly bootTime: number,
  ) {}

  /** Customers whose e-mail address contains the text, in any case; all of them without one. */
  customers(email?: string): FleetCustomer[] {
    if (email === undefined) return this.fleet.customers;
    const wanted = email.toLowerCase();
    return this.fleet.customers.filter(customer => customer.email.toLowerCase().includes(wanted));
  }

  /** @throws Problem 404 */
  customer(id: string): FleetCustomer {
    return this.found(this.fleet.byId.get(id), 'customer');
  }

  /** @throws Problem 404 */
  device(id: string): FleetDevice {
    return this.found(this.fleet.devices.get(id), 'device');
  }

  /** @throws Problem 404 */
  reboot(id: string): RebootRecord {
    return this.found(this.byId.get(id), 'reboot');
  }

  /** Reboots of a device, newest first. @throws Problem 404 */
  rebootsOf(deviceId: string, key?: string): RebootRecord[] {
    this.device(deviceId);
    const all = (this.ofDevice.get(deviceId) ?? []).toReversed();
    return key === undefined ? all : all.filter(record => record.key === key);
  }

  /**
   * Takes the instruction to reboot a device, once per key.
   * @throws Problem 404; 422 when the key belongs to another device; 409 while a reboot runs or the device is offline
   */
  instruct(
    deviceId: string,
    key: string,
    reason: string | null,
  ): { record: RebootRecord; replayed: boolean } {
    const device = this.device(deviceId);
    const earlier = this.byKey.get(key);
    if (earlier && earlier.deviceId !== deviceId) {
      throw new Problem(422, 'idempotency_key_reused', 'This key was used for another device.');
    }
    if (earlier) return { record: earlier, replayed: true };
    const latest = this.ofDevice.get(deviceId)?.at(-1);
    if (latest && running(this.stage(latest))) {
      const members = { reboot_id: latest.id };
      throw new Problem(409, 'reboot_in_progress', 'The device is already rebooting.', { members });
    }
    if (device.status === 'offline') {
      throw new Problem(409, 'device_offline', "The device is offline; the instruction can't reach it.");
    }
    const record: RebootRecord = {
      id: `reb_${(this.reboots.length + 1).toString(36).padStart(8, '0')}`,
      deviceId,
      customerId: device.customer_id,
      key,
      reason,
      requestedBy: this.account.email,
      requestedAt: this.now(),
      duration: this.bootTime,
      behavior: device.behavior,
    };
    this.keep(record);
    return { record, replayed: false };
  }

  private keep(record: RebootRecord): void {
    this.reboots.push(record);
    this.byId.set(record.id, record);
    this.byKey.set(record.key, record);
    const earlier = this.ofDevice.get(record.deviceId);
    if (earlier) earlier.push(record);
    else this.ofDevice.set(record.deviceId, [record]);
  }

  private stage(record: RebootRecord): Stage {
    const elapsed = this.now() - record.requestedAt;
    // For its first tenth the device still runs its old boot: being online proves nothing yet.
    if (elapsed < record.duration / 10) return 'accepted';
    if (elapsed < record.duration || record.behavior === 'stuck') return 'in_progress';
    return record.behavior === 'fails' ? 'failed' : 'completed';
  }

  /** The customer as the contract shows one. */
  showCustomer({ devices, ...customer }: FleetCustomer): Customer {
    return { ...customer, device_count: devices.length };
  }

  /** The device as the contract shows one, at this moment. */
  showDevice({ behavior: _, ...device }: FleetDevice): Device {
    const latest = this.ofDevice.get(device.id)?.at(-1);
    const stage = latest && this.stage(latest);
    if (latest && stage === 'in_progress' && latest.behavior !== 'fails') {
      return { ...device, status: 'rebooting', last_seen_at: iso(latest.requestedAt + latest.duration / 10) };
    }
    const booted = this.ofDevice.get(device.id)?.findLast(record => this.stage(record) === 'completed');
    return {
      ...device,
      booted_at: booted ? iso(bootedAt(booted)) : device.booted_at,
      last_seen_at: device.status === 'online' ? iso(this.now()) : device.last_seen_at,
    };
  }

  /** The reboot as the contract shows one, at this moment. */
  showReboot(record: RebootRecord): Reboot {
    const status = this.stage(record);
    return {
      id: record.id,
      device_id: record.deviceId,
      customer_id: record.customerId,
      status,
      reason: record.reason,
      requested_at: iso(record.requestedAt),
      requested_by: record.requestedBy,
      completed_at: running(status) ? null : iso(record.requestedAt + record.duration),
      failure: status === 'failed' ? 'The device did not respond to the instruction.' : null,
      idempotency_key: record.key,
    };
  }

  private found<T>(value: T | undefined, what: string): T {
    if (value === undefined) throw new Problem(404, 'not_found', `No such ${what}.`);
    return value;
  }
}

function running(stage: Stage): boolean {
  return stage === 'accepted' || stage === 'in_progress';
}

/** The new boot starts when power has come back, halfway through the reboot. */
function bootedAt(record: RebootRecord): number {
  return record.requestedAt + record.duration / 2;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
