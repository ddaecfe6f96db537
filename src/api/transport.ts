import type { Environment } from '../environment.js';
import { exemptionOf, proxyOf } from './route.js';

/** One request of the client. A redirect is never followed: it could carry the token to another origin. */
export interface Message {
  method: 'GET' | 'POST';
  redirect: 'manual';
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/** What the client reads of an answer; a `Response` has it. */
export interface Received {
  status: number;
  ok: boolean;
  headers: Pick<Headers, 'get'>;
  body: AsyncIterable<Uint8Array> | null;
}

/** Sends one request; rejects as `fetch` does, with what went wrong in its chain of causes. */
export type Transport = (url: string, message: Message) => Promise<Received>;

/**
 * The global `fetch`, through the proxy that the environment names, `user:password@` included; see route.ts
 * for which it is and what is reached without it.
 * Without a proxy it is Node's own dispatcher: the same undici, with the same pool and connect timeout of
 * 10 s, and loaded already; the package's costs every read some 25 ms (measured on Debian's Node 20). Its limits of
 * 300 s for the headers and between two parts of the body can't be moved; the limit of a whole attempt
 * (time-limit.ts), which settings keep below them, makes limits of one's own for these unnecessary.
 *
 * Idle connections don't keep the process alive.
 * @throws RemoError `invalid_value` when the proxy's address is not one
 */
export async function openTransport(env: Environment): Promise<typeof fetch> {
  const proxy = proxyOf(env);
  if (!proxy) return (input, init) => fetch(input, init);
  const { directDispatcher, proxyDispatcher } = await import('./proxy.js');
  const direct = directDispatcher();
  const proxied = proxyDispatcher(proxy.url);
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const dispatcher = exemptionOf(proxy, url) ? direct : proxied;
    // The types of the global fetch are those of the undici inside Node, another version of the same.
    return fetch(input, { ...init, dispatcher } as unknown as RequestInit);
  };
}
