import type { Context } from '../../context.js';
import { asRemoError, type RemoError } from '../../errors.js';
import type { DeviceResult, RunReport } from '../../reboot/outcome.js';
import { ClosedPipe } from '../../terminal/io.js';
import { type ListingOptions, recordOf } from '../../terminal/listing.js';
import { writeList, writeValue } from '../../terminal/output.js';
import { resultListing, resultRecord } from './view.js';

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

/**
 * Opens stdout for the results of a run: `-o ndjson` has each as it ends unless they are to be sorted, the others
 * all at the end.
 */
export function openResults(batchId: string, options: ListingOptions, context: Context): Results {
  const written = new Set<DeviceResult>();
  const record = (result: DeviceResult) => resultRecord(result, batchId, context);
  const asWanted = recordOf(resultListing, options);
  return {
    add(result) {
      if (context.format !== 'ndjson' || options.sort) return;
      written.add(result);
      // Whatever becomes of it, `finish` meets it again.
      writeValue(context, asWanted(record(result))).catch(() => {});
    },
    async finish({ results }) {
      // One at a time: ten thousand records need not exist at once.
      const rows = function* () {
        for (const result of results) if (!written.has(result)) yield record(result);
      };
      try {
        await writeList(context, { ...resultListing, rows: rows() }, options);
        await context.io.flush();
        return undefined;
      } catch (error) {
        return error instanceof ClosedPipe ? undefined : asRemoError(error);
      }
    },
  };
}
