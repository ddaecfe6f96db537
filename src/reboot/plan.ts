import type { RecentReboots } from '../api/index.js';
import type { Customer, Device, Reboot } from '../api/schemas.js';
import type { Clock } from '../clock.js';
import { ExitCode, RemoError } from '../errors.js';
import type { SkipReason } from './outcome.js';
import type { DeviceRecord, RunRecord } from './record.js';

/** What planning asks of the API. */
export interface PlanApi {
  getDevice(id: string): Promise<Device>;
  getCustomer(id: string): Promise<Customer>;
  recentReboots(deviceId: string): Promise<RecentReboots>;
}

export interface PlanOptions {
  /** Leave devices out that the backend does not know, or does not let us see, instead of failing. */
  skipMissing?: boolean;
  /** Leave devices out that the backend fails at while it answers for others, instead of failing. */
  skipUnreadable?: boolean;
  /** A device that anyone rebooted within this time is left out (milliseconds, 0: none is). */
  minIntervalMs: number;
  /** How many look-ups are under way at once. */
  concurrency: number;
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
}

/** What the backend says of a device, and when it was asked. */
type Reading = Pick<PlannedDevice, 'device' | 'readAt' | 'skip'>;

/**
 * Looks every device, its last reboot and its owner up, before anything is sent. An id given twice is planned
 * once and noted as skipped after that.
 * @throws RemoError `device_not_found`, `device_forbidden` naming every such id; whatever the API throws, with the
 * device where it is about that one
 */
export async function makePlan(
  ids: readonly string[],
  api: PlanApi,
  clock: Clock,
  { skipMissing = false, skipUnreadable = false, minIntervalMs, concurrency }: PlanOptions,
): Promise<Plan> {
  const distinct = [...new Set(ids)];
  const readings = new Map<string, Reading>();
  const refusals = new Map<string, RemoError>();
  let unreadable: RemoError | undefined;
  let inARow = 0;
  await inParallel(distinct, concurrency, async id => {
    try {
      readings.set(id, await readDevice(id, api, clock, minIntervalMs));
      inARow = 0;
    } catch (error) {
      if (!(error instanceof RemoError)) throw error;
      if (error.is('not_found', 'forbidden')) inARow = 0;
      else if (isOfDevice(error)) {
        unreadable ??= ofDevice(error, id);
        if (!skipUnreadable || ++inARow >= mostInARow) throw unreadable;
      } else throw error;
      refusals.set(id, error);
    }
  });
  const answered = readings.size > 0 || [...refusals.values()].some(error => !isOfDevice(error));
  if (unreadable && !answered) throw unreadable;
  const missing = distinct.filter(id => refusals.get(id)?.is('not_found'));
  const denied = distinct.filter(id => refusals.get(id)?.is('forbidden'));
  if (missing.length > 0 && !skipMissing) throw new RemoError('device_not_found', { ids: missing });
  if (denied.length > 0 && !skipMissing) throw new RemoError('device_forbidden', { ids: denied });
  const owners = new Set([...readings.values()].map(({ device }) => device.customer_id));
  const customers = new Map<string, Customer>();
  await inParallel([...owners], concurrency, async id => {
    customers.set(id, await api.getCustomer(id));
  });
  for (const [id, error] of refusals) readings.set(id, unseen(id, error, clock.now()));
  return { devices: arrange(ids, readings, customers) };
}

/** After so many failures without an answer between them it is the backend as a whole that fails. */
const mostInARow = 10;

/** Whether the backend may have failed at one device alone. */
function isOfDevice(error: RemoError): boolean {
  if (error.is('server_error')) return error.params.host === undefined && error.params.status !== 503;
  return error.is('bad_response', 'request_rejected');
}

function ofDevice(error: RemoError, device: string): RemoError {
  return new RemoError(error.code, { ...error.params, device } as typeof error.params, { cause: error });
}

/** What stands for a device that the backend does not show: its id is all that is known of it. */
function unseen(id: string, error: RemoError, readAt: number): Reading {
  const device: Device = {
    id,
    customer_id: unknownId,
    name: '',
    kind: 'unknown',
    model: '',
    serial_number: '',
    mac_address: '',
    ip_address: null,
    firmware_version: null,
    status: 'unknown',
    last_seen_at: null,
    booted_at: null,
  };
  if (error.is('not_found')) return { device, readAt, skip: { code: 'gone' } };
  return { device, readAt, skip: { code: error.is('forbidden') ? 'denied' : 'unreadable', error } };
}

/** No id of the contract is empty. */
const unknownId = '';
const unknownCustomer: Customer = {
  id: unknownId,
  name: '',
  email: '',
  linked_at: '',
  device_count: 0,
  signed_in: null,
};

/** Whether it is known whose device it is. */
export function hasOwner({ customer }: PlannedDevice): boolean {
  return customer.id !== unknownId;
}

/** A device as it is now, and why it is not to be rebooted, if so. @throws whatever the API throws */
export async function readDevice(
  id: string,
  api: PlanApi,
  clock: Clock,
  minIntervalMs: number,
): Promise<Reading> {
  const device = await api.getDevice(id);
  // Before the other answer is asked for: one that is older than this says nothing of a reboot since.
  const readAt = clock.now();
  const known = skipReason(device);
  const rebooting = known?.code === 'already_rebooting';
  const wanted = rebooting || (!known && minIntervalMs > 0);
  const told = wanted ? await rebootsOf(device, api, readAt - minIntervalMs) : undefined;
  const recent = told && recentlyRebooted({ toldAt: clock.now(), ...told }, minIntervalMs);
  // A reboot that ends between the two looks is a recent one by then.
  const skip = rebooting ? (recent ?? naming(known, told)) : (known ?? recent);
  return { device, readAt, ...(skip ? { skip } : {}) };
}

/** The last reboots. Where the backend can't tell, a boot before `since` proves as well that there was none after. */
async function rebootsOf(device: Device, api: PlanApi, since: number): Promise<RecentReboots | undefined> {
  return api.recentReboots(device.id).catch(error => {
    const troubled = error instanceof RemoError && error.exitCode === ExitCode.backend;
    if (troubled && Date.parse(device.booted_at ?? '') < since) return undefined;
    throw error;
  });
}

/**
 * Who rebooted it a short while ago, if anyone did: by the backend's own clock where it tells the time, so that a
 * wrong one on either side does no harm.
 */
function recentlyRebooted(
  { reboots, toldAt: now }: Required<RecentReboots>,
  minIntervalMs: number,
): SkipReason | undefined {
  // One that failed left the device as the one before it had.
  const latest = reboots.find(({ status }) => status !== 'failed');
  if (!latest) return undefined;
  if (now - Date.parse(latest.requested_at) >= minIntervalMs) return undefined;
  const { id: rebootId, requested_at: at, requested_by: by } = latest;
  if (isUnderWay(latest)) return { code: 'already_rebooting', rebootId };
  return { code: 'recently_rebooted', rebootId, at, by };
}

/** Names the reboot that is under way, where the backend does. */
function naming(reason: SkipReason, told: RecentReboots | undefined): SkipReason {
  const named = told?.reboots.find(isUnderWay);
  return named && reason.code === 'already_rebooting' ? { ...reason, rebootId: named.id } : reason;
}

export function isUnderWay({ status }: Reboot): boolean {
  return status === 'accepted' || status === 'in_progress';
}

function arrange(
  ids: readonly string[],
  readings: ReadonlyMap<string, Reading>,
  customers: ReadonlyMap<string, Customer>,
): PlannedDevice[] {
  const seen = new Set<string>();
  return ids.flatMap(id => {
    const reading = readings.get(id);
    if (!reading) return [];
    const customer = customers.get(reading.device.customer_id) ?? unknownCustomer;
    const again = seen.has(id);
    seen.add(id);
    return [{ ...reading, customer, ...(again ? { skip: { code: 'duplicate' as const } } : {}) }];
  });
}

/**
 * What is left of a run that an earlier process began. A device it may have instructed is not skipped, whatever
 * its state, which may be our own doing, and whoever it belongs to by now; unless the backend does not show it.
 * @throws as `makePlan`
 */
export async function makeResumePlan(record: RunRecord, api: PlanApi, clock: Clock): Promise<Plan> {
  const { concurrency, min_interval_ms: minIntervalMs } = record.header.options;
  const left = new Map(record.devices.flatMap(device => (device.settled ? [] : [[device.deviceId, device]])));
  const plan = await makePlan([...left.keys()], api, clock, {
    skipMissing: true,
    skipUnreadable: true,
    minIntervalMs,
    concurrency,
  });
  const devices = plan.devices.flatMap((planned): PlannedDevice[] => {
    const prior = left.get(planned.device.id);
    return prior ? [leftOf(hasOwner(planned) ? planned : recorded(planned, prior, record), prior)] : [];
  });
  return { devices };
}

/** A device that the backend does not show, as the journal knows it. */
function recorded(planned: PlannedDevice, prior: DeviceRecord, { header }: RunRecord): PlannedDevice {
  const { customerId: id, deviceName: name, ownerSignedIn: signed_in } = prior;
  const owner = header.customers.find(({ customer_id }) => customer_id === id);
  return {
    ...planned,
    device: { ...planned.device, name, customer_id: id },
    customer: { ...planned.customer, id, signed_in, name: owner?.name ?? '', email: owner?.email ?? '' },
  };
}

function leftOf({ skip, ...planned }: PlannedDevice, prior: DeviceRecord): PlannedDevice {
  const unseen = skip?.code === 'gone' || (skip && 'error' in skip);
  if (prior.key !== undefined) return { ...planned, prior, ...(unseen ? { skip } : {}) };
  // Of what the backend did not show then, nobody knew whose it was.
  const changedHands = prior.customerId !== unknownId && prior.customerId !== planned.customer.id;
  if (changedHands) return { ...planned, skip: { code: 'changed_hands' } };
  return skip ? { ...planned, skip } : planned;
}

/**
 * A plan's devices by their customer's id, in the plan's order, but a customer's recorders last: a recorder takes
 * the recording of its cameras with it.
 */
export function byCustomer(devices: readonly PlannedDevice[]): Map<string, Lane> {
  const lanes = new Map<string, Lane>();
  for (const planned of devices) {
    const lane = lanes.get(planned.customer.id);
    if (lane) lane.push(planned);
    else lanes.set(planned.customer.id, [planned]);
  }
  for (const lane of lanes.values()) lane.sort((a, b) => Number(isRecorder(a)) - Number(isRecorder(b)));
  return lanes;
}

/** The devices of one customer. */
export type Lane = [PlannedDevice, ...PlannedDevice[]];

/** Whether an earlier process may have instructed it. */
export function isBegun({ prior }: PlannedDevice): boolean {
  return prior?.key !== undefined;
}

/** Whether an earlier process left it in the middle, so that it counts among those that are under way at once. */
export function isLeftUnderWay({ prior }: PlannedDevice): boolean {
  return prior?.key !== undefined && (prior.outcome === 'accepted' || prior.reason === 'in_flight');
}

export function isRecorder({ device }: PlannedDevice): boolean {
  return device.kind === 'recorder';
}

/** Why a device in this state is not to be rebooted, if so. A state we do not know is the backend's to judge. */
function skipReason({ status }: Device): SkipReason | undefined {
  if (status === 'offline') return { code: 'offline' };
  if (status === 'rebooting') return { code: 'already_rebooting' };
  return undefined;
}

/** The same plan, with every reading to be taken anew: much may have happened while a person was being asked. */
export function grownOld(plan: Plan): Plan {
  const readAt = Number.NEGATIVE_INFINITY;
  return { ...plan, devices: plan.devices.map(planned => ({ ...planned, readAt })) };
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
