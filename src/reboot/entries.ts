import type { Clock } from '../clock.js';
import { asRemoError, type RemoError } from '../errors.js';
import { type DeviceResult, otherReboot } from './outcome.js';
import type { JournalEntry } from './record.js';

/** An entry before its time is put in. */
type Unstamped<T> = T extends unknown ? Omit<T, 'at'> : never;

/** What a run writes to its journal. */
export class Entries {
  /** Settles once everything written so far is on disk, or is known not to be. */
  written: Promise<unknown> = Promise.resolve();

  /** @param failed is called when the journal can't be written any more */
  constructor(
    private readonly journal: { append(entry: JournalEntry): Promise<void> },
    private readonly clock: Clock,
    private readonly failed: (error: RemoError) => void,
  ) {}

  /**
   * Writes down what is about to be done; it must not be done otherwise.
   * @throws RemoError `batch_taken_over`, as the journal is another process's then; `journal_unwritable`
   */
  async intend(entry: Unstamped<JournalEntry>): Promise<void> {
    await this.journal.append({ at: new Date(this.clock.now()).toISOString(), ...entry });
  }

  /** Writes down what has already happened; if that fails, nothing is unmade by it. */
  add(entry: Unstamped<JournalEntry>): Promise<void> {
    const written = this.intend(entry).catch(error => this.failed(asRemoError(error)));
    this.written = Promise.all([this.written, written]);
    return written;
  }

  /** `accepted` stands in the journal already; `not_attempted` is the absence of an entry, or the intent taken back. */
  async ending({ planned, ending, key, requestId }: DeviceResult): Promise<void> {
    const device_id = planned.device.id;
    if (ending.outcome === 'skipped') {
      const { code } = ending.reason;
      const other = otherReboot(ending.reason);
      await this.add({ type: 'skipped', device_id, key: key ?? null, reason: code, ...other });
    }
    if (key === undefined) return;
    // What an earlier process may have sent can't be taken back.
    if (ending.outcome === 'not_attempted' && planned.prior?.key === undefined) {
      await this.add({ type: 'not_sent', device_id, key, reason: reasonText(ending.reason) });
    }
    const ended = (reason: Parameters<typeof reasonText>[0]) => {
      return { device_id, key, reason: reasonText(reason), request_id: requestId ?? null };
    };
    if (ending.outcome === 'rebooted') {
      await this.add({ type: 'rebooted', device_id, key, booted_at: ending.bootedAt });
    }
    if (ending.outcome === 'failed') {
      const { reason } = ending;
      const failure = reason.code === 'reboot_failed' ? reason.failure : null;
      await this.add({ type: 'failed', ...ended(reason), failure });
    }
    if (ending.outcome === 'unknown') await this.add({ type: 'unknown', ...ended(ending.reason) });
  }
}

function reasonText(reason: { code: string; error?: RemoError }): string {
  return reason.error ? `${reason.code}: ${reason.error.code}` : reason.code;
}
