import { randomBytes } from 'node:crypto';
import type { Context } from '../../context.js';
import { ExitCode, RemoError } from '../../errors.js';
import type { Output } from '../../outputs.js';
import { Journal, newBatchId } from '../../reboot/journal.js';
import { exitCodeOf, type RunReport } from '../../reboot/outcome.js';
import { byCustomer, grownOld, hasOwner, type Plan } from '../../reboot/plan.js';
import { requireFree } from '../../reboot/plan-file.js';
import type { JournalHeader, RunSettings } from '../../reboot/record.js';
import { inOrder } from '../../reboot/run.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { writeList } from '../../terminal/output.js';
import { askFor } from '../batches/ask.js';
import { journalDirectory, withRun } from '../batches/folder.js';
import type { ProgressMode } from '../batches/follow.js';
import { makeReadyFor, perform, requestedBy, warn } from '../batches/perform.js';
import { deviceLines, planListing, summaryLines, tell } from '../batches/plan-view.js';
import { resultListing } from '../batches/view.js';
import { tellAgain } from './again.js';
import { lookUp } from './look-up.js';
import { checkPlanFile, openSavedPlan, type SavedRun, writePlan } from './plan-file.js';
import { checkSources, type Selection, type Sources, selectDevices } from './select.js';
import { type PaceOptions, runSettings } from './settings.js';

/** The options of `remo devices reboot`. */
export interface RebootOptions extends Sources, PaceOptions, ListingOptions {
  yes?: boolean;
  /** How many devices it has to be. */
  confirm?: number;
  dryRun?: boolean;
  savePlan?: string;
  skipMissing?: boolean;
  reason?: string;
  progress?: ProgressMode;
}

/** What is to be done, before the backend has been asked. */
export interface Task {
  selection: Selection;
  settingsFor: (devices: number) => RunSettings;
  reason: string | null;
  saved?: SavedRun;
}

/**
 * `remo devices reboot`: select, look up, warn, ask, instruct, report.
 * @param typed the words of the command line, to tell how to do it again where the devices were picked
 */
export async function rebootDevices(
  ids: string[],
  options: RebootOptions,
  context: Context,
  typed: readonly string[],
): Promise<ExitCode> {
  // Who answers beforehand is not there to be asked: with an unset variable in a script, for one.
  const answered = options.yes || options.confirm !== undefined;
  const settingsFor = check(ids, options, context.canAsk && !answered);
  if (options.savePlan !== undefined) await requireFree(options.savePlan);
  const sends = !options.dryRun && options.savePlan === undefined;
  const mustAsk = sends && !answered;
  const inFile = options.plan !== undefined || (options.file !== undefined && options.file !== '-');
  // A file that is no good is told of before an answer that is missing.
  const read = inFile ? await taskOf(ids, settingsFor, options, context) : undefined;
  if (mustAsk && (!context.canAsk || options.file === '-')) {
    throw new RemoError('answer_needed', { flag: '--yes' });
  }
  // What the sign-in is known not to permit need not be asked for; a dry run only reads.
  if (sends) await (await context.session()).requireScope('remo.reboot');
  const task = read ?? (await taskOf(ids, settingsFor, options, context));
  const api = await context.api();
  await makeReadyFor(task.selection.ids.length, api, context);
  const requester = sends ? requestedBy(api) : undefined;
  if (!mustAsk && task.selection.ids.length > 1) api.workUnattended();
  let plan = await lookUp(task, options, api, context);
  const settings = await present(plan, task, options, context);
  const { picked } = task.selection;
  if (!requester) {
    if (picked) tellAgain(typed, picked, context);
    return ExitCode.done;
  }
  // A saved plan may leave out all that it was made of.
  if (plan.devices.length === 0) {
    context.io.err(context.messages.reboot.nothingToDo);
    await writeList<Output<'devices-reboot'>>(context, { ...resultListing, rows: [] }, options);
    return ExitCode.notAllRebooted;
  }
  const count = countOf(plan);
  if (count === 0) context.io.err(context.messages.reboot.nothingToDo);
  else if (mustAsk) {
    await askFor(count, context.messages.reboot.question(count), context);
    // Much may have happened while the person thought.
    plan = grownOld(plan);
  }
  const { reason } = task;
  const run = { settings, reason, requestedBy: await requester };
  const report = await carryOut(plan, run, options, context);
  if (picked) tellAgain(typed, picked, context);
  return exitCodeOf(report);
}

/** @throws RemoError for anything about the command line that can't be meant */
function check(ids: readonly string[], options: RebootOptions, mayPick: boolean): Task['settingsFor'] {
  checkSources(ids, options, mayPick);
  checkPlanFile(options);
  return runSettings(options);
}

async function taskOf(
  ids: readonly string[],
  settingsFor: Task['settingsFor'],
  options: RebootOptions,
  context: Context,
): Promise<Task> {
  const { plan: path, reason = null } = options;
  if (path === undefined)
    return { selection: await selectDevices(ids, options, context), settingsFor, reason };
  const saved = await openSavedPlan(path, context);
  const { settings } = saved;
  return { selection: { ids: saved.ids }, settingsFor: () => settings, reason: saved.reason, saved };
}

function countOf(plan: Plan): number {
  return plan.devices.filter(({ skip }) => !skip).length;
}

/**
 * Shows what would be done: as data where that is all that is wanted, else for the person who decides; and
 * keeps it, where that was asked for.
 * @throws RemoError `count_mismatch`, `file_unwritable`, `plan_exists`
 */
async function present(
  plan: Plan,
  { settingsFor, reason }: Task,
  options: RebootOptions,
  context: Context,
): Promise<RunSettings> {
  const { io, messages } = context;
  const count = countOf(plan);
  const named = new Set(plan.devices.map(({ device }) => device.id)).size;
  const settings = settingsFor(named);
  const { dryRun, savePlan, confirm: wanted } = options;
  // With --quiet a plan is shown only to who decides on it.
  const decided = options.yes || wanted !== undefined;
  const shown = !(context.settings.quiet && decided) || dryRun || savePlan !== undefined;
  if (dryRun || savePlan !== undefined) {
    await writeList(context, { ...planListing, rows: inOrder(plan, settings) }, options);
  } else if (shown) tell(deviceLines(plan, context), context);
  if (shown) tell(summaryLines(plan, settings, context), context);
  if (count > 0) await warn(context);
  if (wanted !== undefined && wanted !== count) {
    throw new RemoError('count_mismatch', { wanted, found: count, skipped: plan.devices.length - count });
  }
  if (savePlan !== undefined) await writePlan(savePlan, plan, { settings, reason }, context);
  else if (dryRun) io.err(messages.reboot.dryRun);
  return settings;
}

interface NewRun {
  settings: RunSettings;
  reason: string | null;
  requestedBy: string | null;
}

/** Begins the run's journal and carries the plan out. @throws RemoError `journal_unwritable` */
async function carryOut(
  plan: Plan,
  run: NewRun,
  showing: RebootOptions,
  context: Context,
): Promise<RunReport> {
  const batchId = newBatchId(context.clock.now(), randomBytes(3).toString('hex'));
  const { settings, reason } = run;
  return withRun(batchId, context, async held => {
    const journal = await Journal.create(
      journalDirectory(context),
      header(batchId, plan, run, context),
      held,
    );
    return perform(plan, { batchId, reason, settings }, showing, { journal, held }, context);
  });
}

function header(
  batchId: string,
  plan: Plan,
  { settings, reason, requestedBy }: NewRun,
  { apiUrl, clock, hostname, settings: { profile } }: Context,
): JournalHeader {
  return {
    type: 'header',
    version: 1,
    batch_id: batchId,
    started_at: new Date(clock.now()).toISOString(),
    remo_version: __VERSION__,
    profile,
    api_url: apiUrl.href,
    host: hostname,
    requested_by: requestedBy,
    reason,
    options: settings,
    customers: [...byCustomer(plan.devices.filter(hasOwner)).values()].map(
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
  };
}
