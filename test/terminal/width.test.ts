import { describe, expect, it } from 'vitest';
import { widthOf, wrap } from '../../src/terminal/width.js';

describe('a text that is broken into lines', () => {
  it('keeps words whole, and loses nothing but the spaces between lines', () => {
    const text = 'Name it once: remo login --api-url https://HOST/partner/v1 (or set REMO_API_URL).';
    for (const width of [20, 40, 80]) {
      const lines = wrap(text, width);
      expect(lines.join(' ')).toBe(text);
      for (const line of lines) expect(widthOf(line) <= width || !line.includes(' ')).toBe(true);
    }
  });

  it('breaks Japanese anywhere but before and after its punctuation', () => {
    const text = '「接続先のURL」が正常になってから確認します。プロキシ(検査)も確認してください。';
    for (let width = 6; width < 40; width += 1) {
      const lines = wrap(text, width);
      expect(lines.join('')).toBe(text);
      for (const line of lines) {
        expect(line).not.toMatch(/^[、。」)ー]|[「(]$/);
        expect(widthOf(line)).toBeLessThanOrEqual(width + 4);
      }
    }
  });

  it('is no line when empty, and one where the width is endless', () => {
    expect(wrap('', 10)).toEqual([]);
    expect(wrap('a b  c', Number.POSITIVE_INFINITY)).toEqual(['a b  c']);
  });
});
