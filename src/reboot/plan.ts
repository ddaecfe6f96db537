import type { Customer, Device } from '../api/schemas.js';
import type { Clock } from '../clock.js';
import { RemoError } from '../errors.js';
import type { SkipReason } from './outcome.js';
import type { DeviceRecord, RunRecord } from './record.js';

/** What planning asks of the API. */
export interface PlanApi {
  getDevice(id: string): Promise<Device>;
  getCustomer(id: string): Promise<Customer>;
}

/** One line of a plan: the device, its owner, and why it will be left out, if it will. */
export interface PlannedDevice {
  device: Device;
  customer: Customer;
  /** When the backend was asked (milliseconds, our clock). */
  readAt: number;
  skip?: SkipReason;
  /** What an earlier process of the same run had already done with it. */
  prior?: DeviceRecord;
}

/** What a run will do, in this order. */
export interface Plan {
  devices: readonly PlannedDevice[];
  /** Ids that the backend does not know; empty unless they were to be left out. */
  missing: readonly string[];
}

/** How many look-ups are under way at once. */
const lookupConcurrency = 8;

/**
 * Looks every device and its owner up, before anything is sent. An id given twice is planned once and
 * noted as skipped after that.
 * @param skipMissing leave ids out that the backend does not know, instead of failing
 * @throws RemoError `device_not_found` naming every unknown id; whatever the API throws
 */
export async function makePlan(
  ids: readonly string[],
  api: PlanApi,
  clock: Clock,
  { skipMissing = false } = {},
): Promise<Plan> {
  const distinct = [...new Set(ids)];
  const devices = new Map<string, { device: Device; readAt: number }>();
  const missing: string[] = [];
  await inParallel(distinct, lookupConcurrency, async id => {
    const device = await api.getDevice(id).catch(error => {
      if (!(error instanceof RemoError && error.is('not_found'))) throw error;
      missing.push(id);
      return undefined;
    });
    if (device) devices.set(id, { device, readAt: clock.now() });
  });
  const unknown = distinct.filter(id => missing.includes(id));
  if (unknown.length > 0 && !skipMissing) throw new RemoError('device_not_found', { ids: unknown });
  const owners = new Set([...devices.values()].map(({ device }) => device.customer_id));
  const customers = new Map<string, Customer>();
  await inParallel([...owners], lookupConcurrency, async id => {
    customers.set(id, await api.getCustomer(id));
  });
  return { devices: arrange(ids, devices, customers), missing: unknown };
}

function arrange(
  ids: readonly string[],
  devices: ReadonlyMap<string, { device: Device; readAt: number }>,
  customers: ReadonlyMap<string, Customer>,
): PlannedDevice[] {
  const seen = new Set<string>();
  return ids.flatMap(id => {
    const read = devices.get(id);
    const customer = read && customers.get(read.device.customer_id);
    if (!read || !customer) return [];
    const skip: SkipReason | undefined = seen.has(id) ? { code: 'duplicate' } : skipReason(read.device);
    seen.add(id);
    return [{ ...read, customer, ...(skip ? { skip } : {}) }];
  });
}

/**
 * What is left of a run that an earlier process began. A device it may have instructed is not skipped for its
 * state, which may be our own doing; one that belongs to somebody else by now is.
 * @throws as `makePlan`
 */
export async function makeResumePlan(record: RunRecord, api: PlanApi, clock: Clock): Promise<Plan> {
  const left = new Map(record.devices.flatMap(device => (device.settled ? [] : [[device.deviceId, device]])));
  const plan = await makePlan([...left.keys()], api, clock, { skipMissing: true });
  const devices = plan.devices.map(({ skip, ...planned }): PlannedDevice => {
    const prior = left.get(planned.device.id);
    const changedHands = prior?.customerId !== planned.customer.id;
    if (changedHands) return { ...planned, skip: { code: 'changed_hands' } };
    if (prior.key !== undefined) return { ...planned, prior };
    return skip ? { ...planned, skip } : planned;
  });
  return { ...plan, devices };
}

/** A plan's devices by their customer's id, both in the plan's order. */
export function byCustomer(plan: Plan): Map<string, [PlannedDevice, ...PlannedDevice[]]> {
  const groups = new Map<string, [PlannedDevice, ...PlannedDevice[]]>();
  for (const planned of plan.devices) {
    const group = groups.get(planned.customer.id);
    if (group) group.push(planned);
    else groups.set(planned.customer.id, [planned]);
  }
  return groups;
}

/** Why a device in this state is not to be rebooted, if so. A state we do not know is the backend's to judge. */
export function skipReason({ status }: Device): SkipReason | undefined {
  if (status === 'offline') return { code: 'offline' };
  if (status === 'rebooting') return { code: 'already_rebooting' };
  return undefined;
}

/** Runs a task for each item, at most `limit` at once. The first error ends it. */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
