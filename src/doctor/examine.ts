import type { Context } from '../context.js';
import { asRemoError, type ExitCode, RemoError } from '../errors.js';
import { type Check, type CheckName, type Finding, notLookedAt, type Visit } from './check.js';
import { localChecks, terminalCheck } from './local.js';
import { networkChecks } from './network.js';
import { signInChecks } from './sign-in.js';

/** What came of one check. */
export interface Result {
  check: CheckName;
  finding: Finding | RemoError;
  /** What it means for the exit code; 0 unless it failed. */
  exitCode: ExitCode;
}

const checks: readonly Check[] = [...localChecks, ...networkChecks, ...signInChecks, terminalCheck];

/**
 * Looks at everything, one after the other, and tells each result as it comes. A failure stops only what
 * could but repeat it.
 * @param settingErrors what is wrong with the settings, which the context does without by now
 * @throws the signal's reason
 */
export async function* examine(
  context: Context,
  settingErrors: readonly RemoError[],
): AsyncGenerator<Result> {
  const visit: Visit = { context, settingErrors };
  /** What can't be relied on, and the check that all of it comes from. */
  const blocked = new Map<CheckName, CheckName>();
  for (const check of checks) {
    const finding = await outcome(check, visit, blocked);
    context.signal.throwIfAborted();
    const failed = finding instanceof RemoError || finding.status === 'fail';
    if (failed) blocked.set(check.name, check.name);
    else if (finding.status === 'skipped' && finding.because) blocked.set(check.name, finding.because);
    const exitCode = finding instanceof RemoError ? finding.exitCode : failed ? check.exitCode : 0;
    yield { check: check.name, finding, exitCode };
  }
}

async function outcome(
  check: Check,
  visit: Visit,
  blocked: ReadonlyMap<CheckName, CheckName>,
): Promise<Finding | RemoError> {
  const { context } = visit;
  const [because] = (check.needs ?? []).flatMap(needed => blocked.get(needed) ?? []);
  if (because) return notLookedAt(because, context);
  try {
    if (check.endsByItself) return await check.look(visit);
    // A little longer than a request may take, whose own error says more.
    return await within(context.settings.timeout + 1000, check.look(visit), context);
  } catch (error) {
    return asRemoError(error);
  }
}

async function within(ms: number, work: Promise<Finding>, { clock, signal, messages }: Context) {
  const done = new AbortController();
  const late = async (): Promise<Finding> => {
    await clock.sleep(ms, AbortSignal.any([signal, done.signal]));
    const { late: detail, lateFix: fix } = messages.doctor;
    return { status: 'fail', detail: detail(Math.round(ms / 1000)), fix };
  };
  try {
    return await Promise.race([work, late()]);
  } finally {
    done.abort();
  }
}
