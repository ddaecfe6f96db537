import type { Context } from '../../context.js';
import type { ListingOptions } from '../../terminal/listing.js';
import type { Exits, RemoCommand } from '../command.js';

/** Wires `remo doctor`. */
export function addDoctor(program: RemoCommand, context: Context, exits: Exits): void {
  const { doctor } = context.messages.help;
  program
    .command('doctor')
    .description(doctor.summary)
    // Settings that can't be used are among what it is to find.
    .toleratingBadSettings()
    .lists(context, async () => (await import('./doctor.js')).checkListing, { alone: false })
    .runs(exits, async (options: ListingOptions) => {
      const module = await import('./doctor.js');
      return module.doctor(options, context);
    });
}
