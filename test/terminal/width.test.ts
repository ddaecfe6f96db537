import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brief, fold, widthOf, wrap, wrapLines } from '../../src/terminal/width.js';

describe('the cells a text takes', () => {
  it.each([
    ['漢字とかな', 10],
    ['ｶﾞﾗｽ', 4],
    ['ＡＢ', 4],
    ['が', 2],
    ['か\u3099', 2],
    ['e\u0301', 1],
    ['辻\u{E0100}', 2],
    ['📷', 2],
    ['👩‍💻', 2],
    ['👍🏽', 2],
    ['🇯🇵', 2],
    ['❤\uFE0F', 2],
    ['\u200b', 0],
    ['ก็', 1],
    // Ambiguous: one cell on most terminals, two on those set up for old Japanese encodings. One is what tmux, Windows
    // Terminal, iTerm2 and VTE do unless they are told otherwise.
    ['①※○●…–—±α', 9],
    ['', 0],
  ])('%j: %i', (text, cells) => {
    expect(widthOf(text)).toBe(cells);
  });
});

describe('a text that is broken into lines', () => {
  it('keeps words whole, and loses nothing but the spaces between lines', () => {
    const text = 'Name it once: remo login --api-url https://HOST/partner/v1 (or set REMO_API_URL).';
    for (const width of [20, 40, 80]) {
      const lines = wrap(text, width);
      expect(lines.join(' ')).toBe(text);
      for (const line of lines) expect(widthOf(line) <= width || /^(remo |\S+$)/.test(line)).toBe(true);
    }
  });

  it('breaks Japanese anywhere but before and after its punctuation', () => {
    const text =
      '「接続先のURL」が正常になってから確認します。プロキシ(検査)とキーチェーンも確認してください。';
    for (let width = 6; width < 40; width += 1) {
      const lines = wrap(text, width);
      expect(lines.join('')).toBe(text);
      for (const line of lines) {
        expect(line).not.toMatch(/^[、。」)ーェッ]|[「(]$/);
        expect(widthOf(line)).toBeLessThanOrEqual(width + 4);
      }
    }
  });

  it('breaks a list of words in Japanese, and loses nothing of any text', () => {
    expect(wrap('accepted、rebooted、failed', 12)).toEqual(['accepted、', 'rebooted、', 'failed']);
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '、', '。', '「', '」', '(', ')', 'ー', '機', 'ェ'),
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 12 }), (one, width) => {
        expect(wrap(one, width).join('').replaceAll(' ', '')).toBe(one.replaceAll(' ', ''));
      }),
    );
  });

  it.each([
    [
      'Go on with it: remo batches resume 20261127T031234092Z-0196c2',
      'remo batches resume 20261127T031234092Z-0196c2',
    ],
    ['Sign in again: remo login. Then go on.', 'remo login.'],
    [
      'Name it once: remo login --api-url https://HOST/partner/v1 (or set REMO_API_URL)',
      'remo login --api-url https://HOST/partner/v1',
    ],
    [
      "Next time: remo devices reboot --wait --reason 'frozen picture' dev_1 dev_2",
      "remo devices reboot --wait --reason 'frozen picture' dev_1 dev_2",
    ],
    [
      '一度だけ指定してください: remo login --api-url https://HOST/partner/v1(または REMO_API_URL)。',
      'remo login --api-url https://HOST/partner/v1',
    ],
    [
      '機器を確認するには「remo devices show <customer>」を実行してください',
      '「remo devices show <customer>」',
    ],
    ['Everything: --wide, or -o json.', '-o json.'],
  ])('keeps a command to be copied whole: %s', (text, command) => {
    for (let width = 1; width < 60; width += 1) {
      expect(wrap(text, width).some(line => line.includes(command))).toBe(true);
    }
    expect(wrap(text, 1)).toContain(command);
  });

  it('goes on with words of ours where a command ends', () => {
    const text = 'Check with remo whoami that you use the right account';
    expect(wrap(text, 30)).toEqual(['Check with remo whoami that', 'you use the right account']);
  });

  it('sets in what is left of a line for a person, and keeps how it was set in', () => {
    const text =
      '  ○ offline  駐車場 (dev_gh2sv859w9)  → skipped: it is offline.\n\nWarning: a\n$ remo devices show';
    expect(wrapLines(text, 30)).toBe(
      [
        '  ○ offline  駐車場',
        '    (dev_gh2sv859w9)  →',
        '    skipped: it is offline.',
        '',
        'Warning: a',
        '$ remo devices show',
      ].join('\n'),
    );
    expect(wrapLines(text, 200)).toBe(text);
  });

  it('breaks coloured text as if it had no colour', () => {
    const text =
      '\x1b[33mWarning:\x1b[39m Video may not be viewable.\n\x1b[1m$ remo devices show sakura\x1b[22m';
    expect(wrapLines(text, 20)).toBe(
      '\x1b[33mWarning:\x1b[39m Video may\n  not be viewable.\n\x1b[1m$ remo devices show sakura\x1b[22m',
    );
  });

  it('fits every terminal for people, but for words and commands that are longer', () => {
    const word = fc.constantFrom(
      'a',
      'video',
      '再起動した',
      '機器の',
      '映像は、',
      '「しばらく」',
      'b',
      '\x1b[1mc\x1b[22m',
    );
    const line = fc.tuple(fc.constantFrom('', '  '), fc.array(word, { minLength: 1 }));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.integer({ min: 16, max: 80 }), (parts, width) => {
        const text = parts.map(([indent, words]) => indent + words.join(' ')).join('\n');
        const broken = wrapLines(text, width);
        for (const one of broken.split('\n')) expect(widthOf(one)).toBeLessThanOrEqual(width);
        expect(broken.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
    );
  });

  it('is no line when empty, and one where the width is endless', () => {
    expect(wrap('', 10)).toEqual([]);
    expect(wrap('a b  c', Number.POSITIVE_INFINITY)).toEqual(['a b  c']);
  });
});

describe('brief', () => {
  it('is harmless, and no longer than a name may be among words', () => {
    expect(brief('正面\n入口\x1b[2J')).toBe('正面 入口\uFFFD[2J');
    expect(brief('x'.repeat(10_000))).toBe(`${'x'.repeat(47)}...`);
    expect(widthOf(brief('漢'.repeat(200)))).toBeLessThanOrEqual(50);
  });
});

describe('fold', () => {
  it('cuts a text into full lines, between characters, and loses nothing', () => {
    expect(fold('abcdef', 4)).toEqual(['abcd', 'ef']);
    expect(fold('漢字かな', 5)).toEqual(['漢字', 'かな']);
    expect(fold('漢', 1)).toEqual(['漢']);
    expect(fold('', 3)).toEqual(['']);
    const text = '辻󠄀が👩‍💻 name '.repeat(20);
    const lines = fold(text, 7);
    expect(lines.join('')).toBe(text);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(7);
  });
});
