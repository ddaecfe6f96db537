import type { Context } from '../context.js';
import type { Column, Value } from './columns.js';
import { byteOrderMark, cellText, csvLine } from './csv.js';
import { columnsOf, type Listing, type ListingOptions, recordOf } from './listing.js';
import { inOrder, type SortKey } from './order.js';
import { jsonText } from './sanitise.js';
import { styleOf } from './style.js';
import type { Table } from './table.js';

/** One labelled value of a record. */
export interface Field {
  /** The machine's name of it. */
  name: string;
  label: string;
  value: Value;
  /** How a person reads it; without it the value as it is. */
  text?: string;
}

/** How many rows of a listing that is there all at once are written together. */
const batchSize = 500;

/**
 * Writes a listing to stdout in the format of the context, page by page as the pages arrive. Where they break off it
 * says on stderr how much there is: to a reader of most formats it looks whole.
 * @param options name columns that there are
 * @returns how many rows were written
 * @throws ClosedPipe, RemoError `output_failed`, and whatever the rows throw
 */
export async function writeList<T>(
  context: Context,
  listing: Listing<T>,
  options: ListingOptions = {},
): Promise<number> {
  const counted = counting(context, listing.rows);
  const pages = options.sort ? ordered(counted.pages, listing.columns, options.sort) : counted.pages;
  try {
    await writePages(context, listing, pages, options);
  } catch (error) {
    // What is sorted, or lined up for a file, is written once all of it is there; who interrupts it knows.
    const atOnce = options.sort || (context.format === 'table' && !context.io.stdoutIsTerminal);
    if (counted.isBrokenOff() && counted.rows() > 0 && !atOnce && !context.signal.aborted) {
      context.io.err(context.messages.terminal.brokenOff(counted.rows()));
    }
    throw error;
  }
  return counted.rows();
}

async function writePages<T>(
  context: Context,
  listing: Listing<T>,
  pages: AsyncIterable<readonly T[]>,
  options: ListingOptions,
): Promise<void> {
  const { format } = context;
  const columns = columnsOf(listing, options, format);
  const record = recordOf(listing, options);
  switch (format) {
    case 'json':
      await writeArray(context, pages, record);
      break;
    case 'ndjson':
      await writeLines(context, pages, row => jsonText(record(row)));
      break;
    case 'yaml':
      await writeSequence(context, pages, record);
      break;
    case 'csv':
      await context.io.out((options.excel ? byteOrderMark : '') + csvLine(columns.map(({ name }) => name)));
      await writeText(context, pages, row => csvLine(columns.map(({ value }) => value(row))));
      break;
    case 'tsv':
      await writeLines(context, pages, row => columns.map(({ value }) => cellText(value(row))).join('\t'));
      break;
    case 'table':
      await writeTables(context, columns, pages);
  }
}

/**
 * Writes one thing to stdout: a block of labelled lines for people, one object, or one row.
 * @param record the JSON object; without it the fields by their names
 * @throws as `Io.out`
 */
export async function writeRecord(
  context: Context,
  fields: readonly Field[],
  record?: unknown,
): Promise<void> {
  switch (context.format) {
    case 'json':
    case 'ndjson':
    case 'yaml':
      return writeValue(
        context,
        record ?? Object.fromEntries(fields.map(({ name, value }) => [name, value])),
      );
    case 'csv':
      return context.io.out(
        csvLine(fields.map(({ name }) => name)) + csvLine(fields.map(({ value }) => value)),
      );
    case 'tsv':
      return context.io.out(fields.map(({ name, value }) => `${name}\t${cellText(value)}\n`).join(''));
    case 'table': {
      const { block } = await import('./table.js');
      const style = await styleOf(context, 'stdout');
      const pairs = fields.map(({ label, value, text }) => ({ label, text: text ?? cellText(value) }));
      return context.io.out(block(pairs, style, context.io.width));
    }
  }
}

/** Writes one value to stdout: as YAML, on one line for `-o ndjson`, else as indented JSON. @throws as `Io.out` */
export async function writeValue(context: Context, value: unknown): Promise<void> {
  if (context.format !== 'yaml') {
    return context.io.out(`${jsonText(value, context.format === 'ndjson' ? undefined : 2)}\n`);
  }
  const { yamlText } = await import('./yaml.js');
  await context.io.out(yamlText(value));
}

async function* pagesOf<T>(rows: Listing<T>['rows']): AsyncGenerator<readonly T[]> {
  if (Symbol.asyncIterator in rows) {
    yield* rows;
    return;
  }
  let batch: T[] = [];
  for (const row of rows) {
    if (batch.push(row) < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * The pages that have rows, counted as they pass, and whether they broke off. An interruption ends them between two; rows that are all
 * there already (the report of an interrupted run) are still told.
 */
function counting<T>(context: Context, listed: Listing<T>['rows']) {
  let rows = 0;
  let brokenOff = false;
  async function* counted(): AsyncGenerator<readonly T[]> {
    try {
      for await (const page of pagesOf(listed)) {
        if (Symbol.asyncIterator in listed) context.signal.throwIfAborted();
        rows += page.length;
        if (page.length > 0) yield page;
      }
    } catch (error) {
      // Not where nothing more can be written: that ends it from outside.
      brokenOff = true;
      throw error;
    }
  }
  return { pages: counted(), rows: () => rows, isBrokenOff: () => brokenOff };
}

/** All the pages as one, in order. */
async function* ordered<T>(
  pages: AsyncIterable<readonly T[]>,
  columns: readonly Column<T>[],
  keys: readonly SortKey[],
): AsyncGenerator<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) for (const row of page) all.push(row);
  yield* pagesOf(inOrder(all, columns, keys));
}

async function writeArray<T>(
  context: Context,
  pages: AsyncIterable<readonly T[]>,
  record: (row: T) => unknown,
) {
  let before = '[\n';
  for await (const page of pages) {
    // A page is an array already: without its brackets it continues the one that is being written.
    await context.io.out(before + jsonText(page.map(record), 2).slice(2, -2));
    before = ',\n';
  }
  await context.io.out(before === '[\n' ? '[]\n' : '\n]\n');
}

/** A YAML sequence can go on with every page. */
async function writeSequence<T>(
  context: Context,
  pages: AsyncIterable<readonly T[]>,
  record: (row: T) => unknown,
) {
  const { yamlText } = await import('./yaml.js');
  let empty = true;
  for await (const page of pages) {
    await context.io.out(yamlText(page.map(record)));
    empty = false;
  }
  if (empty) await context.io.out(yamlText([]));
}

function writeLines<T>(context: Context, pages: AsyncIterable<readonly T[]>, line: (row: T) => string) {
  return writeText(context, pages, row => `${line(row)}\n`);
}

async function writeText<T>(context: Context, pages: AsyncIterable<readonly T[]>, text: (row: T) => string) {
  for await (const page of pages) await context.io.out(page.map(text).join(''));
}

async function writeTables<T>(
  context: Context,
  columns: readonly Column<T>[],
  pages: AsyncIterable<readonly T[]>,
) {
  const { Table } = await import('./table.js');
  const table = await Table.open(context, columns);
  // In a file the whole table lines up; on a terminal nobody waits for the last page to see the first.
  const ready = context.io.stdoutIsTerminal ? pages : await measured(pages, table);
  let header = true;
  for await (const page of ready) {
    await table.write(page, { header });
    header = false;
  }
}

/** All the pages, their widths taken in. Drawn as one table, a long listing would take minutes. */
async function measured<T>(pages: AsyncIterable<readonly T[]>, table: Table<T>): Promise<readonly T[][]> {
  const all: T[][] = [];
  for await (const page of pages) {
    table.measure(page);
    all.push([...page]);
  }
  return all;
}
