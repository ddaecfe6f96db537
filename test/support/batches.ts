import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import type { JournalEntry, JournalHeader } from '../../src/reboot/record.js';
import type { Sandbox } from '../../src/sandbox/server.js';

/** Where the program keeps its state below a home. */
export const stateBelow = (home: string) => path.join(home, '.local/state/remo');
const batchesBelow = (home: string) => path.join(stateBelow(home), 'batches');

/** The files of the runs below a home, oldest first. */
export function journalFiles(home: string): string[] {
  const folder = batchesBelow(home);
  // A run's lock stands beside its journal.
  const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.ndjson')) : [];
  return names.sort().map(name => path.join(folder, name));
}

export const nameOfRun = (journal: string) => path.basename(journal, '.ndjson');

/** A journal as its lines. Throws where one of them is not whole. */
export function linesOf(journal: string): [JournalHeader, ...JournalEntry[]] {
  const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
  return lines.map(line => JSON.parse(line)) as [JournalHeader, ...JournalEntry[]];
}

/** Makes a run's lock look as if its process had given no sign of life for long. */
export function ageLock(journal: string): void {
  const lock = `${journal.replace(/\.ndjson$/, '')}.lock`;
  const longAgo = new Date(Date.now() - 60_000);
  if (existsSync(lock)) utimesSync(lock, longAgo, longAgo);
}

/** The instructions that the backend got. */
export const instructions = ({ requests }: Sandbox) => requests.filter(({ method }) => method === 'POST');

/** So many cameras that reboot as they should, of each of so many customers. */
export function cameras({ fleet }: Sandbox, each: number, customers = 1): string[] {
  const all = fleet.customers.map(({ devices }) =>
    devices
      .filter(
        ({ kind, status, behavior }) => kind === 'camera' && status === 'online' && behavior === 'normal',
      )
      .map(({ id }) => id),
  );
  return all
    .filter(ids => ids.length >= each)
    .slice(0, customers)
    .flatMap(ids => ids.slice(0, each));
}
