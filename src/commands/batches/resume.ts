import type { Context } from '../../context.js';
import { type ExitCode, RemoError } from '../../errors.js';
import { Journal } from '../../reboot/journal.js';
import { exitCodeOfOutcomes, type RunReport } from '../../reboot/outcome.js';
import { makeResumePlan } from '../../reboot/plan.js';
import { isFinished, type RunRecord } from '../../reboot/record.js';
import { confirm } from '../../terminal/prompts.js';
import { inline } from '../../terminal/sanitise.js';
import { perform, warn, withRun, writeReport } from './perform.js';
import { openRecord } from './records.js';
import { planLines } from './view.js';

export interface ResumeOptions {
  yes?: boolean;
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
  return withRun(batchId, context, async held => {
    // Read under the lock: another process may have gone on with it meanwhile.
    const { record, path } = await openRecord(batchId, context);
    if (isFinished(record)) {
      context.io.err(context.messages.batches.finished(batchId));
      return exitCodeOfRecord(record);
    }
    const { stoppedBy } = await goOn({ record, path, held }, options, context);
    if (stoppedBy) return stoppedBy.exitCode;
    return exitCodeOfRecord((await openRecord(batchId, context)).record);
  });
}

async function goOn(
  { record, path, held }: { record: RunRecord; path: string; held: () => Promise<boolean> },
  { yes }: ResumeOptions,
  context: Context,
): Promise<RunReport> {
  const { header } = record;
  const { batches } = context.messages;
  if (header.api_url !== context.apiUrl.href) {
    const wanted = context.apiUrl.href;
    throw new RemoError('batch_other_backend', { batch: header.batch_id, startedAt: header.api_url, wanted });
  }
  const plan = await makeResumePlan(record, await context.api(), context.clock);
  context.io.err(planLines(plan, context).join('\n'));
  if (plan.missing.length > 0) context.io.err(inline(batches.missing(plan.missing)));
  const count = plan.devices.filter(({ skip }) => !skip).length;
  if (count > 0) await warn(context);
  if (count > 0 && !yes && !(await confirm(context, batches.question(count), '--yes'))) {
    throw new RemoError('declined', {});
  }
  const journal = await Journal.reopen(path, record.wholeBytes);
  await journal.append({
    type: 'resumed',
    at: new Date(context.clock.now()).toISOString(),
    host: context.hostname,
  });
  const { batch_id: batchId, reason } = header;
  const waitMs = header.options.wait_ms;
  const report = await perform(plan, { batchId, reason, waitMs }, { journal, held }, context);
  await writeReport(report, context);
  return report;
}

/** The exit code for the whole run, whichever process got each device done. */
function exitCodeOfRecord({ devices }: RunRecord): ExitCode {
  return exitCodeOfOutcomes(devices.map(({ outcome }) => outcome));
}
