import type { Context } from '../../context.js';
import type { ListingOptions } from '../../terminal/listing.js';
import type { Exits, RemoCommand } from '../command.js';
import { addReboot } from './reboot-command.js';

/** Wires `remo devices …`. `typed` are the words of the command line. */
export function addDevices(
  program: RemoCommand,
  context: Context,
  exits: Exits,
  typed: readonly string[],
): void {
  const { devices, devicesShow, devicesStatus } = context.messages.help;
  const noun = program.command('devices').description(devices.summary);
  noun
    .command('show')
    .description(devicesShow.summary)
    .argument('[customer]', devicesShow.customer)
    .completes({ customer: 'customer' })
    .lists(context, async () => (await import('./columns.js')).deviceListing)
    .runs(exits, async (customer: string | undefined, options: ListingOptions) => {
      const { showDevices } = await import('./show.js');
      return showDevices(customer, options, context, typed);
    });
  noun
    .command('status')
    .description(devicesStatus.summary)
    .argument('[id...]', devicesStatus.ids)
    .completes({ id: 'device' })
    .lists(context, async () => (await import('./columns.js')).statusListing)
    .runs(exits, async (ids: string[], options: ListingOptions) => {
      const { deviceStatus } = await import('./status.js');
      return deviceStatus(ids, options, context, typed);
    });
  addReboot(noun, context, exits, typed);
}
