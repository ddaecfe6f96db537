import type { Context } from '../../context.js';
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
    .lists(context, exits, async (customer: string | undefined) => {
      const { showDevices } = await import('./show.js');
      return showDevices(customer, context, typed);
    });
  noun
    .command('status')
    .description(devicesStatus.summary)
    .argument('[id...]', devicesStatus.ids)
    .completes({ id: 'device' })
    .lists(context, exits, async (ids: string[]) => {
      const { deviceStatus } = await import('./status.js');
      return deviceStatus(ids, context, typed);
    });
  addReboot(noun, context, exits, typed);
}
