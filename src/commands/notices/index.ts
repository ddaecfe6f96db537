import type { Context } from '../../context.js';
import { parseTimeZone } from '../../values.js';
import { choice, type Exits, type RemoCommand } from '../command.js';
import type { NoticesOptions } from './notices.js';

/** Wires `remo notices`. */
export function addNotices(program: RemoCommand, context: Context, exits: Exits): void {
  const { notices, batchesShow } = context.messages.help;
  program
    .command('notices')
    .description(notices.summary)
    .argument('<run>', batchesShow.batch)
    .option('--all', notices.all)
    .option('--format <format>', notices.format, choice('--format', 'text', 'eml'))
    .option('--out <dir>', notices.out)
    .option('--force', notices.force)
    .option('--tz <zone>', notices.tz, text => parseTimeZone(text, '--tz'))
    .option('--with-reason', notices.withReason)
    .completes({ run: 'run', out: 'folder', tz: 'time-zone' })
    .lists(context, async () => (await import('./columns.js')).noticeListing, { alone: false })
    .runs(exits, async (batchId: string, options: NoticesOptions) => {
      const module = await import('./notices.js');
      await module.writeNotices(batchId, options, context);
    });
}
