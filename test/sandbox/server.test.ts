import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.js';
import { sandboxForTest } from '../support/sandbox.js';
import { apiClient } from './api-client.js';

/** What of the process's open handles belongs to servers and timers. */
function handles(): string[] {
  return process.getActiveResourcesInfo().filter(name => /^(TCP|HTTP|Timeout)/.test(name));
}

describe('closing', () => {
  it('leaves no handle, whatever is going on', async () => {
    const before = handles();
    const sandbox = await startSandbox({ latencyMs: 60_000 });
    sandbox.faults.add({ kind: 'hang', path: '/hang' });
    sandbox.faults.add({ kind: 'delay', ms: 60_000, path: '/delay' });
    const pending = ['/hang', '/delay', '/partner/v1/account'].map(path => fetch(sandbox.origin + path));
    await (await fetch(`${sandbox.issuer}/.well-known/openid-configuration`)).text();
    await expect.poll(() => sandbox.requests.length).toBe(4);
    await sandbox.close();
    const ends = await Promise.allSettled(pending);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(fetch(sandbox.origin)).rejects.toThrow('fetch failed');
    // What undici keeps of a connection goes within a moment.
    await expect
      .poll(() => handles().filter(name => name.startsWith('TCP')).length)
      .toBeLessThanOrEqual(before.length);
  });

  it('frees the port', async () => {
    const first = await startSandbox();
    const port = Number(new URL(first.origin).port);
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
    const second = await startSandbox({ port });
    expect(second.apiUrl).toBe(first.apiUrl);
    await second.close();
  });
});

describe('settings', () => {
  it('hold back the answers of the API, not of the sign-in', async () => {
    const sandbox = await sandboxForTest({ latencyMs: 80 });
    const time = async (url: string) => {
      const before = performance.now();
      await (await fetch(url)).text();
      return performance.now() - before;
    };
    await time(`${sandbox.issuer}/.well-known/openid-configuration`);
    expect(await time(`${sandbox.issuer}/.well-known/openid-configuration`)).toBeLessThan(70);
    expect(await time(`${sandbox.apiUrl}/account`)).toBeGreaterThan(75);
  });

  it('hold back many answers at once, without a warning', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));
    const { apiUrl } = await sandboxForTest({ latencyMs: 20 });
    await Promise.all(Array.from({ length: 50 }, async () => (await fetch(`${apiUrl}/account`)).text()));
    expect(warned).not.toHaveBeenCalled();
  });

  it('refuse what exceeds a rate, with a problem of the contract and when to come again', async () => {
    const sandbox = await sandboxForTest({ ratePerSecond: 5 });
    const { get } = await apiClient(sandbox);
    const answers = await Promise.all(Array.from({ length: 8 }, () => get('/account')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(3);
    expect(refused[0]?.headers.get('Retry-After')).toBe('1');
    expect(refused[0]?.body).toMatchObject({ code: 'rate_limited' });
    expect((await fetch(`${sandbox.issuer}/.well-known/openid-configuration`)).status).toBe(200);
    await new Promise(resolve => setTimeout(resolve, 250));
    expect((await get('/account')).status).toBe(200);
  });

  it('change the authorization server', async () => {
    const sandbox = await sandboxForTest({ oidc: { scopes: ['openid', 'other'] } });
    const metadata = await (await fetch(`${sandbox.issuer}/.well-known/openid-configuration`)).json();
    expect(metadata).toMatchObject({ scopes_supported: ['openid', 'other'] });
  });

  it('start many side by side', async () => {
    const sandboxes = await Promise.all([1, 2, 3].map(seed => sandboxForTest({ seed })));
    expect(new Set(sandboxes.map(({ origin }) => origin)).size).toBe(3);
    const { accessToken } = (await sandboxes[0]?.issueToken()) ?? {};
    const headers = { Authorization: `Bearer ${accessToken}` };
    const statuses = await Promise.all(
      sandboxes.map(async ({ apiUrl }) => (await fetch(`${apiUrl}/account`, { headers })).status),
    );
    expect(statuses).toEqual([200, 401, 401]);
  });

  it('leave the global fetch, Request and Response as they are', async () => {
    const before = [fetch, Request, Response];
    await sandboxForTest();
    expect([fetch, Request, Response]).toEqual(before);
  });
});
