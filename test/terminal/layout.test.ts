import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divide, gap } from '../../src/terminal/layout.js';
import { truncate, widthOf } from '../../src/terminal/width.js';

const demand = (natural: number, priority = 1) => ({ natural, priority });

describe('divide', () => {
  it('gives everything its own width where there is room', () => {
    expect(divide([demand(10), demand(50, 3)], Number.POSITIVE_INFINITY)).toEqual([10, 50]);
  });

  it('drops by priority, of equals the rightmost', () => {
    expect(divide([demand(10), demand(10, 3), demand(10, 2), demand(10, 3)], 36)).toEqual([10, 10, 10, 0]);
    expect(divide([demand(10), demand(10, 3), demand(10, 2), demand(10, 3)], 24)).toEqual([10, 0, 10, 0]);
  });

  it('cuts a very wide column before it drops another', () => {
    expect(divide([demand(10), demand(1000), demand(10, 4)], 80)).toEqual([10, 56, 10]);
  });

  it('gives what is left over to the most important first', () => {
    expect(divide([demand(8), demand(60, 2), demand(40)], 80)).toEqual([8, 28, 40]);
  });

  it('keeps the first column, the id to copy, whole as long as it can', () => {
    expect(divide([demand(8), demand(30), demand(12)], 20)).toEqual([8, 4, 4]);
    expect(divide([demand(30)], 20)).toEqual([20]);
    expect(divide([demand(14), demand(23)], 20)).toEqual([14, 4]);
    expect(divide([demand(14), demand(10), demand(10)], 20)).toEqual([14, 1, 1]);
    expect(divide([demand(14), demand(10), demand(10)], 17)).toEqual([11, 1, 1]);
  });

  it('keeps the column whole that says what a row is called, wherever it stands', () => {
    const id = { ...demand(14), identifies: true };
    expect(divide([demand(16), id, demand(10)], 30)).toEqual([6, 14, 6]);
    expect(divide([demand(30), id], 20)).toEqual([4, 14]);
  });

  it('drops what yields once the rest could not be read beside it, and not before', () => {
    const demands = [demand(14), { ...demand(20), yields: true }, demand(9)];
    expect(divide(demands, 40)).toEqual([14, 13, 9]);
    expect(divide(demands, 30)).toEqual([14, 6, 6]);
    expect(divide(demands, 29)).toEqual([14, 0, 9]);
    expect(divide(demands, 20)).toEqual([14, 0, 4]);
  });

  it('never asks for more than there is, and never drops priority 1', () => {
    const some = fc.array(fc.record({ natural: fc.nat(200), priority: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(some, fc.integer({ min: 40, max: 200 }), (demands, available) => {
        const widths = divide(demands, available);
        const shown = widths.filter(width => width > 0);
        const least = demands.filter(({ priority }) => priority === 1).length;
        if (least * (gap + 1) <= available) {
          expect(shown.reduce((sum, width) => sum + width, 0) + gap * (shown.length - 1)).toBeLessThanOrEqual(
            available,
          );
        }
        for (const [index, { natural, priority }] of demands.entries()) {
          expect(widths[index]).toBeLessThanOrEqual(natural);
          if (priority === 1 && natural > 0) expect(widths[index]).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('truncate', () => {
  it('never exceeds the width and never splits a character', () => {
    const parts = fc.array(fc.constantFrom('a', '漢', 'が', '👩‍💻', '🇯🇵', '\u0301'));
    fc.assert(
      fc.property(
        parts,
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom('…', '...'),
        (texts, width, mark) => {
          const text = texts.join('');
          const cut = truncate(text, width, mark);
          const ending = mark.slice(0, width);
          expect(widthOf(cut)).toBeLessThanOrEqual(width);
          if (widthOf(text) <= width) expect(cut).toBe(text);
          else expect(cut.endsWith(ending) && text.startsWith(cut.slice(0, -ending.length))).toBe(true);
        },
      ),
    );
  });
});
