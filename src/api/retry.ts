/** How long and how often a request is tried; times in milliseconds. */
export const limits = {
  /** Attempts at one request, the first included. */
  attempts: 5,
  /** The same where an attempt is slow to fail or unlikely to come right soon: time-outs, refused connections. */
  doubtfulAttempts: 3,
  /** The longest single wait; a Retry-After beyond it ends the request at once. */
  wait: 60_000,
  /** The longest sum of the waits of one request. */
  waits: 120_000,
  /** The first back-off is drawn from 0 to this; the range doubles each time. */
  firstBackoff: 500,
  longestBackoff: 8_000,
};

/**
 * The wait before the attempt after `attempt` (counted from 1): exponential back-off with full jitter.
 * @param random a number in [0, 1)
 * @returns milliseconds
 */
export function backoff(attempt: number, random: number): number {
  return Math.round(random * Math.min(limits.longestBackoff, limits.firstBackoff * 2 ** (attempt - 1)));
}

/** Nobody waits for longer than that; whatever else is asked for is a slip, or none of our numbers (milliseconds). */
const longestAsked = 365 * 86_400_000;

/**
 * What Retry-After asks for (RFC 9110, 10.2.3), in both its forms. A date is measured against the response's
 * own Date where it has one, so that a wrong clock here does no harm.
 * @param now milliseconds since the epoch
 * @returns milliseconds from now, at least 0 and at most a year; undefined without the header or with one that is neither form
 */
export function retryAfter(headers: Pick<Headers, 'get'>, now: number): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, longestAsked);
  const until = httpDate(text);
  if (until === undefined) return undefined;
  const wait = until - (httpDate(headers.get('date') ?? '') ?? now);
  return Math.min(Math.max(0, wait), longestAsked);
}

/** An HTTP-date (RFC 9110, 5.6.7), its two obsolete forms included; asctime's has no zone but means UTC. */
export function httpDate(text: string): number | undefined {
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined;
  const time = Date.parse(/GMT$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time;
}

/** How long a request bears being refused for its rate, or not getting through; times in milliseconds. */
export interface Tolerance {
  /** Attempts at it, the first included. */
  attempts: number;
  /** The same where nothing can be sent at all, as with refused connections. */
  doubtfulAttempts: number;
  /** The longest single wait. */
  wait: number;
  /** The longest sum of its waits. */
  waits: number;
}

/** That of a run that works by itself: nobody sits and waits, and what is given up has to be done again. */
export const unattended: Tolerance = {
  attempts: 20,
  doubtfulAttempts: 20,
  wait: 3_600_000,
  waits: Number.POSITIVE_INFINITY,
};

/** How an attempt that failed may be repeated: in all so often, and not before so many milliseconds. */
export interface Patience {
  attempts: number;
  notBefore?: number;
}

/**
 * How long to wait after an attempt before the next, in milliseconds; undefined when the request is to be given up.
 * The server's wish is a lower bound: never earlier, and given up when it exceeds the caps.
 * @param waits the longest sum of waits
 */
export function nextWait(
  { attempt, waited }: { attempt: number; waited: number },
  patience: Patience,
  random: number,
  waits: number,
): number | undefined {
  if (attempt >= patience.attempts) return undefined;
  const wait = Math.max(backoff(attempt, random), patience.notBefore ?? 0);
  return wait > limits.wait || waited + wait > waits ? undefined : wait;
}
