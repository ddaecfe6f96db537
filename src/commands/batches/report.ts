import path from 'node:path';
import type { Context } from '../../context.js';
import type { RemoError } from '../../errors.js';
import {
  type DeviceResult,
  type Ending,
  exitCodeOf,
  isOpen,
  mayHaveRebooted,
  outcomes,
  type RunReport,
  stopOf,
} from '../../reboot/outcome.js';
import { errorText, renderError } from '../../terminal/errors.js';
import { inline } from '../../terminal/sanitise.js';
import { journalDirectory } from './folder.js';
import { describe, deviceLabel, ownerLabel } from './view.js';

/** Of a run: how long it took (milliseconds), and whether nobody saw the results. */
interface Circumstances {
  tookMs: number;
  all: boolean;
}

/**
 * What the person has to know of a run, on stderr: the counts, each device that needs attention with the next step,
 * what stopped it, and whom to contact.
 */
export async function tellReport(
  report: RunReport,
  { tookMs, all }: Circumstances,
  context: Context,
): Promise<void> {
  if (report.results.length > 1) context.io.err(countsText(report, tookMs, context));
  tellAttention(report, all, context);
  const stop = stopOf(report);
  if (stop) await renderError(stop, context, exitCodeOf(report));
  tellContacts(report, context);
}

function countsText({ results }: RunReport, tookMs: number, { messages }: Context): string {
  const counts = outcomes.flatMap(outcome => {
    const count = results.filter(({ ending }) => ending.outcome === outcome).length;
    return count > 0 ? [messages.reboot.outcomeCount(outcome, count)] : [];
  });
  return messages.reboot.counts(results.length, counts, tookMs);
}

/**
 * Each device that is not simply done, in a whole sentence (a table may have had to cut it), with the next
 * step; and where the run is recorded.
 * @param all whether the others are to be told too
 */
function tellAttention(report: RunReport, all: boolean, context: Context): void {
  const { results, batchId, stoppedBy } = report;
  const { batches, reboot } = context.messages;
  const open = results.filter(({ ending }) => isOpen(ending));
  const odd = results.filter(
    ({ ending }) => isOpen(ending) || ending.outcome === 'unknown' || !mayHaveRebooted(ending),
  );
  const told = all ? results : odd;
  for (const result of told) {
    if (result.ending.outcome !== 'not_attempted') tellDevice(result, stoppedBy, context);
  }
  tellNotAttempted(told, stoppedBy, context);
  if (odd.length > 0) {
    context.io.err(reboot.journal(path.join(journalDirectory(context), `${batchId}.ndjson`)));
  }
  if (open.length > 0) context.io.err(batches.resumeHint(inline(batchId)));
}

/** The error that a device ended with. */
function errorOf(ending: Ending): RemoError | undefined {
  return 'reason' in ending && ending.reason && 'error' in ending.reason ? ending.reason.error : undefined;
}

/** What became of devices and, but where it is what stopped the run and is told by itself, why. */
function endingText(ending: Ending, stoppedBy: RemoError | undefined, context: Context): string {
  const outcome = context.messages.reboot.outcome[ending.outcome];
  const toldByItself = stoppedBy !== undefined && errorOf(ending) === stoppedBy;
  return toldByItself && ending.outcome !== 'unknown' ? outcome : `${outcome}: ${describe(ending, context)}`;
}

function tellDevice(result: DeviceResult, stoppedBy: RemoError | undefined, context: Context): void {
  const { planned, ending, requestId } = result;
  const { io, messages } = context;
  const { labels, reboot } = messages;
  io.err(`${deviceLabel(planned)}: ${endingText(ending, stoppedBy, context)}`);
  const error = errorOf(ending);
  // Of what may have happened, the next step is to look; the error's own could be to try again.
  if (error && error !== stoppedBy && ending.outcome !== 'unknown') {
    const { next } = errorText(error, context);
    if (next) io.err(`  ${next}`);
  }
  if (requestId && !(error && error === stoppedBy)) io.err(`  ${labels.requestId}: ${inline(requestId)}`);
  if (ending.outcome === 'unknown') io.err(`  ${reboot.checkFirst(inline(planned.device.id))}`);
  if (ending.outcome === 'failed') io.err(`  ${reboot.lookAt(inline(planned.device.id))}`);
}

/** A run that stopped early has many that it never came to, for one and the same reason. */
function tellNotAttempted(
  results: readonly DeviceResult[],
  stoppedBy: RemoError | undefined,
  context: Context,
): void {
  const byReason = new Map<string, DeviceResult[]>();
  for (const result of results) {
    if (result.ending.outcome !== 'not_attempted') continue;
    const why = endingText(result.ending, stoppedBy, context);
    byReason.set(why, [...(byReason.get(why) ?? []), result]);
  }
  for (const [why, [first, ...more]] of byReason) {
    if (!first) continue;
    const which = context.messages.reboot.andMore(deviceLabel(first.planned), more.length);
    context.io.err(`${which}: ${why}`);
  }
}

/** Owners who were signed in, or may have been, while a device of theirs rebooted. */
function tellContacts({ results, batchId }: RunReport, context: Context): void {
  const { reboot, symbols } = context.messages;
  const affected = results.filter(
    ({ planned, ending }) => mayHaveRebooted(ending) && planned.customer.signed_in !== false,
  );
  const owners = new Map(affected.map(({ planned: { customer } }) => [customer.id, customer]));
  if (owners.size === 0) return;
  context.io.err(reboot.contact);
  for (const owner of owners.values()) {
    const why = owner.signed_in ? reboot.contactSignedIn : reboot.contactUnknown;
    context.io.err(`  ${ownerLabel(owner)} ${symbols.dash} ${why}`);
  }
  if (!context.settings.quiet && !context.replacements.fleeting) {
    context.io.err(reboot.noticesHint(inline(batchId)));
  }
}
