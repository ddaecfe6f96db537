import { describe, expect, it } from 'vitest';
import { getAccount } from '../../src/api/account.js';
import { unattended } from '../../src/api/retry.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { account, bench, problem } from './support.js';

describe('10,000 requests of 32 workers', () => {
  /** A backend's limit: whether it takes a request at that moment (milliseconds). */
  type Limit = (now: number) => boolean;
  const tokenBucket = (perSecond: number): Limit => {
    let tokens = perSecond;
    let filledAt = 0;
    return now => {
      tokens = Math.min(perSecond, tokens + ((now - filledAt) * perSecond) / 1000);
      filledAt = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    };
  };
  const fixedWindow = (perSecond: number): Limit => {
    let second = 0;
    let count = 0;
    return now => {
      if (Math.floor(now / 1000) !== second) count = 0;
      second = Math.floor(now / 1000);
      count += 1;
      return count <= perSecond;
    };
  };

  /** Sends them at a latency of 50 ms to a backend with a limit. */
  async function simulate(takes: Limit, headers: Record<string, string> = { 'Retry-After': '1' }) {
    const clock = new VirtualClock();
    const start = clock.now();
    let refusals = 0;
    const { request } = bench({
      clock,
      tolerance: () => unattended,
      fetch: async () => {
        await clock.sleep(25);
        const taken = takes(clock.now());
        await clock.sleep(25);
        if (taken) return Response.json(account);
        refusals += 1;
        return Response.json(problem(429, 'rate_limited'), { status: 429, headers });
      },
    });
    let left = 10_000;
    const worker = async () => {
      while (left-- > 0) await getAccount(request);
    };
    await clock.settle(Promise.all(Array.from({ length: 32 }, worker)));
    const seconds = (clock.now() - start) / 1000;
    return { refused: refusals / 10_000, perSecond: 10_000 / seconds };
  }

  it.each([
    ['a token bucket', tokenBucket, 5],
    ['a token bucket', tokenBucket, 50],
    ['a token bucket', tokenBucket, 500],
    ['a fixed window', fixedWindow, 5],
    ['a fixed window', fixedWindow, 50],
    ['a fixed window', fixedWindow, 500],
  ] as const)('under %s meet few refusals and lose little time', async (_what, limit, perSecond) => {
    const measured = await simulate(limit(perSecond));
    expect(measured.refused).toBeLessThan(0.02);
    expect(measured.perSecond).toBeGreaterThan(0.68 * perSecond);
  });

  it('do as well where the backend does not say how long to wait', async () => {
    const measured = await simulate(fixedWindow(50), {});
    expect(measured.refused).toBeLessThan(0.02);
    expect(measured.perSecond).toBeGreaterThan(0.68 * 50);
  });
});
