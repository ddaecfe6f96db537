import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryStore } from '../../src/auth/credential-store/memory.js';
import { credentialFrom } from '../auth/signed-in.js';
import { fakeClock } from '../support/clock.js';
import { remo } from '../support/run.js';
import { sandboxForTest } from '../support/sandbox.js';

/** Somebody else's server, on another origin: what it gets, whatever it is, is too much. */
async function stranger() {
  const got: string[] = [];
  const server = http.createServer((request, response) => {
    got.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A person who is signed in, at a sandbox one of whose addresses redirects to the stranger. */
async function redirected(path: string | RegExp, status: number, left?: number) {
  const sandbox = await sandboxForTest({ autoApprove: true });
  const { got, origin } = await stranger();
  const store = memoryStore();
  const credential = await credentialFrom(sandbox, left);
  await store.write('default', credential);
  sandbox.faults.add({ kind: 'answer', path, status, headers: { Location: `${origin}/taken` } });
  const run = (...argv: string[]) =>
    remo(argv, {
      env: { REMO_API_URL: sandbox.apiUrl },
      replacements: { credentialStore: store, clock: fakeClock(Date.now()) },
    });
  return { sandbox, got, run, credential, stored: () => store.read('default') };
}

const everyRedirect = [301, 302, 303, 307, 308];

describe('a redirect to another origin is not followed', () => {
  it.each(everyRedirect)('by a read (%i)', async status => {
    const { got, run } = await redirected(/\/customers/, status);
    const { code, err } = await run('customers', 'list', '--debug');
    expect(code).toBe(6);
    expect(err).toContain(`status ${status}`);
    expect(got).toEqual([]);
  });

  it.each(everyRedirect)('by an instruction (%i): nobody knows whether it was taken', async status => {
    const { sandbox, got, run } = await redirected(/\/reboots$/, status);
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const { code } = await run('devices', 'reboot', id, '--yes');
    // The key was then not found at the backend.
    expect([3, 8]).toContain(code);
    expect(got).toEqual([]);
  });

  it.each([
    ['the metadata of the API', /oauth-protected-resource/],
    ['the metadata of the sign-in server', /openid-configuration/],
    ['the request for a device code', '/oidc/device/auth'],
    ['the exchange of a device code', '/oidc/token'],
  ])('by a sign-in: %s', async (_what, path) => {
    const { got, run, credential, stored } = await redirected(path, 307);
    const { code, err } = await run('login', '--device', '--debug');
    expect(code).toBe(6);
    expect(err).toMatch(/^debug: .* 307 /m);
    expect(got).toEqual([]);
    expect(await stored()).toEqual(credential);
  });

  it.each(everyRedirect)('by a refresh (%i): the sign-in stays as it was', async status => {
    const { got, run, credential, stored } = await redirected('/oidc/token', status, -1);
    expect((await run('whoami')).code).toBe(6);
    expect(got).toEqual([]);
    expect(await stored()).toEqual(credential);
    // The refresh token was not used up.
    expect((await run('whoami')).code).toBe(0);
  });

  it('by a sign-out', async () => {
    const { got, run } = await redirected(/revocation/, 307);
    const { code, err } = await run('logout');
    expect(code).toBe(0);
    expect(err).toContain('was not ended at the server');
    expect(got).toEqual([]);
  });
});
