import { type Attempt, type Observe, requestIdOf } from '../api/attempt.js';
import { networkFailure } from '../api/failure.js';
import { limited } from '../api/time-limit.js';
import type { Clock } from '../clock.js';
import { RemoError } from '../errors.js';
import { isLoopback } from '../values.js';
import { withoutNulls } from './token-answer.js';

/** The seam the flows speak HTTP through: one request, its whole answer, or a RemoError. */
export type AuthFetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Whether a secret may be sent there: https, or plain http to this machine. */
export function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/**
 * A `fetch` for the sign-in server. It speaks only to https (or this machine), follows no redirect, allows
 * one request `timeout` milliseconds in all, and reads the body to its end, so that a connection that breaks
 * in the middle is a network fault and not bad JSON.
 */
export function authFetch(options: {
  fetch: typeof fetch;
  timeout: number;
  userAgent: string;
  signal: AbortSignal;
  clock: Clock;
  observe?: Observe | undefined;
}): AuthFetch {
  const { clock, observe } = options;
  return async (address, init = {}) => {
    const url = new URL(address);
    if (!isSecure(url)) throw new RemoError('discovery', { trouble: 'insecure', url: shown(url) });
    const headers = new Headers(init.headers);
    headers.set('user-agent', options.userAgent);
    const started = clock.now();
    const report: Attempt = { method: init.method ?? 'GET', url: url.href, attempt: 1, ms: 0 };
    const { signal, release } = limited(options.timeout, [options.signal]);
    try {
      const response = await options.fetch(url, { ...init, headers, redirect: 'manual', signal });
      report.status = response.status;
      const requestId = requestIdOf(response.headers);
      if (requestId !== undefined) report.requestId = requestId;
      const body = await response.arrayBuffer();
      const given = report.method === 'POST' ? withoutNulls(Buffer.from(body).toString('utf8')) : body;
      return new Response(body.byteLength > 0 ? given : null, {
        status: response.status,
        headers: response.headers,
      });
    } catch (error) {
      report.error = options.signal.aborted ? 'aborted' : 'network';
      if (error instanceof RemoError) throw error;
      options.signal.throwIfAborted();
      const { trouble, detail } = networkFailure(signal.aborted ? signal.reason : error);
      report.detail = detail;
      throw new RemoError(
        'network',
        { operation: 'signIn', trouble, host: url.host, detail },
        { cause: error },
      );
    } finally {
      release();
      report.ms = clock.now() - started;
      observe?.(report);
    }
  };
}

/** An address as an error may show it: a query may hold secrets. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
