import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { localTimeZone, TimeWindow, windowSchema } from '../../src/reboot/window.js';

function windowOf(hours: string, time_zone: string): TimeWindow {
  const [from = '', to = ''] = hours.split('-');
  return TimeWindow.of({ from, to, time_zone });
}

const iso = (moment: number) => new Date(moment).toISOString().replace(':00.000Z', 'Z');

/** The next openings and closings from a moment on. */
function openings(hours: string, timeZone: string, now: string, count: number): string[] {
  const window = windowOf(hours, timeZone);
  let moment = Date.parse(now);
  return Array.from({ length: count }, () => {
    const opens = window.nextOpening(moment);
    moment = window.closesAt(opens);
    return `${iso(opens)}..${iso(moment)}`;
  });
}

describe('a time window', () => {
  it.each<[what: string, hours: string, zone: string, now: string, openings: string[]]>([
    [
      'is of every day',
      '01:00-05:00',
      'UTC',
      '2026-11-23T12:00Z',
      ['2026-11-24T01:00Z..2026-11-24T05:00Z', '2026-11-25T01:00Z..2026-11-25T05:00Z'],
    ],
    [
      'is by the clock of its zone',
      '01:00-05:00',
      'Asia/Tokyo',
      '2026-11-23T03:00Z',
      ['2026-11-23T16:00Z..2026-11-23T20:00Z'],
    ],
    [
      'goes across midnight',
      '22:00-02:00',
      'Asia/Tokyo',
      '2026-11-23T03:00Z',
      ['2026-11-23T13:00Z..2026-11-23T17:00Z', '2026-11-24T13:00Z..2026-11-24T17:00Z'],
    ],
    [
      'goes up to midnight',
      '20:00-24:00',
      'UTC',
      '2026-11-23T03:00Z',
      ['2026-11-23T20:00Z..2026-11-24T00:00Z'],
    ],
    [
      'goes up to midnight, said otherwise',
      '20:00-00:00',
      'UTC',
      '2026-11-23T03:00Z',
      ['2026-11-23T20:00Z..2026-11-24T00:00Z'],
    ],
    [
      'begins at midnight',
      '00:00-00:01',
      'UTC',
      '2026-11-23T03:00Z',
      ['2026-11-24T00:00Z..2026-11-24T00:01Z'],
    ],
    [
      'is for all but a minute',
      '00:01-00:00',
      'UTC',
      '2026-11-23T00:00Z',
      ['2026-11-23T00:01Z..2026-11-24T00:00Z'],
    ],
    [
      'is of a zone with quarters of an hour',
      '00:00-01:00',
      'Asia/Kathmandu',
      '2026-11-23T12:00Z',
      ['2026-11-23T18:15Z..2026-11-23T19:15Z'],
    ],
    // 2026-03-29, 02:00 to 03:00 is skipped.
    [
      'is an hour shorter as summer time begins',
      '01:00-05:00',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-29T00:00Z..2026-03-29T03:00Z', '2026-03-29T23:00Z..2026-03-30T03:00Z'],
    ],
    [
      'within the skipped hour is not that day',
      '02:15-02:45',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-30T00:15Z..2026-03-30T00:45Z'],
    ],
    [
      'that ends in the skipped hour ends as it begins',
      '01:30-02:30',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-29T00:30Z..2026-03-29T01:00Z'],
    ],
    [
      'that begins in the skipped hour begins after it',
      '02:30-04:00',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00Z..2026-03-29T02:00Z'],
    ],
    [
      'across midnight can end in the skipped hour',
      '22:00-02:30',
      'America/New_York',
      '2026-03-07T20:00Z',
      ['2026-03-08T03:00Z..2026-03-08T07:00Z', '2026-03-09T02:00Z..2026-03-09T06:30Z'],
    ],
    // 2026-10-25, 02:00 to 03:00 is there twice.
    [
      'is an hour longer as summer time ends',
      '01:00-05:00',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['2026-10-24T23:00Z..2026-10-25T04:00Z'],
    ],
    [
      'within the repeated hour opens twice',
      '02:15-02:45',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      [
        '2026-10-25T00:15Z..2026-10-25T00:45Z',
        '2026-10-25T01:15Z..2026-10-25T01:45Z',
        '2026-10-26T01:15Z..2026-10-26T01:45Z',
      ],
    ],
    [
      'that begins in the repeated hour closes meanwhile',
      '02:30-04:00',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:30Z..2026-10-25T01:00Z', '2026-10-25T01:30Z..2026-10-25T03:00Z'],
    ],
    [
      'that is the repeated hour lasts two',
      '01:00-02:00',
      'America/New_York',
      '2026-10-31T20:00Z',
      ['2026-11-01T05:00Z..2026-11-01T07:00Z'],
    ],
    // Lord Howe moves its clocks by half an hour.
    [
      'within a skipped half hour is not that day',
      '02:00-02:30',
      'Australia/Lord_Howe',
      '2026-10-03T00:00Z',
      ['2026-10-04T15:00Z..2026-10-04T15:30Z'],
    ],
    [
      'that is a repeated half hour lasts an hour',
      '01:30-02:00',
      'Australia/Lord_Howe',
      '2026-04-04T00:00Z',
      ['2026-04-04T14:30Z..2026-04-04T15:30Z'],
    ],
    // Samoa went from 29 to 31 December 2011.
    [
      'is not on a day that is skipped',
      '12:00-13:00',
      'Pacific/Apia',
      '2011-12-29T21:00Z',
      ['2011-12-29T22:00Z..2011-12-29T23:00Z', '2011-12-30T22:00Z..2011-12-30T23:00Z'],
    ],
    [
      'goes across a day that is skipped',
      '22:00-02:00',
      'Pacific/Apia',
      '2011-12-30T00:00Z',
      ['2011-12-30T08:00Z..2011-12-30T12:00Z'],
    ],
  ])('%s', (_what, hours, zone, now, expected) => {
    expect(openings(hours, zone, now, expected.length)).toEqual(expected);
  });

  it('is open at once while it is open, to the millisecond', () => {
    const window = windowOf('01:00-05:00', 'UTC');
    const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);
    expect(window.nextOpening(at('01:00:30.500'))).toBe(at('01:00:30.500'));
    expect(window.closesAt(at('00:59:59.999'))).toBe(at('00:59:59.999'));
    expect(window.nextOpening(at('00:59:59.999'))).toBe(at('01:00:00.000'));
    expect(window.closesAt(at('04:59:59.999'))).toBe(at('05:00:00.000'));
  });

  it('opens next as soon as it can, and stays open until it closes', () => {
    const zone = fc.constantFrom(
      'UTC',
      'Asia/Tokyo',
      'Asia/Kathmandu',
      'Europe/Berlin',
      'America/New_York',
      'America/Sao_Paulo',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Pacific/Chatham',
      'Africa/Casablanca',
    );
    const two = (count: number) => String(count).padStart(2, '0');
    const time = fc.nat(1439).map(minutes => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`);
    const ends = fc.tuple(time, time).filter(([from, to]) => from !== to);
    const moment = fc
      .date({ min: new Date('2010-01-01'), max: new Date('2036-01-01'), noInvalidDate: true })
      .map(Number);
    const shares = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 20 });
    fc.assert(
      fc.property(zone, ends, moment, shares, (time_zone, [from, to], now, sampled) => {
        const window = TimeWindow.of({ from, to, time_zone });
        const opens = window.nextOpening(now);
        const closes = window.closesAt(opens);
        expect([window.isOpen(opens), window.isOpen(closes)]).toEqual([true, false]);
        expect(opens - now).toBeLessThan(4 * 86_400_000);
        for (const share of [...sampled, 0.9999999]) {
          if (opens > now) expect(window.isOpen(now + Math.floor(share * (opens - now)))).toBe(false);
          expect(window.isOpen(opens + Math.floor(share * (closes - opens)))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a window in a journal or a plan', () => {
  const night = { from: '22:00', to: '02:00', time_zone: 'Asia/Tokyo', stop: false };

  it('is one', () => {
    expect(windowSchema.parse(night)).toEqual(night);
  });

  it.each([
    ['an end that is no time', { to: '25:00' }],
    ['a text', { from: 'soon' }],
    ['no length', { to: '22:00' }],
    ['the whole day', { from: '00:00', to: '24:00' }],
    ['a zone that is none', { time_zone: 'Asia/Tokio' }],
  ])('is none with %s: it would never open, or never close', (_what, change) => {
    expect(windowSchema.safeParse({ ...night, ...change }).success).toBe(false);
    expect(() => TimeWindow.of({ ...night, ...change })).toThrow(
      expect.objectContaining({ code: 'invalid_value', exitCode: 2 }),
    );
  });
});

describe('the time zone of this computer', () => {
  /** The zone as a process finds it that is started with this TZ. */
  function zoneIn(tz: string): string {
    const before = process.env['TZ'];
    onTestFinished(() => {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    });
    process.env['TZ'] = tz;
    return localTimeZone();
  }

  it.each([
    ['Asia/Tokyo', 'Asia/Tokyo'],
    ['America/New_York', 'America/New_York'],
    ['UTC', 'UTC'],
  ])('%s has its name', (tz, name) => {
    expect(zoneIn(tz)).toBe(name);
  });

  it.each(['JST-9', 'Nowhere/Town'])('%s has none: it has to be said', tz => {
    expect(() => zoneIn(tz)).toThrow(expect.objectContaining({ code: 'time_zone_unknown', exitCode: 2 }));
  });
});
