import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Column, Value } from '../../src/terminal/columns.js';
import { inOrder } from '../../src/terminal/order.js';

interface Row {
  key: Value;
  tie: number;
}
const columns: Column<Row>[] = [
  { name: 'key', header: () => 'KEY', value: row => row.key, priority: 1 },
  { name: 'at', header: () => 'AT', value: row => row.key, priority: 1, type: 'time' },
  { name: 'tie', header: () => 'TIE', value: row => row.tie, priority: 1 },
];
const rows = (keys: readonly Value[]): Row[] => keys.map((key, tie) => ({ key, tie }));
const sorted = (keys: readonly Value[], column = 'key', descending = false) =>
  inOrder(rows(keys), columns, [{ column, descending }]).map(({ key }) => key);

describe('the order of rows', () => {
  it('is by value for numbers, also within texts', () => {
    expect(sorted([10, 9, 100])).toEqual([9, 10, 100]);
    expect(sorted(['192.168.10.2', '192.168.9.1', '192.168.9.12'])).toEqual([
      '192.168.9.1',
      '192.168.9.12',
      '192.168.10.2',
    ]);
  });

  it('is by the moment for times, whatever their offset', () => {
    const [early, late] = ['2026-11-23T08:00:00+09:00', '2026-11-22T23:30:00Z'];
    expect(sorted([late, early], 'at')).toEqual([early, late]);
    expect(sorted([late, early], 'at', true)).toEqual([late, early]);
    expect(sorted(['someday', late], 'at')).toEqual([late, 'someday']);
  });

  it('is that of a Japanese dictionary: small and voiced kana, katakana and kanji where they belong', () => {
    expect(sorted(['レジ', '駐車場', 'かき', 'ガキ', 'Zoo', 'カギ', 'abc', '正面入口'])).toEqual([
      'abc',
      'Zoo',
      'かき',
      'カギ',
      'ガキ',
      'レジ',
      '正面入口',
      '駐車場',
    ]);
  });

  it('has no before yes, and what is missing last both ways', () => {
    expect(sorted([true, null, false])).toEqual([false, true, null]);
    expect(sorted([null, 1, 3, null, 2], 'key', true)).toEqual([3, 2, 1, null, null]);
  });

  it('goes by the next column where the first says nothing, and else leaves rows as they were', () => {
    const all = rows(['b', 'a', 'b', 'a']);
    const by = (...keys: Parameters<typeof inOrder>[2]) => inOrder(all, columns, keys).map(({ tie }) => tie);
    expect(by({ column: 'key', descending: false })).toEqual([1, 3, 0, 2]);
    expect(by({ column: 'key', descending: true })).toEqual([0, 2, 1, 3]);
    expect(by({ column: 'key', descending: false }, { column: 'tie', descending: true })).toEqual([
      3, 1, 2, 0,
    ]);
  });

  it('loses nothing, and leaves the rows that it was given', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null))), keys => {
        const given = rows(keys);
        const found = inOrder(given, columns, [{ column: 'key', descending: true }]);
        expect(given).toEqual(rows(keys));
        expect(found.map(({ tie }) => tie).sort((a, b) => a - b)).toEqual(keys.map((_, index) => index));
      }),
    );
  });
});
