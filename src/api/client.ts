import { setMaxListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type * as z from 'zod/mini';
import type { Session } from '../auth/session.js';
import { RemoError } from '../errors.js';
import { address, type Target } from './address.js';
import { type Attempt, type Observe, requestIdOf } from './attempt.js';
import { mayPass, networkFailure } from './failure.js';
import { type Failure, Persistence, type PersistenceParts } from './persistence.js';
import { type Answer, readProblem, readValue, refusal } from './response.js';
import { limits, retryAfter } from './retry.js';
import { limited } from './time-limit.js';
import type { Message, Received, Transport } from './transport.js';

/** How a read is made. */
export interface Look {
  /**
   * Ends it at once, with the signal's reason; one of AbortSignal.timeout() with what kept it from an answer until
   * then. A POST in flight always finishes.
   */
  signal?: AbortSignal;
  /** It finds out what became of an instruction: the user's Ctrl-C does not end it. */
  settling?: boolean;
}

/** One operation of the contract, to be carried out once. */
interface Call<T> extends Target, Look {
  method?: 'GET' | 'POST';
  /** Makes repeating a POST harmless; every POST of the contract has one. */
  idempotencyKey?: string;
  body?: unknown;
  schema: z.ZodMiniType<T>;
  /** No attempt leaves at this time or later; milliseconds since the epoch. */
  notAfter?: number;
  /** Nor at this time or later, unless an earlier one may have been taken; milliseconds since the epoch. */
  freshUntil?: number;
  /** Nor at this time or later, as the backend may have forgotten the key; milliseconds since the epoch. */
  keyUntil?: number;
}

export interface ClientParts extends PersistenceParts {
  /** Without a trailing slash, query and fragment. The token goes to this origin alone. */
  baseUrl: URL;
  session(): Promise<Pick<Session, 'token' | 'renew'>>;
  fetch: Transport;
  userAgent: string;
  /** The limit of one attempt, from connecting to the last byte of the body; milliseconds. */
  timeout: number;
  observe?: Observe | undefined;
}

/** Carries out one operation of the contract. */
export type Client = <T>(call: Call<T>) => Promise<Answer<T>>;

/**
 * Speaks to one backend as one signed-in user. The returned function sends, reads and checks; it renews a
 * rejected token once, and repeats reads, and POSTs with an idempotency key, on network errors and passing
 * refusals. All its requests wait together while the backend refuses any of them for its rate.
 * @throws RemoError; its `params.lost` is true when any attempt of a POST may have reached the backend
 * without a definite answer. For a read, the reason of the signal that ended it.
 */
export function openClient(parts: ClientParts): Client {
  // Requests and waits under way each listen to it; that many at once is no leak, whatever Node suspects.
  if (parts.signal) setMaxListeners(0, parts.signal);
  // Who wants to leave waits less long for what has to be finished.
  parts.signal?.addEventListener('abort', () => parts.pace.review(), { once: true });
  return async call => new Exchange(parts, call).carryOut();
}

interface Rejected {
  token: string;
  error: RemoError;
}

/** One request with all its attempts. */
class Exchange<T> {
  private readonly url: string;
  private readonly reading: boolean;
  /** What ends this request from outside; nothing ends a POST in flight. */
  private readonly ends: readonly AbortSignal[];
  private readonly persistence: Persistence;
  /** The token that the backend rejected: from then on another one is used. */
  private rejected: Rejected | undefined;

  constructor(
    private readonly parts: ClientParts,
    private readonly call: Call<T>,
  ) {
    this.url = address(parts.baseUrl, call);
    this.reading = (call.method ?? 'GET') === 'GET';
    const ends = [call.settling ? undefined : parts.signal, call.signal].filter(
      signal => signal !== undefined,
    );
    this.ends = this.reading ? ends : [];
    this.persistence = new Persistence(parts, {
      operation: call.operation,
      reading: this.reading,
      repeatable: this.reading || call.idempotencyKey !== undefined,
      ends,
      ...(call.notAfter === undefined ? {} : { notAfter: call.notAfter }),
      ...(call.freshUntil === undefined ? {} : { freshUntil: call.freshUntil }),
      ...(call.keyUntil === undefined ? {} : { keyUntil: call.keyUntil }),
    });
  }

  async carryOut(): Promise<Answer<T>> {
    try {
      return await this.attempts();
    } catch (thrown) {
      throw this.outOfTime(thrown) ?? thrown;
    }
  }

  /** What kept a read from an answer until the time was up that its caller had for it. */
  private outOfTime(thrown: unknown): RemoError | undefined {
    const { operation, signal } = this.call;
    if (!signal?.aborted || thrown !== signal.reason || signal.reason?.name !== 'TimeoutError')
      return undefined;
    const { host } = this.parts.baseUrl;
    const late = { operation, lost: false, trouble: 'timeout' as const, host, detail: '' };
    return this.persistence.lastFailure ?? new RemoError('network', late);
  }

  private async attempts(): Promise<Answer<T>> {
    for (;;) {
      const token = await this.depart();
      const outcome = typeof token === 'string' ? await this.attempt(token) : token;
      if ('value' in outcome) return outcome;
      if (typeof token === 'string' && outcome.error.is('unauthenticated') && !this.rejected) {
        this.rejected = { token, error: outcome.error };
      } else {
        await this.persistence.afterFailure(outcome);
      }
    }
  }

  /** Waits until the request may leave. @returns the token it leaves with, or why there is none for now */
  private async depart(): Promise<string | Failure> {
    for (;;) {
      const turn = this.persistence.turn();
      if (turn) await turn;
      const token = await this.token();
      if (typeof token !== 'string') return token;
      // To get one takes time, in which a pause may begin or the window close.
      this.persistence.check();
      if (this.parts.pace.pausedUntil() === undefined) return token;
    }
  }

  private async token(): Promise<string | Failure> {
    const { clock, session } = this.parts;
    const started = clock.now();
    try {
      const open = await session();
      const token = await (this.rejected ? this.another(open, this.rejected) : open.token());
      // Headers would refuse it with an error that repeats it.
      if (/^[\x21-\x7e]+$/.test(token)) return token;
      throw new RemoError('unauthenticated', { operation: this.call.operation });
    } catch (error) {
      if (!(error instanceof RemoError)) throw error;
      const attempts = this.attemptsAtSignIn(error, started);
      if (attempts === undefined) throw this.persistence.givenUp(error);
      return { error, lost: false, unsent: true, patience: { attempts } };
    }
  }

  /** A token in place of one that the backend rejected. */
  private async another(session: Pick<Session, 'renew'>, rejected: Rejected): Promise<string> {
    try {
      return await session.renew(rejected.token);
    } catch (error) {
      // The backend's own words know the request id.
      if (!(error instanceof RemoError)) throw error;
      if (error.is('token_refused')) {
        throw new RemoError('token_refused', { ...error.params, ...rejected.error.params }, { cause: error });
      }
      throw error.is('unauthenticated') ? rejected.error : error;
    }
  }

  /**
   * How often the request is worth trying in all when the sign-in server can't be reached, or can't answer; undefined
   * for what does not pass. The device knows nothing of it, and a refresh token whose answer was lost is presented
   * again: the next command would do no other, and servers that forgive a repetition do so for seconds.
   */
  private attemptsAtSignIn(error: RemoError, started: number): number | undefined {
    const { pace, tolerance } = this.parts;
    if (error.is('network')) return mayPass(error.params) ? tolerance().doubtfulAttempts : undefined;
    if (error.is('rate_limited')) pace.refused(started, error.params.retryAfterMs);
    return error.is('rate_limited', 'server_error') ? tolerance().attempts : undefined;
  }

  /** Sends once and reads the answer. @throws the reason of a signal that ended it */
  private async attempt(token: string): Promise<Answer<T> | Failure> {
    const { clock, fetch, observe, timeout } = this.parts;
    const started = clock.now();
    const report: Attempt = { ...this.subject(), attempt: this.persistence.attempt, ms: 0 };
    const limit = limited(timeout, this.ends);
    try {
      const response = await fetch(this.url, { ...this.message(token), signal: limit.signal });
      report.status = response.status;
      const outcome = await this.read(response, report);
      if ('error' in outcome) report.error = outcome.error.code;
      this.tellPace(outcome, started, report);
      return outcome;
    } catch (thrown) {
      const ended = this.ends.find(signal => signal.aborted);
      report.error = ended ? 'aborted' : 'network';
      if (ended) throw ended.reason;
      const { trouble, detail, sent, attempts } = networkFailure(
        limit.signal.aborted ? limit.signal.reason : thrown,
      );
      report.detail = detail;
      const { host } = this.parts.baseUrl;
      const error = new RemoError(
        'network',
        { ...this.facts(report), trouble, host, detail },
        { cause: thrown },
      );
      // A run at night sits an outage out in which nothing can be sent.
      const outage = !sent && attempts === limits.doubtfulAttempts;
      const most = outage ? this.parts.tolerance().doubtfulAttempts : attempts;
      return { error, lost: sent, patience: { attempts: most } };
    } finally {
      limit.release();
      report.ms = clock.now() - started;
      observe?.(report);
    }
  }

  private tellPace(outcome: Answer<T> | Failure, started: number, { status = 0, retryAfter }: Attempt): void {
    const { pace } = this.parts;
    if ('error' in outcome && outcome.error.is('rate_limited')) pace.refused(started, retryAfter);
    // One that failed inside may not have come as far as the limit.
    else if (status < 500) pace.answered(started);
  }

  private async read(response: Received, report: Attempt): Promise<Answer<T> | Failure> {
    const requestId = requestIdOf(response.headers);
    if (requestId !== undefined) report.requestId = requestId;
    const facts = { ...this.facts(report), status: response.status };
    if (response.ok) {
      const answer = await readValue(response, facts, this.call.schema);
      // undici takes a connection back one turn later; a request before that would open another. After an instruction
      // comes the journal, which takes longer than a turn.
      if (this.reading) await setImmediate();
      return answer instanceof RemoError ? { error: answer, lost: true, patience: { attempts: 1 } } : answer;
    }
    const wait = retryAfter(response.headers, this.parts.clock.now());
    if (wait !== undefined) report.retryAfter = wait;
    const asked = { wait, named: this.call.path.length > 1 };
    const { error, lost } = refusal(facts, await readProblem(response), asked);
    const away = error.is('rate_limited') || gatewayStatuses.has(response.status);
    const most = away ? this.parts.tolerance().attempts : limits.attempts;
    const patience = {
      attempts: passingStatuses.has(response.status) ? most : 1,
      ...(wait === undefined ? {} : { notBefore: wait }),
    };
    return { error, lost, patience };
  }

  private facts({ requestId }: Attempt): { operation: string; requestId?: string; lost: boolean } {
    return { operation: this.call.operation, lost: false, ...(requestId === undefined ? {} : { requestId }) };
  }

  private subject() {
    return { operation: this.call.operation, method: this.call.method ?? 'GET', url: this.url };
  }

  private message(token: string): Omit<Message, 'signal'> {
    const { body, idempotencyKey, method = 'GET' } = this.call;
    return {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        'user-agent': this.parts.userAgent,
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
  }
}

const passingStatuses = new Set([429, 500, 502, 503, 504]);
/** Those of a backend that is away, or of the gateway before it that says so. */
const gatewayStatuses = new Set([502, 503, 504]);
