import { type Attempt, type Observe, requestIdOf } from '../api/attempt.js';
import { mayPass, networkFailure } from '../api/failure.js';
import { limits, nextWait, retryAfter } from '../api/retry.js';
import { limited } from '../api/time-limit.js';
import type { Clock } from '../clock.js';
import { RemoError } from '../errors.js';
import { isLoopback } from '../values.js';
import { withoutNothings } from './token-answer.js';

/** The seam the flows speak HTTP through: one request, its whole answer, or a RemoError. */
export type AuthFetch = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * Makes sure that a secret may be sent to an address: https, or plain http to this machine, and nobody's user name
 * and password in it.
 * @param source the document that names it
 * @throws RemoError `discovery`
 */
export function requireSafe(url: URL, source?: string): void {
  const plain = url.protocol === 'http:' && isLoopback(url.hostname);
  const trouble = url.username || url.password ? 'userinfo' : 'insecure';
  if (trouble === 'insecure' && (plain || url.protocol === 'https:')) return;
  const address = shown(url);
  throw new RemoError(
    'discovery',
    source === undefined ? { trouble, url: address } : { trouble, url: source, detail: address },
  );
}

interface Parts {
  fetch: typeof fetch;
  /** Milliseconds. */
  timeout: number;
  userAgent: string;
  signal: AbortSignal;
  clock: Clock;
  /** A number in [0, 1), for jitter. */
  random: () => number;
  observe?: Observe | undefined;
}

/** How often a GET is tried in all; it changes nothing and is quick to fail. */
const attemptsAtGet = 3;

/**
 * A `fetch` for the sign-in server. It speaks only to https (or this machine), follows no redirect, allows
 * one request `timeout` milliseconds in all, and reads the body to its end, so that a connection that breaks
 * in the middle is a network fault and not bad JSON. An answer that says no more than that the server can't
 * answer now (429, 5xx) is thrown. A GET that fails quickly is repeated.
 */
export function authFetch(parts: Parts): AuthFetch {
  return async (address, init = {}) => {
    const url = new URL(address);
    requireSafe(url);
    for (let attempt = 1, waited = 0; ; attempt++) {
      try {
        return await once(parts, url, init, attempt);
      } catch (error) {
        const most = isGet(init) && isQuickToFail(error) ? attemptsAtGet : 1;
        const wait = nextWait({ attempt, waited }, { attempts: most }, parts.random(), limits.waits);
        if (wait === undefined) throw error;
        await parts.clock.sleep(wait, parts.signal);
        waited += wait;
      }
    }
  };
}

async function once(parts: Parts, url: URL, init: RequestInit, attempt: number): Promise<Response> {
  const { clock, observe } = parts;
  const headers = new Headers(init.headers);
  headers.set('user-agent', parts.userAgent);
  const started = clock.now();
  const report: Attempt = { method: init.method ?? 'GET', url: url.href, attempt, ms: 0 };
  const { signal, release } = limited(parts.timeout, [parts.signal]);
  try {
    const response = await parts.fetch(url, { ...init, headers, redirect: 'manual', signal });
    report.status = response.status;
    const requestId = requestIdOf(response.headers);
    if (requestId !== undefined) report.requestId = requestId;
    const body = await response.arrayBuffer();
    const wait = retryAfter(response.headers, clock.now());
    if (wait !== undefined) report.retryAfter = wait;
    const inability = inabilityOf(url, report);
    if (inability) throw inability;
    const given = isGet(init) ? body : withoutNothings(Buffer.from(body).toString('utf8'));
    return new Response(body.byteLength > 0 ? given : null, {
      status: response.status,
      headers: response.headers,
    });
  } catch (error) {
    report.error = error instanceof RemoError ? error.code : parts.signal.aborted ? 'aborted' : 'network';
    if (error instanceof RemoError) throw error;
    parts.signal.throwIfAborted();
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
}

/** The error of a server that can't answer now. What it answers with is then mostly not its own. */
function inabilityOf({ host }: URL, { status = 0, requestId, retryAfter }: Attempt): RemoError | undefined {
  const facts = { operation: 'signIn', host, status, ...(requestId === undefined ? {} : { requestId }) };
  if (status === 429 || (status === 503 && retryAfter !== undefined)) {
    return new RemoError('rate_limited', {
      ...facts,
      ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter }),
    });
  }
  return status >= 500 ? new RemoError('server_error', facts) : undefined;
}

function isGet({ method = 'GET' }: RequestInit): boolean {
  return method === 'GET';
}

function isQuickToFail(error: unknown): boolean {
  if (!(error instanceof RemoError)) return false;
  return (
    error.is('server_error') ||
    (error.is('network') && mayPass(error.params) && error.params.trouble !== 'timeout')
  );
}

/** An address as an error may show it: user name, password and query may be secrets. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
