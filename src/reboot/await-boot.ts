import type { Device, Reboot } from '../api/schemas.js';
import type { Clock } from '../clock.js';
import { asRemoError, ExitCode, type RemoError } from '../errors.js';
import type { Ending } from './outcome.js';

/** How a read is made. `signal` ends it early, with its reason; `settling`: the user's Ctrl-C does not. */
interface Look {
  signal?: AbortSignal;
  settling?: boolean;
}

/** What waiting asks of the API. */
export interface AwaitApi {
  getDevice(id: string, look?: Look): Promise<Device>;
  getReboot(id: string, look?: Look): Promise<Reboot>;
}

export interface Awaited {
  reboot: Pick<Reboot, 'id' | 'device_id' | 'requested_at'>;
  /** Start of the boot before the reboot (RFC 3339), null when it was not known. */
  bootedBefore: string | null;
  waitMs: number;
}

/** The pauses between looks (milliseconds): soon at first, then gently. */
const firstPause = 1_000;
const longestPause = 5_000;
/** Where the device itself is the proof, a backend that can't tell how the reboot stands takes nothing from it. */
const unanswered = { status: null, failure: null };
/** How long the last look may take beyond the wait (milliseconds). */
const lastLook = 2_000;

/**
 * Waits until a device is back: online, with a boot that began later than the instruction. "Online" alone
 * can be the old boot. A boot between the one before and the instruction is the device's if its clock is behind;
 * then the backend has to say that the reboot has completed, and the boot to have begun under our eyes, as an old
 * answer may tell of one that had nothing to do with the instruction. So it has where the boot before is not known
 * and no other was seen, as the clock of the device may be ahead. Of one that is back at the first look it is asked as
 * well: who looks hours later may see a boot that somebody else has caused. Trouble while looking is sat out until
 * the time is up.
 * @param signal ends the waiting; without one nothing does
 * @param look called with the device at each look
 */
export async function awaitBoot(
  { reboot, bootedBefore, waitMs }: Awaited,
  api: AwaitApi,
  clock: Clock,
  signal: AbortSignal | undefined,
  look: (device: Device) => void,
): Promise<Ending> {
  const start = clock.now();
  const rebooted = (bootedAt: string | null): Ending => {
    return { outcome: 'rebooted', bootedAt, tookMs: clock.now() - start };
  };
  const remaining = () => Math.max(0, start + waitMs - clock.now());
  let trouble: RemoError | undefined;
  let first: Device | undefined;
  /** At the last look it was online, and completed by the backend's word. */
  let completed = false;
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    let seen = false;
    let timeUp: AbortSignal | undefined;
    try {
      await clock.sleep(Math.min(pause, remaining()), signal);
      // A look that gets no answer must not outlast the wait by much. One that a sleep of the computer has made late
      // has this time all the same.
      timeUp = AbortSignal.timeout(remaining() + lastLook);
      const how = { signal: timeUp, settling: signal === undefined };
      const device = await api.getDevice(reboot.device_id, how);
      seen = true;
      look(device);
      const unseen = first === undefined;
      first ??= device;
      const changed = device.booted_at !== first.booted_at;
      const back = isBack(device, bootedBefore, reboot);
      const later = back && Date.parse(device.booted_at) > Date.parse(reboot.requested_at);
      const proven = later && (changed || bootedBefore !== null);
      if (proven && !unseen) return rebooted(device.booted_at);
      const asked = api.getReboot(reboot.id, how);
      const { status, failure } = await (proven ? asked.catch(() => unanswered) : asked);
      completed = back && status === 'completed';
      if (status === 'failed') {
        const online = device.status === 'online';
        return { outcome: 'failed', reason: { code: 'reboot_failed', failure, online } };
      }
      if (proven || (completed && (changed || later))) return rebooted(device.booted_at);
      trouble = undefined;
    } catch (thrown) {
      if (signal?.aborted) return { outcome: 'accepted', reason: { code: 'wait_interrupted' } };
      // It was seen in time, and was not back.
      if (timeUp?.aborted && seen) break;
      trouble = asRemoError(thrown);
      if (timeUp?.aborted || trouble.exitCode === ExitCode.notPermitted) break;
    }
    // Judged after the look, so that a computer that slept through its time still looks once.
    if (clock.now() - start >= waitMs) break;
  }
  if (completed) return rebooted(null);
  return trouble
    ? { outcome: 'unknown', reason: { code: 'unwatched', error: trouble } }
    : { outcome: 'unknown', reason: { code: 'not_back', waitedMs: waitMs } };
}

function isBack(
  device: Device,
  bootedBefore: string | null,
  reboot: Awaited['reboot'],
): device is Device & { booted_at: string } {
  if (device.status !== 'online' || device.booted_at === null) return false;
  return Date.parse(device.booted_at) > Date.parse(bootedBefore ?? reboot.requested_at);
}
