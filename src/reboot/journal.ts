import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { RemoError } from '../errors.js';
import { makeFolder } from '../files.js';
import type { JournalEntry, JournalHeader, RunRecord } from './record.js';

/**
 * The append-only record of one run: NDJSON, one line an entry, fsynced before `append` resolves. It is
 * what makes a reboot happen once: the key is in it before the instruction leaves.
 *
 * Each line names the process that wrote it. One that was stopped in the middle of a write, and has lost the run
 * meanwhile, wakes up and writes on; nothing can keep it from that, but readers pass its line over.
 */
export class Journal {
  /** What this process is called in its lines. */
  private readonly process = randomBytes(4).toString('hex');
  private waiting: { line: string; resolve: () => void; reject: (error: RemoError) => void }[] = [];
  private flushing: Promise<void> | undefined;
  private broken: RemoError | undefined;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    private readonly held: Held,
  ) {}

  /**
   * Starts the journal `<directory>/<batch id>.ndjson`; the file and its name are on disk when it resolves.
   * @throws RemoError `journal_unwritable`, `batch_taken_over`
   */
  static async create(directory: string, header: JournalHeader, held: Held): Promise<Journal> {
    const file = path.join(directory, `${header.batch_id}.ndjson`);
    let journal: Journal | undefined;
    try {
      await makeFolder(directory);
      journal = new Journal(file, await open(file, 'ax', 0o600), held);
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
   * Goes on with the journal of an earlier process, and says so in it. What a kill tore off at the end is cut away
   * first: it was never acted on.
   * @param record what `readRecord` found in the file
   * @param resumed when (RFC 3339, our clock), on which computer, and by whom
   * @throws RemoError `batch_in_use` when another process has written since; `journal_unwritable`,
   * `batch_taken_over`
   */
  static async reopen(
    file: string,
    { process: after, wholeBytes }: Pick<RunRecord, 'process' | 'wholeBytes'>,
    resumed: Omit<Extract<JournalEntry, { type: 'resumed' }>, 'type' | 'after' | 'process'>,
    held: Held,
  ): Promise<Journal> {
    try {
      const handle = await open(file, 'a+', 0o600);
      try {
        const journal = new Journal(file, handle, held);
        // A computer may have slept since it was read, and been taken for dead.
        const torn = await journal.readFrom(wholeBytes);
        if (torn.includes('\n')) throw journal.inUse();
        if (torn.length > 0 && (await held())) {
          await handle.truncate(wholeBytes);
          await handle.sync();
        }
        await journal.write({ type: 'resumed', ...resumed, after });
        // Only who is the first to write behind what it has read knows all that counts.
        const [first] = (await journal.readFrom(wholeBytes)).split('\n', 1);
        if (!first?.endsWith(journal.stamp)) throw journal.inUse();
        return journal;
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
   * @throws RemoError `journal_unwritable`; from then on for every entry, as a torn line may stand in the file;
   * `batch_taken_over`, likewise, as the journal is another process's then
   */
  append(entry: JournalEntry): Promise<void> {
    return this.write(entry);
  }

  /** Waits for what is being written and closes the file. */
  async close(): Promise<void> {
    await this.flushing;
    await this.file.close();
  }

  /** What its lines end in. */
  private get stamp(): string {
    return `,"process":"${this.process}"}`;
  }

  private get batch(): string {
    return path.basename(this.path, '.ndjson');
  }

  private inUse(): RemoError {
    return new RemoError('batch_in_use', { batch: this.batch });
  }

  private async readFrom(position: number): Promise<string> {
    const { buffer, bytesRead } = await this.file.read({ position });
    return buffer.toString('utf8', 0, bytesRead);
  }

  private write(content: JournalHeader | JournalEntry): Promise<void> {
    if (this.broken) return Promise.reject(this.broken);
    return new Promise((resolve, reject) => {
      const line = `${JSON.stringify(content).slice(0, -1)}${this.stamp}\n`;
      this.waiting.push({ line, resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  private async flush(): Promise<void> {
    // Whoever writes down an answer goes on to the next intent in the same turn: one flush will do for both.
    await setImmediate();
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0);
      try {
        if (this.broken) throw this.broken;
        // Right before: a group may have waited for long for the one before it, and so has who was stopped then.
        if (!(await this.held())) throw new RemoError('batch_taken_over', { batch: this.batch });
        appendFileSync(this.file.fd, group.map(({ line }) => line).join(''));
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

/** Whether the run is still this process's: one that was stopped for long may have been taken for dead. */
type Held = () => Promise<boolean>;

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
