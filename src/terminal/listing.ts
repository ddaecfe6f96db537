import type { OutputFormat } from '../config.js';
import type { Column } from './columns.js';
import { inOrder, type SortKey } from './order.js';

/** A listing: its columns, and its rows all at once or a page at a time. */
export interface Listing<T> {
  columns: readonly Column<T>[];
  rows: Iterable<T> | AsyncIterable<readonly T[]>;
  /** A row as a JSON object; without it the row itself. */
  record?: (row: T) => unknown;
}

/** How a listing is wanted: the flags that every command with one takes. */
export interface ListingOptions {
  /** The names of the columns wanted, in their order, in every format; without it those of the format. */
  columns?: readonly string[];
  /** What the rows are ordered by; a listing that is sorted has to be whole before anything is written. */
  sort?: readonly SortKey[];
  /** Whether CSV is for Excel. */
  excel?: boolean;
}

/** The rows of a listing as the JSON objects that are wanted of them, for a listing within something larger. */
export function recordsOf<T>(
  listing: Omit<Listing<T>, 'rows'> & { rows: readonly T[] },
  options: ListingOptions,
): unknown[] {
  const { rows, columns } = listing;
  return (options.sort ? inOrder(rows, columns, options.sort) : rows).map(recordOf(listing, options));
}

/** The columns that a format has: those asked for, which none is too narrow for, or its own. */
export function columnsOf<T>(
  { columns }: Pick<Listing<T>, 'columns'>,
  options: ListingOptions,
  format: OutputFormat | 'tsv',
): readonly Column<T>[] {
  if (!options.columns) {
    return columns.filter(({ dataOnly, onRequest }) => !onRequest && !(dataOnly && format === 'table'));
  }
  return named(columns, options.columns).map(column => ({ ...column, priority: 1, yields: false }));
}

/** Makes the JSON object of a row: the whole record, or the columns asked for. */
export function recordOf<T>(
  { columns, record = row => row }: Omit<Listing<T>, 'rows'>,
  options: ListingOptions,
): (row: T) => unknown {
  if (!options.columns) return record;
  const wanted = named(columns, options.columns);
  return row => Object.fromEntries(wanted.map(({ name, value }) => [name, value(row)]));
}

function named<T>(columns: readonly Column<T>[], names: readonly string[]): Column<T>[] {
  return names.flatMap(name => columns.find(column => column.name === name) ?? []);
}
