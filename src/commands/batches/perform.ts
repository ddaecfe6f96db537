import { randomUUID } from 'node:crypto';
import type { Api } from '../../api/index.js';
import type { Context } from '../../context.js';
import type { RunOptions } from '../../reboot/course.js';
import type { Journal } from '../../reboot/journal.js';
import { neighbours } from '../../reboot/neighbours.js';
import type { RunReport } from '../../reboot/outcome.js';
import type { Plan } from '../../reboot/plan.js';
import { runReboots } from '../../reboot/run.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { styleOf } from '../../terminal/style.js';
import { journalDirectory } from './folder.js';
import { followRun, type ProgressMode } from './follow.js';
import { tellReport } from './report.js';
import { openResults } from './results.js';

/** How a run is shown while it goes on, and its results. */
export interface Showing extends ListingOptions {
  progress?: ProgressMode;
}

/** Whose sign-in this is, for the record; a backend that can't say so is not in the way. */
export async function requestedBy(api: Api): Promise<string | null> {
  return api.getAccount().then(
    ({ email }) => email,
    () => null,
  );
}

/** From so many devices on, memory and the processor count for more than a quick start. */
const many = 200;

/** Makes ready for a run of so many devices. */
export async function makeReadyFor(devices: number, api: Api, { host }: Context): Promise<void> {
  if (devices <= many) return;
  host.expectMuch();
  await api.expectMany();
}

/** Carries a plan out, showing how it goes, and tells what became of it. The journal is closed afterwards. */
export async function perform(
  plan: Plan,
  options: RunOptions,
  { progress = 'auto', ...listing }: Showing,
  { journal, held }: { journal: Journal; held: () => Promise<boolean> },
  context: Context,
): Promise<RunReport> {
  const { clock, signal } = context;
  const started = clock.now();
  const total = plan.devices.length;
  const skipped = plan.devices.filter(({ skip }) => skip).length;
  const api = await context.api();
  if (total > 1) api.workUnattended();
  const results = openResults(options.batchId, listing, context);
  const followed = await followRun(
    { progress, total, skipped, pausedUntil: () => api.pausedUntil() },
    context,
  );
  const report = await runReboots(plan, options, {
    api,
    journal,
    clock,
    signal,
    newKey: randomUUID,
    held,
    others: neighbours(journalDirectory(context), options.batchId, clock),
    observe(event) {
      followed.observe(event);
      if (event.type === 'ended') results.add(event.result);
    },
  }).finally(async () => {
    followed.stop();
    await journal.close();
  });
  const unwritten = await results.finish(report);
  await tellReport(report, { tookMs: clock.now() - started, all: unwritten !== undefined }, context);
  if (context.settings.historyDays !== undefined) {
    const { pruneHistory } = await import('./prune.js');
    await pruneHistory(context);
  }
  if (unwritten) throw unwritten;
  return report;
}

/** What a reboot means for the owner. No option silences it. */
export async function warn(context: Context): Promise<void> {
  const { labels, reboot } = context.messages;
  const style = await styleOf(context, 'stderr');
  context.io.err(`${style.warn(labels.warning)} ${reboot.warning.join('\n')}`);
}
