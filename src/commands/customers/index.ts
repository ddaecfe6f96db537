import type { Context } from '../../context.js';
import { longestEmail, parseInteger, parseText } from '../../values.js';
import type { Exits, RemoCommand } from '../command.js';
import type { ListOptions } from './list.js';

/** Wires `remo customers …`. */
export function addCustomers(program: RemoCommand, context: Context, exits: Exits): void {
  const { help } = context.messages;
  const { summary, email, page, perPage, all, limit } = help.customersList;
  program
    .command('customers')
    .description(help.customers.summary)
    .command('list')
    .description(summary)
    .option('--email <text>', email, text => parseText(text, '--email', longestEmail))
    .option('--page <n>', page, text => parseInteger(text, '--page', 1))
    .option('--per-page <n>', perPage, text => parseInteger(text, '--per-page', 1, 100))
    .option('--all', all)
    .option('--limit <n>', limit, text => parseInteger(text, '--limit', 1))
    .completes({ email: 'customer' })
    .lists(context, async () => (await import('./columns.js')).customerListing)
    .runs(exits, async (options: ListOptions) => {
      const { listCustomers } = await import('./list.js');
      return listCustomers(options, context);
    });
}
