import type { Context } from '../../context.js';
import { parseDuration } from '../../values.js';
import type { Exits, RemoCommand } from '../command.js';
import type { RebootOptions } from './reboot.js';

/** How long `--wait` waits when it is not said (milliseconds). */
const defaultWait = 300_000;

/** Wires `remo devices …`. */
export function addDevices(program: RemoCommand, context: Context, exits: Exits): void {
  const { devices, devicesShow, devicesStatus, devicesReboot } = context.messages.help;
  const noun = program.command('devices').description(devices.summary);
  noun
    .command('show')
    .description(devicesShow.summary)
    .argument('<customer>', devicesShow.customer)
    .footer(context, devicesShow.examples)
    .runs(exits, async (customer: string) => {
      const { showDevices } = await import('./show.js');
      return showDevices(customer, context);
    });
  noun
    .command('status')
    .description(devicesStatus.summary)
    .argument('<id...>', devicesStatus.ids)
    .footer(context, devicesStatus.examples)
    .runs(exits, async (ids: string[]) => {
      const { deviceStatus } = await import('./status.js');
      return deviceStatus(ids, context);
    });
  noun
    .command('reboot')
    .description(devicesReboot.summary)
    .argument('<id...>', devicesReboot.ids)
    .option('-y, --yes', devicesReboot.yes)
    .option('--wait [duration]', devicesReboot.wait, text =>
      text === '' ? defaultWait : parseDuration(text, '--wait'),
    )
    .option('--reason <text>', devicesReboot.reason)
    .option('--dry-run', devicesReboot.dryRun)
    .footer(context, devicesReboot.examples, devicesReboot.exitCodes)
    .runs(exits, async (ids: string[], options: RebootOptions) => {
      const { rebootDevices } = await import('./reboot.js');
      return rebootDevices(ids, options, context);
    });
}
