import type { Context } from '../../context.js';
import type { ListingOptions } from '../../terminal/listing.js';
import type { Exits, RemoCommand } from '../command.js';
import { addReboot } from './reboot-command.js';

/** Wires `remo devices …`. */
export function addDevices(program: RemoCommand, context: Context, exits: Exits): void {
  const { devices, devicesShow, devicesStatus } = context.messages.help;
  const noun = program.command('devices').description(devices.summary);
  noun
    .command('show')
    .description(devicesShow.summary)
    .argument('<customer>', devicesShow.customer)
    .lists(context, async () => (await import('./columns.js')).deviceListing)
    .footer(context, devicesShow.examples)
    .runs(exits, async (customer: string, options: ListingOptions) => {
      const { showDevices } = await import('./show.js');
      return showDevices(customer, options, context);
    });
  noun
    .command('status')
    .description(devicesStatus.summary)
    .argument('<id...>', devicesStatus.ids)
    .lists(context, async () => (await import('./columns.js')).statusListing)
    .footer(context, devicesStatus.examples)
    .runs(exits, async (ids: string[], options: ListingOptions) => {
      const { deviceStatus } = await import('./status.js');
      return deviceStatus(ids, options, context);
    });
  addReboot(noun, context, exits);
}
