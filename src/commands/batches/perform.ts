import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { withFileLock } from '../../lock.js';
import type { Journal } from '../../reboot/journal.js';
import { isOpen, mayHaveRebooted, type RunReport } from '../../reboot/outcome.js';
import type { Plan } from '../../reboot/plan.js';
import { type RunEvent, runReboots } from '../../reboot/run.js';
import { errorText, renderError } from '../../terminal/errors.js';
import { ClosedPipe } from '../../terminal/io.js';
import { writeList } from '../../terminal/output.js';
import { type Spinner, spinner } from '../../terminal/progress.js';
import { inline } from '../../terminal/sanitise.js';
import { styleOf } from '../../terminal/style.js';
import { describe, deviceLabel, resultColumns, resultRecord } from './view.js';

/** How many customers are worked on at once. */
const concurrency = 8;
/** Longer than the lock of a killed process takes to go stale (milliseconds). */
const lockPatience = 12_000;

/** What a run is to do beside its plan. */
export interface Performance {
  batchId: string;
  reason: string | null;
  waitMs: number | null;
}

/** The folder of the journals. */
export function journalDirectory({ directories }: Context): string {
  return path.join(directories.state, 'batches');
}

/**
 * Does some work on a run while no other process does.
 * @throws RemoError `batch_in_use`, `journal_unwritable`, and what the work throws
 */
export function withRun<T>(
  batchId: string,
  context: Context,
  work: (held: () => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const { clock, signal, replacements } = context;
  const file = path.join(journalDirectory(context), batchId);
  return withFileLock(
    {
      file,
      patience: lockPatience,
      clock,
      signal,
      random: replacements.random ?? Math.random,
      failure: (lock, detail) =>
        detail === ''
          ? new RemoError('batch_in_use', { batch: batchId })
          : new RemoError('journal_unwritable', { path: lock, detail }),
    },
    work,
  );
}

/** Carries a plan out, showing how it goes. The journal is closed afterwards. */
export async function perform(
  plan: Plan,
  { batchId, reason, waitMs }: Performance,
  { journal, held }: { journal: Journal; held: () => Promise<boolean> },
  context: Context,
): Promise<RunReport> {
  const { clock, signal } = context;
  const shown = await spinner(context, '');
  try {
    const options = {
      batchId,
      concurrency,
      ...(reason === null ? {} : { reason }),
      ...(waitMs === null ? {} : { waitMs }),
    };
    return await runReboots(plan, options, {
      api: await context.api(),
      journal,
      clock,
      signal,
      newKey: randomUUID,
      held,
      observe: event => follow(event, shown, context),
    });
  } finally {
    shown.stop();
    await journal.close();
  }
}

/** What a reboot means for the owner. No option silences it. */
export async function warn(context: Context): Promise<void> {
  const { labels, reboot } = context.messages;
  const style = await styleOf(context, 'stderr');
  context.io.err(`${style.warn(labels.warning)} ${reboot.warning.join('\n')}`);
}

function follow(event: RunEvent, shown: Spinner, { messages }: Context): void {
  const { reboot, devices } = messages;
  if (event.type === 'instructing') shown.update(reboot.instructing(deviceLabel(event.planned)));
  if (event.type === 'waiting') {
    shown.update(reboot.waiting(deviceLabel(event.planned), devices.status[event.device.status]));
  }
}

/** Writes what became of each device, then what the person has to know and do about it. */
export async function writeReport(report: RunReport, context: Context): Promise<void> {
  const rows = report.results.map(result => resultRecord(result, report.batchId, context));
  let unwritten: unknown;
  const written = writeList(context, { columns: resultColumns, rows }).then(() => context.io.flush());
  await written.catch(error => {
    // The devices are rebooted whether or not somebody reads on: the outcome decides the exit code.
    if (!(error instanceof ClosedPipe)) unwritten = error;
  });
  tellAttention(report, context, unwritten !== undefined);
  if (report.stoppedBy) await renderError(report.stoppedBy, context);
  tellContacts(report, context);
  if (unwritten) throw unwritten;
}

/**
 * Each device that is not simply done, in a whole sentence (a table may have had to cut it), with the next
 * step; and where the run is recorded.
 * @param all whether the others are to be told too, as nobody saw the report
 */
function tellAttention({ results, batchId }: RunReport, context: Context, all: boolean): void {
  const { batches, labels, reboot } = context.messages;
  const open = results.filter(({ ending }) => isOpen(ending));
  const odd = results.filter(({ ending }) => isOpen(ending) || !mayHaveRebooted(ending));
  for (const { planned, ending, requestId } of all ? results : odd) {
    context.io.err(
      `${deviceLabel(planned)}: ${reboot.outcome[ending.outcome]}: ${describe(ending, context)}`,
    );
    if ('reason' in ending && ending.reason && 'error' in ending.reason) {
      const { next } = errorText(ending.reason.error, context);
      if (next) context.io.err(`  ${next}`);
    }
    if (requestId) context.io.err(`  ${labels.requestId}: ${inline(requestId)}`);
    if (ending.outcome === 'unknown') context.io.err(`  ${reboot.checkFirst(inline(planned.device.id))}`);
  }
  if (odd.length > 0) {
    context.io.err(reboot.journal(path.join(journalDirectory(context), `${batchId}.ndjson`)));
  }
  if (open.length > 0) context.io.err(batches.resumeHint(batchId));
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
