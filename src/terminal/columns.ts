import type { Context } from '../context.js';
import type { Language } from '../environment.js';
import type { Messages } from '../messages/en.js';
import type { Tone } from './style.js';

/** What a field of data holds. */
export type Value = string | number | boolean | null;

/** For whom a value is put into words. */
export interface View {
  messages: Messages;
  lang: Language;
  /** The present moment, milliseconds since the epoch. */
  now: number;
  /** Whether a moment may be told by how long ago it was: not in what is kept, nor where all is to be whole. */
  relative: boolean;
}

/** One column of a listing, declared beside its resource. */
export interface Column<T> {
  /** The machine's name of it, as in the contract. */
  name: string;
  header: (messages: Messages) => string;
  /** What data formats hold. */
  value: (row: T) => Value;
  /** How a person reads it; without it the value as it is, and nothing for null. */
  text?: (row: T, view: View) => string;
  /** 1 is never dropped from a table; of the others the highest goes first where the terminal is narrow. */
  priority: number;
  /** What a row is called, and what is copied: it stays whole as long as others can be cut. Else the first column does. */
  identifies?: true;
  /** Of priority 1, but dropped where the terminal has no room for it beside the others, however they are cut. */
  yields?: boolean;
  /** A number whose 0 says nothing: where no row has another it is as good as empty. */
  zeroIsNothing?: true;
  align?: 'right';
  /** Left out of tables unless asked for by name: a table is for what a person asks first. */
  dataOnly?: true;
  /** Left out of TSV and CSV as well unless asked for by name. */
  onRequest?: true;
  /** A moment (RFC 3339) is ordered as such, whatever its offset from UTC. */
  type?: 'time';
  tone?: (row: T) => Tone | undefined;
}

/** The view of the context's user, now. */
export function viewOf(context: Context): View {
  const { clock, io, lang, messages } = context;
  const relative = io.stdoutIsTerminal && !context.setting('wide').value;
  return { messages, lang, now: clock.now(), relative };
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A moment (RFC 3339) as local date and time of this machine in the user's language; nothing for null. */
export function dateTime(view: Pick<View, 'lang'>, iso: string | null): string {
  return local(view.lang, iso, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** The local date of a moment (RFC 3339) in the user's language; nothing for null. */
export function date(view: Pick<View, 'lang'>, iso: string | null): string {
  return local(view.lang, iso, {});
}

const units = [
  { unit: 'second', ms: 1000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'day', ms: 86_400_000 },
] as const;
/** Before this many days what counts is the date. */
const recentDays = 7;

/**
 * A moment (RFC 3339) that changes as things happen, the way a person thinks of it: `3 min ago`, after a week its
 * date; date and time where the view is not relative, or the moment is yet to come. Nothing for null.
 */
export function ago(view: Omit<View, 'messages'>, iso: string | null): string {
  const passed = iso === null ? Number.NaN : view.now - Date.parse(iso);
  // Clocks differ by some seconds: what was just seen is not in the future.
  if (!view.relative || !(passed > -60_000)) return dateTime(view, iso);
  const { unit, ms } = units.findLast(one => passed >= one.ms) ?? units[0];
  const count = Math.max(0, Math.floor(passed / ms));
  return unit === 'day' && count >= recentDays ? date(view, iso) : relativeTime(view.lang, -count, unit);
}

/** For a line by itself, which has room for both: `2026-11-23 12:00 (3 min ago)`. */
export function dateTimeAndAgo(view: View, iso: string | null): string {
  const [moment, past] = [dateTime(view, iso), ago(view, iso)];
  return past === moment || moment.startsWith(past) ? moment : `${moment} (${past})`;
}

function relativeTime(lang: Language, count: number, unit: 'second' | 'minute' | 'hour' | 'day'): string {
  const format = new Intl.RelativeTimeFormat(lang, {
    style: lang === 'ja' ? 'narrow' : 'short',
    numeric: count === 0 ? 'auto' : 'always',
  });
  // Some versions of the data behind Intl write "min." and "3 分前".
  const text = format.format(count, unit).replace('.', '');
  return lang === 'ja' ? text.replace(' ', '') : text;
}

function local(lang: Language, iso: string | null, time: Intl.DateTimeFormatOptions): string {
  const moment = iso === null ? Number.NaN : Date.parse(iso);
  if (Number.isNaN(moment)) return iso ?? '';
  const key = `${lang} ${time.hour}`;
  const formatter = formatters.get(key) ?? new Intl.DateTimeFormat(...dateStyle(lang, time));
  formatters.set(key, formatter);
  return formatter.format(moment);
}

function dateStyle(lang: Language, time: Intl.DateTimeFormatOptions): [string, Intl.DateTimeFormatOptions] {
  // The Swedish locale writes ISO 8601: 2026-11-23 03:39. English ones differ on which of 11/12 is the month.
  return [lang === 'ja' ? 'ja-JP' : 'sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit', ...time }];
}

/** Yes, no, or unknown for null, in the user's language. */
export function yesNo(view: Pick<View, 'messages'>, value: boolean | null): string {
  const { yes, no, unknown } = view.messages.terminal;
  if (value === null) return unknown;
  return value ? yes : no;
}
