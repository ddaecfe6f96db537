import http from 'node:http';
import https from 'node:https';
import { isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import { type ProxySetting, proxyAuthorization } from '../api/route.js';
import { RemoError } from '../errors.js';

/** What a server shows of itself before anything is sent to it. */
export interface Handshake {
  /** Who vouches for it. */
  issuer: string;
  /** Milliseconds since the epoch. */
  validUntil: number;
  /** Why it is not to be trusted, as OpenSSL and Node call it. */
  refusal?: string;
}

/**
 * Opens a TLS connection, through the proxy where there is one, and closes it. A certificate that is not
 * trusted is no error here: who issued it is what is to be found out.
 * @throws RemoError `network` for a proxy that does not let through; NodeJS.ErrnoException; the signal's reason
 */
export async function handshake(
  url: URL,
  proxy: ProxySetting | undefined,
  signal: AbortSignal,
): Promise<Handshake> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || 443);
  const socket = proxy && (await tunnel(`${url.hostname}:${port}`, proxy.url, signal));
  const options = { host, port, rejectUnauthorized: false, ...(isIP(host) ? {} : { servername: host }) };
  const secure = tls.connect(socket ? { ...options, socket } : options);
  const abort = () => secure.destroy(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await new Promise((resolve, reject) => {
      secure.once('secureConnect', resolve).once('error', reject);
      secure.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
      if (signal.aborted) abort();
    });
    const { issuer, valid_to: end } = secure.getPeerCertificate();
    return {
      issuer: [issuer.O, issuer.CN].flat().filter(Boolean).join(', '),
      validUntil: Date.parse(end),
      ...(secure.authorized ? {} : { refusal: String(secure.authorizationError) }),
    };
  } finally {
    signal.removeEventListener('abort', abort);
    secure.destroy();
  }
}

/** A connection through a proxy to a host behind it. */
function tunnel(target: string, proxy: URL, signal: AbortSignal): Promise<Socket> {
  const refused = (trouble: 'proxy' | 'proxy_auth', detail: string) =>
    new RemoError('network', { operation: 'doctor', trouble, host: target, detail });
  const authorization = proxyAuthorization(proxy);
  const { request } = proxy.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const asked = request({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      path: target,
      headers: { host: target, ...(authorization ? { 'proxy-authorization': authorization } : {}) },
      agent: false,
      signal,
    });
    asked.once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      return reject(refused(statusCode === 407 ? 'proxy_auth' : 'proxy', `CONNECT ${statusCode}`));
    });
    // An answer to CONNECT other than a tunnel may come as an ordinary one.
    asked.once('response', ({ statusCode }) => reject(refused('proxy', `CONNECT ${statusCode}`)));
    asked.once('error', (error: NodeJS.ErrnoException) =>
      reject(signal.aborted ? signal.reason : refused('proxy', error.code ?? error.message)),
    );
    asked.end();
  });
}
