import type { Context } from '../../context.js';
import { ExitCode, RemoError } from '../../errors.js';
import { Journal } from '../../reboot/journal.js';
import { exitCodeOf, exitCodeOfOutcomes, type RunReport } from '../../reboot/outcome.js';
import { grownOld, makeResumePlan } from '../../reboot/plan.js';
import { isFinished, type JournalEntry, type RunRecord, type RunSettings } from '../../reboot/record.js';
import { inline } from '../../terminal/sanitise.js';
import { askFor } from './ask.js';
import { perform, type Showing, warn, withRun } from './perform.js';
import { deviceLines, summaryLines, tell } from './plan-view.js';
import { openRecord } from './records.js';

export interface ResumeOptions extends Showing {
  yes?: boolean;
  /** Go on at once, outside the time window of the run as well. */
  now?: boolean;
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
  if (!options.yes && !context.canAsk) throw new RemoError('answer_needed', { flag: '--yes' });
  await openRecord(batchId, context);
  await (await context.session()).requireScope('remo.reboot');
  return withRun(batchId, context, async held => {
    // Read under the lock: another process may have gone on with it meanwhile.
    const { record, path } = await openRecord(batchId, context);
    if (isFinished(record)) {
      context.io.err(context.messages.batches.finished(batchId));
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
  { yes, now, ...showing }: ResumeOptions,
  context: Context,
): Promise<RunReport> {
  const { header } = record;
  const { batches } = context.messages;
  if (header.api_url !== context.apiUrl.href) {
    const wanted = context.apiUrl.href;
    throw new RemoError('batch_other_backend', { batch: header.batch_id, startedAt: header.api_url, wanted });
  }
  const plan = await makeResumePlan(record, await context.api(), context.clock);
  const settings = settingsLeft(record, now);
  // With --quiet a plan is shown only to who decides on it.
  const shown = !(yes && context.settings.quiet);
  if (shown) tell(deviceLines(plan, context), context);
  if (plan.missing.length > 0) context.io.err(inline(batches.missing(plan.missing)));
  if (plan.denied.length > 0) context.io.err(inline(batches.denied(plan.denied)));
  if (shown) tell(summaryLines(plan, settings, context), context);
  const count = plan.devices.filter(({ skip }) => !skip).length;
  if (count > 0) await warn(context);
  if (count > 0 && !yes) await askFor(count, batches.question(count), context);
  const journal = await Journal.reopen(path, record.wholeBytes);
  const at = new Date(context.clock.now()).toISOString();
  await journal.append({ type: 'resumed', at, host: context.hostname });
  for (const entry of goneEntries(plan.missing, record, at)) await journal.append(entry);
  const { batch_id: batchId, reason } = header;
  // Much may have happened while a person was being asked.
  return perform(
    yes ? plan : grownOld(plan),
    { batchId, reason, settings },
    showing,
    { journal, held },
    context,
  );
}

/** Settles devices that the backend no longer knows: nothing more can be done for them, or found out about them. */
function goneEntries(missing: readonly string[], { devices }: RunRecord, at: string): JournalEntry[] {
  return devices
    .filter(({ deviceId }) => missing.includes(deviceId))
    .map(({ deviceId, key }) => {
      const told = { at, device_id: deviceId, reason: 'gone' };
      return key === undefined
        ? { type: 'skipped', ...told, key: null, reboot_id: null }
        : { type: 'unknown', ...told, key, request_id: null };
    });
}

/** The run's own settings; of its canaries, those that have not come back yet. */
function settingsLeft({ header: { options }, devices }: RunRecord, now = false): RunSettings {
  const proven = devices.filter(({ outcome }) => outcome === 'rebooted').length;
  const canary = Math.max(0, options.canary - proven);
  return { ...options, canary, window: now ? null : options.window };
}

/** The exit code for the whole run, whichever process got each device done. */
function exitCodeOfRecord({ devices }: RunRecord): ExitCode {
  return exitCodeOfOutcomes(devices.map(({ outcome }) => outcome));
}
