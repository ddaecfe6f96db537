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
  return { messages: context.messages, lang: context.lang, now: context.clock.now() };
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
