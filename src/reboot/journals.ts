import { readdir } from 'node:fs/promises';
import path from 'node:path';

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
