import type { Context } from '../../context.js';
import { longestReason, parseDuration, parseInteger, parseRate, parseText } from '../../values.js';
import { choice, type Exits, type RemoCommand } from '../command.js';
import type { Declared } from '../listing.js';
import type { RebootOptions } from './reboot.js';

const integer = (name: string, min: number, max?: number) => (text: string) =>
  parseInteger(text, name, min, max);

/** The plan where nothing is sent, else what became of it. */
async function listingFor(given: ReadonlySet<string>): Promise<Declared> {
  return given.has('dryRun') || given.has('savePlan')
    ? (await import('../batches/plan-view.js')).planListing
    : (await import('../batches/view.js')).resultListing;
}

/** Wires `remo devices reboot`. */
export function addReboot(noun: RemoCommand, context: Context, exits: Exits, typed: readonly string[]): void {
  const help = context.messages.help.devicesReboot;
  noun
    .command('reboot')
    .description(help.summary)
    .argument('[id...]', help.ids)
    .option('-f, --file <path>', help.file)
    .option('--customer <customer>', help.customer)
    .option('--status <status>', help.status, choice('--status', 'online', 'offline', 'rebooting', 'unknown'))
    .option('--kind <kind>', help.kind, choice('--kind', 'camera', 'recorder', 'other', 'unknown'))
    .option('--model <model>', help.model)
    .option('--skip-missing', help.skipMissing)
    .option('-y, --yes', help.yes)
    .option('--confirm <count>', help.confirm, integer('--confirm', 0))
    .option('--dry-run', help.dryRun)
    .option('--save-plan <path>', help.savePlan)
    .option('--plan <path>', help.plan)
    .option('--wait [duration]', help.wait, text => (text === '' ? true : parseDuration(text, '--wait')))
    .option('--no-wait', help.noWait)
    .option('--concurrency <count>', help.concurrency, integer('--concurrency', 1, 256))
    .option('--per-customer <count>', help.perCustomer, integer('--per-customer', 1, 256))
    .option('--canary <count>', help.canary, integer('--canary', 1))
    .option('--max-failures <count>', help.maxFailures, integer('--max-failures', 0))
    .option('--max-failure-rate <share>', help.maxFailureRate, text => parseRate(text, '--max-failure-rate'))
    .option('--min-interval <duration>', help.minInterval, text =>
      /^0(ms|s|m|h)?$/.test(text) ? 0 : parseDuration(text, '--min-interval'),
    )
    .option('--window <from-to>', help.window)
    .option('--tz <zone>', help.tz)
    .option('--window-stop', help.windowStop)
    .option('--reason <text>', help.reason, text => parseText(text, '--reason', longestReason))
    .option('--progress <mode>', help.progress, choice('--progress', 'auto', 'plain', 'none'))
    .completes({
      id: 'device',
      customer: 'customer',
      file: 'file',
      plan: 'file',
      savePlan: 'file',
      tz: 'time-zone',
    })
    .lists(context, listingFor, { alone: false })
    .instructingReboots()
    .runs(exits, async (ids: string[], options: RebootOptions) => {
      const { rebootDevices } = await import('./reboot.js');
      return rebootDevices(ids, options, context, typed);
    });
}
