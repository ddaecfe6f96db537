import type { Context } from '../../context.js';
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
    .footer(context, batchesList.examples)
    .runs(exits, async () => {
      const { listBatches } = await import('./list.js');
      return listBatches(context);
    });
  noun
    .command('show')
    .description(batchesShow.summary)
    .argument('<run>', batchesShow.batch)
    .option('--outcome <outcomes>', batchesShow.outcome)
    .footer(context, batchesShow.examples)
    .runs(exits, async (batchId: string, { outcome }: { outcome?: string }) => {
      const { parseOutcomes, showBatch } = await import('./show.js');
      return showBatch(batchId, outcome === undefined ? {} : { outcomes: parseOutcomes(outcome) }, context);
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
    .footer(context, batchesResume.examples, devicesReboot.exitCodes)
    .instructingReboots()
    .runs(exits, async (batchId: string, options: ResumeOptions) => {
      const { resumeBatch } = await import('./resume.js');
      return resumeBatch(batchId, options, context);
    });
}
