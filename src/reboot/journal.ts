import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { RemoError } from '../errors.js';
import type { JournalEntry, JournalHeader } from './record.js';

/**
 * The append-only record of one run: NDJSON, one line an entry, fsynced before `append` resolves. It is
 * what makes a reboot happen once: the key is in it before the instruction leaves.
 */
export class Journal {
  private waiting: { line: string; resolve: () => void; reject: (error: RemoError) => void }[] = [];
  private flushing: Promise<void> | undefined;
  private broken: RemoError | undefined;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /**
   * Starts the journal `<directory>/<batch id>.ndjson`; the file and its name are on disk when it resolves.
   * @throws RemoError `journal_unwritable`
   */
  static async create(directory: string, header: JournalHeader): Promise<Journal> {
    const file = path.join(directory, `${header.batch_id}.ndjson`);
    let journal: Journal | undefined;
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      journal = new Journal(file, await open(file, 'ax', 0o600));
      await journal.write(header);
      await syncDirectory(directory);
      return journal;
    } catch (error) {
      // What a full disk left of it would look like a run that nobody can read.
      await journal?.close().catch(() => {});
      if (journal) await rm(file, { force: true }).catch(() => {});
      throw unwritable(file, error);
    }
  }

  /**
   * Goes on with the journal of an earlier process. What a kill tore off at the end is cut away first: it was
   * never acted on.
   * @param wholeBytes how much of the file is whole lines, as `readRecord` found it
   * @throws RemoError `batch_in_use` when another process has written since; `journal_unwritable`
   */
  static async reopen(file: string, wholeBytes: number): Promise<Journal> {
    try {
      const handle = await open(file, 'a+', 0o600);
      try {
        // A computer may have slept since it was read, and been taken for dead.
        const { buffer, bytesRead } = await handle.read({ position: wholeBytes });
        if (buffer.subarray(0, bytesRead).includes('\n'))
          throw new RemoError('batch_in_use', { batch: path.basename(file, '.ndjson') });
        await handle.truncate(wholeBytes);
        await handle.sync();
        return new Journal(file, handle);
      } catch (error) {
        await handle.close();
        throw error;
      }
    } catch (error) {
      throw unwritable(file, error);
    }
  }

  /**
   * Adds an entry and resolves once it is on disk. Entries that arrive while a flush is under way share
   * the next one, so that many workers cost few fsyncs.
   * @throws RemoError `journal_unwritable`; from then on for every entry, as a torn line may stand in the file
   */
  append(entry: JournalEntry): Promise<void> {
    return this.write(entry);
  }

  /** Waits for what is being written and closes the file. */
  async close(): Promise<void> {
    await this.flushing;
    await this.file.close();
  }

  private write(content: JournalHeader | JournalEntry): Promise<void> {
    if (this.broken) return Promise.reject(this.broken);
    return new Promise((resolve, reject) => {
      this.waiting.push({ line: `${JSON.stringify(content)}\n`, resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0);
      try {
        if (this.broken) throw this.broken;
        await this.file.appendFile(group.map(({ line }) => line).join(''));
        await this.file.datasync();
        for (const { resolve } of group) resolve();
      } catch (error) {
        this.broken ??= unwritable(this.path, error);
        for (const { reject } of group) reject(this.broken);
      }
    }
    // In the same turn as the look at `waiting`: who comes after that has to start the next flush.
    this.flushing = undefined;
  }
}

function unwritable(file: string, error: unknown): RemoError {
  if (error instanceof RemoError) return error;
  return new RemoError(
    'journal_unwritable',
    { path: file, detail: (error as Error).message },
    { cause: error },
  );
}

/** A new file's name is durable only once its directory is (fsync(2)); Windows has no such call. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => undefined);
  await handle?.sync().catch(error => {
    if (!['EISDIR', 'EPERM', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  });
  await handle?.close();
}

/** A name for a run that sorts by time, to the millisecond: `20261123T031500123Z-1f3a9c`. */
export function newBatchId(now: number, random: string): string {
  return `${new Date(now).toISOString().replace(/[-:.]/g, '')}-${random}`;
}
