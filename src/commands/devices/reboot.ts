import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Context } from '../../context.js';
import { type ExitCode, RemoError } from '../../errors.js';
import { Journal, newBatchId } from '../../reboot/journal.js';
import { exitCodeOf, mayHaveRebooted, type RunReport } from '../../reboot/outcome.js';
import { makePlan, type Plan } from '../../reboot/plan.js';
import { type RunEvent, runReboots } from '../../reboot/run.js';
import { ClosedPipe } from '../../terminal/io.js';
import { writeList } from '../../terminal/output.js';
import { type Spinner, spinner } from '../../terminal/progress.js';
import { confirm } from '../../terminal/prompts.js';
import { inline } from '../../terminal/sanitise.js';
import { styleOf } from '../../terminal/style.js';
import {
  deviceLabel,
  planColumns,
  planLines,
  planRecord,
  resultColumns,
  resultRecord,
} from './reboot-view.js';
import { requireIds } from './status.js';

/** The options of `remo devices reboot`. */
export interface RebootOptions {
  yes?: boolean;
  /** Wait until each device is back, at most this long (milliseconds). */
  wait?: number;
  reason?: string;
  dryRun?: boolean;
}

/** How many customers are worked on at once. */
const concurrency = 8;
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

/** What a reboot means for the owner. No option silences it. */
async function warn(context: Context): Promise<void> {
  const { labels, reboot } = context.messages;
  const style = await styleOf(context, 'stderr');
  context.io.err(`${style.warn(labels.warning)} ${reboot.warning.join('\n')}`);
}

async function carryOut(plan: Plan, options: RebootOptions, context: Context): Promise<RunReport> {
  const { clock, settings } = context;
  const batchId = newBatchId(clock.now(), randomBytes(3).toString('hex'));
  const { reason, wait: waitMs } = options;
  const journal = await Journal.create(path.join(context.directories.state, 'batches'), {
    type: 'header',
    version: 1,
    batch_id: batchId,
    started_at: new Date(clock.now()).toISOString(),
    remo_version: __VERSION__,
    profile: settings.profile,
    api_url: context.apiUrl.href,
    host: context.hostname,
    reason: reason ?? null,
    wait_ms: waitMs ?? null,
    devices: plan.devices.map(({ device }) => ({ device_id: device.id, customer_id: device.customer_id })),
  });
  const shown = await spinner(context, '');
  try {
    return await runReboots(
      plan,
      {
        batchId,
        concurrency,
        ...(reason === undefined ? {} : { reason }),
        ...(waitMs === undefined ? {} : { waitMs }),
      },
      {
        api: await context.api(),
        journal,
        clock,
        signal: context.signal,
        newKey: randomUUID,
        observe: event => follow(event, shown, context),
      },
    );
  } finally {
    shown.stop();
    await journal.close();
  }
}

function follow(event: RunEvent, shown: Spinner, { messages }: Context): void {
  const { reboot, devices } = messages;
  if (event.type === 'instructing') shown.update(reboot.instructing(deviceLabel(event.planned)));
  if (event.type === 'waiting') {
    shown.update(reboot.waiting(deviceLabel(event.planned), devices.status[event.device.status]));
  }
}

/** Writes what became of each device, then what the person has to do about it. */
async function writeReport(report: RunReport, context: Context): Promise<void> {
  const rows = report.results.map(result => resultRecord(result, report.batchId, context));
  const { reboot } = context.messages;
  let unwritten: unknown;
  const written = writeList(context, { columns: resultColumns(context), rows }).then(() =>
    context.io.flush(),
  );
  await written.catch(error => {
    // The devices are rebooted whether or not somebody reads on: the outcome decides the exit code.
    if (error instanceof ClosedPipe) return;
    unwritten = error;
    for (const { device_id, outcome, detail } of rows) {
      context.io.err(inline(`${device_id}: ${reboot.outcome[outcome]}: ${detail}`));
    }
  });
  for (const { planned, ending } of report.results) {
    if (ending.outcome === 'unknown') context.io.err(reboot.checkFirst(inline(planned.device.id)));
  }
  tellContacts(report, context);
  if (unwritten) throw unwritten;
}

/** Owners who were signed in, or may have been, while a device of theirs rebooted. */
function tellContacts({ results }: RunReport, context: Context): void {
  const { reboot } = context.messages;
  const affected = results.filter(
    ({ planned, ending }) => mayHaveRebooted(ending) && planned.customer.signed_in !== false,
  );
  const owners = new Map(affected.map(({ planned: { customer } }) => [customer.id, customer]));
  if (owners.size === 0) return;
  context.io.err(reboot.contact);
  for (const { name, email, signed_in } of owners.values()) {
    const why = signed_in ? reboot.contactSignedIn : reboot.contactUnknown;
    context.io.err(`  ${inline(name)} <${inline(email)}> — ${why}`);
  }
}
