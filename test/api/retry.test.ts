import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getAccount } from '../../src/api/account.js';
import { createReboot, findReboot } from '../../src/api/reboots.js';
import { backoff, limits, nextWait, retryAfter } from '../../src/api/retry.js';
import { RemoError } from '../../src/errors.js';
import { account, type Bench, bench, failureOf, key, page, problem, reboot } from './support.js';

/** Answers in turn; an Error is thrown as fetch throws it. The last one goes on for ever. */
function answering(...answers: (Response | NodeJS.ErrnoException | Error)[]): Bench {
  let asked = 0;
  return bench({
    fetch: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (answer instanceof Error) throw new TypeError('fetch failed', { cause: answer });
      return (answer as Response).clone();
    },
  });
}

const refused = (status: number, headers: Record<string, string> = {}, code = 'unavailable') =>
  Response.json(problem(status, code), { status, headers });
const fine = () => Response.json(account);
const taken = () => Response.json(reboot(), { status: 202 });
const broken = (code: string, more: object = {}) =>
  Object.assign(new Error(`it failed: ${code}`), { code, ...more });
const instruct = ({ request }: Bench) => createReboot(request, 'd1', { key });

describe('a read', () => {
  it.each([429, 500, 502, 503, 504])('is repeated after %i, with growing waits', async status => {
    const failing = refused(status);
    const { request, clock, attempts } = answering(failing, failing, failing, failing, fine());
    await expect(getAccount(request)).resolves.toEqual(account);
    expect(clock.sleeps).toEqual([250, 500, 1000, 2000]);
    expect(attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
      ...[1, 2, 3, 4].map(attempt => [attempt, status]),
      [5, 200],
    ]);
  });

  it.each([
    [429, 'rate_limited'],
    [500, 'server_error'],
    [502, 'server_error'],
    [503, 'server_error'],
    [504, 'server_error'],
  ])('gives up after five times %i: %s', async (status, code) => {
    const { request, attempts } = answering(refused(status));
    expect((await failureOf(getAccount(request))).code).toBe(code);
    expect(attempts).toHaveLength(5);
  });

  it('is not repeated after a body that breaks the contract', async () => {
    const { request, attempts } = answering(new Response('<html>'));
    await failureOf(getAccount(request));
    expect(attempts).toHaveLength(1);
  });

  it.each([
    ['ENOTFOUND', 'dns', 1],
    ['EAI_AGAIN', 'dns', 3],
    ['ECONNREFUSED', 'refused', 3],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout', 3],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout', 3],
    ['ETIMEDOUT', 'timeout', 3],
    ['ECONNRESET', 'reset', 5],
    ['EPIPE', 'reset', 5],
    ['UND_ERR_SOCKET', 'reset', 5],
    ['EHOSTUNREACH', 'other', 3],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 1],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 1],
    ['CERT_HAS_EXPIRED', 'tls', 1],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 1],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 1],
    ['SOMETHING_NEW', 'other', 3],
  ])('that fails with %s is trouble "%s", tried %i times', async (code, trouble, tried) => {
    const { request, attempts } = answering(broken(code));
    const error = await failureOf(getAccount(request));
    expect(error.params).toEqual({
      operation: 'getAccount',
      trouble,
      host: 'api.example',
      detail: code,
      lost: false,
    });
    expect(attempts).toHaveLength(tried);
  });

  it('that failed at every address of a host tells the first', async () => {
    const { request } = answering(new AggregateError([broken('ECONNREFUSED'), broken('ENETUNREACH')]));
    expect((await failureOf(getAccount(request))).params).toMatchObject({ trouble: 'refused' });
  });
});

describe('an instruction', () => {
  it.each([429, 500, 502, 503, 504])('is repeated under the same key after %i', async status => {
    const { request, attempts } = answering(refused(status), taken());
    expect((await createReboot(request, 'd1', { key })).reboot.idempotency_key).toBe(key);
    expect(attempts).toHaveLength(2);
  });

  it('without a key is never repeated', async () => {
    const { request, attempts } = answering(refused(503));
    const call = { operation: 'x', method: 'POST', path: ['x'] } as const;
    const { accountSchema: schema } = await import('../../src/api/schemas.js');
    await failureOf(request({ ...call, schema }));
    expect(attempts).toHaveLength(1);
  });

  const connecting = { syscall: 'connect' };
  it.each<[string, boolean, (Response | Error)[]]>([
    ['the name was not found', false, [broken('ENOTFOUND')]],
    ['the connection was refused', false, [broken('ECONNREFUSED', connecting)]],
    ['no connection came about', false, [broken('UND_ERR_CONNECT_TIMEOUT')]],
    ['connecting timed out', false, [broken('ETIMEDOUT', connecting)]],
    ['the host was unreachable', false, [broken('EHOSTUNREACH', connecting)]],
    ['TLS did not verify', false, [broken('SELF_SIGNED_CERT_IN_CHAIN')]],
    ['it was refused', false, [refused(422, {}, 'invalid_request')]],
    ['it was rate limited', false, [refused(429)]],
    ['the backend said it was unavailable', false, [refused(503)]],
    ['the connection broke', true, [broken('ECONNRESET')]],
    ['the connection timed out', true, [broken('ETIMEDOUT')]],
    ['no answer came', true, [broken('UND_ERR_HEADERS_TIMEOUT')]],
    ['TLS broke in the middle', true, [broken('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC')]],
    ['something unheard of happened', true, [new Error('?')]],
    ['a gateway lost it', true, [refused(502)]],
    ['a gateway did not wait', true, [refused(504)]],
    ['the backend said itself that it failed', false, [refused(500, {}, 'internal')]],
    ['something failed without a word of the backend', true, [new Response('<html>', { status: 500 })]],
    ['something else was unavailable', true, [new Response('<html>', { status: 503 })]],
    ['it was redirected', true, [new Response(null, { status: 303 })]],
    ['one of several was lost', true, [broken('ECONNRESET'), refused(409, {}, 'device_offline')]],
    ['one lost, then all refused', true, [refused(502), broken('ECONNREFUSED', connecting)]],
  ])('when %s: lost is %s', async (_what, lost, answers) => {
    const error = await failureOf(instruct(answering(...answers)));
    expect(error.params).toMatchObject({ lost });
  });

  it('is not ended by Ctrl-C, and a lost one is still followed up', async () => {
    const user = new AbortController();
    const seen: (AbortSignal | null | undefined)[] = [];
    let asked = 0;
    const { request } = bench({
      signal: user.signal,
      fetch: async (_url, init) => {
        seen.push(init?.signal);
        user.abort(new RemoError('interrupted', { signal: 'SIGINT' }));
        return ++asked < 3 ? refused(502) : taken();
      },
    });
    expect((await createReboot(request, 'd1', { key })).reboot.id).toBe('r1');
    expect(seen.map(signal => signal?.aborted)).toEqual([false, false, false]);
    const lookup = bench({ signal: user.signal, fetch: async () => Response.json(page([reboot()])) });
    expect((await findReboot(lookup.request, 'd1', key))?.id).toBe('r1');
  });

  it('that was only refused so far is not tried again after Ctrl-C', async () => {
    const user = new AbortController();
    const { request, clock, attempts } = bench({ signal: user.signal, fetch: async () => refused(429) });
    clock.onSleep = () => user.abort(new RemoError('interrupted', { signal: 'SIGINT' }));
    expect((await failureOf(createReboot(request, 'd1', { key }))).code).toBe('interrupted');
    expect(attempts).toHaveLength(1);
  });
});

describe('Ctrl-C', () => {
  const interrupted = new RemoError('interrupted', { signal: 'SIGINT' });

  it('ends a read under way', async () => {
    const user = new AbortController();
    const { request } = bench({
      signal: user.signal,
      fetch: (_url, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
          user.abort(interrupted);
        }),
    });
    expect(await failureOf(getAccount(request))).toBe(interrupted);
  });

  it('ends the wait of a read', async () => {
    const user = new AbortController();
    const { request, clock } = bench({ signal: user.signal, fetch: async () => refused(503) });
    clock.onSleep = () => user.abort(interrupted);
    expect(await failureOf(getAccount(request))).toBe(interrupted);
  });

  it('before a read sends nothing that counts', async () => {
    const { request } = bench({ signal: AbortSignal.abort(interrupted) });
    expect(await failureOf(getAccount(request))).toBe(interrupted);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-03-01T00:00:00Z');
  const wish = (retry: string, date?: string) =>
    retryAfter(new Headers({ 'retry-after': retry, ...(date ? { date } : {}) }), now);

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['Sun, 01 Mar 2026 00:00:30 GMT', 30_000],
    ['Sunday, 01-Mar-26 00:00:30 GMT', 30_000],
    ['Sun Mar  1 00:00:30 2026', 30_000],
    ['Sat, 28 Feb 2026 00:00:00 GMT', 0],
  ])('%j is %i ms', (text, ms) => expect(wish(text)).toBe(ms));

  it.each(['', '-5', '1.5', 'soon', 'Sun, 99 Xyz', '2026-03-01', '1e3'])('%j is no wish', text =>
    expect(wish(text)).toBeUndefined(),
  );

  it.each(['9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT'])('beyond a year is a year: %j', text =>
    expect(wish(text)).toBe(365 * 86_400_000),
  );

  it('as a date is measured against the Date of the response', () => {
    expect(wish('Wed, 01 Jan 2020 00:00:10 GMT', 'Wed, 01 Jan 2020 00:00:00 GMT')).toBe(10_000);
    expect(wish('Sun, 01 Mar 2026 00:00:10 GMT', 'broken')).toBe(10_000);
  });

  it('is a lower bound of the wait', async () => {
    const { request, clock } = answering(
      refused(429, { 'Retry-After': '7' }),
      refused(503, { 'Retry-After': '0' }),
      fine(),
    );
    await getAccount(request);
    expect(clock.sleeps).toEqual([7000, 500]);
  });

  it('beyond the cap ends the request at once', async () => {
    for (const status of [429, 503]) {
      const { request, clock, attempts } = answering(refused(status, { 'Retry-After': '61' }));
      expect(await failureOf(getAccount(request))).toMatchObject({
        code: 'rate_limited',
        params: { status },
      });
      expect(clock.sleeps).toEqual([]);
      expect(attempts).toMatchObject([{ retryAfter: 61_000 }]);
    }
  });

  it('does not add up to more than two minutes', async () => {
    const { request, clock } = answering(refused(503, { 'Retry-After': '50' }));
    expect((await failureOf(getAccount(request))).code).toBe('rate_limited');
    expect(clock.sleeps).toEqual([50_000, 50_000]);
  });

  it('is never undercut, never waited for beyond the caps, whatever the server wishes', () => {
    const wishes = fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined });
    fc.assert(
      fc.property(
        wishes,
        fc.nat(10),
        fc.nat(200_000),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (wish, n, waited, random) => {
          const attempt = n + 1;
          const patience = { attempts: 5, ...(wish === undefined ? {} : { notBefore: wish }) };
          const wait = nextWait({ attempt, waited }, patience, random, limits.waits);
          if (wait === undefined) return;
          expect(attempt).toBeLessThan(5);
          expect(wait).toBeGreaterThanOrEqual(wish ?? 0);
          expect(wait).toBeLessThanOrEqual(limits.wait);
          expect(waited + wait).toBeLessThanOrEqual(limits.waits);
        },
      ),
    );
  });

  it('or not, jitter is full: from nothing to the whole of a doubling range', () => {
    expect([1, 2, 3, 4, 5, 6].map(attempt => backoff(attempt, 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 8000,
    ]);
    expect(backoff(3, 0)).toBe(0);
  });
});
