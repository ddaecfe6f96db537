import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { Journal } from '../../reboot/journal.js';
import { isFinished } from '../../reboot/record.js';
import { confirm } from '../../terminal/prompts.js';
import { inline } from '../../terminal/sanitise.js';
import { withRun } from './folder.js';
import { openRecord } from './records.js';

export interface CloseOptions {
  yes?: boolean;
}

/**
 * `remo batches close <run>`: nothing more is to be done with a run, whatever is open in it, as with a device that
 * never comes back. What became of each device stays as it is; the backend is not asked.
 */
export async function closeBatch(
  batchId: string,
  { yes }: CloseOptions,
  context: Context,
): Promise<undefined> {
  await openRecord(batchId, context);
  if (!yes && !context.canAsk) throw new RemoError('answer_needed', { flag: '--yes' });
  await withRun(batchId, context, async held => {
    const { io, clock, hostname, messages } = context;
    const { batches } = messages;
    const { record, path } = await openRecord(batchId, context);
    const shown = inline(batchId);
    if (isFinished(record)) {
      io.err(record.closed ? batches.closed(shown) : batches.finished(shown));
      return;
    }
    const open = record.devices.filter(({ settled }) => !settled).length;
    if (!yes && !(await confirm(context, batches.closeQuestion(shown, open), '--yes'))) {
      throw new RemoError('declined', {});
    }
    const at = new Date(clock.now()).toISOString();
    const { profile } = context.settings;
    const resumed = { at, host: hostname, profile, requested_by: null };
    const journal = await Journal.reopen(path, record, resumed, held);
    await journal.append({ type: 'closed', at, host: hostname }).finally(() => journal.close());
    io.err(batches.closed(shown));
  });
}
