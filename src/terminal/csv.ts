import type { Value } from './columns.js';
import { inline } from './sanitise.js';

/** What tells Excel that a file is UTF-8; without it a Japanese one reads it as Shift_JIS. */
export const byteOrderMark = '\uFEFF';

/** A value as a field of TSV or CSV: on one line and harmless, empty for null. */
export function cellText(value: Value): string {
  return value === null ? '' : inline(String(value));
}

/** What a spreadsheet would take for a formula; the full-width signs count as such in a Japanese one. */
const formula = /^\s*[=+\-@＝＋－＠]/u;
const plainNumber = /^[+-]?\d+(\.\d+)?$/;

/** One row of RFC 4180. A text that a spreadsheet would run gets an apostrophe before it. */
export function csvLine(values: readonly Value[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: Value): string {
  const text = cellText(value);
  const safe = typeof value === 'string' && formula.test(text) && !plainNumber.test(text) ? `'${text}` : text;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
