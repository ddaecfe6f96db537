import type { Device } from '../api/schemas.js';
import type { Clock } from '../clock.js';
import { asRemoError, ExitCode, RemoError } from '../errors.js';
import { type AwaitApi, awaitBoot } from './await-boot.js';
import { type InstructApi, type Instructed, instruct } from './instruct.js';
import type { DeviceResult, Ending, RunReport, SkipReason } from './outcome.js';
import { byCustomer, inParallel, type Plan, type PlanApi, type PlannedDevice, skipReason } from './plan.js';
import type { DeviceRecord, JournalEntry } from './record.js';

export interface RunOptions {
  batchId: string;
  reason?: string;
  /** How long to wait for each device to come back (milliseconds); absent: not at all. */
  waitMs?: number;
  /** How many customers are worked on at once; the devices of one customer go one after the other. */
  concurrency: number;
}

/** What a run is made of. Interrupting `signal` ends waiting and starting, never an instruction under way. */
export interface RunParts {
  api: PlanApi & InstructApi & AwaitApi;
  journal: { append(entry: JournalEntry): Promise<void> };
  clock: Clock;
  signal: AbortSignal;
  newKey: () => string;
  /** Whether the run is still this process's: one that slept for long may have been taken for dead. */
  held: () => Promise<boolean>;
  observe?: (event: RunEvent) => void;
}
export type RunEvent =
  | { type: 'instructing' | 'accepted'; planned: PlannedDevice }
  | { type: 'waiting'; planned: PlannedDevice; device: Device }
  | { type: 'ended'; result: DeviceResult };

/** A reading older than this (milliseconds) is taken anew right before the instruction. */
const freshFor = 10_000;

/**
 * Carries a plan out: every device ends in exactly one outcome, and each is instructed at most once. The
 * key is on disk before the instruction leaves. Never throws.
 */
export async function runReboots(plan: Plan, options: RunOptions, parts: RunParts): Promise<RunReport> {
  const results = new Map<PlannedDevice, DeviceResult>();
  const run = new Run(options, parts);
  // A customer's devices go one after the other: never two of a site at once.
  await inParallel([...byCustomer(plan).values()], options.concurrency, async lane => {
    for (const planned of lane) {
      const result = await run.device(planned);
      results.set(planned, result);
      parts.observe?.({ type: 'ended', result });
    }
  });
  if (parts.signal.aborted) run.stop(asRemoError(parts.signal.reason));
  await run.record({ type: 'end', stopped_by: run.stoppedBy?.code ?? null });
  return {
    batchId: options.batchId,
    results: plan.devices.flatMap(planned => results.get(planned) ?? []),
    ...(run.stoppedBy ? { stoppedBy: run.stoppedBy } : {}),
  };
}

/** An entry before its time is put in. */
type Unstamped<T> = T extends unknown ? Omit<T, 'at'> : never;

class Run {
  stoppedBy: RemoError | undefined;

  constructor(
    private readonly options: RunOptions,
    private readonly parts: RunParts,
  ) {}

  /** Starts no more devices; what is under way goes on. The first cause is the one told. */
  stop(error: RemoError): void {
    this.stoppedBy ??= error;
  }

  /** Writes to the journal what has already happened; if it can't, that stops the run but unmakes nothing. */
  async record(entry: Unstamped<JournalEntry>): Promise<void> {
    await this.append(entry).catch(error => this.stop(asRemoError(error)));
  }

  private append(entry: Unstamped<JournalEntry>): Promise<void> {
    return this.parts.journal.append({ at: new Date(this.parts.clock.now()).toISOString(), ...entry });
  }

  async device(planned: PlannedDevice): Promise<DeviceResult> {
    if (planned.skip) return this.skip(planned, planned.skip);
    const held = this.held();
    if (held) return { planned, ending: held };
    if (planned.prior?.key !== undefined) return this.goOn(planned, planned.prior, planned.prior.key);
    let current: PlannedDevice;
    const key = this.parts.newKey();
    try {
      current = await this.refresh(planned);
      if (current.skip) return this.skip(current, current.skip);
      const { id, customer_id, booted_at } = current.device;
      const owner_signed_in = current.customer.signed_in;
      await this.append({ type: 'intent', device_id: id, customer_id, key, booted_at, owner_signed_in });
      // Asked after the intent is on disk: who takes the run over from here on finds it and uses its key.
      if (!(await this.parts.held())) throw new RemoError('batch_in_use', { batch: this.options.batchId });
    } catch (thrown) {
      // Nothing has left yet.
      const error = asRemoError(thrown);
      if (error.is('journal_unwritable', 'batch_in_use') || error.exitCode === ExitCode.notPermitted)
        this.stop(error);
      return { planned, ending: { outcome: 'not_attempted', reason: { code: 'stopped', error } } };
    }
    return this.reboot(current, key);
  }

  /** Why the next device is not to be started, if the run was stopped. */
  private held(): Ending | undefined {
    if (this.parts.signal.aborted) return { outcome: 'not_attempted', reason: { code: 'interrupted' } };
    if (this.stoppedBy) {
      return { outcome: 'not_attempted', reason: { code: 'stopped', error: this.stoppedBy } };
    }
    return undefined;
  }

  /** The boot time that the proof compares with has to be the one right before the instruction. */
  private async refresh(planned: PlannedDevice): Promise<PlannedDevice> {
    const { api, clock } = this.parts;
    if (clock.now() - planned.readAt <= freshFor) return planned;
    const device = await api.getDevice(planned.device.id);
    if (device.customer_id !== planned.device.customer_id) {
      return { ...planned, device, skip: { code: 'changed_hands' } };
    }
    const customer = await api.getCustomer(device.customer_id);
    const skip = skipReason(device);
    return { ...planned, device, customer, readAt: clock.now(), ...(skip ? { skip } : {}) };
  }

  private async skip(planned: PlannedDevice, reason: SkipReason): Promise<DeviceResult> {
    const result: DeviceResult = { planned, ending: { outcome: 'skipped', reason } };
    await this.recordEnding(result);
    return result;
  }

  /** Goes on with a device that an earlier process had begun: the key and the boot time before are that one's. */
  private async goOn(planned: PlannedDevice, prior: DeviceRecord, key: string): Promise<DeviceResult> {
    const device = { ...planned.device, booted_at: prior.bootedBefore };
    const current = { ...planned, device };
    if (prior.rebootId === undefined) return this.reboot(current, key, Date.parse(prior.intendedAt ?? ''));
    try {
      const reboot = await this.parts.api.getReboot(prior.rebootId);
      return this.conclude(current, key, { taken: true, reboot });
    } catch (thrown) {
      const error = asRemoError(thrown);
      const ending: Ending = { outcome: 'unknown', reason: { code: 'unwatched', error } };
      return this.conclude(current, key, { taken: false, ending });
    }
  }

  private async reboot(planned: PlannedDevice, key: string, earlier?: number): Promise<DeviceResult> {
    const { api, clock, observe } = this.parts;
    const { reason } = this.options;
    observe?.({ type: 'instructing', planned });
    const instruction = {
      deviceId: planned.device.id,
      key,
      ...(reason === undefined ? {} : { reason }),
      ...(earlier === undefined ? {} : { earlier }),
    };
    return this.conclude(planned, key, await instruct(instruction, api, clock));
  }

  private async conclude(planned: PlannedDevice, key: string, instructed: Instructed): Promise<DeviceResult> {
    const result: DeviceResult = { planned, key, ...(await this.follow(planned, key, instructed)) };
    if (instructed.requestId !== undefined) result.requestId = instructed.requestId;
    if (instructed.taken) {
      result.rebootId = instructed.reboot.id;
      result.requestedAt = instructed.reboot.requested_at;
    }
    await this.recordEnding(result);
    return result;
  }

  /** From the backend's answer to the ending, waiting for the device where that was asked for. */
  private async follow(
    planned: PlannedDevice,
    key: string,
    instructed: Instructed,
  ): Promise<{ ending: Ending }> {
    const { api, clock, signal, observe } = this.parts;
    if (!instructed.taken) {
      const { ending } = instructed;
      if (ending.outcome === 'failed' && ending.reason.code === 'refused') {
        const { error } = ending.reason;
        if (error.exitCode === ExitCode.notPermitted) this.stop(error);
      }
      return { ending };
    }
    const { reboot, requestId = null } = instructed;
    const { id: reboot_id, device_id, requested_at } = reboot;
    await this.record({ type: 'accepted', device_id, key, reboot_id, requested_at, request_id: requestId });
    observe?.({ type: 'accepted', planned });
    if (reboot.status === 'failed') {
      return { ending: { outcome: 'failed', reason: { code: 'reboot_failed', failure: reboot.failure } } };
    }
    if (this.options.waitMs === undefined) return { ending: { outcome: 'accepted' } };
    const awaited = { reboot, bootedBefore: planned.device.booted_at, waitMs: this.options.waitMs };
    const ending = await awaitBoot(awaited, api, clock, signal, device =>
      observe?.({ type: 'waiting', planned, device }),
    );
    return { ending };
  }

  /** `accepted` stands in the journal already; `not_attempted` is the absence of an entry. */
  private async recordEnding({ planned, ending, key, requestId }: DeviceResult): Promise<void> {
    const device_id = planned.device.id;
    if (ending.outcome === 'skipped') {
      const { reason } = ending;
      const reboot_id = reason.code === 'already_rebooting' ? (reason.rebootId ?? null) : null;
      await this.record({ type: 'skipped', device_id, key: key ?? null, reason: reason.code, reboot_id });
    }
    if (key === undefined) return;
    if (ending.outcome === 'rebooted') {
      await this.record({ type: 'rebooted', device_id, key, booted_at: ending.bootedAt });
    }
    if (ending.outcome === 'failed' || ending.outcome === 'unknown') {
      const { reason } = ending;
      const code = 'error' in reason ? `${reason.code}: ${reason.error.code}` : reason.code;
      await this.record({
        type: ending.outcome,
        device_id,
        key,
        reason: code,
        request_id: requestId ?? null,
      });
    }
  }
}
