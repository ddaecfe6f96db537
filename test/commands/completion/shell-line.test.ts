import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordsOfLine } from '../../../src/commands/completion/shell-line.js';

describe('the words of a line', () => {
  it.each<[string, string[]]>([
    ['', ['']],
    ['remo', ['remo']],
    ['remo ', ['remo', '']],
    ['remo  a\tb', ['remo', 'a', 'b']],
    ['remo "a b', ['remo', 'a b']],
    ["remo 'a \\b' ", ['remo', 'a \\b', '']],
    ['remo "a\\"b\\x"', ['remo', 'a"b\\x']],
    ['remo a\\ b', ['remo', 'a b']],
    ['remo a"b"\'c\'', ['remo', 'abc']],
    ['remo "" ', ['remo', '', '']],
    ['remo $(rm -r x)', ['remo', '$(rm', '-r', 'x)']],
    ['remo 予約 さ', ['remo', '予約', 'さ']],
    ['remo \\', ['remo', '']],
  ])('%j', (line, words) => {
    expect(wordsOfLine(line)).toEqual(words);
  });

  it('come back as they were quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), words => {
        const quoted = words.map(word => `'${word.replaceAll("'", `'\\''`)}'`);
        expect(wordsOfLine(['remo', ...quoted].join(' '))).toEqual(['remo', ...words]);
      }),
    );
  });
});
