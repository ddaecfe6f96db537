import { describe, expect, it } from 'vitest';
import { openApi } from '../../src/api/index.js';
import { fakeContext, type HostOptions } from '../support/host.js';
import { account, FakeClock, failureOf, problem, serve } from './support.js';

const signedIn = (apiUrl: string, env: HostOptions['env'] = {}) =>
  fakeContext(
    { env: { REMO_API_URL: apiUrl, REMO_TOKEN: 'secret-token', ...env } },
    { clock: new FakeClock() },
  );

describe('the API of a context', () => {
  it('speaks to the configured backend, as the signed-in user, with one request a read', async () => {
    const seen: [string | undefined, string | undefined, string | undefined][] = [];
    const apiUrl = await serve(({ url, headers }, response) => {
      seen.push([url, headers.authorization, headers['user-agent']]);
      response.end(JSON.stringify(account));
    });
    const { context, host } = await signedIn(`${apiUrl}/`);
    await expect((await openApi(context)).getAccount()).resolves.toEqual(account);
    expect(seen).toEqual([['/partner/v1/account', 'Bearer secret-token', context.userAgent]]);
    expect(context.userAgent).toMatch(/^remo-cli\/\S+ \(linux; node \S+\)$/);
    expect(host.err).toBe('');
  });

  it('needs an address, but no session before it is used', async () => {
    const { context } = await fakeContext();
    expect((await failureOf(openApi(context))).code).toBe('api_url_missing');
    const { context: signedOut } = await fakeContext({ env: { REMO_API_URL: 'https://api.test' } });
    await expect(openApi(signedOut)).resolves.toBeDefined();
  });

  it('tells each attempt with --debug, without secrets', async () => {
    let asked = 0;
    const apiUrl = await serve((_request, response) => {
      response.setHeader('X-Request-Id', `req-${++asked}`);
      if (asked > 1) return response.end(JSON.stringify(account));
      response.writeHead(429, { 'Retry-After': '3' });
      return response.end(JSON.stringify(problem(429, 'rate_limited')));
    });
    const { context, host } = await signedIn(apiUrl, { REMO_DEBUG: '1' });
    await (await openApi(context)).getAccount();
    expect(host.err.split('\n')).toEqual([
      `debug: GET ${apiUrl}/account 429 attempt=1 ms=0 request_id=req-1 error=rate_limited retry_after_ms=3000`,
      `debug: GET ${apiUrl}/account 200 attempt=2 ms=0 request_id=req-2`,
      '',
    ]);
    expect(host.err).not.toContain('secret');
  });

  it('ends what it reads at Ctrl-C', async () => {
    const { context } = await signedIn(await serve(() => context.interrupt('SIGINT')));
    expect((await failureOf((await openApi(context)).getAccount())).code).toBe('interrupted');
  });

  it('gives up in the time the user allows', async () => {
    const { context } = await signedIn(await serve(() => {}), { REMO_TIMEOUT: '50ms' });
    const error = await failureOf((await openApi(context)).getAccount());
    expect(error).toMatchObject({ code: 'network', params: { trouble: 'timeout', detail: '50 ms' } });
  });
});
