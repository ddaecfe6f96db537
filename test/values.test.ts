import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RemoError } from '../src/errors.js';
import { parseMoment, parseRate, parseTimeZone, parseWindow } from '../src/values.js';

const refused = (kind: string) =>
  expect.objectContaining({
    code: 'invalid_value',
    exitCode: 2,
    params: expect.objectContaining({ name: '--flag', expected: expect.objectContaining({ kind }) }),
  });

/** Whatever is written, it is taken or refused with the words for it. */
function takesOrRefuses(parse: (text: string, name: string) => unknown, alphabet: string): void {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 }));
  fc.assert(
    fc.property(text, written => {
      try {
        parse(written, '--flag');
      } catch (error) {
        expect(error).toBeInstanceOf(RemoError);
        expect(error).toMatchObject({ code: 'invalid_value', params: { value: written } });
      }
    }),
  );
}

describe('a rate', () => {
  it.each([
    ['10%', 0.1],
    ['2.5 %', 0.025],
    ['0.1', 0.1],
    ['.5', 0.5],
    ['0', 0],
    ['0%', 0],
    ['1%', 0.01],
    ['100%', 1],
    ['1.0', 1],
  ])('%s is %d', (text, rate) => {
    expect(parseRate(text, '--flag')).toBe(rate);
  });

  it.each(['', '1', '10', '101%', '1.01', '-5%', '10%%', '%', '1e-1', 'half', '1０%'])('%j is none', text => {
    expect(() => parseRate(text, '--flag')).toThrow(refused('rate'));
  });

  it('is never more than the whole', () => {
    takesOrRefuses((text, name) => {
      const rate = parseRate(text, name);
      expect(rate >= 0 && rate <= 1).toBe(true);
    }, '0123456789.% ');
  });
});

describe('the hours of a window', () => {
  it.each([
    ['01:00-05:00', '01:00', '05:00'],
    ['1:00-5:00', '01:00', '05:00'],
    ['01:00 - 05:00', '01:00', '05:00'],
    ['22:00-02:00', '22:00', '02:00'],
    ['20:00-24:00', '20:00', '24:00'],
    ['20:00-00:00', '20:00', '00:00'],
  ])('%s', (text, from, to) => {
    expect(parseWindow(text, '--flag')).toEqual({ from, to });
  });

  it.each([
    ['', 'nothing'],
    ['01:00', 'no end'],
    ['01:00-01:00', 'either nothing or all'],
    ['00:00-24:00', 'always'],
    ['24:00-05:00', 'no beginning on any day'],
    ['01:00-25:00', 'no such hour'],
    ['01:60-02:00', 'no such minute'],
    ['01:00-02:00-03:00', 'three'],
    ['-01:00-02:00', 'a minus'],
    ['1-5', 'no minutes'],
    ['01:00–05:00', 'another dash'],
  ])('%j are none: %s', text => {
    expect(() => parseWindow(text, '--flag')).toThrow(refused('window'));
  });

  it('are times of day that can be compared as texts', () => {
    takesOrRefuses((text, name) => {
      const { from, to } = parseWindow(text, name);
      expect(`${from}-${to}`).toMatch(/^[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d$/);
      expect(from).not.toBe(to);
    }, '01245:- ');
  });
});

describe('a time zone', () => {
  it.each([
    ['Asia/Tokyo', 'Asia/Tokyo'],
    ['asia/tokyo', 'Asia/Tokyo'],
    ['America/Argentina/Ushuaia', 'America/Argentina/Ushuaia'],
    ['utc', 'UTC'],
    ['Etc/UTC', 'UTC'],
  ])('%s is %s', (text, zone) => {
    expect(parseTimeZone(text, '--flag')).toBe(zone);
  });

  it.each(['BST', 'JST', 'EST5EDT', '+09:00', '+9', 'Tokyo', '', 'Asia/', 'Asia/Tokyo '])(
    '%j is none',
    text => {
      expect(() => parseTimeZone(text, '--flag')).toThrow(refused('time_zone'));
    },
  );

  it.each([
    ['Asia/Tokio', 'Asia/Tokyo'],
    ['europe/berln', 'Europe/Berlin'],
  ])('%s is answered with %s', (text, suggestion) => {
    expect(() => parseTimeZone(text, '--flag')).toThrow(
      expect.objectContaining({
        params: { name: '--flag', value: text, expected: { kind: 'time_zone', suggestion } },
      }),
    );
  });

  it('is one that Intl knows', () => {
    takesOrRefuses((text, name) => {
      const timeZone = parseTimeZone(text, name);
      expect(new Intl.DateTimeFormat('en', { timeZone }).format(0)).toBeTruthy();
    }, 'EtcGM/+-0123456789');
  });
});

describe('a moment', () => {
  const now = Date.parse('2026-11-23T03:00:00Z');
  const moment = (text: string, edge: 'start' | 'end' = 'start') => parseMoment(text, '--flag', edge, now);

  it.each([
    ['30m', 30],
    ['24h', 24 * 60],
    ['7d', 7 * 24 * 60],
    ['2w', 14 * 24 * 60],
    ['1.5h', 90],
  ])('%s is so many minutes ago: %i', (text, minutes) => {
    expect(moment(text)).toBe(now - minutes * 60_000);
    expect(moment(text, 'end')).toBe(now - minutes * 60_000);
  });

  it('of a day is its first midnight here, or the one after it', () => {
    expect(moment('2026-11-01')).toBe(new Date(2026, 10, 1).getTime());
    expect(moment('2026-12-31', 'end')).toBe(new Date(2027, 0, 1).getTime());
  });

  it('is a day as tables show it, and a time of a day by the clock on the wall', () => {
    expect(moment('2026/11/01')).toBe(new Date(2026, 10, 1).getTime());
    expect(moment('2026/11/1', 'end')).toBe(new Date(2026, 10, 2).getTime());
    for (const edge of ['start', 'end'] as const) {
      expect(moment('2026-11-01T09:30', edge)).toBe(new Date(2026, 10, 1, 9, 30).getTime());
      expect(moment('2026/11/01 9:30:15', edge)).toBe(new Date(2026, 10, 1, 9, 30, 15).getTime());
    }
  });

  it.each([
    ['2026-11-01T09:00:00+09:00', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01T00:00:00.25Z', '2026-11-01T00:00:00.250Z'],
    ['2026-11-01t00:00:00z', '2026-11-01T00:00:00.000Z'],
  ])('takes RFC 3339: %s', (text, iso) => {
    expect(new Date(moment(text)).toISOString()).toBe(iso);
  });

  it.each([
    '',
    '7',
    '7y',
    '-7d',
    '2026-02-30',
    '2026-13-01',
    '2026-11-1',
    'yesterday',
    '2026-02-30T00:00:00Z',
    '2026-11-01T24:00:01Z',
    '2026-11-01T9',
    '2026-11-01T24:00',
    '2026-02-30T09:00',
    '2026/13/01',
    '2026/11-01',
    '26/11/01',
  ])('is none: %j', text => {
    expect(() => moment(text)).toThrow(refused('moment'));
  });

  it('is taken or refused, whatever is written', () => {
    takesOrRefuses(text => moment(text), '0123456789-:TZ.mhdw+');
  });
});
