import { expect, test } from 'vitest';
import { memoryStore } from '../../../src/auth/credential-store/memory.js';
import { batchClient } from '../../../src/sandbox/authorization.js';
import { credentialFrom } from '../../auth/signed-in.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';
import { machine } from './machine.js';

test('who, where, and until when', async () => {
  const sandbox = await sandboxForTest();
  const store = memoryStore();
  const credential = await credentialFrom(sandbox);
  await store.write('default', credential);
  const { remo } = machine({ REMO_API_URL: sandbox.apiUrl }, store);
  const { code, out, err } = await remo(['whoami', '-o', 'json']);
  expect(code).toBe(0);
  expect(err).toBe('');
  expect(JSON.parse(out)).toEqual({
    name: '山田 花子',
    email: 'hanako.yamada@partner.example',
    partner_code: 'PA-10482',
    profile: 'default',
    api_url: sandbox.apiUrl,
    signed_in_by: 'person',
    credential_source: 'memory',
    credential_place: 'memory',
    scopes: 'openid offline_access remo.read remo.reboot',
    access_token_expires_at: new Date(credential.expiresAt ?? 0).toISOString(),
    session_ends_at: null,
    renews: true,
  });
  expect(sandbox.requests).toHaveLength(1);
});

test('as a table in Japanese', async () => {
  const sandbox = await sandboxForTest();
  const store = memoryStore();
  await store.write('default', await credentialFrom(sandbox));
  const { out } = await machine({ REMO_API_URL: sandbox.apiUrl, REMO_LANG: 'ja' }, store).remo([
    'whoami',
    '-o',
    'table',
  ]);
  expect(out).toMatch(/^氏名: +山田 花子$/m);
  expect(out).toMatch(/^パートナーコード: +PA-10482$/m);
  expect(out).toMatch(/^自動更新: +はい$/m);
  expect(out).toMatch(/^セッションの期限: +サーバーから通知なし$/m);
});

test.each([
  ['refresh_expires_in', 1800, 1800],
  ['refresh_token_expires_in', '15897600', 15_897_600],
  // Keycloak's word for a session without an end.
  ['refresh_expires_in', 0, undefined],
  ['refresh_expires_in', 1e300, undefined],
  ['refresh_expires_in', { seconds: 1 }, undefined],
])('when the session ends, as far as the server tells: %s %j', async (field, value, seconds) => {
  const sandbox = await sandboxForTest({ autoApprove: true });
  const { remo } = machine({ REMO_API_URL: sandbox.apiUrl });
  const change = (body: object) => ({ ...body, [field]: value });
  sandbox.faults.add({ kind: 'alter', change, path: '/oidc/token' });
  const before = Date.now();
  expect((await remo(['login', '--device'])).code).toBe(0);
  const { session_ends_at: end } = JSON.parse((await remo(['whoami', '-o', 'json'])).out);
  if (seconds === undefined) expect(end).toBeNull();
  else {
    expect(Date.parse(end) - before).toBeGreaterThanOrEqual(seconds * 1000);
    expect(Date.parse(end) - Date.now()).toBeLessThanOrEqual(seconds * 1000);
  }
});

test('with REMO_TOKEN', async () => {
  const sandbox = await sandboxForTest();
  const { accessToken } = await sandbox.issueToken();
  const { remo } = machine({ REMO_API_URL: sandbox.apiUrl, REMO_TOKEN: accessToken });
  const { code, out } = await remo(['whoami', '-o', 'json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    signed_in_by: 'environment',
    credential_source: 'environment',
    credential_place: 'REMO_TOKEN',
    scopes: null,
    access_token_expires_at: null,
    renews: false,
  });
  expect(out).not.toContain(accessToken);
});

test('with a client id and a secret, in both languages', async () => {
  const sandbox = await sandboxForTest();
  const client = { REMO_CLIENT_ID: batchClient.id, REMO_CLIENT_SECRET: batchClient.secret };
  const { remo } = machine({ REMO_API_URL: sandbox.apiUrl, ...client });
  const { code, out } = await remo(['whoami', '-o', 'json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    signed_in_by: 'client',
    credential_source: 'memory',
    scopes: 'remo.read remo.reboot',
    renews: true,
  });
  const table = async (lang: string) => (await remo(['whoami', '-o', 'table', '--lang', lang])).out;
  expect(await table('en')).toMatch(/^Signed in by: +REMO_CLIENT_ID and REMO_CLIENT_SECRET$/m);
  expect(await table('ja')).toMatch(/^ログイン方法: +REMO_CLIENT_ID と REMO_CLIENT_SECRET$/m);
});

test('a REMO_TOKEN that the backend does not accept', async () => {
  const sandbox = await sandboxForTest();
  const { remo } = machine({ REMO_API_URL: sandbox.apiUrl, REMO_TOKEN: 'no-such-token' });
  const { code, err } = await remo(['whoami', '-o', 'json']);
  expect(code).toBe(4);
  expect(err).toContain('does not accept the token in REMO_TOKEN');
  expect(err).toContain('Request id: req_');
  expect(err).not.toContain('no-such-token');
});

test('not signed in', async () => {
  const sandbox = await sandboxForTest();
  const { code, out, err } = await machine({ REMO_API_URL: sandbox.apiUrl }).remo(['whoami']);
  expect(code).toBe(4);
  expect(out).toBe('');
  expect(err).toContain('remo login');
});

test('a 401 that stays', async () => {
  const sandbox = await sandboxForTest();
  const store = memoryStore();
  await store.write('default', await credentialFrom(sandbox));
  sandbox.faults.add({
    kind: 'answer',
    path: '/partner/v1/account',
    times: 2,
    ...problems.unauthenticated(),
  });
  const { code } = await machine({ REMO_API_URL: sandbox.apiUrl }, store).remo(['whoami']);
  expect(code).toBe(4);
  expect(sandbox.tokenRequests).toEqual({ refresh_token: 1 });
});
