import type { Column, Value } from './columns.js';

/** One column that a listing is ordered by, by its name. */
export interface SortKey {
  column: string;
  descending: boolean;
}

/**
 * Rows in the order of their columns, the first key first; equal ones stay as they were. Numbers and moments are
 * ordered as such, texts as a Japanese reader expects (in every language of the program, so that a script gets
 * the same everywhere), numbers within them by their value. What is null comes last, descending too.
 * @param keys name columns that there are
 */
export function inOrder<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  keys: readonly SortKey[],
): readonly T[] {
  const compareTexts = new Intl.Collator('ja', { numeric: true }).compare;
  const by = keys.flatMap(({ column: name, descending }) => {
    const column = columns.find(one => one.name === name);
    return column ? [{ column, descending }] : [];
  });
  const weighed = rows.map(row => ({ row, weights: by.map(({ column }) => weightOf(column, row)) }));
  weighed.sort((a, b) => {
    for (const [index, { descending }] of by.entries()) {
      const order = compare(a.weights[index] ?? null, b.weights[index] ?? null, descending, compareTexts);
      if (order !== 0) return order;
    }
    return 0;
  });
  return weighed.map(({ row }) => row);
}

type Weight = string | number | null;

function weightOf<T>({ value, type }: Column<T>, row: T): Weight {
  const found: Value = value(row);
  if (typeof found === 'boolean') return Number(found);
  if (type !== 'time' || found === null) return found;
  const moment = Date.parse(String(found));
  return Number.isNaN(moment) ? null : moment;
}

function compare(
  a: Weight,
  b: Weight,
  descending: boolean,
  compareTexts: (a: string, b: string) => number,
): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : compareTexts(String(a), String(b));
  return descending ? -order : order;
}
