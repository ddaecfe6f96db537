import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { RemoError } from '../errors.js';

/** The folder of the journals in the one for state. */
export function journalFolder(state: string): string {
  return path.join(state, 'batches');
}

/**
 * The journals of a folder, newest run first.
 * @returns file names by run; none when the folder is not there
 */
export async function listJournals(directory: string): Promise<{ batchId: string; path: string }[]> {
  const names = await readdir(directory).catch(error => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter(name => name.endsWith('.ndjson'))
    .sort()
    .reverse()
    .map(name => ({ batchId: name.slice(0, -'.ndjson'.length), path: path.join(directory, name) }));
}

/**
 * Opens a journal to be read. What is no file is refused: to open a FIFO would wait for somebody to write to it.
 * @throws RemoError `journal_broken`; NodeJS.ErrnoException
 */
export async function openJournal(file: string): Promise<FileHandle> {
  // Windows has no such flag.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const found = await handle.stat().catch(() => undefined);
  if (found?.isFile()) return handle;
  await handle.close();
  throw new RemoError('journal_broken', { path: file, line: 1 });
}

/** Of a longer beginning a run of ten thousand devices has a header. */
const beginning = 4096;

/** Why a run was made, from the beginning of its journal; undefined where that is not told there. */
export async function reasonIn(path: string): Promise<string | undefined> {
  const handle = await openJournal(path).catch(() => undefined);
  if (!handle) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginning), 0, beginning, 0);
    // Its fields stand in one order; those before it are of the program's own making.
    const [, text] = /"reason":("(?:[^"\\]|\\.)*")/.exec(buffer.toString('utf8', 0, bytesRead)) ?? [];
    return text === undefined ? undefined : String(JSON.parse(text));
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
