import type { Context } from '../../context.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { oneOf } from '../../values.js';
import type { Exits, RemoCommand } from '../command.js';
import type { ResumeOptions } from './resume.js';

/** Wires `remo batches …`. */
export function addBatches(program: RemoCommand, context: Context, exits: Exits): void {
  const { batches, batchesList, batchesShow, batchesResume, devicesReboot } = context.messages.help;
  const noun = program.command('batches').description(batches.summary);
  noun
    .command('list')
    .description(batchesList.summary)
    .lists(context, async () => (await import('./list.js')).batchListing)
    .footer(context, batchesList.examples)
    .runs(exits, async (options: ListingOptions) => {
      const { listBatches } = await import('./list.js');
      return listBatches(options, context);
    });
  noun
    .command('show')
    .description(batchesShow.summary)
    .argument('<run>', batchesShow.batch)
    .option('--outcome <outcomes>', batchesShow.outcome)
    .lists(context, async () => (await import('./show.js')).batchDeviceListing)
    .footer(context, batchesShow.examples)
    .runs(exits, async (batchId: string, options: ListingOptions & { outcome?: string }) => {
      const { parseOutcomes, showBatch } = await import('./show.js');
      const { outcome, ...listing } = options;
      const only = outcome === undefined ? {} : { outcomes: parseOutcomes(outcome) };
      return showBatch(batchId, { ...listing, ...only }, context);
    });
  noun
    .command('resume')
    .description(batchesResume.summary)
    .argument('<run>', batchesShow.batch)
    .option('-y, --yes', devicesReboot.yes)
    .option('--now', batchesResume.now)
    .option('--progress <mode>', devicesReboot.progress, text =>
      oneOf('auto', 'plain', 'none')(text, '--progress'),
    )
    .lists(context, async () => (await import('./view.js')).resultListing)
    .footer(context, batchesResume.examples, devicesReboot.exitCodes)
    .runs(exits, async (batchId: string, options: ResumeOptions) => {
      const { resumeBatch } = await import('./resume.js');
      return resumeBatch(batchId, options, context);
    });
}
