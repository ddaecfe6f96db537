import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Finder } from '../../src/terminal/finder.js';

const brackets = (found: string) => `[${found}]`;

describe('a finder', () => {
  it.each([
    ['sakura', 'sakura@example.jp', '[sakura]@example.jp'],
    ['SAKURA', 'Sakura@example.jp', '[Sakura]@example.jp'],
    ['ｓａｋｕｒａ', 'sakura', '[sakura]'],
    ['さくら', 'さくら商店 さくら', '[さくら]商店 [さくら]'],
    ['サクラ', 'ｻｸﾗ商店', '[ｻｸﾗ]商店'],
    ['ガラス', 'ｶﾞﾗｽ店', '[ｶﾞﾗｽ]店'],
    ['ガ', 'ガ', '[ガ]'],
    ['株', '㈱横浜', '[㈱]横浜'],
    ['aa', 'aaa', '[aaa]'],
    ['.*', 'a.*b', 'a[.*]b'],
  ])('of %s, in %s', (wanted, text, marked) => {
    const finder = new Finder(wanted);
    expect(finder.isIn(text)).toBe(true);
    expect(finder.setOff(text, brackets)).toBe(marked);
  });

  it.each([
    ['sakura', 'さくら'],
    ['ab', 'a b'],
  ])('of %s finds nothing in %s', (wanted, text) => {
    expect(new Finder(wanted).isIn(text)).toBe(false);
    expect(new Finder(wanted).setOff(text, brackets)).toBe(text);
  });

  it('loses nothing of the text, and never splits what is seen as one character', () => {
    const texts = fc
      .array(fc.constantFrom('a', 'A', '漢', 'が', 'ｶﾞ', '👩‍💻', '㈱', 'İ', 'ß', '['))
      .map(parts => parts.join(''));
    fc.assert(
      fc.property(texts, texts, texts, (before, wanted, after) => {
        fc.pre(wanted !== '');
        const text = before + wanted + after;
        const finder = new Finder(wanted);
        const marks: string[] = [];
        const keep = (found: string) => {
          marks.push(found);
          return found;
        };
        expect(finder.setOff(text, keep)).toBe(text);
        if (finder.isIn(text)) expect(marks.length).toBeGreaterThan(0);
        for (const mark of marks) expect(mark).not.toMatch(/^[\u200d\u3099\uff9e]/);
      }),
    );
  });
});
