import type { Device } from '../api/schemas.js';
import type { Clock } from '../clock.js';
import { asRemoError, RemoError } from '../errors.js';
import { type AwaitApi, awaitBoot } from './await-boot.js';
import { Brake } from './brake.js';
import { Entries } from './entries.js';
import {
  type Earlier,
  type InstructApi,
  type Instructed,
  instruct,
  leaveEarlier,
  settleEarlier,
} from './instruct.js';
import { Opening, type OpeningEvent } from './opening.js';
import type { DeviceResult, Ending, SkipReason } from './outcome.js';
import type { PlanApi, PlannedDevice } from './plan.js';
import type { DeviceRecord, JournalEntry, RunSettings } from './record.js';
import { freshFor, longestFresh, Refresh } from './refresh.js';

/** So often is a device looked at anew because its instruction was held back, before the run does without it. */
const mostReadings = 10;

export interface RunOptions {
  batchId: string;
  reason: string | null;
  settings: RunSettings;
  /** What earlier processes of the run have done for good: with how many devices, and how many of them failed. */
  before?: { devices: number; failures: number };
}

/** What a run is made of. Interrupting `signal` never ends an instruction under way. */
export interface RunParts {
  api: PlanApi & InstructApi & AwaitApi;
  journal: { append(entry: JournalEntry): Promise<void> };
  clock: Clock;
  signal: AbortSignal;
  newKey: () => string;
  /** Whether the run is still this process's: one that slept for long may have been taken for dead. */
  held: () => Promise<boolean>;
  /** Whether another run on this computer has been at work since a moment (milliseconds, our clock). */
  others: (since: number) => boolean;
  observe?: (event: RunEvent) => void;
}
export type RunEvent =
  | { type: 'instructing' | 'accepted'; planned: PlannedDevice }
  | { type: 'waiting'; planned: PlannedDevice; device: Device }
  | { type: 'ended'; result: DeviceResult }
  | OpeningEvent
  /** No more devices are started; those under way are finished. */
  | { type: 'stopping'; error: RemoError };

/** Takes the devices of one run through it, each from its turn to its ending, and knows whether the run was stopped. */
export class DeviceCourse {
  readonly brake: Brake;
  readonly entries: Entries;
  private readonly opening: Opening;
  private readonly refresh: Refresh;

  /** @param leavesAtOnce whether an interruption ends the waiting as well, and not the starting alone */
  constructor(
    private readonly options: RunOptions,
    private readonly parts: RunParts,
    private readonly leavesAtOnce: boolean,
  ) {
    const { api, clock, journal, observe } = parts;
    this.brake = new Brake(parts.signal, error => observe?.({ type: 'stopping', error }));
    this.entries = new Entries(journal, clock, error => this.brake.stop(error));
    this.opening = new Opening(options.settings.window, clock, this.brake.over, event => observe?.(event));
    this.refresh = new Refresh(options.settings, api, clock, parts.others);
  }

  private async requireHeld(): Promise<void> {
    if (!(await this.parts.held())) throw new RemoError('batch_taken_over', { batch: this.options.batchId });
  }

  /**
   * From its turn to its ending. Never throws.
   * @param away tells of another device of the customer that is not back: this one is not started then
   */
  async device(planned: PlannedDevice, away: () => string | undefined): Promise<DeviceResult> {
    if (planned.skip) return this.passOver(planned, planned.skip);
    const { prior } = planned;
    const key = prior?.key ?? this.parts.newKey();
    let current = planned;
    let patience = freshFor;
    for (let readings = 1; ; readings += 1) {
      // What was taken already only has to be watched, whatever the time of day.
      const taken = prior?.rebootId !== undefined;
      const ending =
        this.held() ?? (taken ? undefined : (heldBy(away()) ?? (await this.turn()) ?? heldBy(away())));
      if (ending) return { planned, ending: stillOpen(prior, ending) };
      const result = await (prior?.key === undefined
        ? this.start(current, key, patience)
        : this.goOn(current, prior, key, patience));
      if (wasStoppedBy('reading_outdated', result.ending) && readings < mostReadings) {
        // A backend that holds requests back for long must not keep the instruction from leaving at all.
        patience = longestFresh;
        current = { ...planned, readAt: Number.NEGATIVE_INFINITY };
        continue;
      }
      // The window closed in the last moment: the device's turn comes again when it opens.
      if (!wasStoppedBy('window_closed', result.ending) || this.options.settings.window?.stop) {
        return { ...result, ending: stillOpen(prior, result.ending) };
      }
      // It may still be open for a moment, in which nothing can be sent.
      await this.opening.untilNextOpening();
    }
  }

  /** Why the next device is not to be started, if the run was stopped. */
  private held(): Ending | undefined {
    const { signal } = this.parts;
    if (signal.aborted) return { outcome: 'not_attempted', reason: { code: 'interrupted' } };
    if (this.brake.stoppedBy) {
      return { outcome: 'not_attempted', reason: { code: 'stopped', error: this.brake.stoppedBy } };
    }
    return undefined;
  }

  /** Waits until the window is open. @returns why the device is not to be started, if so */
  private async turn(): Promise<Ending | undefined> {
    const { window } = this.options.settings;
    while (window && !this.opening.isOpen()) {
      if (window.stop) this.brake.stop(new RemoError('outside_window', window));
      else await this.opening.untilNextOpening();
      const held = this.held();
      if (held) return held;
    }
    return undefined;
  }

  /**
   * Gives the instruction; `prior` is set where an earlier process may have given it already.
   * @param patience how old the reading of the device may be when it leaves (milliseconds)
   */
  private async start(
    planned: PlannedDevice,
    key: string,
    patience: number,
    prior?: DeviceRecord,
  ): Promise<DeviceResult> {
    let current: PlannedDevice;
    try {
      current = await this.refresh.device(planned);
      this.brake.release();
      const { device, customer } = current;
      const { id: device_id, customer_id } = device;
      const booted_at = prior ? prior.bootedBefore : device.booted_at;
      current = { ...current, device: { ...device, booted_at } };
      if (current.skip) return this.leaveOut(current, current.skip, key, prior);
      const held = this.held();
      if (held) return { planned: current, ending: held };
      const owner_signed_in = customer.signed_in;
      await this.entries.intend({ type: 'intent', device_id, customer_id, key, booted_at, owner_signed_in });
      // Asked after the intent is on disk: who takes the run over from here on finds it and uses its key.
      await this.requireHeld();
      const late = this.held();
      if (late) {
        await this.entries.ending({ planned: current, ending: late, key });
        return { planned: current, ending: late };
      }
    } catch (thrown) {
      // Nothing has left yet.
      const error = asRemoError(thrown);
      if (error.is('not_found')) return this.leaveOut(planned, { code: 'gone' }, key, prior);
      if (error.is('journal_unwritable', 'batch_taken_over')) this.brake.stop(error);
      this.brake.stopForUnread(error);
      return {
        planned,
        ending: this.held() ?? { outcome: 'not_attempted', reason: { code: 'stopped', error } },
      };
    }
    return this.reboot(current, key, patience, prior && earlierOf(prior));
  }

  /** Ends a device that the plan leaves out. */
  private async passOver(planned: PlannedDevice, reason: SkipReason): Promise<DeviceResult> {
    const { prior } = planned;
    if ('error' in reason) {
      const { error } = reason;
      const ending: Ending = { outcome: 'not_attempted', reason: { code: 'stopped', error } };
      return { planned, ending: stillOpen(prior, ending) };
    }
    if (prior?.key === undefined) return this.skip(planned, reason);
    // The instruction may have been taken; now nobody can tell any more.
    const ending: Ending = { outcome: 'unknown', reason: { code: 'gone' } };
    return this.conclude(planned, prior.key, { taken: false, ending });
  }

  private async leaveOut(
    planned: PlannedDevice,
    reason: SkipReason,
    key: string,
    prior: DeviceRecord | undefined,
  ): Promise<DeviceResult> {
    if (!prior) return this.skip(planned, reason);
    const { api, clock } = this.parts;
    const instruction = { deviceId: planned.device.id, key, earlier: earlierOf(prior) };
    return this.conclude(planned, key, await leaveEarlier(reason, instruction, api, clock));
  }

  private async skip(planned: PlannedDevice, reason: SkipReason): Promise<DeviceResult> {
    const result: DeviceResult = { planned, ending: { outcome: 'skipped', reason } };
    await this.entries.ending(result);
    return result;
  }

  /** Goes on with a device that an earlier process had begun: the key and the boot time before are that one's. */
  private async goOn(
    planned: PlannedDevice,
    prior: DeviceRecord,
    key: string,
    patience: number,
  ): Promise<DeviceResult> {
    const { api, clock } = this.parts;
    const device = { ...planned.device, booted_at: prior.bootedBefore };
    // What counts is whether the owner was signed in then; the reboot itself may have ended that.
    const customer = { ...planned.customer, signed_in: prior.ownerSignedIn };
    const current = { ...planned, device, customer };
    const { rebootId: id, requestedAt: requested_at } = prior;
    if (id === undefined || requested_at === undefined) {
      const instruction = { deviceId: device.id, key, earlier: earlierOf(prior) };
      const settled = await settleEarlier(instruction, api, clock);
      return settled ? this.conclude(current, key, settled) : this.start(current, key, patience, prior);
    }
    // How it stands the waiting finds out, which also sits out a backend in trouble.
    const reboot = { id, device_id: device.id, status: 'accepted' as const, failure: null, requested_at };
    return this.conclude(current, key, { taken: true, reboot });
  }

  private async reboot(
    planned: PlannedDevice,
    key: string,
    patience: number,
    earlier?: Earlier,
  ): Promise<DeviceResult> {
    const { api, clock, observe } = this.parts;
    const { reason } = this.options;
    observe?.({ type: 'instructing', planned });
    const notAfter = this.opening.closesAt();
    const instruction = {
      deviceId: planned.device.id,
      key,
      freshUntil: planned.readAt + patience,
      ...(reason === null ? {} : { reason }),
      ...(earlier === undefined ? {} : { earlier }),
      ...(notAfter === undefined ? {} : { notAfter }),
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
    await this.entries.ending(result);
    return result;
  }

  /** From the backend's answer to the ending, waiting for the device where that was asked for. */
  private async follow(
    planned: PlannedDevice,
    key: string,
    instructed: Instructed,
  ): Promise<{ ending: Ending }> {
    const { api, clock, signal, observe } = this.parts;
    const { wait_ms: waitMs } = this.options.settings;
    if (!instructed.taken) {
      const { ending } = instructed;
      const refused = ending.outcome === 'failed' || ending.outcome === 'not_attempted';
      if (refused && 'error' in ending.reason) {
        const { error } = ending.reason;
        this.brake.stopFor(error);
      }
      return { ending };
    }
    this.brake.anyTaken = true;
    const { reboot, requestId: request_id = null } = instructed;
    const { id: reboot_id, device_id, requested_at } = reboot;
    const written = this.entries.add({
      type: 'accepted',
      device_id,
      key,
      reboot_id,
      requested_at,
      request_id,
    });
    observe?.({ type: 'accepted', planned });
    if (reboot.status === 'failed') {
      await written;
      const { failure } = reboot;
      const online = planned.device.status === 'online';
      return { ending: { outcome: 'failed', reason: { code: 'reboot_failed', failure, online } } };
    }
    // The next device does not wait for the line above, which can share the flush of its intent. If a kill tears
    // the line off, the intent is left: the backend is asked for its key.
    if (waitMs === null) return { ending: { outcome: 'accepted' } };
    await written;
    const awaited = { reboot, bootedBefore: planned.device.booted_at, waitMs };
    const ends = this.leavesAtOnce ? signal : undefined;
    const ending = await awaitBoot(awaited, api, clock, ends, device =>
      observe?.({ type: 'waiting', planned, device }),
    );
    return { ending };
  }
}

function earlierOf({ intendedAt, lastIntendedAt }: DeviceRecord): Earlier {
  return { first: Date.parse(intendedAt ?? ''), last: Date.parse(lastIntendedAt ?? '') };
}

function heldBy(device: string | undefined): Ending | undefined {
  if (device === undefined) return undefined;
  const error = new RemoError('other_not_back', { device });
  return { outcome: 'not_attempted', reason: { code: 'stopped', error } };
}

/** What an earlier process of the run had begun is not "not attempted" because nobody has looked at it since. */
function stillOpen(prior: DeviceRecord | undefined, ending: Ending): Ending {
  if (prior?.key === undefined || ending.outcome !== 'not_attempted') return ending;
  if (prior.outcome === 'accepted') return { outcome: 'accepted', reason: { code: 'wait_interrupted' } };
  const { reason } = ending;
  const error = reason.code === 'stopped' ? reason.error : new RemoError('interrupted', { signal: 'SIGINT' });
  return { outcome: 'unknown', reason: { code: prior.rebootId ? 'unwatched' : 'no_answer', error } };
}

function wasStoppedBy(code: 'window_closed' | 'reading_outdated', ending: Ending): boolean {
  return (
    ending.outcome === 'not_attempted' && ending.reason.code === 'stopped' && ending.reason.error.is(code)
  );
}
