import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inline, jsonText, multiline } from '../../src/terminal/sanitise.js';

/** Nothing of this may ever be in what a terminal gets, apart from what makes up one emoji or one name. */
const dangerous = /[\x00-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\p{Cs}]/u;
const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\x1b[2J',
        '\x9b31m',
        '\u202e',
        '\u2066',
        '\u200b',
        '\u200d',
        '\ufe0f',
        '\u2028',
        '\r\n',
        '\x7f',
      ),
      fc.constantFrom(
        '\ud800',
        '\udfff',
        '\ufeff',
        '\u00ad',
        '\u3164',
        '\u{e0041}',
        '\u{e0100}',
        '👩‍💻',
        '辻󠄀',
        'が',
      ),
    ),
  )
  .map(parts => parts.join(''));

describe('inline', () => {
  it.each([
    ['an escape sequence', '\x1b[31mred', '\uFFFD[31mred'],
    ['a C1 sequence introducer', '\x9b2Jx', '\uFFFD2Jx'],
    ['a tab and line breaks', 'a\tb\nc\r\nd\u2028e\u0085f', 'a b c d e f'],
    ['a bidirectional override', 'cam\u202egpj.exe', 'cam\uFFFDgpj.exe'],
    ['zero-width characters', 'a\u200bb\ufeffc\u2060d', 'a\uFFFDb\uFFFDc\uFFFDd'],
    ['a lone surrogate', 'a\ud83dz', 'a\uFFFDz'],
    ['tag characters', 'x\u{e0041}\u{e0042}', 'x\uFFFD\uFFFD'],
    ['a joiner outside an emoji', 'a\u200db', 'a\uFFFDb'],
    ['a pile of variation selectors', 'a\ufe0f\ufe0f\ufe0f', 'a\ufe0f\uFFFD\uFFFD'],
    ['a Hangul filler', '\u3164', '\uFFFD'],
    ['a heap of marks', `e${'\u0301'.repeat(500)}x`, `e${'\u0301'.repeat(30)}\uFFFDx`],
  ])('replaces %s', (_what, text, expected) => {
    expect(inline(text)).toBe(expected);
  });

  it.each(['株式会社パナ 横浜支店', 'が', '👩‍💻👨‍👩‍👧‍👦🏳️‍🌈1️⃣🇯🇵👍🏽', '辻󠄀 葛󠄀城', 'Ünïcödé — “quotes”', ''])(
    'leaves %s alone',
    text => {
      expect(inline(text)).toBe(text);
    },
  );

  it('lets nothing dangerous through, loses no visible text, and changes nothing the second time', () => {
    fc.assert(
      fc.property(hostileText, text => {
        const shown = inline(text);
        expect(shown).not.toMatch(dangerous);
        expect(shown).not.toMatch(/(?<!\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})\u200d/u);
        expect(inline(shown)).toBe(shown);
        const visible = (one: string) => one.match(/(?!\p{DI})[\p{L}\p{N}]/gu);
        expect(visible(shown)).toEqual(visible(text));
      }),
    );
  });

  it('takes a name of a million characters in its stride', () => {
    // What takes longer for each character the more there are would not end within the time of a test.
    expect(inline('\u200d\ufe0f'.repeat(500_000))).toMatch(/^\ufffd*$/);
  });
});

describe('multiline', () => {
  it('keeps line breaks and makes each line harmless', () => {
    expect(multiline('a\x1b\r\nb\tc\rd')).toBe('a\uFFFD\nb c\nd');
  });
});

describe('jsonText', () => {
  it('escapes what could reach a terminal', () => {
    expect(jsonText({ name: '\x1b\x9b\x7f\u202e\u2028\ud800\u{e0041}漢字' })).toBe(
      '{"name":"\\u001b\\u009b\\u007f\\u202e\\u2028\\ud800\\udb40\\udc41漢字"}',
    );
  });

  it.each([undefined, 2])('loses nothing and lets no control through (indent %s)', indent => {
    fc.assert(
      fc.property(fc.dictionary(hostileText, hostileText), value => {
        const record = { ...value };
        const text = jsonText(record, indent);
        expect(JSON.parse(text)).toEqual(record);
        expect(text).not.toMatch(
          /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\p{Cs}]/u,
        );
        expect(text.split('\n')).toHaveLength(
          indent ? JSON.stringify(record, null, indent).split('\n').length : 1,
        );
      }),
    );
  });
});
