import type { Context } from '../../context.js';
import { ExitCode, RemoError } from '../../errors.js';
import { Journal } from '../../reboot/journal.js';
import { exitCodeOf, exitCodeOfOutcomes, type RunReport } from '../../reboot/outcome.js';
import { grownOld, makeResumePlan } from '../../reboot/plan.js';
import { type DeviceRecord, isFinished, type RunRecord, type RunSettings } from '../../reboot/record.js';
import { tooManyFailures } from '../../reboot/run.js';
import { inline } from '../../terminal/sanitise.js';
import { askFor } from './ask.js';
import { withRun } from './folder.js';
import { makeReadyFor, perform, requestedBy, type Showing, warn } from './perform.js';
import { deviceLines, summaryLines, tell } from './plan-view.js';
import { openRecord } from './records.js';

export interface ResumeOptions extends Showing {
  yes?: boolean;
  /** Go on at once, outside the time window of the run as well. */
  now?: boolean;
  /** Instead of the run's own limits; they count over the whole run. */
  maxFailures?: number;
  maxFailureRate?: number;
  /** So many others first, instead of the run's own. */
  canary?: number;
}

/**
 * `remo batches resume <run>`: goes on where a run stopped. What may have been instructed is settled at the
 * backend under its own key first, so that nothing is rebooted twice.
 */
export async function resumeBatch(
  batchId: string,
  options: ResumeOptions,
  context: Context,
): Promise<ExitCode> {
  await openRecord(batchId, context);
  if (!options.yes && !context.canAsk) throw new RemoError('answer_needed', { flag: '--yes' });
  await (await context.session()).requireScope('remo.reboot');
  return withRun(batchId, context, async held => {
    // Read under the lock: another process may have gone on with it meanwhile.
    const { record, path } = await openRecord(batchId, context);
    if (isFinished(record)) {
      const { closed, finished } = context.messages.batches;
      context.io.err((record.closed ? closed : finished)(inline(batchId)));
      return exitCodeOfRecord(record);
    }
    const report = await goOn({ record, path, held }, options, context);
    const whole = exitCodeOfRecord((await openRecord(batchId, context)).record);
    const outcomesDecide = [ExitCode.done, ExitCode.notAllRebooted, ExitCode.outcomeUnknown] as ExitCode[];
    return outcomesDecide.includes(exitCodeOf(report)) ? whole : exitCodeOf(report);
  });
}

async function goOn(
  { record, path, held }: { record: RunRecord; path: string; held: () => Promise<boolean> },
  options: ResumeOptions,
  context: Context,
): Promise<RunReport> {
  const { yes } = options;
  const { header } = record;
  const { batches } = context.messages;
  if (header.api_url !== context.apiUrl.href) {
    const wanted = context.apiUrl.href;
    throw new RemoError('batch_other_backend', { batch: header.batch_id, startedAt: header.api_url, wanted });
  }
  const settings = settingsLeft(record, options);
  const before = doneBefore(record);
  const hindrance =
    tooManyFailures(before.failures, countable(record), settings) ?? failedCanaries(record, options);
  if (hindrance) throw hindrance;
  const api = await context.api();
  const requester = requestedBy(api);
  await makeReadyFor(record.devices.filter(({ settled }) => !settled).length, api, context);
  const plan = await makeResumePlan(record, api, context.clock);
  // With --quiet a plan is shown only to who decides on it.
  const shown = !(yes && context.settings.quiet);
  if (shown) tell(deviceLines(plan, context), context);
  if (shown) tell(summaryLines(plan, settings, context), context);
  const count = plan.devices.filter(({ skip }) => !skip).length;
  if (count > 0) await warn(context);
  if (count > 0 && !yes) await askFor(count, batches.question(count), context);
  const resumed = {
    at: new Date(context.clock.now()).toISOString(),
    host: context.hostname,
    profile: context.settings.profile,
    requested_by: await requester,
  };
  const journal = await Journal.reopen(path, record, resumed, held);
  const { batch_id: batchId, reason } = header;
  // Much may have happened while a person was being asked.
  return perform(
    yes ? plan : grownOld(plan),
    { batchId, reason, settings, before },
    options,
    { journal, held },
    context,
  );
}

/** The run's own settings, but for what was said now; of its canaries, those that have not come back yet. */
function settingsLeft(
  { header: { options }, devices }: RunRecord,
  { now, maxFailures, maxFailureRate, canary }: ResumeOptions,
): RunSettings {
  if (canary && options.wait_ms === null) {
    throw new RemoError('conflicting_options', { first: '--no-wait', second: '--canary' });
  }
  const limited = maxFailures !== undefined || maxFailureRate !== undefined;
  const limits = { max_failures: maxFailures ?? null, max_failure_rate: maxFailureRate ?? null };
  return {
    ...options,
    ...(limited ? limits : {}),
    canary: canary ?? Math.max(0, options.canary - proven(devices)),
    window: now ? null : options.window,
  };
}

function proven(devices: readonly DeviceRecord[]): number {
  return devices.filter(({ outcome }) => outcome === 'rebooted').length;
}

/** Why not to go on without a word of a person: of the devices that were to show that it works, one failed. */
function failedCanaries(
  { header: { options }, devices }: RunRecord,
  { canary }: ResumeOptions,
): RemoError | undefined {
  if (canary !== undefined || proven(devices) >= options.canary) return undefined;
  const ids = devices.filter(({ outcome }) => outcome === 'failed').map(({ deviceId }) => deviceId);
  return ids.length > 0 ? new RemoError('canary_failed', { ids }) : undefined;
}

/** What counts towards a limit of failures: the devices that were not left out. */
const counts = ({ outcome }: DeviceRecord) => outcome !== 'skipped';

function countable({ devices }: RunRecord): number {
  return devices.filter(counts).length;
}

/** The devices that are settled, and how many of them went wrong. */
function doneBefore({ devices }: RunRecord): { devices: number; failures: number } {
  const settled = devices.filter(device => device.settled && counts(device));
  const failed = settled.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown');
  return { devices: settled.length, failures: failed.length };
}

/** The exit code for the whole run, whichever process got each device done. */
function exitCodeOfRecord({ devices }: RunRecord): ExitCode {
  return exitCodeOfOutcomes(devices.map(({ outcome }) => outcome));
}
