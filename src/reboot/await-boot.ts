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
  reboot: Reboot;
  /** Start of the boot before the reboot (RFC 3339), null when it was not known. */
  bootedBefore: string | null;
  waitMs: number;
}

/** The pauses between looks (milliseconds): soon at first, then gently. */
const firstPause = 1_000;
const longestPause = 5_000;
/** How long the last look may take beyond the wait (milliseconds). */
const lastLook = 2_000;

/**
 * Waits until a device is back: online, with a boot that began later than the one before. "Online" alone
 * can be the old boot. Trouble while looking is sat out until the time is up.
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
  let trouble: RemoError | undefined;
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const left = Math.max(0, start + waitMs - clock.now());
    // A look that gets no answer must not outlast the wait by much.
    const timeUp = AbortSignal.timeout(left + lastLook);
    const how = { signal: timeUp, settling: signal === undefined };
    try {
      await clock.sleep(Math.min(pause, left), signal);
      const device = await api.getDevice(reboot.device_id, how);
      look(device);
      const back = isBack(device, bootedBefore, reboot);
      if (back && Date.parse(device.booted_at) > Date.parse(reboot.requested_at)) {
        return { outcome: 'rebooted', bootedAt: device.booted_at, tookMs: clock.now() - start };
      }
      const { status, failure } = await api.getReboot(reboot.id, how);
      // Later than the boot before, but not than the instruction: a boot of its own accord in between, or a
      // device whose clock is behind. Then the backend's word decides whose it was.
      if (back && status === 'completed') {
        return { outcome: 'rebooted', bootedAt: device.booted_at, tookMs: clock.now() - start };
      }
      if (status === 'failed') {
        const online = device.status === 'online';
        return { outcome: 'failed', reason: { code: 'reboot_failed', failure, online } };
      }
      trouble = undefined;
    } catch (thrown) {
      if (signal?.aborted) return { outcome: 'accepted', reason: { code: 'wait_interrupted' } };
      if (timeUp.aborted) break;
      trouble = asRemoError(thrown);
      if (trouble.exitCode === ExitCode.notPermitted) break;
    }
    // Judged after the look, so that a computer that slept through its time still looks once.
    if (clock.now() - start >= waitMs) break;
  }
  return trouble
    ? { outcome: 'unknown', reason: { code: 'unwatched', error: trouble } }
    : { outcome: 'unknown', reason: { code: 'not_back', waitedMs: waitMs } };
}

function isBack(
  device: Device,
  bootedBefore: string | null,
  reboot: Reboot,
): device is Device & { booted_at: string } {
  if (device.status !== 'online' || device.booted_at === null) return false;
  return Date.parse(device.booted_at) > Date.parse(bootedBefore ?? reboot.requested_at);
}
