import { Problem } from './problem.js';

/** Lets through so many requests a second, and as many at once after a quiet second: a token bucket. */
export class RateLimit {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly perSecond: number,
    /** Milliseconds, from any moment on. */
    private readonly now: () => number = () => performance.now(),
  ) {
    this.tokens = perSecond;
    this.filledAt = now();
  }

  /** Counts a request. @throws Problem 429 */
  admit(): void {
    const now = this.now();
    this.tokens = Math.min(this.perSecond, this.tokens + ((now - this.filledAt) * this.perSecond) / 1000);
    this.filledAt = now;
    if (this.tokens < 1) {
      const extra = { headers: { 'Retry-After': '1' } };
      throw new Problem(429, 'rate_limited', `At most ${this.perSecond} requests a second.`, extra);
    }
    this.tokens -= 1;
  }
}
