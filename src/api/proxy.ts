import type { Dispatcher } from 'undici';
import connect from 'undici/lib/api/api-connect.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';

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

const timeouts = { connect: { timeout: CONNECT_TIMEOUT } };

/** Dispatches without any proxy, whatever the environment says. */
export function directDispatcher(): Dispatcher {
  // Empty texts, not undefined: undici would read process.env by itself.
  return new EnvHttpProxyAgent({ httpProxy: '', httpsProxy: '', noProxy: '*', ...timeouts });
}

/**
 * Dispatches through an HTTP proxy, by CONNECT; directly to the hosts in `noProxy` (comma-separated, as
 * NO_PROXY has them).
 */
export function proxyDispatcher(proxy: URL, noProxy: string): Dispatcher {
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
