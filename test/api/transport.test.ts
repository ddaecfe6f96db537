import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { getAccount } from '../../src/api/account.js';
import { exemptionOf, proxyOf } from '../../src/api/route.js';
import { openTransport } from '../../src/api/transport.js';
import type { Environment } from '../../src/environment.js';
import { certificate } from './certificate.js';
import { account, bench, failureOf, serve } from './support.js';

const answer: http.RequestListener = (_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(account));
};

/** A backend behind TLS whose certificate nobody knows. */
let tlsPort: number;
let backend: https.Server;
beforeAll(async () => {
  backend = https.createServer(certificate, answer);
  await once(backend.listen(0, '127.0.0.1'), 'listening');
  tlsPort = (backend.address() as AddressInfo).port;
});
afterAll(() => {
  backend.closeAllConnections();
  backend.close();
});

/** A proxy that notes what it is asked for, and tunnels everything to the backend, or answers otherwise. */
async function proxy(refusal?: string) {
  const asked: { target: string | undefined; authorization: string | undefined }[] = [];
  const server = http.createServer();
  const sockets = new Set<net.Socket>();
  server.on('connect', (request, socket: net.Socket) => {
    sockets.add(socket.on('error', () => {}));
    asked.push({ target: request.url, authorization: request.headers['proxy-authorization'] });
    if (refusal !== undefined) return refusal && socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
    const onwards = net.connect(tlsPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onwards).pipe(socket);
    });
    sockets.add(onwards.on('error', () => {}));
    return undefined;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const asking = async (env: Environment, baseUrl = 'https://api.test/partner/v1') =>
  getAccount(bench({ baseUrl, fetch: await openTransport(env) }).request);

describe('without a proxy', () => {
  it('reads', async () => expect(await asking({}, await serve(answer))).toEqual(account));

  it('keeps the connection for the next request', async () => {
    const ports = new Set<number | undefined>();
    const baseUrl = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      answer(request, response);
    });
    const { request } = bench({ baseUrl, fetch: await openTransport({}) });
    for (let i = 0; i < 20; i++) await getAccount(request);
    expect(ports.size).toBe(1);
  });

  it('says that a certificate can not be verified', async () => {
    const error = await failureOf(asking({}, `https://127.0.0.1:${tlsPort}`));
    expect(error).toMatchObject({ code: 'network', params: { trouble: 'tls', lost: false } });
    expect(error.params).toMatchObject({ detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  it('says that a host speaks no TLS', async () => {
    const plain = (await serve(answer)).replace('http:', 'https:');
    expect((await failureOf(asking({}, plain))).params).toMatchObject({ trouble: 'tls', lost: false });
  });

  it('does not look at the real environment', async () => {
    process.env['HTTPS_PROXY'] = 'http://127.0.0.1:9';
    onTestFinished(() => void delete process.env['HTTPS_PROXY']);
    expect((await failureOf(asking({}))).params).toMatchObject({ trouble: 'dns', detail: 'ENOTFOUND' });
  });
});

describe('a proxy', () => {
  // The tunnel leads to a backend whose certificate is unknown: that TLS fails shows that it was reached.
  const through = { trouble: 'tls', detail: 'DEPTH_ZERO_SELF_SIGNED_CERT', lost: false };

  it.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'])('is taken from %s', async name => {
    const { host, asked } = await proxy();
    expect((await failureOf(asking({ [name]: `http://${host}` }))).params).toMatchObject(through);
    expect(asked).toEqual([{ target: 'api.test:443', authorization: undefined }]);
  });

  it('is taken in lower case first, and HTTPS_PROXY before HTTP_PROXY', async () => {
    const { host, asked } = await proxy();
    const nowhere = 'http://127.0.0.1:9';
    await failureOf(asking({ https_proxy: host, HTTPS_PROXY: nowhere, http_proxy: nowhere }));
    await failureOf(asking({ https_proxy: '', HTTPS_PROXY: host, HTTP_PROXY: nowhere }));
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['user:p%40ss@', 'user:p@ss'],
    ['user@', 'user:'],
  ])('gets the credentials in its address (%s), which are not told to the backend', async (inUrl, plain) => {
    const { host, asked } = await proxy();
    await failureOf(asking({ HTTPS_PROXY: `http://${inUrl}${host}` }));
    expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from(plain).toString('base64')}`);
  });

  it.each(['api.test', '.test', 'other.example, test', 'API.TEST:443', '*'])(
    'is not used for NO_PROXY=%s',
    async list => {
      const { host, asked } = await proxy();
      const error = await failureOf(asking({ HTTPS_PROXY: host, NO_PROXY: list }));
      expect(error.params).toMatchObject({ trouble: 'dns' });
      expect(asked).toEqual([]);
    },
  );

  it.each([
    ['2001:db8::1', true],
    ['2001:DB8:0::1', true],
    ['[2001:db8::1]', true],
    ['[2001:db8::1]:443', true],
    ['2001:db8::2', false],
    ['[2001:db8::1]:8443', false],
  ])('knows IPv6 addresses: NO_PROXY=%s', (NO_PROXY, expected) => {
    const proxy = proxyOf({ HTTPS_PROXY: 'http://proxy.example', NO_PROXY });
    const exemption = proxy && exemptionOf(proxy, new URL('https://[2001:db8::1]/partner/v1'));
    expect(exemption !== undefined).toBe(expected);
  });

  it.each(['est', 'api.test:8443', 'b.api.test'])('is used all the same with NO_PROXY=%s', async list => {
    const { host, asked } = await proxy();
    await failureOf(asking({ HTTPS_PROXY: host, no_proxy: list }));
    expect(asked).toHaveLength(1);
  });

  it('is never used for this machine', async () => {
    const { host, asked } = await proxy();
    const baseUrl = await serve(answer);
    const env = { HTTPS_PROXY: host, HTTP_PROXY: host, NO_PROXY: 'example.com' };
    expect(await asking(env, baseUrl)).toEqual(account);
    expect(await asking(env, baseUrl.replace('127.0.0.1', 'localhost'))).toEqual(account);
    expect(asked).toEqual([]);
  });

  it.each([
    ['407 Proxy Authentication Required', 'proxy_auth', 'CONNECT 407'],
    ['502 Bad Gateway', 'proxy', 'CONNECT 502'],
  ])('that answers %s is the trouble; nothing was sent', async (status, trouble, detail) => {
    const { host, asked } = await proxy(status);
    const error = await failureOf(asking({ HTTPS_PROXY: host }));
    expect(error).toMatchObject({ code: 'network', params: { trouble, detail, lost: false } });
    expect(asked).toHaveLength(1);
  });

  it('that is not there is the trouble, not the backend', async () => {
    const error = await failureOf(asking({ HTTPS_PROXY: 'http://127.0.0.1:9' }));
    expect(error.params).toMatchObject({ trouble: 'proxy', detail: 'ECONNREFUSED', lost: false });
  });

  it.each(['http://[', 'socks5://127.0.0.1:9', 'http://user:%zz@proxy.test:9'])(
    'whose address is unusable (%s) is said so, without its password',
    async address => {
      const error = await failureOf(openTransport({ https_proxy: address }));
      expect(error).toMatchObject({
        code: 'invalid_value',
        params: { name: 'https_proxy', expected: { kind: 'proxy' } },
      });
      expect(JSON.stringify(error.params)).not.toContain('%zz');
    },
  );
});
