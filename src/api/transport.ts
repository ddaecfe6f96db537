import type { Dispatcher } from 'undici';
import connect from 'undici/lib/api/api-connect.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import { type Environment, isLoopback } from '../config.js';
import { RemoError } from '../errors.js';

/** How long a TCP connection with its TLS handshake, or a proxy's answer to CONNECT, may take; milliseconds. */
const CONNECT_TIMEOUT = 10_000;

/** The proxy could not be reached, or would not open a tunnel: nothing of the request has left. */
class ProxyUnreachable extends Error {
  override readonly name = 'ProxyUnreachable';

  constructor(
    message: string,
    /** What the proxy answered to CONNECT, where it answered. */
    readonly status?: number,
    options?: { cause: unknown },
  ) {
    super(message, options);
  }
}

/**
 * The global `fetch` through a pool of keep-alive connections with a connect timeout, and through the proxy
 * that the environment names: HTTPS_PROXY, else HTTP_PROXY (all that leaves this machine is https), lower
 * case first, `user:password@` included; not for the hosts in NO_PROXY.
 *
 * Loopback never goes through a proxy, whatever the environment says (Go does the same, curl does not): a
 * proxy's 127.0.0.1 is another machine, and plain http with a token must not leave this one.
 *
 * The pool's idle connections don't keep the process alive.
 * @throws RemoError `invalid_value` when the proxy's address is not one
 */
export function openTransport(env: Environment): typeof fetch {
  // Empty texts, not undefined: undici would read process.env by itself.
  const direct = new EnvHttpProxyAgent({ httpProxy: '', httpsProxy: '', noProxy: '*', ...timeouts });
  const proxy = proxyOf(env);
  const proxied = proxy ? proxiedBy(proxy, variable(env, 'NO_PROXY')?.text ?? '') : direct;
  return (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    const dispatcher = isLoopback(hostname) ? direct : proxied;
    // The types of the global fetch are those of the undici inside Node, another version of the same.
    return fetch(input, { ...init, dispatcher } as unknown as RequestInit);
  };
}

const timeouts = { connect: { timeout: CONNECT_TIMEOUT } };

function proxiedBy(proxy: URL, noProxy: string): InstanceType<typeof EnvHttpProxyAgent> {
  const uri = new URL(proxy);
  uri.username = '';
  uri.password = '';
  const { username, password } = proxy;
  return new EnvHttpProxyAgent({
    httpProxy: uri.href,
    httpsProxy: uri.href,
    noProxy,
    proxyTls: timeouts.connect,
    requestTls: timeouts.connect,
    // undici leaves out the credentials of a proxy whose password is empty.
    ...(username ? { token: basic(username, password) } : {}),
    clientFactory: proxyPool,
  });
}

/**
 * The connections to the proxy, with the method that ProxyAgent opens tunnels by: `connect`, which undici
 * gives to its dispatchers in the package index alone. The proxy's own failures are told from those of the
 * host behind it.
 */
function proxyPool(origin: URL, options: object): InstanceType<typeof Pool> {
  const pool = new Pool(origin, { ...options, headersTimeout: CONNECT_TIMEOUT });
  const openTunnel = async (target: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData<null>> => {
    const opened = await connect.call(pool, target).catch((error: NodeJS.ErrnoException) => {
      throw new ProxyUnreachable(error.code ?? error.message, undefined, { cause: error });
    });
    if (opened.statusCode === 200) return opened;
    opened.socket.on('error', () => {}).destroy();
    throw new ProxyUnreachable(`CONNECT ${opened.statusCode}`, opened.statusCode);
  };
  return Object.assign(pool, { connect: openTunnel as typeof pool.connect });
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
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
    basic(url.username, url.password);
    return url;
  } catch {
    // The password that such an address may carry is not repeated on the screen.
    const value = set.text.replace(/\/\/.*@/, '//***@');
    throw new RemoError('invalid_value', { name: set.name, value, expected: { kind: 'proxy' } });
  }
}
