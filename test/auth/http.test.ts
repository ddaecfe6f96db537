import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { authFetch } from '../../src/auth/http.js';
import { systemClock } from '../../src/clock.js';
import { RemoError } from '../../src/errors.js';

async function serverFor(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function opened(options: { timeout?: number; signal?: AbortSignal } = {}) {
  const { timeout = 5000, signal = new AbortController().signal } = options;
  return authFetch({
    fetch,
    timeout,
    userAgent: 'remo-cli/test',
    signal,
    clock: systemClock,
    random: () => 0,
  });
}

test('redirects are not followed, and the user agent is ours', async () => {
  const agents: (string | undefined)[] = [];
  const origin = await serverFor((request, response) => {
    agents.push(request.headers['user-agent']);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  const response = await opened()(`${origin}/token`, { method: 'POST', body: 'secret' });
  expect(response.status).toBe(307);
  expect(agents).toEqual(['remo-cli/test']);
});

test('plain http to another machine is refused before anything is sent', async () => {
  const request = opened()('http://id.example/token?code=secret');
  await expect(request).rejects.toMatchObject({
    code: 'discovery',
    params: { trouble: 'insecure', url: 'http://id.example/token' },
  });
});

test('a body that breaks off is a network fault', async () => {
  const origin = await serverFor((_request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{"issuer":', () => response.destroy());
  });
  await expect(opened()(origin)).rejects.toMatchObject({ code: 'network', params: { trouble: 'reset' } });
});

test('an answer that never comes is a timeout', async () => {
  const origin = await serverFor(() => {});
  await expect(opened({ timeout: 50 })(origin)).rejects.toMatchObject({
    code: 'network',
    params: { trouble: 'timeout', host: new URL(origin).host },
  });
});

test('a port nobody listens on is a refusal', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  await expect(opened()(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
    code: 'network',
    params: { trouble: 'refused' },
  });
});

test('a GET that fails quickly is repeated, twice at most; a POST never', async () => {
  let left = 0;
  let count = 0;
  const origin = await serverFor((_request, response) => {
    count++;
    if (left-- > 0) response.destroy();
    else response.end('{}');
  });
  left = 2;
  expect((await opened()(origin)).status).toBe(200);
  expect(count).toBe(3);
  left = 3;
  await expect(opened()(origin)).rejects.toMatchObject({ code: 'network' });
  left = 1;
  await expect(opened()(origin, { method: 'POST' })).rejects.toMatchObject({ code: 'network' });
  expect(count).toBe(7);
});

test.each([
  [429, '7', { code: 'rate_limited', params: { status: 429, retryAfterMs: 7000 } }],
  [503, '7', { code: 'rate_limited', params: { status: 503, retryAfterMs: 7000 } }],
  [503, undefined, { code: 'server_error', params: { status: 503 } }],
  [500, undefined, { code: 'server_error', params: { status: 500 } }],
])('%i with Retry-After %s says that the server can not answer now', async (status, wait, error) => {
  const origin = await serverFor((_request, response) => {
    response.writeHead(status, {
      'x-request-id': 'r1',
      ...(wait === undefined ? {} : { 'retry-after': wait }),
    });
    response.end('<html>');
  });
  const { params, ...rest } = error;
  const { host } = new URL(origin);
  const wanted = { ...rest, params: { ...params, host, requestId: 'r1' } };
  await expect(opened()(origin, { method: 'POST' })).rejects.toMatchObject(wanted);
});

test('an interruption is thrown as what it is', async () => {
  const controller = new AbortController();
  const origin = await serverFor(() => controller.abort(new RemoError('interrupted', { signal: 'SIGINT' })));
  await expect(opened({ signal: controller.signal })(origin)).rejects.toMatchObject({ code: 'interrupted' });
});
