import type { Clock } from '../clock.js';
import { RemoError } from '../errors.js';
import type { Pace } from './pace.js';
import { nextWait, type Patience, type Tolerance } from './retry.js';

/** What one attempt that failed leaves behind. */
export interface Failure {
  error: RemoError;
  /** Whether the backend may have got the request without our knowing what became of it. */
  lost: boolean;
  /** It was not even sent: there was no token to send it with. */
  unsent?: true;
  patience: Patience;
}

/** The request, as far as going on with it is concerned. */
export interface Subject {
  operation: string;
  reading: boolean;
  /** Whether sending it twice does no harm. */
  repeatable: boolean;
  /** What ends a read. */
  ends: readonly AbortSignal[];
  /** No attempt leaves at this time or later; milliseconds since the epoch. */
  notAfter?: number;
  /** Nor at this time or later, unless an earlier one may have been taken; milliseconds since the epoch. */
  freshUntil?: number;
  /** Nor at this time or later, as the backend may have forgotten the key; milliseconds since the epoch. */
  keyUntil?: number;
}

export interface PersistenceParts {
  clock: Clock;
  /** A number in [0, 1), for jitter. */
  random(): number;
  /** One for all requests that the backend counts together. */
  pace: Pace;
  /** How long to bear being refused for the rate, as things stand now. */
  tolerance(): Tolerance;
  /** The user's: ends reads and the waits between attempts. */
  signal?: AbortSignal;
}

/** How long one request goes on: its turns, the waits between its attempts, and when it is given up. */
export class Persistence {
  /** The attempt that is next or under way, counted from 1. */
  attempt = 1;
  /** The sum of its waits, milliseconds. */
  waited = 0;
  /** What the attempt before came to, if it failed. */
  lastFailure: RemoError | undefined;
  private lost = false;
  /** An answer of the backend's own after which it may have acted all the same. */
  private open: RemoError | undefined;
  private refusal: RemoError | undefined;

  constructor(
    private readonly parts: PersistenceParts,
    private readonly request: Subject,
  ) {}

  /**
   * Waits until the request may leave; undefined when that is at once.
   * @throws RemoError when it is not to be sent (again); the reason of the signal that ended a read
   */
  turn(): Promise<void> | undefined {
    const { clock, pace } = this.parts;
    const joined = clock.now();
    const turn = pace.turn({ ends: this.ends, tooLate: until => this.tooLate(until) });
    return turn?.then(
      () => {
        this.waited += clock.now() - joined;
      },
      reason => this.endWith(reason),
    );
  }

  /** @throws RemoError `window_closed`, `reading_outdated`, `too_late` when no attempt may leave any more */
  check(): void {
    const error = this.tooLate(this.parts.clock.now());
    if (error) throw error;
  }

  /**
   * Waits until the request may be tried again.
   * @throws as `turn`
   */
  async afterFailure({ error, lost, unsent, patience }: Failure): Promise<void> {
    const { clock, random, tolerance } = this.parts;
    const { reading, repeatable } = this.request;
    this.lastFailure = error;
    const last = !(repeatable || unsent) || this.attempt >= patience.attempts;
    if (!reading && !unsent) {
      this.lost ||= lost;
      if (error.is('server_error')) this.open = error;
      // From here on every error says so itself.
      if (this.lost) this.open = undefined;
    }
    if (error.is('rate_limited')) {
      if (last) throw this.givenUp(error);
      // It waits with all others when it asks for its turn.
      this.refusal = error;
    } else {
      const wait = last ? undefined : nextWait(this, patience, random(), tolerance().waits);
      if (wait === undefined) throw unsent ? this.givenUp(error) : this.told(error);
      const tooLate = this.tooLate(clock.now() + wait);
      if (tooLate) throw tooLate;
      this.waited += wait;
      await clock.sleep(wait, AbortSignal.any([...this.ends])).catch(reason => this.endWith(reason));
    }
    this.attempt++;
  }

  /**
   * The error that the request ends with when it is not tried again. An answer after which the backend may have
   * acted matters more than the reason for that.
   */
  givenUp(error: RemoError): RemoError {
    return this.told(this.open ?? error);
  }

  /** The error as the caller gets it: with what is known from all attempts. */
  private told(error: RemoError): RemoError {
    if (!this.lost && !('lost' in error.params)) return error;
    return new RemoError(error.code, { ...error.params, lost: this.lost } as typeof error.params, {
      cause: error,
    });
  }

  /**
   * What ends a wait. An instruction that may have been taken is followed up even when the user wants to leave;
   * one that was refused is not tried again then.
   */
  private get ends(): readonly AbortSignal[] {
    const { signal } = this.parts;
    if (this.request.reading) return this.request.ends;
    return this.lost || !signal ? [] : [signal];
  }

  /** Why the request is given up rather than sent at that time, if it is. */
  private tooLate(until: number): RemoError | undefined {
    const never = Number.POSITIVE_INFINITY;
    const { operation, notAfter, freshUntil = never, keyUntil = never } = this.request;
    if (notAfter !== undefined && until >= notAfter) {
      return this.givenUp(new RemoError('window_closed', { operation, lost: false }));
    }
    const { wait, waits } = this.parts.tolerance();
    const needed = until - this.parts.clock.now();
    if (needed <= 0 || (needed <= wait && this.waited + needed <= waits)) {
      if (until >= keyUntil) return this.givenUp(new RemoError('too_late', { operation, lost: false }));
      const outdated = until >= freshUntil && !this.lost && !this.open;
      return outdated ? new RemoError('reading_outdated', { operation, lost: false }) : undefined;
    }
    // Where it was another request that was refused, this one was not sent at all.
    const about = { operation, status: 429, lost: false, retryAfterMs: needed };
    const refusal = new RemoError('rate_limited', about);
    return this.givenUp(this.refusal ?? refusal);
  }

  private endWith(reason: unknown): never {
    throw this.open ? this.told(this.open) : reason;
  }
}
