import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { memoryStore } from '../../src/auth/credential-store/memory.js';
import { systemClock } from '../../src/clock.js';
import { RemoError } from '../../src/errors.js';
import { fakeClock } from '../support/clock.js';
import { sandboxForTest } from '../support/sandbox.js';
import { credentialFrom, signedIn, temporaryFolder } from './signed-in.js';

const refreshes = (sandbox: { tokenRequests: Readonly<Record<string, number>> }) =>
  sandbox.tokenRequests['refresh_token'] ?? 0;

test('a valid token is used as it is', async () => {
  const sandbox = await sandboxForTest();
  const credential = await credentialFrom(sandbox);
  const { session } = await signedIn(sandbox, { credential });
  expect(await session.token()).toBe(credential.accessToken);
  expect(sandbox.requests).toEqual([]);
});

test('without an end a token counts as valid', async () => {
  const sandbox = await sandboxForTest();
  const { expiresAt: _, ...credential } = await credentialFrom(sandbox);
  const { session } = await signedIn(sandbox, { credential });
  expect(await session.token()).toBe(credential.accessToken);
});

test.each([
  ['expired', -1],
  ['about to expire', 29_000],
])('a token %s is refreshed and stored', async (_what, left) => {
  const sandbox = await sandboxForTest();
  const old = await credentialFrom(sandbox, left);
  const { session, store, context } = await signedIn(sandbox, { credential: old });
  const token = await session.token();
  expect(token).not.toBe(old.accessToken);
  const stored = await store.read('default');
  expect(stored).toMatchObject({
    ...old,
    accessToken: token,
    refreshToken: expect.any(String),
    expiresAt: expect.any(Number),
  });
  expect(stored?.refreshToken).not.toBe(old.refreshToken);
  expect(stored?.expiresAt).toBeGreaterThan(context.clock.now() + 3_500_000);
  expect(await session.token()).toBe(token);
  expect(refreshes(sandbox)).toBe(1);
});

test('many requests of a process share one refresh', async () => {
  const sandbox = await sandboxForTest();
  const { session } = await signedIn(sandbox, { credential: await credentialFrom(sandbox, -1) });
  const tokens = await Promise.all(Array.from({ length: 20 }, () => session.token()));
  expect(new Set(tokens).size).toBe(1);
  expect(refreshes(sandbox)).toBe(1);
});

test('many processes share one refresh', async () => {
  const sandbox = await sandboxForTest();
  const [store, home] = [memoryStore(), temporaryFolder()];
  await store.write('default', await credentialFrom(sandbox, -1));
  const sessions = await Promise.all(Array.from({ length: 20 }, () => signedIn(sandbox, { store, home })));
  const tokens = await Promise.all(sessions.map(({ session }) => session.token()));
  expect(new Set(tokens).size).toBe(1);
  expect(refreshes(sandbox)).toBe(1);
});

test.each([2, 20, 30])(
  'many processes share one refresh of a token that lives %i s, one after the other too',
  async life => {
    const sandbox = await sandboxForTest({ tokenSeconds: life });
    const [store, home] = [memoryStore(), temporaryFolder()];
    const now = Date.now();
    const clock = { ...systemClock, now: () => now };
    await store.write('default', await credentialFrom(sandbox, -1));
    const open = () => signedIn(sandbox, { store, home, replacements: { clock } });
    const sessions = await Promise.all(Array.from({ length: 10 }, open));
    const tokens = await Promise.all(sessions.map(({ session }) => session.token()));
    for (const { session } of [await open(), await open()]) tokens.push(await session.token());
    expect(new Set(tokens).size).toBe(1);
    expect(refreshes(sandbox)).toBe(1);
  },
);

test('many processes share a failure of the server, too: who has waited does not wait for it again', async () => {
  const sandbox = await sandboxForTest();
  const [store, home] = [memoryStore(), temporaryFolder()];
  await store.write('default', await credentialFrom(sandbox, -1));
  const sessions = await Promise.all(
    Array.from({ length: 10 }, () => signedIn(sandbox, { store, home, env: { REMO_TIMEOUT: '1s' } })),
  );
  sandbox.faults.add({ kind: 'hang', path: '/oidc/token' });
  const ends = await Promise.allSettled(sessions.map(({ session }) => session.token()));
  for (const end of ends) {
    expect(end).toMatchObject({ status: 'rejected', reason: { code: 'network', exitCode: 6 } });
  }
  const posts = sandbox.requests.filter(({ path: place }) => place === '/oidc/token');
  expect(posts).toHaveLength(1);
  // Whoever comes later tries again, and nothing stays behind.
  const [first] = sessions;
  await first?.session.token();
  expect(readdirSync(path.join(home, '.local/state/remo/locks'))).toEqual([]);
});

test.each([
  '',
  '{',
  '{}',
  '{"at":9e15,"code":"internal","params":{}}',
  '{"at":1,"code":"network"}',
  '{"at":9e15,"code":"network","params":{"trouble":"dns","host":"h","detail":""}}',
])('a note of a failure that is none is no obstacle: %s', async text => {
  const sandbox = await sandboxForTest();
  const home = temporaryFolder();
  const locks = path.join(home, '.local/state/remo/locks');
  mkdirSync(locks, { recursive: true });
  writeFileSync(path.join(locks, 'default.failed'), text);
  const { session } = await signedIn(sandbox, { home, credential: await credentialFrom(sandbox, -1) });
  await session.token();
  expect(refreshes(sandbox)).toBe(1);
});

test('a lock that another process keeps for too long is trouble on the way to the server: 6', async () => {
  const sandbox = await sandboxForTest();
  const home = temporaryFolder();
  const lock = path.join(home, '.local/state/remo/locks/default.lock');
  mkdirSync(lock, { recursive: true });
  // Its owner touches it for as long as this one waits.
  utimesSync(lock, Date.now() / 1000 + 3600, Date.now() / 1000 + 3600);
  const credential = await credentialFrom(sandbox, -1);
  const { session } = await signedIn(sandbox, {
    home,
    credential,
    replacements: { clock: fakeClock(Date.now()) },
  });
  await expect(session.token()).rejects.toMatchObject({ code: 'sign_in_busy', exitCode: 6 });
});

test('a lock that a killed process left is recovered, by one of those who wait', async () => {
  const sandbox = await sandboxForTest();
  const [store, home] = [memoryStore(), temporaryFolder()];
  await store.write('default', await credentialFrom(sandbox, -1));
  const lock = path.join(home, '.local', 'state', 'remo', 'locks', 'default.lock');
  mkdirSync(lock, { recursive: true });
  const before = Date.now() / 1000 - 60;
  utimesSync(lock, before, before);
  const sessions = await Promise.all(Array.from({ length: 20 }, () => signedIn(sandbox, { store, home })));
  const tokens = await Promise.all(sessions.map(({ session }) => session.token()));
  expect(new Set(tokens).size).toBe(1);
  expect(refreshes(sandbox)).toBe(1);
});

test('after a 401 it refreshes once', async () => {
  const sandbox = await sandboxForTest();
  const { context } = await signedIn(sandbox, { credential: await credentialFrom(sandbox) });
  sandbox.revokeAccessTokens();
  const api = await context.api();
  const accounts = await Promise.all([api.getAccount(), api.getAccount(), api.getAccount()]);
  expect(accounts[0]?.email).toBe(sandbox.account.email);
  expect(refreshes(sandbox)).toBe(1);
});

test('after a 401 it takes the token that another process has stored meanwhile', async () => {
  const sandbox = await sandboxForTest();
  const { session, store } = await signedIn(sandbox, { credential: await credentialFrom(sandbox) });
  const rejected = await session.token();
  const newer = await credentialFrom(sandbox);
  await store.write('default', newer);
  expect(await session.renew(rejected)).toBe(newer.accessToken);
  expect(refreshes(sandbox)).toBe(0);
});

test('after a 401 without a refresh token there is no other', async () => {
  const sandbox = await sandboxForTest();
  const { refreshToken: _, ...credential } = await credentialFrom(sandbox);
  const { session } = await signedIn(sandbox, { credential });
  await expect(session.renew(credential.accessToken)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('an expired token without a refresh token ends the session', async () => {
  const sandbox = await sandboxForTest();
  const { refreshToken: _, ...credential } = await credentialFrom(sandbox, -1);
  const { session } = await signedIn(sandbox, { credential });
  await expect(session.token()).rejects.toMatchObject({ code: 'session_ended', exitCode: 4 });
});

test('a refresh token that is refused ends the session', async () => {
  const sandbox = await sandboxForTest();
  const credential = await credentialFrom(sandbox, -1);
  const { session } = await signedIn(sandbox, { credential });
  sandbox.endSessions();
  await expect(session.token()).rejects.toMatchObject({ code: 'session_ended', exitCode: 4 });
});

test('a refused refresh token is read again first: somebody may have rotated it', async () => {
  const sandbox = await sandboxForTest();
  const store = memoryStore();
  const newer = await credentialFrom(sandbox);
  const { session } = await signedIn(sandbox, {
    credential: { ...(await credentialFrom(sandbox, -1)), refreshToken: 'rotated-by-an-older-remo' },
    // It reads the old entry twice (before and under the lock), then the new one.
    store: { ...store, read: async profile => (reads++ < 2 ? store.read(profile) : newer) },
  });
  let reads = 0;
  expect(await session.token()).toBe(newer.accessToken);
});

test.each([
  ['the server drops the connection', { kind: 'drop' }, 'network'],
  ['the answer is lost', { kind: 'lose' }, 'network'],
  ['the server fails', { kind: 'answer', status: 503 }, 'server_error'],
  ['a proxy answers', { kind: 'answer', status: 502, body: '<html>' }, 'server_error'],
  ['the server is busy', { kind: 'answer', status: 429 }, 'rate_limited'],
  ['the answer is a page', { kind: 'answer', status: 200, body: '<html>' }, 'bad_response'],
  ['the answer is cut off', { kind: 'cut' }, 'bad_response'],
  ['the answer breaks off', { kind: 'break' }, 'network'],
] as const)('%s while refreshing: exit code 6, and nothing is destroyed', async (_what, fault, code) => {
  const sandbox = await sandboxForTest();
  const credential = await credentialFrom(sandbox, -1);
  const { session, store } = await signedIn(sandbox, { credential });
  sandbox.faults.add({ ...fault, method: 'POST', path: '/oidc/token' });
  await expect(session.token()).rejects.toMatchObject({
    code,
    exitCode: 6,
    params: { operation: 'refresh' },
  });
  expect(await store.read('default')).toEqual(credential);
});

test.each([
  ['drop', { kind: 'drop' }],
  ['503', { kind: 'answer', status: 503 }],
] as const)('discovery that fails once while refreshing is repeated (%s)', async (_what, fault) => {
  const sandbox = await sandboxForTest();
  const credential = await credentialFrom(sandbox, -1);
  const { session } = await signedIn(sandbox, { credential });
  sandbox.faults.add({ ...fault, path: /openid-configuration/ });
  expect(await session.token()).not.toBe(credential.accessToken);
});

test('discovery that fails while refreshing destroys nothing either', async () => {
  const sandbox = await sandboxForTest();
  const credential = await credentialFrom(sandbox, -1);
  const { session, store } = await signedIn(sandbox, { credential });
  sandbox.faults.add({ kind: 'answer', status: 503, path: /openid-configuration/, times: 3 });
  await expect(session.token()).rejects.toMatchObject({ code: 'server_error', exitCode: 6 });
  expect(await store.read('default')).toEqual(credential);
  expect(await session.token()).not.toBe(credential.accessToken);
});

test('a token that does not fit into a header is an answer the contract does not allow', async () => {
  const sandbox = await sandboxForTest();
  const { session } = await signedIn(sandbox, { credential: await credentialFrom(sandbox, -1) });
  const change = (body: object) => ({ ...body, access_token: 'a\nb' });
  sandbox.faults.add({ kind: 'alter', change, method: 'POST', path: '/oidc/token' });
  await expect(session.token()).rejects.toMatchObject({
    code: 'bad_response',
    params: { field: 'access_token' },
  });
});

test('servers that rotate nothing, omit the lifetime or give it as text', async () => {
  const sandbox = await sandboxForTest();
  const old = await credentialFrom(sandbox, -1);
  const { session, store, context } = await signedIn(sandbox, { credential: old });
  const alter = (change: (body: Record<string, unknown>) => object) =>
    sandbox.faults.add({ kind: 'alter', change, method: 'POST', path: '/oidc/token' });
  alter(({ refresh_token: _, scope: __, expires_in: ___, ...body }) => body);
  const token = await session.token();
  const { expiresAt: _, ...rest } = old;
  expect(await store.read('default')).toEqual({ ...rest, accessToken: token });

  const again = await credentialFrom(sandbox, -1);
  await store.write('default', again);
  alter(body => ({ ...body, expires_in: '120' }));
  await session.renew(token);
  const left = ((await store.read('default'))?.expiresAt ?? 0) - context.clock.now();
  expect(left).toBeGreaterThan(100_000);
  expect(left).toBeLessThan(130_000);
});

test('the process is told not to end before a renewed sign-in is stored', async () => {
  const sandbox = await sandboxForTest();
  const old = await credentialFrom(sandbox, -1);
  const { context, session, store } = await signedIn(sandbox, { credential: old });
  // The command ends meanwhile: its output was closed (`| head`).
  const renewing = session.token();
  await vi.waitFor(() => expect(sandbox.requests.at(-1)?.path).toBe('/oidc/token'));
  await context.finishing();
  expect((await store.read('default'))?.accessToken).toBe(await renewing);
  expect((await store.read('default'))?.accessToken).not.toBe(old.accessToken);
});

test.each([
  ['once', 1, ''],
  ['twice', 2, 'could not be stored in memory (credential_unwritable)'],
])('the store fails %s: the command goes on', async (_what, failures, said) => {
  const sandbox = await sandboxForTest();
  const store = memoryStore();
  await store.write('default', await credentialFrom(sandbox, -1));
  let left = failures;
  const write: typeof store.write = async (...what) => {
    if (left-- > 0) throw new RemoError('credential_unwritable', { place: 'memory', detail: 'EBUSY' });
    await store.write(...what);
  };
  const { context, host } = await signedIn(sandbox, { store: { ...store, write } });
  expect((await (await context.api()).getAccount()).email).toBe(sandbox.account.email);
  expect(host.err).toContain(said);
  expect(host.err === '').toBe(said === '');
});

test('what a sign-in is known not to permit is refused before anything is sent', async () => {
  const sandbox = await sandboxForTest();
  const credential = await credentialFrom(sandbox);
  const withScope = (scope: string | undefined) => {
    const { scope: _, ...rest } = credential;
    return signedIn(sandbox, { credential: scope === undefined ? rest : { ...rest, scope } });
  };
  await (await withScope('openid remo.read remo.reboot')).session.requireScope('remo.reboot');
  // Not known: the backend will say.
  await (await withScope(undefined)).session.requireScope('remo.reboot');
  const reader = await withScope('openid remo.read remo.rebooter');
  await expect(reader.session.requireScope('remo.reboot')).rejects.toMatchObject({
    code: 'permission_missing',
    exitCode: 4,
    params: { scope: 'remo.reboot', client: false },
  });
  expect(sandbox.requests).toEqual([]);
});

test('nobody is signed in', async () => {
  const sandbox = await sandboxForTest();
  const { session } = await signedIn(sandbox);
  for (const work of [session.token(), session.renew('x'), session.describe()]) {
    await expect(work).rejects.toMatchObject({ code: 'not_signed_in', exitCode: 4 });
  }
});

test('a credential is not sent to another origin', async () => {
  const sandbox = await sandboxForTest();
  const credential = await credentialFrom(sandbox);
  const env = { REMO_API_URL: 'https://other.example/partner/v1' };
  const { session } = await signedIn(sandbox, { credential, env });
  await expect(session.token()).rejects.toMatchObject({
    code: 'other_backend',
    params: { issuedFor: sandbox.apiUrl, wanted: 'https://other.example/partner/v1' },
  });
});

test('REMO_TOKEN is used instead, and never stored', async () => {
  const sandbox = await sandboxForTest();
  const credential = await credentialFrom(sandbox);
  const { session, store } = await signedIn(sandbox, { credential, env: { REMO_TOKEN: ' given\n' } });
  expect(await session.token()).toBe('given');
  expect(await session.describe()).toEqual({
    by: 'environment',
    source: 'environment',
    place: 'REMO_TOKEN',
  });
  await expect(session.renew('given')).rejects.toMatchObject({
    code: 'token_refused',
    params: { origin: 'environment' },
  });
  expect(await store.read('default')).toEqual(credential);
});

test('a REMO_TOKEN that can be none is not repeated', async () => {
  const sandbox = await sandboxForTest();
  const work = signedIn(sandbox, { env: { REMO_TOKEN: 'geheim nis' } });
  await expect(work).rejects.toMatchObject({
    code: 'invalid_value',
    params: { name: 'REMO_TOKEN', value: '***' },
  });
});

test('an empty REMO_TOKEN is none', async () => {
  const sandbox = await sandboxForTest();
  const credential = await credentialFrom(sandbox);
  const { session } = await signedIn(sandbox, { credential, env: { REMO_TOKEN: ' ' } });
  expect(await session.token()).toBe(credential.accessToken);
});

test('a profile has its own sign-in', async () => {
  const sandbox = await sandboxForTest();
  const store = memoryStore();
  const [mine, other] = [await credentialFrom(sandbox), await credentialFrom(sandbox, -1)];
  await store.write('default', mine);
  await store.write('tokyo', other);
  const tokyo = await signedIn(sandbox, { store, env: { REMO_PROFILE: 'tokyo' } });
  expect(await tokyo.session.token()).not.toBe(other.accessToken);
  expect(await store.read('default')).toEqual(mine);
});
