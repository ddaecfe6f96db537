import type { Context } from '../context.js';
import type { Column, Value } from './columns.js';
import { inline, jsonText } from './sanitise.js';
import { styleOf } from './style.js';
import type { Table } from './table.js';

/** A listing: its columns, and its rows all at once or a page at a time. */
export interface Listing<T> {
  columns: readonly Column<T>[];
  rows: Iterable<T> | AsyncIterable<readonly T[]>;
  /** A row as a JSON object; without it the row itself. */
  record?: (row: T) => unknown;
}

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
 * Writes a listing to stdout in the format of the context, page by page as the pages arrive.
 * @returns how many rows were written
 * @throws ClosedPipe, RemoError `output_failed`, and whatever the rows throw
 */
export async function writeList<T>(context: Context, listing: Listing<T>): Promise<number> {
  const counted = counting(context, listing.rows);
  switch (context.format) {
    case 'json':
      await writeArray(context, counted.pages, listing.record);
      break;
    case 'ndjson':
      await writeLines(context, counted.pages, row => jsonText(listing.record ? listing.record(row) : row));
      break;
    case 'csv':
      await context.io.out(csvLine(listing.columns.map(({ name }) => name)));
      await writeText(context, counted.pages, row => csvLine(listing.columns.map(({ value }) => value(row))));
      break;
    case 'tsv':
      await writeLines(context, counted.pages, row =>
        listing.columns.map(({ value }) => cellText(value(row))).join('\t'),
      );
      break;
    case 'table':
      await writeTables(
        context,
        listing.columns.filter(({ dataOnly }) => !dataOnly),
        counted.pages,
      );
  }
  return counted.rows();
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
      return writeJson(context, record ?? Object.fromEntries(fields.map(({ name, value }) => [name, value])));
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

/**
 * Writes a row of a listing by itself, as there is one: for `-o ndjson`, which has no beginning and no end.
 * @throws as `Io.out`
 */
export async function writeRow(context: Context, record: unknown): Promise<void> {
  await context.io.out(`${jsonText(record)}\n`);
}

/** Writes one JSON value to stdout: on one line for `-o ndjson`, else indented. @throws as `Io.out` */
async function writeJson(context: Context, value: unknown): Promise<void> {
  await context.io.out(`${jsonText(value, context.format === 'ndjson' ? undefined : 2)}\n`);
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
  yield batch;
}

/**
 * The pages that have rows, counted as they pass. An interruption ends them between two; rows that are all
 * there already (the report of an interrupted run) are still told.
 */
function counting<T>(context: Context, listed: Listing<T>['rows']) {
  let rows = 0;
  async function* counted(): AsyncGenerator<readonly T[]> {
    for await (const page of pagesOf(listed)) {
      if (Symbol.asyncIterator in listed) context.signal.throwIfAborted();
      rows += page.length;
      if (page.length > 0) yield page;
    }
  }
  return { pages: counted(), rows: () => rows };
}

async function writeArray<T>(
  context: Context,
  pages: AsyncIterable<readonly T[]>,
  record = (row: T): unknown => row,
) {
  let before = '[\n';
  for await (const page of pages) {
    // A page is an array already: without its brackets it continues the one that is being written.
    await context.io.out(before + jsonText(page.map(record), 2).slice(2, -2));
    before = ',\n';
  }
  await context.io.out(before === '[\n' ? '[]\n' : '\n]\n');
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

function cellText(value: Value): string {
  return value === null ? '' : inline(String(value));
}

/** What a spreadsheet would take for a formula; the full-width signs count as such in a Japanese one. */
const formula = /^\s*[=+\-@＝＋－＠]/u;
const plainNumber = /^[+-]?\d+(\.\d+)?$/;

/** One row of RFC 4180. A text that a spreadsheet would run gets an apostrophe before it. */
function csvLine(values: readonly Value[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: Value): string {
  const text = cellText(value);
  const safe = typeof value === 'string' && formula.test(text) && !plainNumber.test(text) ? `'${text}` : text;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
