import { describe, expect, it } from 'vitest';
import { ago, date, dateTime, dateTimeAndAgo, viewOf, yesNo } from '../../src/terminal/columns.js';
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

describe('how long ago something was', () => {
  const now = Date.parse(moment);
  const minute = 60_000;
  const day = 24 * 60 * minute;
  const told = (lang: 'ja' | 'en', passed: number, relative = true) =>
    ago({ lang, now, relative }, new Date(now - passed).toISOString());

  it.each([
    [0, 'now', '今'],
    [999, 'now', '今'],
    [1000, '1 sec ago', '1秒前'],
    [59_999, '59 sec ago', '59秒前'],
    [minute, '1 min ago', '1分前'],
    [3 * minute + 59_000, '3 min ago', '3分前'],
    [59.9 * minute, '59 min ago', '59分前'],
    [60 * minute, '1 hr ago', '1時間前'],
    [day - 1, '23 hr ago', '23時間前'],
    [day, '1 day ago', '1日前'],
    [7 * day - 1, '6 days ago', '6日前'],
    [7 * day, '2026-06-26', '2026/06/26'],
    // Clocks that differ a little, and one that is wrong.
    [-59_000, 'now', '今'],
    [-minute, '2026-07-03 09:06', '2026/07/03 09:06'],
  ])('after %d ms', (passed, en, ja) => {
    expect(told('en', passed)).toBe(en);
    expect(told('ja', passed)).toBe(ja);
  });

  it('is date and time where it will be read later, or where all is to be whole', async () => {
    expect(told('en', minute, false)).toBe('2026-07-03 09:04');
    for (const [tty, wide, relative] of [
      [true, false, true],
      [true, true, false],
      [false, false, false],
    ] as const) {
      const { context } = await fakeContext({ tty });
      context.useFlags({ wide });
      expect(viewOf(context).relative).toBe(relative);
    }
  });

  it('is nothing for what never was, and stays as it is for what is no moment', () => {
    expect(ago({ lang: 'en', now, relative: true }, null)).toBe('');
    expect(ago({ lang: 'en', now, relative: true }, 'yesterday')).toBe('yesterday');
  });

  it('stands beside date and time where there is room', async () => {
    const { context } = await fakeContext({ tty: true });
    const view = { ...viewOf(context), lang: 'ja' as const, now: now + 3 * minute };
    expect(dateTimeAndAgo(view, moment)).toBe('2026/07/03 09:05 (3分前)');
    expect(dateTimeAndAgo({ ...view, relative: false }, moment)).toBe('2026/07/03 09:05');
    expect(dateTimeAndAgo({ ...view, now: now + 8 * day }, moment)).toBe('2026/07/03 09:05');
    expect(dateTimeAndAgo(view, null)).toBe('');
  });
});
