import { expect, test } from 'vitest';
import { memoryStore } from '../../src/auth/credential-store/memory.js';
import { type CredentialStore, clientEntry } from '../../src/auth/credential-store/store.js';
import { RemoError } from '../../src/errors.js';
import { batchClient } from '../../src/sandbox/authorization.js';
import { sandboxForTest } from '../support/sandbox.js';
import { credentialFrom, signedIn, temporaryFolder } from './signed-in.js';

const env = { REMO_CLIENT_ID: batchClient.id, REMO_CLIENT_SECRET: batchClient.secret };
const entry = clientEntry('default');
const jsonRequests = (sandbox: { requests: { path: string }[] }) =>
  sandbox.requests.filter(({ path }) => path === '/oidc/token').length;

test('many processes share one token; the person signed in is not touched, the secret kept nowhere', async () => {
  const sandbox = await sandboxForTest();
  const [store, home] = [memoryStore(), temporaryFolder()];
  const person = await credentialFrom(sandbox, -1);
  await store.write('default', person);
  const sessions = await Promise.all(
    Array.from({ length: 20 }, () => signedIn(sandbox, { store, home, env })),
  );
  const tokens = await Promise.all(sessions.map(({ session }) => session.token()));
  expect(new Set(tokens).size).toBe(1);
  expect(sandbox.tokenRequests).toEqual({ client_credentials: 1 });
  expect(await store.read('default')).toEqual(person);
  const kept = await store.read(entry);
  expect(kept).toEqual({
    apiUrl: sandbox.apiUrl,
    issuer: sandbox.issuer,
    clientId: batchClient.id,
    accessToken: tokens[0],
    scope: 'remo.read remo.reboot',
    askedScope: 'remo.read remo.reboot',
    issuedAt: expect.any(Number),
    expiresAt: expect.any(Number),
  });
  expect(JSON.stringify(kept)).not.toContain(batchClient.secret);
});

test('an expired token is fetched anew, and so is one that the backend rejected, once', async () => {
  const sandbox = await sandboxForTest();
  const { context, session, store } = await signedIn(sandbox, { env });
  const first = await session.token();
  const kept = await store.read(entry);
  if (!kept) throw new Error('not kept');
  await store.write(entry, { ...kept, expiresAt: Date.now() - 1 });
  const later = await signedIn(sandbox, { store, env });
  expect(await later.session.token()).not.toBe(first);
  sandbox.revokeAccessTokens();
  expect((await (await later.context.api()).getAccount()).email).toBe(sandbox.account.email);
  expect(sandbox.tokenRequests).toEqual({ client_credentials: 3 });
  sandbox.faults.add({
    kind: 'answer',
    status: 401,
    body: { code: 'unauthenticated' },
    times: 2,
    path: /v1/,
  });
  await expect((await context.api()).getAccount()).rejects.toMatchObject({ exitCode: 4 });
});

test.each([
  ['of another client', { clientId: 'another' }],
  ['of another backend', { apiUrl: 'https://other.example/partner/v1' }],
])('a kept token %s is not used', async (_what, change) => {
  const sandbox = await sandboxForTest();
  const store = memoryStore();
  const askedScope = 'remo.read remo.reboot';
  const credential = { ...(await credentialFrom(sandbox)), clientId: batchClient.id, askedScope };
  await store.write(entry, { ...credential, ...change });
  const { session } = await signedIn(sandbox, { store, env });
  await session.token();
  expect(sandbox.tokenRequests).toEqual({ client_credentials: 1 });
});

test('a secret that is wrong: exit code 4, and nobody is told to sign in with a browser', async () => {
  const sandbox = await sandboxForTest();
  const { session } = await signedIn(sandbox, { env: { ...env, REMO_CLIENT_SECRET: 'wrong-secret' } });
  await expect(session.token()).rejects.toMatchObject({
    code: 'client_refused',
    exitCode: 4,
    params: { error: 'invalid_client' },
  });
});

test('network trouble is exit code 6, and nothing is kept', async () => {
  const sandbox = await sandboxForTest();
  const { session, store } = await signedIn(sandbox, { env });
  sandbox.faults.add({ kind: 'drop', path: '/oidc/token' });
  await expect(session.token()).rejects.toMatchObject({ code: 'network', exitCode: 6 });
  expect(await store.read(entry)).toBeUndefined();
});

test('a server that wants the secret in the body gets it there', async () => {
  const clients = [
    {
      client_id: batchClient.id,
      client_secret: batchClient.secret,
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
      scope: 'remo.read',
      token_endpoint_auth_method: 'client_secret_post' as const,
      id_token_signed_response_alg: 'ES256' as const,
    },
  ];
  const sandbox = await sandboxForTest({ oidc: { clients, clientAuthMethods: ['client_secret_post'] } });
  const { session, store } = await signedIn(sandbox, { env: { ...env, REMO_SCOPES: 'remo.read' } });
  await session.token();
  expect(await store.read(entry)).toMatchObject({ scope: 'remo.read' });
  expect(sandbox.requests.find(({ path }) => path === '/oidc/token')?.headers.authorization).toBeUndefined();
});

test('a secret without an id: exit code 2; an id without a secret belongs to the sign-in of a person', async () => {
  const sandbox = await sandboxForTest();
  const { REMO_CLIENT_SECRET } = env;
  await expect(signedIn(sandbox, { env: { REMO_CLIENT_SECRET } })).rejects.toMatchObject({
    code: 'client_id_missing',
    exitCode: 2,
  });
  const credential = await credentialFrom(sandbox);
  const { session } = await signedIn(sandbox, { credential, env: { REMO_CLIENT_ID: 'x' } });
  expect(await session.token()).toBe(credential.accessToken);
});

test('REMO_TOKEN comes first, then the client, then what is stored', async () => {
  const sandbox = await sandboxForTest();
  const credential = await credentialFrom(sandbox);
  const all = await signedIn(sandbox, { credential, env: { ...env, REMO_TOKEN: 'given' } });
  expect(await all.session.token()).toBe('given');
  const client = await signedIn(sandbox, { credential, env });
  expect(await client.session.token()).not.toBe(credential.accessToken);
  expect(await client.session.describe()).toMatchObject({ by: 'client', place: 'memory' });
  const person = await signedIn(sandbox, { credential });
  expect(await person.session.describe()).toMatchObject({ by: 'person' });
});

/** A keychain that is not there, as in most CI. */
function noKeychain(trouble: 'no_bus' | 'timeout'): CredentialStore {
  const absent = async () => {
    throw new RemoError('keychain_unavailable', { trouble, detail: '' });
  };
  return { ...memoryStore(), kind: 'keychain', prove: absent, read: absent, write: absent, remove: absent };
}

test('without a keychain it goes on, and says so once', async () => {
  const sandbox = await sandboxForTest();
  const { context, session, host } = await signedIn(sandbox, { store: noKeychain('no_bus'), env });
  const api = await context.api();
  await Promise.all([api.getAccount(), api.getAccount()]);
  expect(await session.describe()).toMatchObject({ by: 'client', source: 'memory' });
  expect(host.err.split('\n').filter(line => line.includes('The access token is not kept'))).toHaveLength(1);
  expect(jsonRequests(sandbox)).toBe(1);
});

test('a keychain that does not answer is not waited for twice', async () => {
  const sandbox = await sandboxForTest();
  const { session } = await signedIn(sandbox, { store: noKeychain('timeout'), env });
  await expect(session.token()).rejects.toMatchObject({ code: 'keychain_unavailable', exitCode: 4 });
});

test('a kept token that is broken is replaced', async () => {
  const sandbox = await sandboxForTest();
  const store = memoryStore();
  const broken = async () => {
    throw new RemoError('credential_broken', { profile: 'default', place: 'memory' });
  };
  const { session } = await signedIn(sandbox, { store: { ...store, read: broken }, env });
  await session.token();
  expect(await store.read(entry)).toBeDefined();
});

test('a kept token that was asked for with other scopes is not used, whether more or fewer', async () => {
  const sandbox = await sandboxForTest();
  const store = memoryStore();
  for (const scopes of ['remo.read', 'remo.reboot remo.read', 'remo.read']) {
    const { session } = await signedIn(sandbox, { store, env: { ...env, REMO_SCOPES: scopes } });
    await session.token();
    expect((await store.read(entry))?.scope?.split(' ').sort()).toEqual(scopes.split(' ').sort());
  }
  expect(sandbox.tokenRequests).toEqual({ client_credentials: 3 });
  const again = await signedIn(sandbox, { store, env: { ...env, REMO_SCOPES: 'openid remo.read' } });
  await again.session.token();
  expect(sandbox.tokenRequests).toEqual({ client_credentials: 3 });
});

test.each([
  ['more', 'remo.read remo.reboot remo.admin'],
  ['fewer', 'remo.read'],
])(
  'a server that grants %s scopes than asked for: its token is shared all the same',
  async (_what, scope) => {
    const sandbox = await sandboxForTest();
    const store = memoryStore();
    const change = (body: object) => ({ ...body, scope });
    sandbox.faults.add({ kind: 'alter', change, path: '/oidc/token' });
    const first = await signedIn(sandbox, { store, env });
    const second = await signedIn(sandbox, { store, env });
    expect(await second.session.token()).toBe(await first.session.token());
    expect(sandbox.tokenRequests).toEqual({ client_credentials: 1 });
  },
);
