import type { Context } from '../../context.js';
import { parseInteger, parseMoment } from '../../values.js';
import type { Exits, RemoCommand } from '../command.js';
import type { HistoryOptions } from './history.js';

/** Wires `remo history`. */
export function addHistory(program: RemoCommand, context: Context, exits: Exits): void {
  const { batchesShow, history } = context.messages.help;
  const moment = (name: string, edge: 'start' | 'end') => (text: string) =>
    parseMoment(text, name, edge, context.clock.now());
  program
    .command('history')
    .description(history.summary)
    .option('--since <time>', history.since, moment('--since', 'start'))
    .option('--until <time>', history.until, moment('--until', 'end'))
    .option('--device <id>', history.device)
    .option('--customer <customer>', history.customer)
    .option('--outcome <outcomes>', batchesShow.outcome)
    .option('--all', history.all)
    .option('--limit <count>', history.limit, text => parseInteger(text, '--limit', 1))
    .completes({
      device: 'device',
      customer: 'customer',
      outcome: { listOf: async () => (await import('../../reboot/outcome.js')).outcomes },
    })
    .lists(context, async () => (await import('./columns.js')).historyListing)
    .runs(exits, async (options: HistoryOptions) => {
      const module = await import('./history.js');
      await module.showHistory(options, context);
    });
}
