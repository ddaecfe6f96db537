import type { Clock } from '../clock.js';
import { backoff } from './retry.js';

/** A request that asks for its turn. */
export interface Candidate {
  /** What ends its wait at once, with its reason. */
  ends: readonly AbortSignal[];
  /** Why it does not wait until then (milliseconds since the epoch), if so: the error its wait ends with. */
  tooLate(until: number): Error | undefined;
}
interface Waiting {
  candidate: Candidate;
  /** Takes it out of the line, with an error unless it may leave. */
  end: (error?: unknown) => void;
}

const unlimited = Number.POSITIVE_INFINITY;
/** What each answer adds to the rate, requests a second; more while the rate that failed is not yet reached. */
const growth = 1 / 40;
/** Requests a second at least, however often it was refused: the backend's wish to wait does the rest. */
const slowest = 0.5;
/** Answers a second at least that the first rate is made from: fewer tell nothing of a limit. */
const leastMeasured = 10;
/** By so much (milliseconds) a turn that was late may be made up for. */
const lateness = 20;

/**
 * When the requests of one client may leave: at once, until the backend refuses one for its rate. Then all of
 * them wait as long as it asks, and leave one by one from there on, first come, first served. The rate is halved
 * when it proves too high, and grows with every answer (additive increase, multiplicative decrease), so
 * that it settles just below what the backend bears, whatever other clients leave of it.
 */
export class Pace {
  private readonly answers = new SecondsMeter();
  /** Requests a second; `failed` is the rate that was last refused. */
  private rate = unlimited;
  private failed = 0;
  private slowedAt = Number.NEGATIVE_INFINITY;
  /** How often the backend refused on, with no answer in between. */
  private inARow = 0;
  private pauseEnd = 0;
  /** When the next may leave: never before a pause is over. */
  private nextTurn = 0;
  /** In the order they came. */
  private readonly line = new Set<Waiting>();
  private serving = false;
  private alarm = new AbortController();

  constructor(
    private readonly clock: Clock,
    /** A number in [0, 1), for jitter. */
    private readonly random: () => number,
  ) {}

  /** Until when no request leaves (milliseconds since the epoch), while the backend wants it so. */
  pausedUntil(): number | undefined {
    return this.pauseEnd > this.clock.now() ? this.pauseEnd : undefined;
  }

  /**
   * Waits for a request's turn; undefined when it may leave at once.
   * @throws the reason of a signal that ended it, or its own error when it would have to wait too long
   */
  turn(candidate: Candidate): Promise<void> | undefined {
    const now = this.clock.now();
    const ended = candidate.ends.find(signal => signal.aborted);
    if (ended) return Promise.reject(ended.reason);
    if (this.line.size === 0 && this.nextTurn <= now) {
      this.leave(now);
      return undefined;
    }
    const error = candidate.tooLate(Math.max(this.pauseEnd, now));
    return error ? Promise.reject(error) : this.queue(candidate);
  }

  /** Takes note that a request was answered that left at `leftAt`, other than with a refusal for its rate. */
  answered(leftAt: number): void {
    const now = this.clock.now();
    this.answers.count(now);
    if (leftAt <= this.slowedAt) return;
    this.inARow = 0;
    // A rate that holds nobody back has not been tried out.
    if (this.line.size === 0 && this.nextTurn <= now) return;
    this.rate += growth * Math.max(1, this.failed / this.rate);
  }

  /**
   * Takes note that a request was refused for its rate.
   * @param leftAt when it left: before the pace last slowed down, it says nothing of the rate since
   * @param retryAfter how long the backend asks to wait, milliseconds
   */
  refused(leftAt: number, retryAfter = 0): void {
    const now = this.clock.now();
    if (leftAt > this.slowedAt) this.slowDown(now);
    const wait = Math.max(retryAfter, backoff(this.inARow, this.random()));
    this.pauseEnd = Math.max(this.pauseEnd, now + wait);
    this.nextTurn = Math.max(this.nextTurn, this.pauseEnd);
    this.review();
  }

  /** Asks everybody who waits whether the pause is still worth waiting for. */
  review(): void {
    if (this.pausedUntil() === undefined) return;
    for (const { candidate, end } of this.line) {
      // Whoever is about to be ended by a signal gets that one's reason.
      const ended = candidate.ends.some(signal => signal.aborted);
      const error = ended ? undefined : candidate.tooLate(this.pauseEnd);
      if (error) end(error);
    }
  }

  private slowDown(now: number): void {
    const tried = this.rate === unlimited ? Math.max(this.answers.perSecond(now), leastMeasured) : this.rate;
    this.slowedAt = now;
    // With no answer in between it is the pause that was too short; only after another one it is the rate.
    if (this.inARow !== 1) {
      this.failed = tried;
      this.rate = Math.max(tried / 2, slowest);
    }
    this.inARow++;
  }

  private leave(now: number): void {
    // Without a rate there are no turns: nobody is to wait because the clock was set back.
    if (this.rate === unlimited) return;
    this.nextTurn = Math.max(this.nextTurn, now - lateness) + 1000 / this.rate;
  }

  private queue(candidate: Candidate): Promise<void> {
    return new Promise((resolve, reject) => {
      const leavings = candidate.ends.map(signal => {
        const leave = () => waiting.end(signal.reason);
        signal.addEventListener('abort', leave, { once: true });
        return () => signal.removeEventListener('abort', leave);
      });
      const waiting: Waiting = {
        candidate,
        end: error => {
          this.line.delete(waiting);
          for (const remove of leavings) remove();
          // A timer that nobody waits for would keep the process alive.
          if (this.line.size === 0) this.alarm.abort();
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      this.line.add(waiting);
      void this.serve();
    });
  }

  /** Lets those in line leave, each at its time, until nobody is left. */
  private async serve(): Promise<void> {
    if (this.serving) return;
    this.serving = true;
    for (let [first] = this.line; first; [first] = this.line) {
      const now = this.clock.now();
      const wait = this.nextTurn - now;
      if (wait > 0) {
        this.alarm = new AbortController();
        await this.clock.sleep(Math.ceil(wait), this.alarm.signal).catch(() => {});
        continue;
      }
      const error = first.candidate.tooLate(now);
      if (!error) this.leave(now);
      first.end(error);
    }
    this.serving = false;
  }
}

/** Counts events by the second of the clock they happen in. */
class SecondsMeter {
  private second = 0;
  private current = 0;
  private before = 0;

  count(now: number): void {
    this.turnTo(now);
    this.current++;
  }

  /** How many there were in this second or in the one before, whichever had more. */
  perSecond(now: number): number {
    this.turnTo(now);
    return Math.max(this.current, this.before);
  }

  private turnTo(now: number): void {
    const second = Math.floor(now / 1000);
    if (second === this.second) return;
    this.before = second === this.second + 1 ? this.current : 0;
    this.current = 0;
    this.second = second;
  }
}
