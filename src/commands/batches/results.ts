import type { Context } from '../../context.js';
import { asRemoError, type RemoError } from '../../errors.js';
import type { DeviceResult, RunReport } from '../../reboot/outcome.js';
import { ClosedPipe } from '../../terminal/io.js';
import { writeList, writeRow } from '../../terminal/output.js';
import { resultColumns, resultRecord } from './view.js';

/** Where the results of a run go on stdout. */
export interface Results {
  /** Takes a result as soon as there is one. Nothing that is wrong with stdout stops the run. */
  add(result: DeviceResult): void;
  /**
   * Writes what has not been written yet, in the plan's order.
   * @returns why not everything could be written, if so; that nobody reads on is no reason
   */
  finish(report: Pick<RunReport, 'results'>): Promise<RemoError | undefined>;
}

/** Opens stdout for the results of a run: `-o ndjson` has each as it ends, the others all at the end. */
export function openResults(batchId: string, context: Context): Results {
  const written = new Set<DeviceResult>();
  const record = (result: DeviceResult) => resultRecord(result, batchId, context);
  return {
    add(result) {
      if (context.format !== 'ndjson') return;
      written.add(result);
      // Whatever becomes of it, `finish` meets it again.
      writeRow(context, record(result)).catch(() => {});
    },
    async finish({ results }) {
      // One at a time: ten thousand records need not exist at once.
      const rows = function* () {
        for (const result of results) if (!written.has(result)) yield record(result);
      };
      try {
        await writeList(context, { columns: resultColumns, rows: rows() });
        await context.io.flush();
        return undefined;
      } catch (error) {
        return error instanceof ClosedPipe ? undefined : asRemoError(error);
      }
    },
  };
}
