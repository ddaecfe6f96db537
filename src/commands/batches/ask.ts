import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { ask, confirm } from '../../terminal/prompts.js';

/** From so many devices on, a person types their number. */
const manyDevices = 10;

/**
 * Asks whether so many devices are to be rebooted.
 * @param question the one for a few devices
 * @throws RemoError `declined`, `answer_needed`, `interrupted`
 */
export async function askFor(count: number, question: string, context: Context): Promise<void> {
  if (count < manyDevices) {
    if (!(await confirm(context, question, '--yes'))) throw new RemoError('declined', {});
    return;
  }
  const { plan } = context.messages;
  const noes = ['', 'n', 'no'];
  const answer = await ask(context, plan.typeCount(count), '--yes', text =>
    [String(count), ...noes].includes(plain(text)) ? undefined : plan.notTheCount(count),
  );
  if (plain(answer) !== String(count)) throw new RemoError('declined', {});
}

/** Who writes Japanese types １２ for 12. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
