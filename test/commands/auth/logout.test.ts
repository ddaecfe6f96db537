import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { memoryStore } from '../../../src/auth/credential-store/memory.js';
import type { Sandbox } from '../../../src/sandbox/server.js';
import { credentialFrom } from '../../auth/signed-in.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';
import { machine } from './machine.js';

const revocation = '/oidc/token/revocation';

async function signedInMachine(sandbox: Sandbox, env: Record<string, string> = {}) {
  const store = memoryStore();
  const credential = await credentialFrom(sandbox);
  await store.write('default', credential);
  return { credential, ...machine({ REMO_API_URL: sandbox.apiUrl, ...env }, store) };
}

async function accepts(sandbox: Sandbox, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${sandbox.apiUrl}/account`, { headers })).status === 200;
}

test('both tokens are revoked, then the credential is deleted', async () => {
  const sandbox = await sandboxForTest();
  const { remo, stored, credential } = await signedInMachine(sandbox);
  expect(await accepts(sandbox, credential.accessToken)).toBe(true);
  const { code, out, err } = await remo(['logout']);
  expect(code).toBe(0);
  expect(out).toBe('');
  expect(err).toContain('ended at the server');
  expect(await stored()).toBeUndefined();
  expect(sandbox.requests.filter(({ path: place }) => place === revocation)).toHaveLength(2);
  expect(await accepts(sandbox, credential.accessToken)).toBe(false);
});

test.each([
  ['is unreachable', { kind: 'drop', path: /openid-configuration/, times: 3 } as const],
  ['fails', { kind: 'answer', path: revocation, times: 2, ...problems.unavailable() } as const],
])('a server that %s: deleted here all the same, and it says so', async (_what, fault) => {
  const sandbox = await sandboxForTest();
  const { remo, stored, credential } = await signedInMachine(sandbox);
  sandbox.faults.add(fault);
  const { code, err } = await remo(['logout']);
  expect(code).toBe(0);
  expect(err).toContain('was not ended at the server');
  expect(await stored()).toBeUndefined();
  expect(await accepts(sandbox, credential.accessToken)).toBe(true);
});

test.each([
  ['the refresh token', 1, 'was not ended at the server'],
  ['the access token', 2, 'the session was ended at the server'],
])('a server that does not revoke %s: the other is revoked all the same', async (_what, which, said) => {
  const sandbox = await sandboxForTest();
  const { remo, stored, credential } = await signedInMachine(sandbox);
  const body = { error: 'unsupported_token_type' };
  sandbox.faults.add({ kind: 'answer', path: revocation, status: 400, body, after: which - 1 });
  const { code, err } = await remo(['logout']);
  expect(code).toBe(0);
  expect(err).toContain(said);
  expect(await stored()).toBeUndefined();
  expect(sandbox.requests.filter(({ path: place }) => place === revocation)).toHaveLength(2);
  expect(await accepts(sandbox, credential.accessToken)).toBe(false);
});

test('a server without revocation', async () => {
  const sandbox = await sandboxForTest();
  const { remo, stored } = await signedInMachine(sandbox);
  const change = ({ revocation_endpoint: _, ...body }: Record<string, unknown>) => body;
  sandbox.faults.add({ kind: 'alter', change, path: /openid-configuration/ });
  const { code, err } = await remo(['logout']);
  expect(code).toBe(0);
  expect(err).toContain('does not offer that');
  expect(await stored()).toBeUndefined();
});

test('not signed in: says so, exit code 0', async () => {
  const { code, err } = await machine({}).remo(['logout']);
  expect(code).toBe(0);
  expect(err).toContain('not signed in');
});

test('needs no backend configured: the credential knows where it came from', async () => {
  const sandbox = await sandboxForTest();
  const { remo } = await signedInMachine(sandbox, { REMO_API_URL: '' });
  expect((await remo(['logout', '--lang', 'ja'])).err).toContain('ログアウトしました');
});

test('what is stored is not readable: deleted, and it says so', async () => {
  const own = machine({ REMO_CREDENTIAL_STORE: 'file' }, null);
  const { fileStore } = await import('../../../src/auth/credential-store/file.js');
  const directory = path.join(own.home, '.local', 'state', 'remo');
  const store = fileStore({ directory, platform: 'linux', onWrite: () => {}, onExposed: () => {} });
  await store.prove();
  writeFileSync(store.place('default'), '{"accessToken":"half', { mode: 0o600 });
  const { code, err } = await own.remo(['logout']);
  expect(code).toBe(0);
  expect(err).toContain('was deleted here');
  expect(err).not.toContain('half');
  expect(await store.read('default')).toBeUndefined();
  expect(readdirSync(directory)).toEqual([]);
});
