import type { Dispatcher } from 'undici';
import connect from 'undici/lib/api/api-connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
import { proxyAuthorization } from './route.js';

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

/** Dispatches without any proxy; Node's own dispatcher would look for one with NODE_USE_ENV_PROXY. */
export function directDispatcher(): Dispatcher {
  return new Agent(timeouts);
}

/** Dispatches everything through an HTTP proxy, by CONNECT. */
export function proxyDispatcher(proxy: URL): Dispatcher {
  const uri = new URL(proxy);
  uri.username = '';
  uri.password = '';
  const token = proxyAuthorization(proxy);
  return new ProxyAgent({
    uri: uri.href,
    proxyTls: timeouts.connect,
    requestTls: timeouts.connect,
    ...(token === undefined ? {} : { token }),
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
