import { describe, expect, it } from 'vitest';
import { inAscii } from '../../src/messages/ascii.js';
import { en } from '../../src/messages/en.js';
import { ja } from '../../src/messages/ja.js';

/** Every text that is there as it stands, and every text that is made of parts, with the parts left out. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [value.toString()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

/** What is written in a language, as against what is drawn. */
const written = /[\p{L}\p{N}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー、。「」【】・（）〜！？：％]/gu;

describe('texts in ASCII', () => {
  it('have no mark that a terminal without UTF-8 can not show', () => {
    const marks = (value: unknown) =>
      new Set(
        texts(value)
          .join('')
          .replace(written, '')
          .match(/[^\x00-\x7F]/gu),
      );
    expect([...marks(inAscii({ en: texts(en), ja: texts(ja) }))]).toEqual([]);
    // Without it they have some: the test would see them.
    expect(marks({ en, ja }).size).toBeGreaterThan(5);
  });

  it('are the same texts otherwise', () => {
    const { customers, reboot, symbols, terminal } = inAscii(en);
    expect(reboot.outcome.rebooted).toBe('+ rebooted');
    expect(terminal.range(1, 20, 137)).toBe('1-20 of 137');
    expect(customers.noneFor('さくら…')).toBe('No customer\'s e-mail address contains "さくら...".');
    expect(symbols).toMatchObject({ online: '*', offline: 'o', cut: '...', leadsTo: '->' });
    expect(inAscii(ja).reboot.warning).toEqual(ja.reboot.warning);
  });
});
