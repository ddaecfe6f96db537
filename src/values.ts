// How people write values, on the command line, in the environment and in the settings file.
import { RemoError } from './errors.js';
import { nearest } from './nearest.js';

/**
 * A length of time as a person writes it: `30s`, `5m`, `1.5h`, `250ms`; a bare number is seconds.
 * @param max milliseconds
 * @returns milliseconds
 * @throws RemoError `invalid_value`
 */
export function parseDuration(text: string, name: string, max?: number): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? 's'] ?? 1000;
  const ms = Math.round(Number(match?.[1]) * unit);
  // setTimeout turns anything above 2^31-1 ms into 1 ms.
  if (!match || ms <= 0 || ms > (max ?? 2_147_483_647)) {
    const expected = { kind: 'duration' as const, ...(max === undefined ? {} : { max }) };
    throw new RemoError('invalid_value', { name, value: text, expected });
  }
  return ms;
}

/** A day as people count it: from midnight to midnight, where the clocks change not 24 hours. */
function dayOf(text: string): { start: Date; end: Date } | undefined {
  const [, year, month, day] = (/^(\d{4})(?:-(\d\d)-(\d\d)|\/(\d\d?)\/(\d\d?))$/.exec(text) ?? [])
    .filter(part => part !== undefined)
    .map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const start = new Date(year, month - 1, day);
  // 30 February would be 2 March.
  if (start.getFullYear() !== year || start.getMonth() !== month - 1 || start.getDate() !== day)
    return undefined;
  return { start, end: new Date(year, month - 1, day + 1) };
}

/** RFC 3339, 5.6: always with its offset. */
const timestamp = /^(\d{4}-\d\d-\d\d)[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
/** A time by the clock on the wall, without its zone. */
const wallTime = /^(\S{8,10})[Tt ]((?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)$/;

/**
 * A moment as a person writes it: so long ago (`30m`, `24h`, `7d`, `2w`), a day of this computer's zone
 * (`2026-11-01`, `2026/11/01`) or a time of it (`2026-11-01T09:00`), or a time of RFC 3339.
 * @param edge which end of a day counts; the last one is the beginning of the next
 * @returns milliseconds since the epoch
 * @throws RemoError `invalid_value`
 */
export function parseMoment(text: string, name: string, edge: 'start' | 'end', now: number): number {
  const [, amount, unit = ''] = /^(\d{1,9}(?:\.\d{1,9})?)(m|h|d|w)$/.exec(text) ?? [];
  const length = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }[unit];
  if (length !== undefined) return now - Math.round(Number(amount) * length);
  const day = dayOf(text);
  if (day) return day[edge].getTime();
  const [, ofDay = '', time = ''] = wallTime.exec(text) ?? [];
  const [hours = 0, minutes, seconds = 0] = time.split(':').map(Number);
  const start = dayOf(ofDay)?.start;
  if (start && minutes !== undefined) return start.setHours(hours, minutes, seconds);
  const [, date = ''] = timestamp.exec(text) ?? [];
  const moment = dayOf(date) ? Date.parse(text.toUpperCase()) : Number.NaN;
  if (Number.isNaN(moment))
    throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'moment' } });
  return moment;
}

/** A whole number within bounds. @throws RemoError `invalid_value` */
export function parseInteger(text: string, name: string, min: number, max?: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min) || (max !== undefined && value > max)) {
    const expected = { kind: 'integer' as const, min, ...(max === undefined ? {} : { max }) };
    throw new RemoError('invalid_value', { name, value: text, expected });
  }
  return value;
}

/**
 * A share of a whole: `10%`, or `0.1`. A bare `1` could be meant as either, and is refused.
 * @returns 0 to 1
 * @throws RemoError `invalid_value`
 */
export function parseRate(text: string, name: string): number {
  const percent = /^(\d+(?:\.\d+)?) ?%$/.exec(text)?.[1];
  const fraction = /^(?:0|\d*\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  const rate = percent === undefined ? fraction : Number(percent) / 100;
  if (rate >= 0 && rate <= 1) return rate;
  throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'rate' } });
}

/**
 * Hours of each day: `01:00-05:00`, across midnight `22:00-02:00`, up to midnight `20:00-24:00`.
 * @returns both as `HH:MM`, which can be compared as texts
 * @throws RemoError `invalid_value`, also where they are the whole day or none of it
 */
export function parseWindow(text: string, name: string): { from: string; to: string } {
  const [from = '', to = ''] = text.split('-').map(time => time.trim().padStart(5, '0'));
  const wellFormed =
    /^[^-]+-[^-]+$/.test(text) &&
    /^([01]\d|2[0-3]):[0-5]\d$/.test(from) &&
    /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(to);
  if (wellFormed && from !== to && !(from === '00:00' && to === '24:00')) return { from, to };
  throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'window' } });
}

/**
 * A time zone by its name in the IANA list, in small or capital letters. An abbreviation is refused, as it names
 * several (BST is London's summer time and Dhaka's time), and so is an offset, which Node takes from 22 on only.
 * @returns the name as Intl has it
 * @throws RemoError `invalid_value`, with the nearest name for one that is mistyped
 */
export function parseTimeZone(text: string, name: string): string {
  if (/^(utc|gmt)$|^\w+\//i.test(text)) {
    try {
      return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone;
    } catch {
      // No such zone: told below, with the nearest one.
    }
  }
  const expected = { kind: 'time_zone' as const, ...nearest(text, Intl.supportedValuesOf('timeZone')) };
  throw new RemoError('invalid_value', { name, value: text, expected });
}

/** A parser for one of some words, which it tells as `values`. It throws RemoError `invalid_value`. */
export function oneOf<T extends string>(...values: T[]) {
  const parse = (text: string, name: string): T => {
    if ((values as string[]).includes(text)) return text as T;
    const expected = { kind: 'one_of' as const, values, ...nearest(text, values) };
    throw new RemoError('invalid_value', { name, value: text, expected });
  };
  return Object.assign(parse, { values });
}

export function parseBoolean(text: string, name: string): boolean {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'boolean' } });
}

/** A command line, or whether the system's own is to be used. */
export function parsePager(text: string, name: string): string | boolean {
  return /^(1|true|yes|on|0|false|no|off)$/i.test(text) ? parseBoolean(text, name) : parseText(text, name);
}

export function parseProfileName(text: string, name: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(text) && text !== '__proto__') return text;
  throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'name' } });
}

/** Whether a host is this machine: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

/** The password that an address may carry is not repeated on the screen. */
function badUrl(text: string, name: string): RemoError {
  const value = text.replace(/^([a-z][a-z\d+.-]*:[\\/]*)?.*@/is, '$1***@');
  return new RemoError('invalid_value', { name, value, expected: { kind: 'url' } });
}

/**
 * The base URL of the API, without a trailing slash.
 * @throws RemoError `invalid_value`; `api_url_insecure` for plain HTTP to another machine
 */
export function parseApiUrl(text: string, name: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw badUrl(text, name);
  }
  const plain = url.protocol === 'http:';
  if ((!plain && url.protocol !== 'https:') || url.username || url.password || url.search || url.hash) {
    throw badUrl(text, name);
  }
  if (plain && !isLoopback(url.hostname)) throw new RemoError('api_url_insecure', { url: url.href });
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/** The contract's longest `email` and `reason`, in characters: JSON Schema counts code points. */
export const longestEmail = 254;
export const longestReason = 500;

/** Whether a text is one line of at most so many characters, and not empty. */
export function isLine(text: string, max: number): boolean {
  return text !== '' && [...text].length <= max && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
}

/** A text on one line. @throws RemoError `invalid_value` */
export function parseText(value: string, name: string, max = 200): string {
  if (isLine(value, max)) return value;
  throw new RemoError('invalid_value', { name, value, expected: { kind: 'text', max } });
}

/**
 * Whether a text is one e-mail address that can go into a header as it is. Japanese carriers gave out
 * addresses with dots in any place; what looks like an encoded word would be read as something else.
 */
export function isEmailAddress(text: string): boolean {
  const address = /^(?!.*=\?)[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d-]{1,63}(\.[a-z\d-]{1,63})+$/i;
  return text.length <= longestEmail && address.test(text);
}

export function parseEmail(text: string, name: string): string {
  if (isEmailAddress(text)) return text;
  throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'email' } });
}

/** A list of scope tokens (RFC 6749, 3.3), one space between two. @throws RemoError `invalid_value` */
export function parseScopes(text: string, name: string): string {
  const tokens = text.split(' ').filter(token => token !== '');
  const wellFormed = tokens.every(token => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(token));
  if (wellFormed && tokens.length > 0 && text.length <= 1000) return tokens.join(' ');
  throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'scopes' } });
}
