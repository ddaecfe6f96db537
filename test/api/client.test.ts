import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getAccount } from '../../src/api/account.js';
import { customersPage, getCustomer } from '../../src/api/customers.js';
import { getDevice } from '../../src/api/devices.js';
import { createReboot } from '../../src/api/reboots.js';
import { limits, unattended } from '../../src/api/retry.js';
import { type AnswerProblem, RemoError } from '../../src/errors.js';
import { account, bench, customer, device, failureOf, key, page, problem, reboot } from './support.js';

const origin = 'https://api.example';
const root = '/partner/v1';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  // An answer that was never asked for proves nothing.
  const pending = nock.pendingMocks();
  nock.cleanAll();
  nock.enableNetConnect();
  expect(pending).toEqual([]);
});

const onAccount = () => nock(origin).get(`${root}/account`);
const onReboot = () => nock(origin).post(`${root}/devices/d1/reboots`);
const instruct = (request: Parameters<typeof createReboot>[0]) => createReboot(request, 'd1', { key });

describe('a request', () => {
  it('says who asks, what it takes, and the token', async () => {
    nock(origin, {
      reqheaders: {
        accept: 'application/json',
        authorization: 'Bearer token-1',
        'user-agent': 'remo-cli/0 (test)',
      },
      badheaders: ['idempotency-key', 'content-type'],
    })
      .get(`${root}/account`)
      .reply(200, account);
    await expect(getAccount(bench().request)).resolves.toEqual(account);
  });

  it('works with a base URL without a path', async () => {
    nock(origin).get('/account').reply(200, account);
    await expect(getAccount(bench({ baseUrl: origin }).request)).resolves.toEqual(account);
  });

  it('leaves out what was not asked for, and encodes the rest', async () => {
    nock(origin)
      .get(`${root}/customers?page=2&per_page=20`)
      .reply(200, page([], { page: 2, total: 0 }));
    await customersPage(bench().request, { page: 2, perPage: 20 });
    nock(origin)
      .get(`${root}/customers?email=a%2Bb%26c&page=1&per_page=20`)
      .reply(200, page([customer('c1')]));
    const found = await customersPage(bench().request, { email: 'a+b&c', page: 1, perPage: 20 });
    expect(found.items).toHaveLength(1);
  });

  it('instructs under the key, with the reason', async () => {
    nock(origin, { reqheaders: { 'idempotency-key': key, 'content-type': 'application/json' } })
      .post(`${root}/devices/d1/reboots`, { reason: '映像停止' })
      .reply(202, reboot(), { 'X-Request-Id': 'req-9', 'Idempotency-Replayed': 'true' });
    const receipt = await createReboot(bench().request, 'd1', { key, reason: '映像停止' });
    expect(receipt).toEqual({ reboot: reboot(), replayed: true, requestId: 'req-9' });
  });

  it.each(['', '.', '..', '\ud800'])('knows that nothing can have the id %j, and sends nothing', async id => {
    const { request, attempts } = bench();
    const error = await failureOf(getDevice(request, id));
    expect(error).toMatchObject({ code: 'not_found', params: { operation: 'getDevice', lost: false } });
    expect(attempts).toEqual([]);
  });

  it.each(['bad\ntoken', 'トークン', ''])(
    'does not repeat an unusable token (%j) in an error',
    async token => {
      const { request, attempts } = bench({
        session: async () => ({ token: async () => token, renew: async () => token }),
      });
      const error = await failureOf(getAccount(request));
      expect(error.code).toBe('unauthenticated');
      if (token) expect(JSON.stringify(error) + error.message + error.stack).not.toContain(token);
      expect(attempts).toEqual([]);
    },
  );

  it('does not follow a redirect', async () => {
    onAccount().reply(302, '', { Location: 'https://elsewhere.example/' });
    const error = await failureOf(getAccount(bench().request));
    expect(error).toMatchObject({ code: 'bad_response', params: { status: 302, field: 'status' } });
  });
});

describe('a refusal', () => {
  it.each([
    [403, 'forbidden', 'forbidden'],
    [409, 'device_offline', 'device_offline'],
    [500, 'internal', 'server_error'],
    [501, 'internal', 'server_error'],
  ])('%i %s is %s, with operation and request id', async (status, code, expected) => {
    onAccount()
      .times(status === 500 ? 5 : 1)
      .reply(status, problem(status, code), { 'X-Request-Id': 'req-1' });
    const error = await failureOf(getAccount(bench().request));
    expect(error.code).toBe(expected);
    expect(error.params).toMatchObject({ operation: 'getAccount', requestId: 'req-1', lost: false });
  });

  it('404 not_found is not_found of what the address names, and a wrong address of what is always there', async () => {
    nock(origin).get(`${root}/customers/c1`).reply(404, problem(404, 'not_found'));
    onAccount().reply(404, problem(404, 'not_found'));
    const { request } = bench();
    expect(await failureOf(getCustomer(request, 'c1'))).toMatchObject({
      code: 'not_found',
      params: { operation: 'getCustomer', lost: false },
    });
    expect(await failureOf(getAccount(request))).toMatchObject({
      code: 'bad_response',
      params: { operation: 'getAccount', status: 404, field: 'status' },
    });
  });

  it('409 reboot_in_progress names the other reboot', async () => {
    onReboot().reply(409, problem(409, 'reboot_in_progress', { reboot_id: 'r7' }));
    const error = await failureOf(instruct(bench().request));
    expect(error).toMatchObject({ code: 'reboot_in_progress', params: { rebootId: 'r7', lost: false } });
  });

  it.each([
    [400, 'invalid_request'],
    [409, 'something_new'],
    [422, 'idempotency_key_reused'],
  ])('%i %s is request_rejected, with the reason given', async (status, code) => {
    onReboot().reply(status, problem(status, code, { detail: 'x'.repeat(1000) }));
    const error = await failureOf(instruct(bench().request));
    expect(error).toMatchObject({
      code: 'request_rejected',
      params: { status, serverCode: code, lost: false },
    });
    expect((error.params as { detail: string }).detail).toHaveLength(301);
  });

  it('ignores members of a problem document that are of the wrong type (RFC 9457, 3.1)', async () => {
    onReboot().reply(409, { code: 'reboot_in_progress', status: 'x', title: 3, detail: {}, reboot_id: 7 });
    const error = await failureOf(instruct(bench().request));
    expect(error.code).toBe('reboot_in_progress');
    expect(error.params).not.toHaveProperty('rebootId');
  });

  it('a 404 that is no problem document points at the address, not at the id', async () => {
    nock(origin)
      .get(`${root}/customers/c1`)
      .reply(404, '<html>Not Found</html>', { 'content-type': 'text/html' });
    const error = await failureOf(getCustomer(bench().request, 'c1'));
    expect(error).toMatchObject({ code: 'bad_response', params: { status: 404, field: 'body' } });
    expect(JSON.stringify(error.params)).not.toContain('html');
  });

  it.each([401, 403, 429])('%i counts without a problem document too', async status => {
    onAccount()
      .times(status === 403 ? 1 : status === 401 ? 2 : 5)
      .reply(status, 'Forbidden');
    const error = await failureOf(getAccount(bench().request));
    expect(error.code).toBe({ 401: 'unauthenticated', 403: 'forbidden', 429: 'rate_limited' }[status]);
  });

  it('shows of a request id only what is printable, and not endlessly', async () => {
    const { request } = bench({
      fetch: async () =>
        Response.json(problem(403, 'forbidden'), {
          status: 403,
          headers: { 'X-Request-Id': `é r\u0085-1${'x'.repeat(500)}` },
        }),
    });
    const error = await failureOf(getAccount(request));
    expect((error.params as { requestId: string }).requestId).toBe(`r-1${'x'.repeat(125)}`);
  });
});

describe('a 401', () => {
  it('renews the token once and goes on', async () => {
    onAccount().reply(401, problem(401, 'unauthenticated'));
    nock(origin, { reqheaders: { authorization: 'Bearer token-2' } })
      .get(`${root}/account`)
      .reply(200, account);
    const { request, session, clock } = bench();
    await expect(getAccount(request)).resolves.toEqual(account);
    expect(session.renewals).toEqual(['token-1']);
    expect(clock.sleeps).toEqual([]);
  });

  it('twice is unauthenticated', async () => {
    onAccount().times(2).reply(401, problem(401, 'unauthenticated'), { 'X-Request-Id': 'req-2' });
    const { request, session } = bench();
    const error = await failureOf(getAccount(request));
    expect(error).toMatchObject({
      code: 'unauthenticated',
      params: { operation: 'getAccount', requestId: 'req-2' },
    });
    expect(session.renewals).toEqual(['token-1']);
  });

  it('keeps the request id when there is no other token', async () => {
    onAccount().reply(401, problem(401, 'unauthenticated'), { 'X-Request-Id': 'req-3' });
    const { request } = bench({
      session: async () => ({
        token: async () => 't',
        renew: () => Promise.reject(new RemoError('unauthenticated', { operation: 'renew' })),
      }),
    });
    const error = await failureOf(getAccount(request));
    expect(error.params).toMatchObject({ operation: 'getAccount', requestId: 'req-3' });
  });

  it('lets the end of the session through; after a lost attempt it says that', async () => {
    const ended = new RemoError('session_ended', { profile: 'default' });
    const session = async () => ({ token: async () => 't', renew: () => Promise.reject(ended) });
    onReboot().reply(401, problem(401, 'unauthenticated'));
    expect(await failureOf(instruct(bench({ session }).request))).toBe(ended);
    onReboot().reply(502, '<html>');
    onReboot().reply(401, problem(401, 'unauthenticated'));
    const error = await failureOf(instruct(bench({ session }).request));
    expect(error).toMatchObject({ code: 'session_ended', params: { profile: 'default', lost: true } });
  });

  const facts = { operation: 'refresh', host: 'id.example' };
  const away = {
    'can not be reached': new RemoError('network', { ...facts, trouble: 'reset', detail: 'ECONNRESET' }),
    fails: new RemoError('server_error', { ...facts, status: 502 }),
    'is busy': new RemoError('rate_limited', { ...facts, status: 429, retryAfterMs: 3000 }),
  };
  /** A session that has no token so many times. */
  function failing(error: RemoError, times: number) {
    let left = times;
    const token = async () => {
      if (left-- > 0) throw error;
      return 't';
    };
    return { session: async () => ({ token, renew: token }), used: () => times - Math.max(left, 0) };
  }

  it.each(Object.entries(away))('waits for a sign-in server that %s', async (_what, error) => {
    onReboot().reply(202, reboot);
    const { request, clock } = bench({ session: failing(error, 2).session });
    await expect(instruct(request)).resolves.toBeDefined();
    expect(clock.sleeps.length).toBeGreaterThanOrEqual(2);
    if (error.is('rate_limited')) expect(clock.sleeps[0]).toBeGreaterThanOrEqual(3000);
  });

  it.each(Object.entries(away))(
    'waits likewise in the middle, when the token was rejected: it %s',
    async (_what, error) => {
      onAccount().reply(401, problem(401, 'unauthenticated'));
      onAccount().reply(200, account);
      const { session } = failing(error, 2);
      const { renew } = await session();
      const { request, attempts } = bench({ session: async () => ({ token: async () => 'old', renew }) });
      await expect(getAccount(request)).resolves.toEqual(account);
      // The rejected one is not tried again meanwhile.
      expect(attempts).toHaveLength(2);
    },
  );

  it.each([
    ['can not be reached', 3, 20],
    ['fails', 5, 20],
    ['is busy', 5, 20],
  ] as const)(
    'gives a sign-in server up that %s: after %i attempts, in a run after %i',
    async (what, few, many) => {
      for (const [tolerance, attempts] of [
        [limits, few],
        [unattended, many],
      ] as const) {
        const { session, used } = failing(away[what], 100);
        const error = await failureOf(instruct(bench({ session, tolerance: () => tolerance }).request));
        expect(error).toMatchObject({ code: away[what].code, params: facts });
        expect(error.params).not.toMatchObject({ lost: true });
        expect(used()).toBe(attempts);
      }
    },
  );

  it('does not wait for a sign-in server whose name is not known, or whose certificate is wrong', async () => {
    for (const [trouble, detail] of [
      ['dns', 'ENOTFOUND'],
      ['tls', 'CERT_HAS_EXPIRED'],
    ] as const) {
      const { session, used } = failing(new RemoError('network', { ...facts, trouble, detail }), 100);
      expect(await failureOf(instruct(bench({ session }).request))).toMatchObject({ params: { trouble } });
      expect(used()).toBe(1);
    }
  });

  it('asks for the token anew after a wait', async () => {
    onAccount().reply(503, problem(503, 'unavailable'));
    nock(origin, { reqheaders: { authorization: 'Bearer token-2' } })
      .get(`${root}/account`)
      .reply(200, account);
    const { request, clock, session } = bench();
    clock.onSleep = () => session.current++;
    await expect(getAccount(request)).resolves.toEqual(account);
  });
});

describe('a bad body', () => {
  const cases: [name: string, body: string, field: string, problem: AnswerProblem][] = [
    ['HTML', '<!doctype html><p>Sign in', 'body', { kind: 'markup' }],
    ['cut off', JSON.stringify(account).slice(0, 20), 'body', { kind: 'cut_off' }],
    ['empty', '', 'body', { kind: 'empty' }],
    ['text', 'OK', 'body', { kind: 'not_json', contentType: 'text/plain' }],
    ['null', 'null', 'body', { kind: 'expected', what: 'object' }],
    ['an array', '[]', 'body', { kind: 'expected', what: 'object' }],
    [
      'a missing field',
      JSON.stringify({ ...account, email: undefined }),
      'email',
      { kind: 'expected', what: 'string' },
    ],
    ['an empty id', JSON.stringify({ ...account, id: '' }), 'id', { kind: 'rule', rule: 'too_small' }],
  ];
  it.each(cases)('%s is bad_response at once', async (_name, body, field, problem) => {
    onAccount().reply(200, body, { 'content-type': 'text/plain', 'X-Request-Id': 'req-4' });
    const error = await failureOf(getAccount(bench().request));
    expect(error.code).toBe('bad_response');
    expect(error.params).toEqual({
      operation: 'getAccount',
      status: 200,
      requestId: 'req-4',
      field,
      problem,
      lost: false,
    });
  });

  it('names the item and the field', async () => {
    const items = ['c1', 'c2', 'c3'].map(customer);
    const broken = page([...items, { ...customer('c4'), linked_at: 'yesterday' }]);
    nock(origin).get(`${root}/customers`).query(true).reply(200, broken);
    const error = await failureOf(customersPage(bench().request, { page: 1, perPage: 100 }));
    expect(error.params).toMatchObject({
      field: 'items[3].linked_at',
      problem: { kind: 'expected', what: 'datetime' },
    });
  });

  it('is not read beyond a bound', async () => {
    let sent = 0;
    const endless = new ReadableStream({
      pull: controller => {
        sent += 1024 * 1024;
        controller.enqueue(new Uint8Array(1024 * 1024).fill(32));
      },
    });
    const { request } = bench({ fetch: async () => new Response(endless) });
    expect((await failureOf(getAccount(request))).code).toBe('bad_response');
    expect(sent).toBeLessThan(40 * 1024 * 1024);
  });

  it('has to be UTF-8; a byte order mark does no harm', async () => {
    const latin = bench({ fetch: async () => new Response(new Uint8Array([0x22, 0xe9, 0x22])) });
    expect((await failureOf(getAccount(latin.request))).code).toBe('bad_response');
    const marked = bench({ fetch: async () => new Response(`\uFEFF${JSON.stringify(account)}`) });
    await expect(getAccount(marked.request)).resolves.toEqual(account);
  });

  it('about another customer or device is refused', async () => {
    nock(origin).get(`${root}/customers/c1`).reply(200, customer('c2'));
    expect((await failureOf(getCustomer(bench().request, 'c1'))).params).toMatchObject({ field: 'id' });
    nock(origin).get(`${root}/devices/d1`).reply(200, device('d2'));
    expect((await failureOf(getDevice(bench().request, 'd1'))).params).toMatchObject({ field: 'id' });
  });

  it('after an instruction leaves open what happened', async () => {
    onReboot().reply(202, '{"id":');
    expect(await failureOf(instruct(bench().request))).toMatchObject({
      code: 'bad_response',
      params: { lost: true },
    });
    onReboot().reply(202, reboot({ device_id: 'd2' }));
    expect((await failureOf(instruct(bench().request))).params).toMatchObject({
      field: 'device_id',
      lost: true,
    });
    onReboot().reply(202, reboot({ idempotency_key: 'another-0123456789' }));
    expect((await failureOf(instruct(bench().request))).params).toMatchObject({
      field: 'idempotency_key',
      lost: true,
    });
  });
});
