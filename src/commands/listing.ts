import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import type { Messages } from '../messages/en.js';
import { nearest } from '../nearest.js';
import type { Listing, ListingOptions } from '../terminal/listing.js';
import type { SortKey } from '../terminal/order.js';

/** What a command lists, declared beside its resource; its rows come later. */
export interface Declared<T = never> extends Omit<Listing<T>, 'rows'> {
  /** Where the messages say what its fields mean. */
  about: keyof Messages['fields'];
}

/** In place of names: which ones there are. The second is what a Japanese input method types. */
const whichOnes = ['?', '？'];

/** Whether the names of the columns are asked for instead of rows. */
export function asksForNames({ columns }: ListingOptions): boolean {
  return columns?.length === 1 && whichOnes.includes(columns[0] ?? '');
}

/** The names of `--columns`, a comma between two, each once. @throws RemoError `missing_value` */
export function parseColumns(text: string): string[] {
  return [...new Set(namesIn(text, '--columns'))];
}

/** The names of `--sort`, those with a `-` before them for descending order. @throws RemoError `missing_value` */
export function parseSort(text: string): SortKey[] {
  return namesIn(text, '--sort', /^-/).map(name => ({
    column: name.replace(/^-/, ''),
    descending: name.startsWith('-'),
  }));
}

function namesIn(text: string, option: string, sign = /^/): string[] {
  const names = text.split(/[,，、]/).map(name => name.trim());
  // A variable of a script that is not set must not come to mean all the columns.
  if (names.some(name => name.replace(sign, '') === '')) throw new RemoError('missing_value', { option });
  return names;
}

/** The names of the columns of a listing. */
export function namesOf({ columns }: Declared): string[] {
  return columns.map(({ name }) => name);
}

/**
 * Settles how a listing is to be written, before the command does anything.
 * @param output the format that was asked for on the command line, if one was
 * @param declare loaded only where columns are named
 * @returns whether the command is done: it was only asked which columns there are
 * @throws RemoError `unknown_column`, `conflicting_options`
 */
export async function settleListing(
  options: ListingOptions & { output?: string },
  declare: () => Promise<Declared>,
  context: Context,
): Promise<boolean> {
  const { columns = [], sort = [], excel, output } = options;
  if (excel) {
    if (output !== undefined && output !== 'csv') {
      throw new RemoError('conflicting_options', { first: '--excel', second: `-o ${output}` });
    }
    context.addFlags({ output: 'csv' });
  }
  const asked = asksForNames(options);
  const named = [...(asked ? [] : columns), ...sort.map(({ column }) => column)];
  if (!asked && named.length === 0) return false;
  const declared = await declare();
  const known = namesOf(declared);
  for (const name of named) {
    if (known.includes(name)) continue;
    const column = whichOnes.includes(name) ? '?' : name;
    throw new RemoError('unknown_column', { column, known, ...nearest(name, known) });
  }
  if (asked) await writeNames(declared, excel === true, context);
  return asked;
}

/** Lists the columns, as a listing of its own. */
async function writeNames({ columns, about }: Declared, excel: boolean, context: Context): Promise<void> {
  const { writeList } = await import('../terminal/output.js');
  const meanings: Partial<Record<string, string>> = context.messages.fields[about];
  await writeList(
    context,
    {
      columns: [
        { name: 'name', header: m => m.terminal.columnName, value: row => row.name, priority: 1 },
        { name: 'meaning', header: m => m.terminal.columnMeaning, value: row => row.meaning, priority: 1 },
      ],
      rows: columns.map(({ name }) => ({ name, meaning: meanings[name] ?? '' })),
    },
    { excel },
  );
}
