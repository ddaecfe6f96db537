import { isUtf8 } from 'node:buffer';
import { type DeviceListProblem, RemoError } from '../errors.js';

/** A device as a list names it, and the line where it does. */
export interface ListedDevice {
  id: string;
  /** From 1. */
  line: number;
}

/** A text of a list that has a line of its own: a line, a row, a JSON value. */
interface Item {
  text: string;
  line: number;
}
type Broken = (problem: DeviceListProblem, line?: number) => RemoError;

const longestId = 200;
/** What a column or a field with the ids is called; the first that is there counts. */
const idNames = ['id', 'device_id'] as const;

/**
 * The ids that a file names, in its order, each as often as it is there. UTF-8, lines ended in any way; empty
 * lines and those that begin with `#` do not count. What its first line looks like decides what it is:
 * - one id a line, the rest of a line after white space and `#` being a comment; a line `id` may be above them
 * - NDJSON: objects with a text `id` or `device_id`
 * - a JSON array of such objects, or of ids; also as `results` of an object
 * - a table with a column `id` or `device_id`: CSV (RFC 4180), also with tabs or semicolons for commas
 * @param name the file as the user knows it, for the error
 * @throws RemoError `device_list_broken` with the line, also where it names no device at all
 */
export async function parseDeviceList(bytes: Uint8Array, name: string): Promise<ListedDevice[]> {
  const broken: Broken = (problem, line) =>
    new RemoError('device_list_broken', { path: name, problem, ...(line === undefined ? {} : { line }) });
  const lines = decode(bytes, broken)
    .split(/\r\n?|\n/)
    .map((text, index) => ({ text, line: index + 1 }));
  const meaningful = lines.filter(({ text }) => /^\s*[^\s#]/.test(text));
  const [first] = meaningful;
  if (!first) throw broken({ kind: 'empty' });
  const whole = () => ({
    text: lines
      .slice(first.line - 1)
      .map(({ text }) => text)
      .join('\n'),
    line: first.line,
  });
  const start = first.text.trimStart();
  let found: ListedDevice[];
  if (start.startsWith('{')) {
    const results = await resultsWithin(whole());
    found = await fromJson(results ? await elementsOf(results, broken) : meaningful, broken);
  } else if (start.startsWith('[')) found = await fromJson(await elementsOf(whole(), broken), broken);
  else if (isTable(start)) found = await fromTable(whole(), broken);
  else found = fromLines(meaningful);
  if (found.length === 0) throw broken({ kind: 'empty' });
  for (const { id, line } of found) {
    if (id === '') throw broken({ kind: 'no_id' }, line);
    if (id.length > longestId || /[\s\p{Cc}\p{Cs}]/u.test(id)) throw broken({ kind: 'id' }, line);
  }
  return found;
}

/** The text without its byte order mark. */
function decode(bytes: Uint8Array, broken: Broken): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw broken({ kind: 'utf16' });
  }
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const lines = Buffer.from(bytes)
    .toString('latin1')
    .split(/\r\n?|\n/);
  throw broken({ kind: 'encoding' }, lines.findIndex(line => !isUtf8(Buffer.from(line, 'latin1'))) + 1);
}

function withoutComment(text: string): string {
  return text.replace(/\s#.*/s, '').trim();
}

function isHeading(id: string): boolean {
  return (idNames as readonly string[]).includes(id.toLowerCase());
}

function fromLines(lines: readonly Item[]): ListedDevice[] {
  const found = lines.map(({ text, line }) => ({ id: withoutComment(text), line }));
  return found[0] && isHeading(found[0].id) ? found.slice(1) : found;
}

async function fromJson(items: readonly Item[], broken: Broken): Promise<ListedDevice[]> {
  const found: ListedDevice[] = [];
  for (const { text, line } of items) {
    const value = parsed(text);
    if (value === undefined) {
      const { trouble, line: within = 1 } = (await import('../config/problem.js')).syntaxProblem(text);
      throw broken({ kind: 'syntax', trouble }, line + within - 1);
    }
    const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    const id = [value, ...idNames.map(name => fields[name])].find(one => typeof one === 'string');
    if (typeof id !== 'string') throw broken({ kind: 'no_id' }, line);
    found.push({ id, line });
  }
  return found;
}

/** @returns nothing for what is no JSON; no JSON is nothing */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The list in an object as `remo batches show -o json` writes it; nothing for NDJSON. */
async function resultsWithin({ text, line }: Item): Promise<Item | undefined> {
  const value = parsed(text) as { results?: unknown } | undefined;
  if (!Array.isArray(value?.results)) return undefined;
  const { findNodeAtLocation, parseTree } = await import('jsonc-parser');
  const root = parseTree(text);
  const list = root && findNodeAtLocation(root, ['results']);
  if (!list) return undefined;
  const before = text.slice(0, list.offset).split('\n').length - 1;
  return { text: text.slice(list.offset, list.offset + list.length), line: line + before };
}

/** The elements of a JSON array as texts, so that each is known by its line. What they are made of is not looked at. */
async function elementsOf({ text, line }: Item, broken: Broken): Promise<Item[]> {
  const { createScanner } = await import('jsonc-parser');
  const scanner = createScanner(text, true);
  const lineNow = () => line + scanner.getTokenStartLine();
  const elements: Item[] = [];
  let start: { at: number; line: number } | undefined;
  let depth = 0;
  scanner.scan();
  for (;;) {
    scanner.scan();
    const at = scanner.getTokenOffset();
    const token = text[at];
    if (token === undefined) throw broken({ kind: 'syntax', trouble: 'closing' }, lineNow());
    if (depth === 0 && (token === ',' || token === ']')) {
      // Between brackets there may be nothing; beside a comma there has to be something.
      if (start || token === ',' || elements.length > 0) {
        elements.push({ text: text.slice(start?.at ?? at, at), line: start?.line ?? lineNow() });
      }
      if (token === ']') break;
      start = undefined;
      continue;
    }
    start ??= { at, line: lineNow() };
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
  }
  scanner.scan();
  if (scanner.getTokenLength() > 0) throw broken({ kind: 'syntax', trouble: 'extra' }, lineNow());
  return elements;
}

function isTable(start: string): boolean {
  return /^"|[,;\t]/.test(withoutComment(start));
}

async function fromTable({ text, line: firstLine }: Item, broken: Broken): Promise<ListedDevice[]> {
  const [header, ...rows] = await rowsOf(text, broken, firstLine);
  const names = header?.cells.map(cell => cell.trim().toLowerCase()) ?? [];
  const column = idNames.map(name => names.indexOf(name)).find(index => index !== -1);
  if (column === undefined) throw broken({ kind: 'no_column' }, firstLine);
  return rows.flatMap(({ cells, line }) => {
    if (cells.every(cell => cell.trim() === '')) return [];
    if (cells[0]?.trimStart().startsWith('#')) {
      // Where the ids stand first, nothing else begins so; elsewhere it may be a device that is called "#1".
      if (column === 0) return [];
      throw broken({ kind: 'comment' }, line);
    }
    if (cells.length !== names.length) {
      throw broken({ kind: 'columns', wanted: names.length, found: cells.length }, line);
    }
    return [{ id: withoutApostrophe(cells[column]?.trim() ?? ''), line }];
  });
}

/** The rows of a table, each with the line it begins on. */
async function rowsOf(
  text: string,
  broken: Broken,
  firstLine: number,
): Promise<{ cells: string[]; line: number }[]> {
  const { CsvError, parse } = await import('csv-parse/sync');
  const [heading = ''] = text.split('\n', 1);
  const delimiter = [',', '\t', ';'].find(one => heading.includes(one)) ?? ',';
  const rows: { cells: string[]; line: number }[] = [];
  let line = firstLine;
  try {
    parse(text, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      on_record(cells: string[], { lines }) {
        rows.push({ cells, line });
        // `lines` is the one that the row ends on.
        line = firstLine + lines;
        return null;
      },
    });
  } catch (error) {
    if (error instanceof CsvError) throw broken({ kind: 'quote' }, line);
    throw error;
  }
  return rows;
}

/** Takes off what keeps a spreadsheet from running a text as a formula (`csvCell` in src/terminal/output.ts). */
function withoutApostrophe(cell: string): string {
  return cell.replace(/^'(?=\s*[=+\-@＝＋－＠])(?![+-]?\d+(?:\.\d+)?$)/u, '');
}
