import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.js';
import { problems, sandboxForTest } from '../support/sandbox.js';

const reboots = /\/reboots$/;

async function signedIn() {
  const sandbox = await sandboxForTest();
  const { accessToken } = await sandbox.issueToken();
  const send = (path: string, init: RequestInit = {}) =>
    fetch(sandbox.apiUrl + path, {
      ...init,
      headers: {
        Authorization: `Bearer ${accessToken}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': 'a-key-of-this-test',
      },
    });
  const device = sandbox.fleet.device({ status: 'online' });
  const reboot = () => send(`/devices/${device.id}/reboots`, { method: 'POST', body: '{}' });
  return { sandbox, send, device, reboot };
}

describe('a fault', () => {
  it('drops a request before it is processed', async () => {
    const { sandbox, device, reboot } = await signedIn();
    sandbox.faults.add({ kind: 'drop', method: 'POST', path: reboots });
    await expect(reboot()).rejects.toThrow('fetch failed');
    expect(sandbox.rebootCount(device.id)).toBe(0);
    expect((await reboot()).headers.get('Idempotency-Replayed')).toBeNull();
    expect(sandbox.rebootCount(device.id)).toBe(1);
  });

  it('loses the answer of a request that was processed', async () => {
    const { sandbox, device, reboot } = await signedIn();
    sandbox.faults.add({ kind: 'lose', method: 'POST', path: reboots });
    await expect(reboot()).rejects.toThrow('fetch failed');
    expect(sandbox.rebootCount(device.id)).toBe(1);
    expect((await reboot()).headers.get('Idempotency-Replayed')).toBe('true');
    expect(sandbox.rebootCount(device.id)).toBe(1);
  });

  it('loses the answer of the token endpoint just so', async () => {
    const sandbox = await sandboxForTest();
    const { refreshToken } = await sandbox.issueToken();
    const body = new URLSearchParams({
      client_id: 'remo-cli',
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    });
    const refresh = () => fetch(`${sandbox.issuer}/token`, { method: 'POST', body });
    sandbox.faults.add({ kind: 'lose', path: '/oidc/token' });
    await expect(refresh()).rejects.toThrow('fetch failed');
    expect(sandbox.tokenRequests).toEqual({ refresh_token: 1 });
    expect((await refresh()).status).toBe(400);
  });

  it('never answers', async () => {
    const { sandbox, send } = await signedIn();
    sandbox.faults.add({ kind: 'hang' });
    await expect(send('/account', { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');
    expect((await send('/account')).status).toBe(200);
  });

  it('answers late', async () => {
    const { sandbox, send } = await signedIn();
    sandbox.faults.add({ kind: 'delay', ms: 100 });
    const before = performance.now();
    expect((await send('/account')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(90);
  });

  it('answers in place of the backend', async () => {
    const { sandbox, device, reboot } = await signedIn();
    sandbox.faults.add({ kind: 'answer', ...problems.tooManyRequests('7') });
    sandbox.faults.add({ kind: 'answer', ...problems.unavailable() });
    sandbox.faults.add({ kind: 'answer', ...problems.html() });
    const answers = [await reboot(), await reboot(), await reboot()];
    expect(answers.map(({ status }) => status)).toEqual([429, 503, 502]);
    expect(answers[0]?.headers.get('Retry-After')).toBe('7');
    expect(await answers[1]?.json()).toMatchObject({ code: 'unavailable' });
    expect(answers[2]?.headers.get('Content-Type')).toContain('text/html');
    expect(answers.every(({ headers }) => headers.has('X-Request-Id'))).toBe(true);
    expect(sandbox.rebootCount(device.id)).toBe(0);
  });

  it('cuts the JSON, breaks the connection within it, or changes it', async () => {
    const { sandbox, send } = await signedIn();
    sandbox.faults.add({ kind: 'cut', path: '/partner/v1/account' });
    const cut = await send('/account');
    expect([cut.status, cut.headers.get('Content-Type')]).toEqual([200, 'application/json']);
    await expect(cut.json()).rejects.toThrow(SyntaxError);
    sandbox.faults.add({ kind: 'break' });
    await expect(send('/account').then(response => response.text())).rejects.toThrow();
    sandbox.faults.add({ kind: 'alter', change: account => ({ ...account, name: 1 }) });
    expect(await (await send('/account')).json()).toEqual({ ...sandbox.account, name: 1 });
  });

  it('befalls the requests it is meant for, as often as it is meant to', async () => {
    const { sandbox, send } = await signedIn();
    sandbox.faults.add({
      kind: 'answer',
      ...problems.internal(),
      method: 'GET',
      path: /\?page=2/,
      after: 1,
      times: 2,
    });
    const statuses: number[] = [];
    for (const path of [
      '/customers',
      '/customers?page=2',
      '/customers?page=2',
      '/account',
      '/customers?page=2',
    ]) {
      statuses.push((await send(path)).status);
    }
    expect(statuses).toEqual([200, 200, 500, 200, 500]);
    expect((await send('/customers?page=2')).status).toBe(200);
  });

  it('is counted as unused until it has befallen all it should', async () => {
    const sandbox = await startSandbox();
    sandbox.faults.add({ kind: 'answer', ...problems.internal(), times: 2 });
    sandbox.faults.add({ kind: 'hang', path: '/never', times: Number.POSITIVE_INFINITY });
    await fetch(sandbox.origin);
    expect(sandbox.faults.unused).toHaveLength(1);
    await fetch(sandbox.origin);
    expect(sandbox.faults.unused).toEqual([]);
    await sandbox.close();
  });
});
