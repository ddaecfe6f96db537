import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getAccount } from '../../src/api/account.js';
import { openBulkTransport } from '../../src/api/bulk-transport.js';
import { getCustomer } from '../../src/api/customers.js';
import { getDevice } from '../../src/api/devices.js';
import { createReboot } from '../../src/api/reboots.js';
import { unattended } from '../../src/api/retry.js';
import type { Transport } from '../../src/api/transport.js';
import { systemClock } from '../../src/clock.js';
import { account, bench, customer, FakeClock, failureOf, key, problem, reboot, serve } from './support.js';

/** A backend whose answer to the first `times` requests is what `fault` does, and a right one after. */
async function faulty(times: number, fault: (socket: Socket) => void) {
  let requests = 0;
  const baseUrl = await serve((request, response) => {
    requests++;
    if (requests <= times) return fault(request.socket);
    response.setHeader('content-type', 'application/json');
    response.statusCode = request.method === 'POST' ? 202 : 200;
    response.end(JSON.stringify(request.method === 'POST' ? reboot() : account));
  });
  return { baseUrl, count: () => requests };
}

const reset = (socket: Socket) => socket.resetAndDestroy();
const closed = (socket: Socket) => socket.end();
const cut = (socket: Socket) =>
  socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"id":"a1",');
const cutChunked = (socket: Socket) =>
  socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"\r\n');
const silent = () => {};
const stalled = (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{');
const nonsense = (socket: Socket) => socket.end('SSH-2.0-OpenSSH_9\r\n');

describe.each([
  ['of every command', (...message: Parameters<Transport>) => fetch(...message)],
  ['of runs with many devices', openBulkTransport({})],
])('with the transport %s', (_name, transport) => {
  const wired = (parts: Parameters<typeof bench>[0] = {}) => bench({ fetch: transport, ...parts });

  describe('a connection', () => {
    it.each([
      ['reset', reset, 'reset', 5],
      ['closed without an answer', closed, 'reset', 5],
      ['cut in the middle of the body', cut, 'reset', 5],
      ['cut between chunks', cutChunked, 'reset', 5],
      ['that never answers', silent, 'timeout', 3],
      ['that stalls in the body', stalled, 'timeout', 3],
      ['that does not speak HTTP', nonsense, 'other', 3],
    ])('%s: a read is repeated; for ever, it is network trouble', async (_name, fault, trouble, tries) => {
      const once = await faulty(1, fault);
      await expect(getAccount(wired({ baseUrl: once.baseUrl, timeout: 200 }).request)).resolves.toEqual(
        account,
      );
      const ever = await faulty(Number.POSITIVE_INFINITY, fault);
      const error = await failureOf(getAccount(wired({ baseUrl: ever.baseUrl, timeout: 60 }).request));
      expect(error).toMatchObject({
        code: 'network',
        params: { operation: 'getAccount', trouble, lost: false },
      });
      expect(ever.count()).toBe(tries);
    });

    it.each([
      ['reset', reset],
      ['cut', cut],
      ['that never answers', silent],
    ])('%s: an instruction is repeated under its key; for ever, it is lost', async (_name, fault) => {
      const once = await faulty(1, fault);
      const receipt = await createReboot(wired({ baseUrl: once.baseUrl, timeout: 200 }).request, 'd1', {
        key,
      });
      expect(receipt.reboot.id).toBe('r1');
      const ever = await faulty(Number.POSITIVE_INFINITY, fault);
      const failing = createReboot(wired({ baseUrl: ever.baseUrl, timeout: 60 }).request, 'd1', { key });
      expect((await failureOf(failing)).params).toMatchObject({ lost: true });
    });

    it('that nobody accepts: nothing was sent', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      await once(server.close(), 'close');
      const { request, attempts } = wired({ baseUrl: `http://127.0.0.1:${port}` });
      const error = await failureOf(createReboot(request, 'd1', { key }));
      expect(error.params).toMatchObject({ trouble: 'refused', host: `127.0.0.1:${port}`, lost: false });
      expect(attempts).toHaveLength(3);
    });
  });

  it('an id of any characters arrives as it was', async () => {
    const arrived: string[] = [];
    const baseUrl = await serve((request, response) => {
      const raw = (request.url ?? '').slice('/partner/v1/customers/'.length);
      const id = decodeURIComponent(raw);
      arrived.push(raw);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(customer(id)));
    });
    const { request } = wired({ baseUrl });
    const addressable = (id: string) => id !== '.' && id !== '..';
    const ids = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
      fc.constantFrom(
        'a/b',
        'a?b=c',
        'a#b',
        '%2e%2e',
        '%2F',
        '...',
        '/',
        '\\',
        ' ',
        'a\nb',
        '機器1',
        '\0',
        ';',
        '..;',
      ),
    );
    await fc.assert(
      fc.asyncProperty(ids.filter(addressable), async id => {
        await expect(getCustomer(request, id)).resolves.toMatchObject({ id });
        expect(arrived.at(-1)).toMatch(/^[\w.!~*'()%-]+$/);
      }),
      { numRuns: 300 },
    );
  });

  describe('a read that is wanted by a certain time', () => {
    const until = (ms: number) => ({ signal: AbortSignal.timeout(ms) });

    it('and gets no answer by then is network trouble', async () => {
      const { baseUrl } = await faulty(1, silent);
      const error = await failureOf(getDevice(wired({ baseUrl }).request, 'd1', until(60)));
      expect(error).toMatchObject({
        code: 'network',
        params: { operation: 'getDevice', trouble: 'timeout' },
      });
    });

    it('and was refused until then tells of that', async () => {
      const baseUrl = await serve((_request, response) => response.writeHead(502).end());
      const clock = new FakeClock();
      const { request } = wired({ baseUrl, clock, tolerance: () => unattended });
      // Of the waits between the attempts each takes a little.
      clock.sleep = (ms, signal) => systemClock.sleep(Math.min(ms, 30), signal);
      const error = await failureOf(getDevice(request, 'd1', until(100)));
      expect(error).toMatchObject({ code: 'server_error', params: { status: 502 } });
    });

    it('and is ended otherwise ends with the reason for that', async () => {
      const { baseUrl } = await faulty(1, silent);
      const leaving = new AbortController();
      const reading = getDevice(wired({ baseUrl }).request, 'd1', { signal: leaving.signal });
      leaving.abort(new Error('left'));
      await expect(reading).rejects.toThrow('left');
    });
  });

  it('many requests at once share one signal without a warning, and leave nothing on it', async () => {
    const { baseUrl } = await faulty(0, reset);
    const warnings: string[] = [];
    const warned = (warning: Error) => warnings.push(warning.message);
    process.on('warning', warned);
    const user = new AbortController();
    const { request } = wired({ baseUrl, signal: user.signal });
    await Promise.all(Array.from({ length: 100 }, () => getAccount(request)));
    await new Promise(resolve => setImmediate(resolve));
    process.off('warning', warned);
    expect(warnings).toEqual([]);
  });

  it('takes an answer that is compressed, an error too, and follows no redirect', async () => {
    const asked: string[] = [];
    const baseUrl = await serve((request, response) => {
      asked.push(request.url ?? '');
      const { pathname } = new URL(request.url ?? '', 'http://host');
      if (pathname.endsWith('/moved')) return response.writeHead(303, { location: '/elsewhere' }).end();
      const known = pathname.endsWith('/account');
      const status = known ? 200 : 404;
      const body = gzipSync(JSON.stringify(known ? account : problem(404, 'not_found')));
      const headers = {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'x-request-id': 'r\u00e9q',
      };
      return response.writeHead(status, headers).end(body);
    });
    const { request } = wired({ baseUrl });
    await expect(getAccount(request)).resolves.toEqual(account);
    expect(await failureOf(getCustomer(request, 'c1'))).toMatchObject({
      code: 'not_found',
      params: { requestId: 'rq' },
    });
    expect(await failureOf(getCustomer(request, 'moved'))).toMatchObject({ code: 'bad_response' });
    expect(asked.filter(url => url.endsWith('/elsewhere'))).toEqual([]);
  });

  it('uses a connection again, after an instruction as well', async () => {
    const ports = new Set<number | undefined>();
    const baseUrl = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.writeHead(request.method === 'POST' ? 202 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(request.method === 'POST' ? reboot() : account));
    });
    const { request } = wired({ baseUrl });
    for (let round = 0; round < 10; round += 1) {
      await getAccount(request);
      await createReboot(request, 'd1', { key });
      // As the journal does in between.
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(ports.size).toBe(1);
  });
});
