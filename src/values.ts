// How people write values, on the command line, in the environment and in the settings file.
import { RemoError } from './errors.js';

/**
 * A length of time as a person writes it: `30s`, `5m`, `1.5h`, `250ms`; a bare number is seconds.
 * @returns milliseconds
 * @throws RemoError `invalid_value`
 */
export function parseDuration(text: string, name: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? 's'] ?? 1000;
  const ms = Math.round(Number(match?.[1]) * unit);
  // setTimeout turns anything above 2^31-1 ms into 1 ms.
  if (!match || ms <= 0 || ms > 2_147_483_647) {
    throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'duration' } });
  }
  return ms;
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

export function oneOf<T extends string>(...values: T[]): (text: string, name: string) => T {
  return (text, name) => {
    if ((values as string[]).includes(text)) return text as T;
    throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'one_of', values } });
  };
}

export function parseBoolean(text: string, name: string): boolean {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'boolean' } });
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

export function parseText(value: string, name: string): string {
  if (value !== '' && value.length <= 200 && !/\p{Cc}/u.test(value)) return value;
  throw new RemoError('invalid_value', { name, value, expected: { kind: 'text', max: 200 } });
}

/** A list of scope tokens (RFC 6749, 3.3), one space between two. @throws RemoError `invalid_value` */
export function parseScopes(text: string, name: string): string {
  const tokens = text.split(' ').filter(token => token !== '');
  const wellFormed = tokens.every(token => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(token));
  if (wellFormed && tokens.length > 0 && text.length <= 1000) return tokens.join(' ');
  throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'scopes' } });
}
