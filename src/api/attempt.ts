/** What is told of each attempt at a request: for `--debug`, and for whoever shares a rate limit. */
export interface Attempt {
  method: string;
  url: string;
  /** Counted from 1. */
  attempt: number;
  /** How long it took, milliseconds. */
  ms: number;
  status?: number;
  requestId?: string;
  /** The error's code, and what the network said, when it failed. */
  error?: string;
  detail?: string;
  /** What the backend asked to wait, milliseconds. */
  retryAfter?: number;
}

export type Observe = (attempt: Attempt) => void;

/** The request id as it may be shown: printable ASCII, at most 128 characters. */
export function requestIdOf(headers: Pick<Headers, 'get'>): string | undefined {
  const id = headers
    .get('x-request-id')
    ?.replace(/[^\x21-\x7e]/g, '')
    .slice(0, 128);
  return id || undefined;
}

/**
 * The line of `--debug`: technical, the same in each language. Headers and bodies, where tokens, codes and
 * cookies are, have no place in it.
 */
export function attemptLine(of: Attempt): string {
  const { method, url, attempt, ms, status, requestId, error, retryAfter } = of;
  const detail = of.detail?.replace(userInfo, '//***@');
  const facts = { attempt, ms, request_id: requestId, error, detail, retry_after_ms: retryAfter };
  const known = Object.entries(facts).filter(([, value]) => value !== undefined && value !== '');
  return [
    `debug: ${method} ${withoutSecrets(url)}`,
    status ?? '-',
    ...known.map(([name, value]) => `${name}=${value}`),
  ].join(' ');
}

/** In a text, the credentials of an address. */
const userInfo = /\/\/[^/\s]*@/g;

/** The parameters of the API; nobody knows what others hold: a code, a state, a token. */
const harmless = new Set(['page', 'per_page', 'email', 'idempotency_key']);

/** An address as it may be shown. */
function withoutSecrets(address: string): string {
  const url = new URL(address);
  if (url.username || url.password) Object.assign(url, { username: '***', password: '' });
  url.hash = '';
  for (const name of new Set(url.searchParams.keys())) {
    if (!harmless.has(name)) url.searchParams.set(name, '***');
  }
  return url.href;
}
