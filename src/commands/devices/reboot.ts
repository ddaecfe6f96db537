import { randomBytes } from 'node:crypto';
import type { Context } from '../../context.js';
import { type ExitCode, RemoError } from '../../errors.js';
import { Journal, newBatchId } from '../../reboot/journal.js';
import { exitCodeOf, type RunReport } from '../../reboot/outcome.js';
import { byCustomer, makePlan, type Plan } from '../../reboot/plan.js';
import { writeList } from '../../terminal/output.js';
import { confirm } from '../../terminal/prompts.js';
import { journalDirectory, perform, warn, withRun, writeReport } from '../batches/perform.js';
import { planColumns, planLines, planRecord } from '../batches/view.js';
import { requireIds } from './status.js';

/** The options of `remo devices reboot`. */
export interface RebootOptions {
  yes?: boolean;
  /** Wait until each device is back, at most this long (milliseconds). */
  wait?: number;
  reason?: string;
  dryRun?: boolean;
}

/** The contract's longest reason. */
const longestReason = 500;

/** `remo devices reboot <id...>`: look up, warn, ask, instruct, report. */
export async function rebootDevices(
  ids: string[],
  options: RebootOptions,
  context: Context,
): Promise<ExitCode> {
  check(ids, options);
  const mustAsk = !options.yes && !options.dryRun;
  if (mustAsk && !context.canAsk) throw new RemoError('answer_needed', { flag: '--yes' });
  // What the sign-in is known not to permit need not be asked for; a dry run only reads.
  if (!options.dryRun) await (await context.session()).requireScope('remo.reboot');
  const api = await context.api();
  const plan = await makePlan(ids, api, context.clock);
  const count = plan.devices.filter(({ skip }) => !skip).length;
  await showPlan(plan, options, context);
  if (count > 0) await warn(context);
  const { reboot } = context.messages;
  if (options.dryRun) {
    context.io.err(reboot.dryRun);
    return 0;
  }
  if (count === 0) context.io.err(reboot.nothingToDo);
  else if (mustAsk && !(await confirm(context, reboot.question(count), '--yes')))
    throw new RemoError('declined', {});
  const report = await carryOut(plan, options, context);
  await writeReport(report, context);
  return exitCodeOf(report);
}

/** @throws RemoError `invalid_value` */
function check(ids: readonly string[], { reason }: RebootOptions): void {
  requireIds(ids);
  if (reason !== undefined && (reason === '' || reason.length > longestReason)) {
    const expected = { kind: 'text' as const, max: longestReason };
    throw new RemoError('invalid_value', { name: '--reason', value: reason, expected });
  }
}

/** The plan is data when it is all there is (`--dry-run`), else for the person. */
async function showPlan(plan: Plan, { dryRun }: RebootOptions, context: Context): Promise<void> {
  if (dryRun)
    await writeList(context, { columns: planColumns(context), rows: plan.devices, record: planRecord });
  else context.io.err(planLines(plan, context).join('\n'));
}

/** Begins the run's journal and carries the plan out. @throws RemoError `journal_unwritable` */
async function carryOut(plan: Plan, options: RebootOptions, context: Context): Promise<RunReport> {
  const { clock, settings } = context;
  const batchId = newBatchId(clock.now(), randomBytes(3).toString('hex'));
  const { reason = null, wait: waitMs = null } = options;
  return withRun(batchId, context, async held => {
    const journal = await Journal.create(journalDirectory(context), {
      type: 'header',
      version: 1,
      batch_id: batchId,
      started_at: new Date(clock.now()).toISOString(),
      remo_version: __VERSION__,
      profile: settings.profile,
      api_url: context.apiUrl.href,
      host: context.hostname,
      requested_by: null,
      reason,
      options: {
        wait_ms: waitMs,
        concurrency: 8,
        per_customer: 1,
        canary: 0,
        max_failures: null,
        max_failure_rate: null,
        min_interval_ms: 0,
        window: null,
      },
      customers: [...byCustomer(plan).values()].map(
        ([
          {
            customer: { id, name, email },
          },
        ]) => ({
          customer_id: id,
          name,
          email,
        }),
      ),
      devices: plan.devices.map(({ device: { id, name, customer_id } }) => ({
        device_id: id,
        device_name: name,
        customer_id,
      })),
    });
    return perform(plan, { batchId, reason, waitMs }, { journal, held }, context);
  });
}
