import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasUnseen } from '../../src/terminal/sanitise.js';
import { yamlText } from '../../src/terminal/yaml.js';

/** What a reader gets, of either version of YAML. */
const readBack = (text: string) => (['1.1', '1.2'] as const).map(version => parse(text, { version }));

describe('YAML', () => {
  it('is read alike by 1.1 and 1.2: a text stays a text', () => {
    const texts = [
      'no',
      'On',
      'y',
      '2026-11-23',
      '2026-11-23T00:00:00Z',
      '12:30:45',
      '0o17',
      '017',
      '1_000',
      '~',
    ];
    const more = [
      '',
      ' ',
      'null',
      '0x1F',
      '.inf',
      '<<',
      '=',
      '# x',
      '- a',
      'a: b',
      '*a',
      '&a',
      '!a',
      '%a',
      '@a',
    ];
    for (const text of [...texts, ...more]) {
      expect([text, ...readBack(yamlText({ text }))]).toEqual([text, { text }, { text }]);
    }
  });

  it('puts a lone equals sign in quotes, which is no text to PyYAML', () => {
    expect(yamlText([{ name: '=', other: '= b' }])).toBe('- name: "="\n  other: = b\n');
  });

  it('keeps every text, but a lone surrogate, which it can not express', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        const value = [{ one, nested: [{ other }], none: [], missing: null }];
        const wanted = JSON.parse(JSON.stringify(value).replace(/\\ud[89a-f][0-9a-f]{2}/gi, '\\ufffd'));
        for (const found of readBack(yamlText(value))) expect(found).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
  });

  it('shows nothing that a terminal would act on or hide, and no line that is not its own', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\x1b[2J',
        '\u202e',
        '\u200b',
        '\u{E0001}',
        '\u0085',
        '\u2028',
        '\n- id: forged',
        '\r',
        '\ud800',
      ),
    );
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1 }), parts => {
        const name = parts.join('');
        const lines = yamlText([{ id: 'cus_1', name }]).split('\n');
        expect(lines).toHaveLength(3);
        // What a name may hold (a variation selector on its base) may be there as it is.
        const selectors = /[\uFE00-\uFE0F]|\u200D|[\u{E0100}-\u{E01EF}]/gu;
        for (const line of lines) expect(hasUnseen(line.replace(selectors, ''))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('escapes what is beyond the first plane as one character, which every reader takes', () => {
    expect(yamlText({ name: 'a\u{E0001}\u202e\ud800' })).toBe('name: "a\\U000e0001\\u202e\uFFFD"\n');
  });

  it('does not fold long texts, which could not be searched then', () => {
    const text = `${'word '.repeat(100)}end`;
    expect(yamlText([{ text }])).toBe(`- text: ${text}\n`);
  });

  it('continues a sequence: what is written page by page is one document', () => {
    const pages = [[{ id: 1 }, { id: 2 }], [{ id: 3 }]];
    expect(parse(pages.map(yamlText).join(''))).toEqual(pages.flat());
    expect(yamlText([])).toBe('[]\n');
  });
});
