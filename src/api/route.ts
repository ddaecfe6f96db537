import { isIPv6 } from 'node:net';
import type { Environment } from '../environment.js';
import { RemoError } from '../errors.js';
import { isLoopback } from '../values.js';

/** A text of the environment, and the variable it stands in. */
interface Variable {
  name: string;
  text: string;
}

/** The proxy that the environment names. */
export interface ProxySetting {
  /** With the user name and the password that it may need. */
  url: URL;
  /** The variable that names it. */
  name: string;
  /** The hosts that are not to be reached through it. */
  exempt: Variable | undefined;
}

/**
 * The proxy to use: HTTPS_PROXY, else HTTP_PROXY (all that leaves this machine is https), lower case first.
 * @throws RemoError `invalid_value` when the proxy's address is not one
 */
export function proxyOf(env: Environment): ProxySetting | undefined {
  const set = variable(env, 'HTTPS_PROXY') ?? variable(env, 'HTTP_PROXY');
  return set && { url: proxyUrl(set), name: set.name, exempt: variable(env, 'NO_PROXY') };
}

/** Why a host is reached without the proxy: it is this machine, or NO_PROXY (its entry) says so. */
export type Exemption = { because: 'this_machine' } | { because: 'no_proxy'; name: string; entry: string };

/**
 * Whether an address is reached without the proxy. Loopback always is, whatever the environment says (Go does
 * the same, curl does not): a proxy's 127.0.0.1 is another machine, and plain http with a token must not
 * leave this one. NO_PROXY lists names, each with all below it, with or without a port; `*` is all of them.
 */
export function exemptionOf({ exempt }: ProxySetting, url: URL): Exemption | undefined {
  if (isLoopback(url.hostname)) return { because: 'this_machine' };
  if (!exempt) return undefined;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const entry = exempt.text.split(/[,\s]+/).find(text => matches(text, url.hostname, port));
  return entry === undefined ? undefined : { because: 'no_proxy', name: exempt.name, entry };
}

function matches(entry: string, hostname: string, port: string): boolean {
  if (entry === '*') return true;
  // An IPv6 address without brackets has no port either.
  if (isIPv6(entry)) return new URL(`http://[${entry}]`).hostname === hostname;
  const [, name = entry, only = port] = /^(.+):(\d+)$/.exec(entry) ?? [];
  const wanted = name.replace(/^\*?\./, '').toLowerCase();
  return wanted !== '' && only === port && (hostname === wanted || hostname.endsWith(`.${wanted}`));
}

/** A variable by its lower-case name, else its upper-case one; an empty one counts as unset. */
function variable(env: Environment, name: string): Variable | undefined {
  for (const spelled of [name.toLowerCase(), name]) {
    const text = env[spelled];
    if (text) return { name: spelled, text };
  }
  return undefined;
}

function proxyUrl({ name, text }: Variable): URL {
  try {
    // curl takes `host:port` too.
    const url = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
    if (!/^https?:$/.test(url.protocol)) throw new TypeError('not a proxy we speak to');
    // Throws where the escapes are not of UTF-8.
    decodeURIComponent(url.username + url.password);
    return url;
  } catch {
    // The password that such an address may carry is not repeated on the screen.
    const value = text.replace(/^([a-z][a-z\d+.-]*:\/*)?.*@/is, '$1***@');
    throw new RemoError('invalid_value', { name, value, expected: { kind: 'proxy' } });
  }
}

/** What a proxy with a user name is to be told in `Proxy-Authorization` (RFC 7617). */
export function proxyAuthorization({ username, password }: URL): string | undefined {
  // A user name alone counts too: undici would leave it out.
  if (!username) return undefined;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
