import { expect } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { violations } from '../support/openapi.js';

/** Sends requests as a signed-in user and holds every answer against the contract. */
export async function apiClient(sandbox: Sandbox, scope?: string) {
  const { accessToken } = await sandbox.issueToken(scope === undefined ? {} : { scope });
  const send = async (
    method: string,
    path: string,
    init: { headers?: Record<string, string>; body?: string } = {},
  ) => {
    const headers = { Authorization: `Bearer ${accessToken}`, ...init.headers };
    const response = await fetch(sandbox.apiUrl + path, { ...init, method, headers });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, text };
    expect(violations(method, path.split('?')[0] ?? '', answer), `${method} ${path} ${text}`).toEqual([]);
    return { ...answer, body: JSON.parse(text) };
  };
  return {
    accessToken,
    send,
    get: (path: string) => send('GET', path),
    reboot: (deviceId: string, key: string, body: unknown = {}) =>
      send('POST', `/devices/${encodeURIComponent(deviceId)}/reboots`, {
        headers: { 'Idempotency-Key': key, 'Content-Type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}
