import { describe, expect, it } from 'vitest';
import { date, dateTime, viewOf, yesNo } from '../../src/terminal/columns.js';
import { fakeContext } from '../support/host.js';

// Local time is whatever the machine's is: the expected moment is built from local parts.
const moment = new Date(2026, 6, 3, 9, 5).toISOString();

describe('how a person reads a value', () => {
  it.each([
    ['ja', '2026/07/03 09:05', '2026/07/03'],
    ['en', '2026-07-03 09:05', '2026-07-03'],
  ] as const)('date and time in %s', (lang, withTime, dateAlone) => {
    expect(dateTime({ lang }, moment)).toBe(withTime);
    expect(date({ lang }, moment)).toBe(dateAlone);
    expect(dateTime({ lang }, moment.replace('Z', '+00:00'))).toBe(withTime);
    expect(dateTime({ lang }, null)).toBe('');
  });

  it('what is not a moment stays as it is', () => {
    expect(dateTime({ lang: 'ja' }, 'yesterday')).toBe('yesterday');
  });

  it('yes, no and unknown', async () => {
    const { context } = await fakeContext({ env: { LANG: 'ja_JP.UTF-8' } });
    expect([true, false, null].map(value => yesNo(viewOf(context), value))).toEqual([
      'はい',
      'いいえ',
      '不明',
    ]);
  });
});
