import { Argument } from 'commander';
import type { Context } from '../../context.js';
import type { Exits, RemoCommand } from '../command.js';
import type { Subject } from './remembered.js';
import { shells, writeScript } from './script.js';

/** Wires `remo completion`, and what runs in the background of a completion. */
export function addCompletion(program: RemoCommand, context: Context, exits: Exits): void {
  const { completion } = context.messages.help;
  program
    .command('completion')
    .description(completion.summary)
    .argument('[shell]', completion.shell)
    .usage('<shell>')
    .completes({ shell: shells })
    .toleratingBadSettings()
    .runs(exits, async (shell?: string) => {
      await writeScript(shell, context);
    });
  program
    .command('__fetch', { hidden: true })
    .addArgument(new Argument('<subject>').choices(['customers', 'devices']))
    .runs(exits, async (subject: Subject) => {
      const { fetchFor } = await import('./fetch.js');
      await fetchFor(subject, context);
    });
}
