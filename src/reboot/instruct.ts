import type { RebootOrder, RebootReceipt, RecentReboots } from '../api/index.js';
import type { Reboot } from '../api/schemas.js';
import type { Clock } from '../clock.js';
import { asRemoError, ExitCode, RemoError } from '../errors.js';
import type { Ending, SkipReason } from './outcome.js';
import { isUnderWay } from './plan.js';

/** What instructing asks of the API. */
export interface InstructApi {
  createReboot(deviceId: string, order: RebootOrder): Promise<RebootReceipt>;
  findReboot(deviceId: string, key: string): Promise<Reboot | undefined>;
  getReboot(id: string, look?: { settling: boolean }): Promise<Reboot>;
  recentReboots(deviceId: string): Promise<RecentReboots>;
}

export interface Instruction extends RebootOrder {
  deviceId: string;
  earlier?: Earlier;
}

/** When earlier processes may have given an instruction already: first and last (milliseconds, our clock). */
export interface Earlier {
  first: number;
  last: number;
}

/** What matters of a reboot that is ours. */
type OwnReboot = Pick<Reboot, 'id' | 'device_id' | 'status' | 'failure' | 'requested_at'>;

/** The instruction was taken, or how it ended otherwise. */
export type Instructed =
  | { taken: true; reboot: OwnReboot; requestId?: string }
  | { taken: false; ending: Ending; requestId?: string };

/** The contract keeps a key for at least 24 hours; an hour is left for clocks that differ (milliseconds). */
const keyLifetime = 23 * 3_600_000;
/** So long an instruction of a process that is gone may still be on its way (milliseconds). */
const longestOnTheWay = 300_000;
/** A backend that lost its answer may still be at work; asked again after this long (milliseconds). */
const secondLookAfter = 2_000;

/**
 * Gives one reboot instruction and finds out what came of it. The API repeats the request under the same
 * key while no answer comes; when that does not settle it, the backend is asked for the reboot under that
 * key, and only what it can't answer is `unknown`. Never throws.
 */
export async function instruct(
  instruction: Instruction,
  api: InstructApi,
  clock: Clock,
): Promise<Instructed> {
  const { deviceId, earlier, ...rest } = instruction;
  const { key } = rest;
  // Repeated after a night's sleep of this computer, it would be a new one to a backend that has forgotten the key.
  const order = { ...rest, keyUntil: (earlier?.first ?? clock.now()) + keyLifetime };
  let error: RemoError;
  try {
    const receipt = await api.createReboot(deviceId, order);
    const { reboot, requestId } = receipt;
    return { taken: true, reboot, ...(requestId === undefined ? {} : { requestId }) };
  } catch (thrown) {
    error = asRemoError(thrown);
  }
  // Nothing has left, or nothing was taken: the device is looked at anew, and with it what became of earlier ones.
  if (error.is('reading_outdated')) return { taken: false, ending: refusal(error) };
  const requestId = 'requestId' in error.params ? error.params.requestId : undefined;
  const known = requestId === undefined ? {} : { requestId };
  const certain = earlier === undefined && !mayHaveBeenTaken(error);
  try {
    // Somebody in between may have sent it twice; then the reboot in progress is ours.
    const reboot = certain
      ? await ownReboot(error, deviceId, key, api)
      : ((await api.findReboot(deviceId, key)) ??
        (await ownReboot(error, deviceId, key, api)) ??
        (await lookAgain(deviceId, key, api, clock)));
    if (reboot) return { taken: true, reboot };
  } catch (thrown) {
    return { taken: false, ending: unanswered(asRemoError(thrown)), ...known };
  }
  if (certain) return { taken: false, ending: refusal(await naming(error, deviceId, api)), ...known };
  // The backend knows no reboot under the key. Where every attempt was answered, its refusal stands. Where
  // one was not, that one may still arrive, whatever was said to the others.
  const answered =
    !mayStillArrive(earlier, clock) && !wasLost(error) && !error.is('network', 'bad_response', 'internal');
  return { taken: false, ending: answered ? refusal(error) : unanswered(error), ...known };
}

/**
 * What became of an instruction that an earlier process may have given. Where the backend knows nothing of
 * it, giving it again under the same key is safe for as long as the backend keeps the key. Never throws.
 * @returns undefined when it may be given (again)
 */
export async function settleEarlier(
  { deviceId, key, earlier }: { deviceId: string; key: string; earlier: Earlier },
  api: InstructApi,
  clock: Clock,
): Promise<Instructed | undefined> {
  try {
    const reboot = await api.findReboot(deviceId, key);
    if (reboot) return { taken: true, reboot };
  } catch (thrown) {
    return { taken: false, ending: unanswered(asRemoError(thrown)) };
  }
  if (clock.now() - earlier.first < keyLifetime) return undefined;
  return { taken: false, ending: { outcome: 'unknown', reason: { code: 'key_expired' } } };
}

/** Whether an instruction of a process that is gone may yet come to the backend. */
function mayStillArrive(earlier: Earlier | undefined, clock: Clock): boolean {
  return earlier !== undefined && clock.now() - earlier.last <= longestOnTheWay;
}

/**
 * How it ends when a device is not to be instructed (again) that the backend knew no reboot of ours of. What keeps
 * us from it may be that very reboot, which has arrived since. Never throws.
 */
export async function leaveEarlier(
  reason: SkipReason,
  { deviceId, key, earlier }: { deviceId: string; key: string; earlier: Earlier },
  api: InstructApi,
  clock: Clock,
): Promise<Instructed> {
  try {
    const reboot = await api.findReboot(deviceId, key);
    if (reboot) return { taken: true, reboot };
  } catch (thrown) {
    const error = asRemoError(thrown);
    // The device may be gone altogether.
    if (!error.is('not_found')) return { taken: false, ending: unanswered(error) };
  }
  const arriving = mayStillArrive(earlier, clock);
  const error = new RemoError('not_found', { operation: 'findReboot' });
  return { taken: false, ending: arriving ? unanswered(error) : { outcome: 'skipped', reason } };
}

/** The reboot that a backend refused ours for, if it is ours. @throws whatever the API throws */
async function ownReboot(
  error: RemoError,
  deviceId: string,
  key: string,
  api: InstructApi,
): Promise<Reboot | undefined> {
  if (!error.is('reboot_in_progress')) return undefined;
  const { rebootId } = error.params;
  const named = rebootId === undefined ? undefined : await lookAt(rebootId, api);
  if (!named) return api.findReboot(deviceId, key);
  return named.idempotency_key === key ? named : undefined;
}

/** The same error with the reboot that is in progress, if the backend names it elsewhere. Never throws. */
async function naming(error: RemoError, deviceId: string, api: InstructApi): Promise<RemoError> {
  if (!error.is('reboot_in_progress') || error.params.rebootId !== undefined) return error;
  const told = await api.recentReboots(deviceId).catch(() => undefined);
  const other = told?.reboots.find(isUnderWay);
  return other ? new RemoError(error.code, { ...error.params, rebootId: other.id }) : error;
}

/** A reboot by its id; undefined where the backend does not show it. */
async function lookAt(id: string, api: InstructApi): Promise<Reboot | undefined> {
  return api.getReboot(id, { settling: true }).catch(error => {
    if (error instanceof RemoError && error.is('not_found', 'forbidden')) return undefined;
    throw error;
  });
}

async function lookAgain(deviceId: string, key: string, api: InstructApi, clock: Clock) {
  await clock.sleep(secondLookAfter);
  return api.findReboot(deviceId, key);
}

/** A 5xx can follow a reboot that was created; so can an attempt that got no answer. */
function mayHaveBeenTaken(error: RemoError): boolean {
  return (error.is('server_error', 'internal') && !isOfSignIn(error)) || wasLost(error);
}

/** Whether it was the sign-in server that failed, so that nothing was sent this time. */
export function isOfSignIn(error: RemoError): boolean {
  return error.is('server_error') && error.params.host !== undefined;
}

/** Whether some attempt at the instruction got no answer of the backend's own. */
function wasLost(error: RemoError): boolean {
  return 'lost' in error.params && error.params.lost === true;
}

/** Whether the backend can't be reached, or takes nothing from anybody, at present. */
export function isAway(error: RemoError): boolean {
  if (error.is('rate_limited', 'network') || isOfSignIn(error)) return true;
  return error.is('server_error') && [502, 503, 504].includes(error.params.status);
}

/** Whether it is the sign-in that the backend objects to. */
export function isSignedOut(error: RemoError): boolean {
  return error.exitCode === ExitCode.notPermitted && !error.is('forbidden');
}

function refusal(error: RemoError): Ending {
  if (error.is('reboot_in_progress')) {
    const { rebootId } = error.params;
    return {
      outcome: 'skipped',
      reason: { code: 'already_rebooting', ...(rebootId === undefined ? {} : { rebootId }) },
    };
  }
  if (error.is('device_offline')) return { outcome: 'skipped', reason: { code: 'offline' } };
  if (error.is('not_found')) return { outcome: 'skipped', reason: { code: 'gone' } };
  if (error.is('interrupted')) return { outcome: 'not_attempted', reason: { code: 'interrupted' } };
  // Not a word about the device: the same instruction may well be taken another time.
  const late = error.is('window_closed', 'reading_outdated', 'too_late');
  if (late || isAway(error) || isSignedOut(error))
    return { outcome: 'not_attempted', reason: { code: 'stopped', error } };
  return { outcome: 'failed', reason: { code: 'refused', error } };
}

function unanswered(error: RemoError): Ending {
  return { outcome: 'unknown', reason: { code: 'no_answer', error } };
}
