import { asRemoError, RemoError } from '../errors.js';
import { DeviceCourse, type RunOptions, type RunParts } from './course.js';
import { type DeviceResult, isNotBack, type RunReport } from './outcome.js';
import {
  byCustomer,
  inParallel,
  isBegun,
  isLeftUnderWay,
  isRecorder,
  type Plan,
  type PlannedDevice,
} from './plan.js';
import type { RunSettings } from './record.js';

/**
 * Carries a plan out: every device ends in exactly one outcome, and each is instructed at most once. The
 * key is on disk before the instruction leaves. Never throws.
 */
export async function runReboots(plan: Plan, options: RunOptions, parts: RunParts): Promise<RunReport> {
  const results = new Map<PlannedDevice, DeviceResult>();
  // With a single device there is nothing else to stop but the waiting.
  const course = new DeviceCourse(options, parts, plan.devices.length === 1);
  const eligible = plan.devices.filter(({ skip }) => !skip);
  const tooMany = failureCount(eligible.length, options);
  /** Of each customer, the device that was waited for and is not back: no other of theirs is started then. */
  const away = new Map<string, string>();
  const carryOut = async (planned: PlannedDevice): Promise<DeviceResult> => {
    const { customer, device } = planned;
    const result = await course.device(planned, () => away.get(customer.id));
    results.set(planned, result);
    const waits = options.settings.wait_ms !== null;
    if (waits && isNotBack(result.ending)) away.set(customer.id, device.id);
    parts.observe?.({ type: 'ended', result });
    const exceeded = tooMany(result);
    if (exceeded) course.brake.stop(exceeded);
    return result;
  };

  await inLanes(eligible.filter(isLeftUnderWay), options, carryOut);
  const unproven = await tryCanaries(eligible, results, options, carryOut);
  if (unproven) course.brake.stop(unproven);
  const left = plan.devices.filter(planned => !results.has(planned));
  await inLanes(left, options, carryOut);

  if (parts.signal.aborted) course.brake.stop(asRemoError(parts.signal.reason));
  // What no device has waited for may still stop the run.
  await course.entries.written;
  const { stoppedBy } = course.brake;
  await course.entries.add({ type: 'end', stopped_by: stoppedBy?.code ?? null });
  return {
    batchId: options.batchId,
    results: plan.devices.flatMap(planned => results.get(planned) ?? []),
    ...(stoppedBy ? { stoppedBy } : {}),
  };
}

type CarryOut = (planned: PlannedDevice) => Promise<DeviceResult>;
type Pace = Pick<RunOptions['settings'], 'concurrency' | 'per_customer'>;

/**
 * So many customers at once, and of each so many devices: first those that an earlier process had begun with, as
 * others of the customer may have to wait for them, and the recorders when the others are done.
 */
async function inLanes(
  devices: readonly PlannedDevice[],
  { settings }: { settings: Pace },
  carryOut: CarryOut,
): Promise<void> {
  await inParallel([...byCustomer(devices).values()], settings.concurrency, async lane => {
    const begun = lane.filter(isBegun);
    const others = lane.filter(planned => !isBegun(planned) && !isRecorder(planned));
    const recorders = lane.filter(planned => !isBegun(planned) && isRecorder(planned));
    for (const group of [begun, others, recorders]) {
      await inParallel(group, settings.per_customer, async planned => void (await carryOut(planned)));
    }
  });
}

/**
 * Reboots a few devices first, of as many customers as can be; those that an earlier process had begun with before
 * all others, as nothing may follow them until they are back. One that is skipped proves nothing, so the next one
 * takes its place.
 * @param results of those that count already, and of these
 * @returns why not to go on: one of them did not come back
 */
async function tryCanaries(
  eligible: readonly PlannedDevice[],
  results: ReadonlyMap<PlannedDevice, DeviceResult>,
  options: RunOptions,
  carryOut: CarryOut,
): Promise<RemoError | undefined> {
  let wanted = options.settings.canary;
  let tried = eligible.filter(planned => results.has(planned));
  const candidates = inTurns([...byCustomer(eligible.filter(planned => !results.has(planned))).values()]);
  candidates.sort((a, b) => Number(isBegun(b)) - Number(isBegun(a)));
  while (wanted > 0) {
    const ended = tried.flatMap(planned => results.get(planned) ?? []);
    const lost = ended.filter(({ ending: { outcome } }) => outcome !== 'rebooted' && outcome !== 'skipped');
    if (lost.length > 0) {
      // Of a customer whose device is not back no other was even started.
      const started = lost.filter(({ ending }) => ending.outcome !== 'not_attempted');
      const named = started.length > 0 ? started : lost;
      return new RemoError('canary_failed', { ids: named.map(({ planned }) => planned.device.id) });
    }
    wanted -= ended.filter(({ ending }) => ending.outcome === 'rebooted').length;
    tried = candidates.splice(0, Math.max(0, wanted));
    if (tried.length === 0) break;
    await inLanes(tried, options, carryOut);
  }
  return undefined;
}

/**
 * A plan's devices as a run comes to them: those that are to go first, then customer by customer, recorders last. So
 * many customers are under way at once.
 */
export function inOrder({ devices }: Plan, { canary }: Pick<RunSettings, 'canary'>): PlannedDevice[] {
  const eligible = devices.filter(({ skip }) => !skip);
  const first = new Set(inTurns([...byCustomer(eligible).values()]).slice(0, canary));
  const others = devices.filter(planned => !first.has(planned));
  return [...first, ...[...byCustomer(others).values()].flat()];
}

/** The first of each, then the second of each, and so on. */
function inTurns<T>(lanes: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lanes.map(lane => lane.length));
  return Array.from({ length: longest }, (_, turn) =>
    lanes.flatMap(lane => lane.slice(turn, turn + 1)),
  ).flat();
}

/** Counts what went wrong. @returns what to ask after each device: why not to go on, once it was too much */
function failureCount(
  eligible: number,
  { settings, before = { devices: 0, failures: 0 } }: RunOptions,
): (result: DeviceResult) => RemoError | undefined {
  const total = before.devices + eligible;
  let { failures } = before;
  return ({ ending: { outcome } }) => {
    if (outcome === 'failed' || outcome === 'unknown') failures += 1;
    return tooManyFailures(failures, total, settings);
  };
}

/** Why not to go on with a run of so many devices of which so many failed or ended unknown, if so. */
export function tooManyFailures(
  failures: number,
  total: number,
  { max_failures, max_failure_rate }: Pick<RunSettings, 'max_failures' | 'max_failure_rate'>,
): RemoError | undefined {
  const share = max_failure_rate === null ? Number.POSITIVE_INFINITY : max_failure_rate * total;
  const limit = Math.min(max_failures ?? Number.POSITIVE_INFINITY, share);
  return failures > limit ? new RemoError('too_many_failures', { failures, total }) : undefined;
}
