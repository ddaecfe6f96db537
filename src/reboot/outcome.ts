import { ExitCode, RemoError } from '../errors.js';
import type { PlannedDevice } from './plan.js';

/** Why a device was left out on purpose. */
export type SkipReason =
  | { code: 'offline' }
  | { code: 'already_rebooting'; rebootId?: string }
  | { code: 'duplicate' }
  /** `at` is the backend's clock (RFC 3339), `by` the address of a partner user. */
  | { code: 'recently_rebooted'; rebootId: string; at: string; by: string }
  | { code: 'changed_hands' }
  /** The backend does not know it (any more). */
  | { code: 'gone' }
  /** The backend does not let us see it, for now: such a device ends `not_attempted`. */
  | { code: 'denied'; error: RemoError }
  /** The backend fails at it, while it answers for others: likewise. */
  | { code: 'unreadable'; error: RemoError };

/** The reboot of somebody else that a device is left out for, as far as the backend tells of it. */
export function otherReboot(skip: SkipReason) {
  return {
    reboot_id: 'rebootId' in skip ? (skip.rebootId ?? null) : null,
    requested_at: skip.code === 'recently_rebooted' ? skip.at : null,
    requested_by: skip.code === 'recently_rebooted' ? skip.by : null,
  };
}

/**
 * How it ended for one device, with the reason where there is one. Exactly one a device:
 * `accepted` the instruction was taken (and its effect not waited for);
 * `rebooted` online again, with a later boot time, or completed by the backend's word to the end of the wait;
 * `failed` the backend said no, or the reboot failed; nothing is pending;
 * `skipped` not sent on purpose;
 * `not_attempted` the run stopped before its turn;
 * `unknown` sent, and what came of it could not be learnt even by asking again.
 */
export type Ending =
  | { outcome: 'accepted'; reason?: { code: 'wait_interrupted' } }
  /** `bootedAt` is null where no boot was seen that must have been the instruction's: by the backend's word alone. */
  | { outcome: 'rebooted'; bootedAt: string | null; tookMs: number }
  | {
      outcome: 'failed';
      reason:
        | { code: 'refused'; error: RemoError }
        /** `online` tells whether the device was seen to be so; its old boot goes on then. */
        | { code: 'reboot_failed'; failure: string | null; online: boolean };
    }
  | { outcome: 'skipped'; reason: SkipReason }
  | { outcome: 'not_attempted'; reason: { code: 'interrupted' } | { code: 'stopped'; error: RemoError } }
  | {
      outcome: 'unknown';
      reason:
        | { code: 'no_answer'; error: RemoError }
        | { code: 'key_expired' }
        /** The backend no longer knows the device. */
        | { code: 'gone' }
        | { code: 'not_back'; waitedMs: number }
        | { code: 'unwatched'; error: RemoError };
    };
export type Outcome = Ending['outcome'];
/** Every outcome, the good ones first. */
export const outcomes = [
  'accepted',
  'rebooted',
  'failed',
  'skipped',
  'not_attempted',
  'unknown',
] as const satisfies readonly Outcome[];

/** One device of a run and what became of it. */
export interface DeviceResult {
  planned: PlannedDevice;
  ending: Ending;
  /** The Idempotency-Key, once one was made. */
  key?: string;
  rebootId?: string;
  /** When the backend took the instruction (RFC 3339, the backend's clock). */
  requestedAt?: string;
  /** The request id of the answer that settled it. */
  requestId?: string;
}

/** What a run came to: a result for each planned device, in the plan's order. */
export interface RunReport {
  batchId: string;
  results: readonly DeviceResult[];
  /** What stopped the run early, if anything did. */
  stoppedBy?: RemoError;
}

/** What stopped a run, as it is told: a journal that failed under way says "nothing was sent" only if that is so. */
export function stopOf({ results, stoppedBy }: RunReport): RemoError | undefined {
  if (!stoppedBy?.is('journal_unwritable') || results.every(({ key }) => key === undefined)) return stoppedBy;
  return new RemoError('journal_incomplete', stoppedBy.params, { cause: stoppedBy });
}

/**
 * The exit code of a run: what stopped it; else 8 for an unknown outcome, before 3 for one not rebooted. A limit
 * of its own that stopped it says no more than 3.
 */
export function exitCodeOf(report: RunReport): ExitCode {
  const { results } = report;
  const stop = stopOf(report);
  if (stop && stop.exitCode !== ExitCode.notAllRebooted) return stop.exitCode;
  return exitCodeOfOutcomes(results.flatMap(({ ending }) => (isDuplicate(ending) ? [] : [ending.outcome])));
}

/** The exit code that outcomes come to: 8 with an unknown one, else 3 with one that was not rebooted. */
export function exitCodeOfOutcomes(found: readonly Outcome[]): ExitCode {
  if (found.includes('unknown')) return ExitCode.outcomeUnknown;
  const good = found.every(outcome => outcome === 'accepted' || outcome === 'rebooted');
  return good ? ExitCode.done : ExitCode.notAllRebooted;
}

function isDuplicate(ending: Ending): boolean {
  return ending.outcome === 'skipped' && ending.reason.code === 'duplicate';
}

/** The outcomes after which the owner may miss video and may have to sign in again. */
export type FeltOutcome = Extract<Outcome, 'accepted' | 'rebooted' | 'unknown'>;

/** Reasons of an unknown outcome that no later look will change. */
export const nothingToFindOut: ReadonlySet<string> = new Set(['key_expired', 'gone']);

/**
 * Whether a device that was waited for is not back, or not known to be: no other of its customer is started then.
 * One that the backend no longer knows is nobody's to wait for.
 */
export function isNotBack(ending: Ending): boolean {
  if (ending.outcome === 'unknown') return ending.reason.code !== 'gone';
  return ending.outcome === 'failed' && ending.reason.code === 'reboot_failed' && !ending.reason.online;
}

/** Whether the device did or may have rebooted, so that its owner may have to sign in again. */
export function mayHaveRebooted<T extends { outcome: Outcome }>(one: T): one is T & { outcome: FeltOutcome } {
  return one.outcome === 'accepted' || one.outcome === 'rebooted' || one.outcome === 'unknown';
}

/** Whether something is left to do or to find out, so that going on with the run makes sense. */
export function isOpen(ending: Ending): boolean {
  const { outcome } = ending;
  return (
    (outcome === 'unknown' && !nothingToFindOut.has(ending.reason.code)) ||
    outcome === 'not_attempted' ||
    (outcome === 'accepted' && ending.reason !== undefined)
  );
}
