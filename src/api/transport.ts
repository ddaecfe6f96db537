import type { Environment } from '../environment.js';
import { RemoError } from '../errors.js';
import { isLoopback } from '../values.js';

/**
 * The global `fetch`, through the proxy that the environment names: HTTPS_PROXY, else HTTP_PROXY (all that
 * leaves this machine is https), lower case first, `user:password@` included; not for the hosts in NO_PROXY.
 * Without a proxy it is Node's own dispatcher: the same undici, with the same pool and connect timeout of
 * 10 s, and loaded already; the package's costs every read some 25 ms (measured on Debian's Node 20).
 *
 * Loopback never goes through a proxy, whatever the environment says (Go does the same, curl does not): a
 * proxy's 127.0.0.1 is another machine, and plain http with a token must not leave this one.
 *
 * Idle connections don't keep the process alive.
 * @throws RemoError `invalid_value` when the proxy's address is not one
 */
export async function openTransport(env: Environment): Promise<typeof fetch> {
  const proxy = proxyOf(env);
  if (!proxy) return (input, init) => fetch(input, init);
  const { directDispatcher, proxyDispatcher } = await import('./proxy.js');
  const direct = directDispatcher();
  const proxied = proxyDispatcher(proxy, variable(env, 'NO_PROXY')?.text ?? '');
  return (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    const dispatcher = isLoopback(hostname) ? direct : proxied;
    // The types of the global fetch are those of the undici inside Node, another version of the same.
    return fetch(input, { ...init, dispatcher } as unknown as RequestInit);
  };
}

/** A variable by its lower-case name, else its upper-case one; an empty one counts as unset. */
function variable(env: Environment, name: string): { name: string; text: string } | undefined {
  for (const spelled of [name.toLowerCase(), name]) {
    const text = env[spelled];
    if (text) return { name: spelled, text };
  }
  return undefined;
}

function proxyOf(env: Environment): URL | undefined {
  const set = variable(env, 'HTTPS_PROXY') ?? variable(env, 'HTTP_PROXY');
  if (!set) return undefined;
  try {
    // curl takes `host:port` too.
    const url = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(set.text) ? set.text : `http://${set.text}`);
    if (!/^https?:$/.test(url.protocol)) throw new TypeError('not a proxy we speak to');
    // Throws where the escapes are not of UTF-8.
    decodeURIComponent(url.username + url.password);
    return url;
  } catch {
    // The password that such an address may carry is not repeated on the screen.
    const value = set.text.replace(/\/\/.*@/, '//***@');
    throw new RemoError('invalid_value', { name: set.name, value, expected: { kind: 'proxy' } });
  }
}
