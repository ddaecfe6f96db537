import { expect, test } from 'vitest';
import { openServer } from '../../src/auth/discovery.js';
import { authFetch } from '../../src/auth/http.js';
import { beginDeviceFlow, finishDeviceFlow } from '../../src/auth/oidc.js';
import { systemClock } from '../../src/clock.js';
import type { Sandbox, SandboxSettings } from '../../src/sandbox/server.js';
import { Browser } from '../sandbox/browser.js';
import { fakeClock } from '../support/clock.js';
import { sandboxForTest } from '../support/sandbox.js';

const scopes = 'openid offline_access remo.read remo.reboot';

async function begun(settings: SandboxSettings = {}) {
  const sandbox = await sandboxForTest({ pollSeconds: 1, ...settings });
  const signal = new AbortController().signal;
  const fetch = authFetch({
    fetch: globalThis.fetch,
    timeout: 5000,
    userAgent: 'remo-cli/test',
    signal,
    clock: systemClock,
    random: () => 0,
  });
  const server = await openServer(new URL(sandbox.issuer), 'remo-cli', fetch);
  const flow = await beginDeviceFlow(server, scopes);
  const clock = fakeClock();
  return { sandbox, server, flow, clock, finish: () => finishDeviceFlow(server, flow, { clock, signal }) };
}

function answerPolls(sandbox: Sandbox, error: string, times = 1) {
  const headers = { 'Content-Type': 'application/json' };
  sandbox.faults.add({ kind: 'answer', status: 400, headers, body: { error }, path: '/oidc/token', times });
}

test('a person approves on the page of the server', async () => {
  const { sandbox, flow, finish } = await begun();
  const browser = new Browser(sandbox.origin);
  const entry = await browser.open(flow.url);
  const confirmation = await browser.submit(entry, { user_code: flow.userCode });
  const end = await browser.submit(await browser.submit(confirmation), { action: 'allow' });
  expect(end.html).toContain('You are signed in');
  expect(await finish()).toMatchObject({ accessToken: expect.any(String), refreshToken: expect.any(String) });
});

test('polls at the interval, five seconds slower after each slow_down', async () => {
  const { sandbox, flow, clock, finish } = await begun({ autoApprove: true });
  answerPolls(sandbox, 'authorization_pending');
  answerPolls(sandbox, 'slow_down', 2);
  answerPolls(sandbox, 'authorization_pending');
  expect(flow.interval).toBe(1);
  await finish();
  expect(clock.slept).toEqual([1000, 1000, 6000, 11_000, 11_000]);
});

test.each([
  ['without an interval', ({ interval: _, ...body }: { interval: number }) => body],
  ['with an interval of zero', (body: object) => ({ ...body, interval: 0 })],
])('%s it polls every five seconds', async (_what, change) => {
  const sandbox = await sandboxForTest();
  sandbox.faults.add({ kind: 'alter', change, path: '/oidc/device/auth' });
  const signal = new AbortController().signal;
  const fetch = authFetch({
    fetch: globalThis.fetch,
    timeout: 5000,
    userAgent: 'remo-cli/test',
    signal,
    clock: systemClock,
    random: () => 0,
  });
  const server = await openServer(new URL(sandbox.issuer), 'remo-cli', fetch);
  expect((await beginDeviceFlow(server, scopes)).interval).toBe(5);
});

test('a network failure halves the pace and does not end it', async () => {
  const { sandbox, clock, finish } = await begun({ autoApprove: true });
  sandbox.faults.add({ kind: 'drop', path: '/oidc/token', times: 2 });
  sandbox.faults.add({ kind: 'answer', status: 503, path: '/oidc/token' });
  expect(await finish()).toMatchObject({ accessToken: expect.any(String) });
  expect(clock.slept).toEqual([1000, 2000, 4000, 8000]);
});

test('a server that stays away ends it', async () => {
  const { sandbox, finish } = await begun();
  sandbox.faults.add({ kind: 'drop', path: '/oidc/token', times: 6 });
  await expect(finish()).rejects.toMatchObject({ code: 'network', exitCode: 6 });
});

test('nobody approves in time', async () => {
  const { finish, clock, flow } = await begun({ pollSeconds: 100 });
  await expect(finish()).rejects.toMatchObject({ code: 'login_expired', exitCode: 4 });
  expect(clock.slept.length * 100).toBeLessThan(flow.expiresIn);
});

test.each([
  ['expired_token', 'login_expired'],
  ['access_denied', 'login_denied'],
  ['invalid_client', 'login_denied'],
])('the answer %s is %s', async (error, code) => {
  const { sandbox, finish } = await begun();
  answerPolls(sandbox, error);
  await expect(finish()).rejects.toMatchObject({ code, exitCode: 4 });
});

test('Ctrl-C ends the wait', async () => {
  const { server, flow, clock } = await begun();
  const controller = new AbortController();
  const reason = new Error('interrupted');
  const wait = finishDeviceFlow(server, flow, { clock, signal: controller.signal });
  controller.abort(reason);
  await expect(wait).rejects.toBe(reason);
});

test('an address to open that is not https is refused', async () => {
  const sandbox = await sandboxForTest();
  const change = (body: object) => ({ ...body, verification_uri: 'http://evil.example/device' });
  sandbox.faults.add({ kind: 'alter', change, path: '/oidc/device/auth' });
  const signal = new AbortController().signal;
  const fetch = authFetch({
    fetch: globalThis.fetch,
    timeout: 5000,
    userAgent: 'remo-cli/test',
    signal,
    clock: systemClock,
    random: () => 0,
  });
  const server = await openServer(new URL(sandbox.issuer), 'remo-cli', fetch);
  await expect(beginDeviceFlow(server, scopes)).rejects.toMatchObject({
    code: 'discovery',
    params: { trouble: 'insecure' },
  });
});
