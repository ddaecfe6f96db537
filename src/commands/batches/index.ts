import type { Context } from '../../context.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { parseInteger, parseRate } from '../../values.js';
import { choice, type Exits, type RemoCommand } from '../command.js';
import type { CloseOptions } from './close.js';
import type { ResumeOptions } from './resume.js';

/** Wires `remo batches …`. */
export function addBatches(program: RemoCommand, context: Context, exits: Exits): void {
  const { batches, batchesList, batchesShow, batchesResume, batchesClose, devicesReboot } =
    context.messages.help;
  const noun = program.command('batches').description(batches.summary);
  noun
    .command('list')
    .description(batchesList.summary)
    .lists(context, async () => (await import('./list.js')).batchListing)
    .runs(exits, async (options: ListingOptions) => {
      const { listBatches } = await import('./list.js');
      return listBatches(options, context);
    });
  noun
    .command('show')
    .description(batchesShow.summary)
    .argument('<run>', batchesShow.batch)
    .option('--outcome <outcomes>', batchesShow.outcome)
    .completes({
      run: 'run',
      outcome: { listOf: async () => (await import('../../reboot/outcome.js')).outcomes },
    })
    .lists(context, async () => (await import('./show.js')).batchDeviceListing)
    .runs(exits, async (batchId: string, options: ListingOptions & { outcome?: string }) => {
      const [{ parseOutcomes }, { showBatch }] = await Promise.all([
        import('./outcomes.js'),
        import('./show.js'),
      ]);
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
    .option('--max-failures <count>', batchesResume.maxFailures, text =>
      parseInteger(text, '--max-failures', 0),
    )
    .option('--max-failure-rate <share>', batchesResume.maxFailureRate, text =>
      parseRate(text, '--max-failure-rate'),
    )
    .option('--canary <count>', batchesResume.canary, text => parseInteger(text, '--canary', 0))
    .option('--progress <mode>', devicesReboot.progress, choice('--progress', 'auto', 'plain', 'none'))
    .completes({ run: 'unfinished-run' })
    .lists(context, async () => (await import('./view.js')).resultListing, { alone: false })
    .instructingReboots()
    .runs(exits, async (batchId: string, options: ResumeOptions) => {
      const { resumeBatch } = await import('./resume.js');
      return resumeBatch(batchId, options, context);
    });
  noun
    .command('close')
    .description(batchesClose.summary)
    .argument('<run>', batchesShow.batch)
    .option('-y, --yes', batchesClose.yes)
    .runs(exits, async (batchId: string, options: CloseOptions) => {
      const { closeBatch } = await import('./close.js');
      return closeBatch(batchId, options, context);
    });
}
