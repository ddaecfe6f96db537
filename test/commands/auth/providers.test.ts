import { expect, test } from 'vitest';
import { memoryStore } from '../../../src/auth/credential-store/memory.js';
import type { Sandbox, SandboxSettings } from '../../../src/sandbox/server.js';
import { credentialFrom } from '../../auth/signed-in.js';
import { browserEnv } from '../../support/browser.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';
import { machine } from './machine.js';

// Authorization servers differ. Each of these works, or what is missing is said plainly.

// biome-ignore lint/suspicious/noExplicitAny: a test knows which answer it changes
type Change = (body: any) => unknown;

async function provider(settings: SandboxSettings = {}) {
  const sandbox = await sandboxForTest({ autoApprove: true, ...settings });
  const own = machine({ ...browserEnv(), REMO_API_URL: sandbox.apiUrl });
  const discovery = (change: Change, times = 1) =>
    sandbox.faults.add({ kind: 'alter', change, path: /openid-configuration/, times });
  const tokens = (change: Change, times = 1) =>
    sandbox.faults.add({ kind: 'alter', change, path: '/oidc/token', times });
  return { sandbox, discovery, tokens, ...own };
}

/** The ID token of an answer with other claims. It comes from the server itself, so nobody looks at the signature. */
function withClaims<T extends { id_token: string }>(
  body: T,
  change: (claims: Record<string, number>) => object,
): T {
  const [header, payload = '', signature] = body.id_token.split('.');
  const claims = change(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  const encoded = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return { ...body, id_token: [header, encoded, signature].join('.') };
}

const device = ['login', '--device'];
const granted = async (sandbox: Sandbox, scope: string) => ({
  ...(await credentialFrom(sandbox)),
  accessToken: (await sandbox.issueToken({ scope })).accessToken,
  scope,
});

test.each([
  ['only the API writes it', '/oidc/', undefined],
  ['only the server writes it', undefined, '/oidc/'],
])('an issuer with a slash at its end: %s', async (_what, inApi, inServer) => {
  const { sandbox, remo, stored, discovery, tokens } = await provider();
  if (inApi) {
    const change = (body: object) => ({ ...body, authorization_servers: [sandbox.origin + inApi] });
    sandbox.faults.add({ kind: 'alter', change, path: /oauth-protected-resource/ });
  }
  if (inServer) {
    const iss = sandbox.origin + inServer;
    discovery(body => ({ ...body, issuer: iss }), 2);
    tokens(body => withClaims(body, claims => ({ ...claims, iss })));
  }
  expect((await remo(device)).code).toBe(0);
  expect((await stored())?.issuer).toBe(sandbox.origin + (inServer ?? '/oidc'));
});

test('another issuer than the one named is refused, slash or not', async () => {
  const { remo, discovery } = await provider();
  discovery(body => ({ ...body, issuer: 'https://evil.example/oidc/' }), 2);
  const { code, err } = await remo(device);
  expect(code).toBe(6);
  expect(err).toContain('describes another issuer');
});

test('no userinfo, no ID token without openid, no introspection: not needed', async () => {
  const { remo, discovery, stored } = await provider();
  discovery(({ userinfo_endpoint: _, introspection_endpoint: __, ...body }) => body);
  const { code, err } = await remo([...device, '--scopes', 'offline_access remo.read remo.reboot']);
  expect({ code, err }).toMatchObject({ code: 0 });
  expect((await stored())?.accessToken).toEqual(expect.any(String));
});

test('no device endpoint: the browser works, --device says what is missing', async () => {
  const { remo, discovery } = await provider();
  discovery(({ device_authorization_endpoint: _, ...body }) => body, 2);
  expect((await remo(['login'])).code).toBe(0);
  const { code, err } = await remo(device);
  expect(code).toBe(4);
  expect(err).toContain('does not offer sign-in with a device code');
});

test('no refresh token: said at sign-in and by whoami; at the end of the token 4', async () => {
  const { sandbox, remo, tokens, stored } = await provider();
  tokens(({ refresh_token: _, ...body }) => body);
  const { code, err } = await remo(device);
  expect(code).toBe(0);
  expect(err).toMatch(/no refresh token: this sign-in ends at \d{4}/);
  expect(JSON.parse((await remo(['whoami', '-o', 'json'])).out)).toMatchObject({ renews: false });
  expect((await stored())?.refreshToken).toBeUndefined();
  sandbox.endSessions();
  const after = await remo(['whoami']);
  expect(after.code).toBe(4);
  expect(after.err).toContain('remo login');
});

test('nobody asked for a refresh token, so nobody is told that there is none', async () => {
  const { remo, tokens } = await provider();
  tokens(({ refresh_token: _, ...body }) => body);
  const { err } = await remo([...device, '--scopes', 'openid remo.read']);
  expect(err).not.toContain('refresh token');
});

test('refresh tokens that do not rotate', async () => {
  const { sandbox, remo, stored } = await provider({ oidc: { rotateRefreshToken: false } });
  await remo(device);
  const first = (await stored())?.refreshToken;
  for (let round = 0; round < 2; round++) {
    sandbox.revokeAccessTokens();
    expect((await remo(['whoami'])).code).toBe(0);
    expect((await stored())?.refreshToken).toBe(first);
  }
});

test.each([
  ['missing', ({ expires_in: _, ...body }: { expires_in?: number }) => body, null],
  ['a text', (body: object) => ({ ...body, expires_in: '3600' }), expect.stringMatching(/^20/)],
  [
    'null, as are the others that may be left out',
    (body: object) => ({ ...body, expires_in: null, scope: null }),
    null,
  ],
])('expires_in is %s', async (_what, change, expected) => {
  const { remo, tokens } = await provider();
  tokens(change);
  expect((await remo(device)).code).toBe(0);
  const { out } = await remo(['whoami', '-o', 'json']);
  expect(JSON.parse(out)).toMatchObject({ access_token_expires_at: expected });
});

test.each(['9223372036854775807', 9.2e18])('expires_in is beyond all time (%s): ten years', async seconds => {
  const { remo, tokens } = await provider();
  tokens(body => ({ ...body, expires_in: seconds }), 2);
  expect((await remo(device)).code).toBe(0);
  const { code, out } = await remo(['whoami', '-o', 'json']);
  expect(code).toBe(0);
  const years = new Date(JSON.parse(out).access_token_expires_at).getFullYear() - new Date().getFullYear();
  expect(years).toBeGreaterThanOrEqual(9);
  expect(years).toBeLessThanOrEqual(10);
  expect((await remo(['doctor'])).err).not.toContain('RangeError');
  expect((await remo(['login'])).code).toBe(0);
});

test('expires_in is nonsense: refused, naming the field', async () => {
  const { remo, tokens, stored } = await provider();
  tokens(body => ({ ...body, expires_in: 'soon' }));
  const { code, err } = await remo(device);
  expect(code).toBe(6);
  expect(err).toContain('expires_in');
  expect(await stored()).toBeUndefined();
});

test.each([
  ['slow', -5],
  ['fast', 5],
])('the clock of this machine is five minutes %s', async (_what, minutes) => {
  const { remo, tokens } = await provider();
  // The same as an ID token made by a server whose clock is that much ahead, or behind.
  tokens(body => {
    const shift = -minutes * 60;
    return withClaims(body, ({ iat = 0, ...claims }) => ({
      ...claims,
      iat: iat + shift,
      exp: iat + shift + 60,
    }));
  });
  const { code, err } = await remo(['login']);
  expect({ code, err }).toMatchObject({ code: 0 });
});

test('the clock of this machine is an hour fast: the sign-in fails naming the clock', async () => {
  for (const lang of ['en', 'ja']) {
    const { remo, tokens, stored } = await provider();
    tokens(body =>
      withClaims(body, ({ iat = 0, ...claims }) => ({ ...claims, iat: iat - 3600, exp: iat - 3540 })),
    );
    const { code, err } = await remo(['login', '--lang', lang]);
    expect(code).toBe(6);
    expect(err).toContain(lang === 'en' ? 'clock of this computer' : '時計');
    expect(err).toContain('remo doctor');
    expect(await stored()).toBeUndefined();
  }
});

test.each([
  ['the ID token is past', body => withClaims(body, claims => ({ ...claims, iat: 1, exp: 2 }))],
  ['the ID token is none', body => ({ ...body, id_token: 'x' })],
  ['token_type is missing', ({ token_type: _, ...body }) => body],
  ['token_type is null', body => ({ ...body, token_type: null })],
  ['expires_in is a word', body => ({ ...body, expires_in: 'x' })],
  ['expires_in is endless', body => ({ ...body, expires_in: '1e999' })],
  ['expires_in is negative', body => ({ ...body, expires_in: -1 })],
  ['scope is a list', body => ({ ...body, scope: ['remo.read'] })],
] satisfies [string, Change][])(
  'renewing, %s: the new tokens are kept all the same',
  async (_what, change) => {
    const { sandbox, remo, tokens, stored } = await provider();
    await remo(['login']);
    const first = await stored();
    sandbox.revokeAccessTokens();
    tokens(change);
    const { code, err } = await remo(['whoami']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect((await stored())?.refreshToken).not.toBe(first?.refreshToken);
    // The provider ends the session when it sees a refresh token twice.
    sandbox.revokeAccessTokens();
    expect((await remo(['whoami'])).code).toBe(0);
  },
);

test('the scopes of the settings are asked for', async () => {
  const { sandbox, remo, stored } = await provider();
  expect((await remo([...device, '--scopes', 'openid offline_access remo.read'])).code).toBe(0);
  expect((await stored())?.scope).toBe('openid offline_access remo.read');
  const { out } = await remo(['config', 'get', 'scopes']);
  expect(out.trim()).toBe('openid offline_access remo.read');
  expect(sandbox.requests.filter(({ path }) => path === '/oidc/device/auth')).toHaveLength(1);
});

test('fewer scopes granted than asked for: said at sign-in, shown by whoami', async () => {
  const { remo, tokens } = await provider();
  tokens(body => ({ ...body, scope: 'openid remo.read' }));
  const { code, err } = await remo(device);
  expect(code).toBe(0);
  expect(err).toContain('missing: remo.reboot');
  const { out } = await remo(['whoami', '-o', 'json']);
  expect(JSON.parse(out).scopes).toBe('openid remo.read');
});

test('without remo.reboot reading works, and a reboot says why it can not be, sending nothing', async () => {
  const { sandbox } = await provider();
  const store = memoryStore();
  await store.write('default', await granted(sandbox, 'openid remo.read'));
  const { remo } = machine({ REMO_API_URL: sandbox.apiUrl }, store);
  const [id = ''] = sandbox.fleet.devices.keys();
  expect((await remo(['devices', 'status', id])).code).toBe(0);
  expect((await remo(['devices', 'reboot', id, '--dry-run'])).code).toBe(0);
  sandbox.requests.length = 0;
  for (const lang of ['en', 'ja']) {
    const { code, err } = await remo(['devices', 'reboot', id, '--yes', '--lang', lang]);
    expect(code).toBe(4);
    expect(err).toContain('remo.reboot');
    expect(err).toContain('remo login');
  }
  expect(sandbox.requests).toEqual([]);
});

test('granted scopes not known: the 403 of the backend says which permission is missing', async () => {
  const { sandbox } = await provider();
  const { accessToken } = await sandbox.issueToken({ scope: 'openid remo.read' });
  const { remo } = machine({ REMO_API_URL: sandbox.apiUrl, REMO_TOKEN: accessToken });
  const [id = ''] = sandbox.fleet.devices.keys();
  const { code, err } = await remo(['devices', 'reboot', id, '--yes']);
  expect(code).toBe(4);
  expect(err).toContain('remo.reboot');
  expect(sandbox.rebootCount(id)).toBe(0);
});

test('no revocation endpoint, or one that refuses: signed out here, and it says so', async () => {
  const { sandbox, remo, discovery, stored } = await provider();
  await remo(device);
  discovery(({ revocation_endpoint: _, ...body }) => body);
  expect((await remo(['logout'])).err).toContain('does not offer that');
  await remo(device);
  sandbox.faults.add({ kind: 'answer', path: '/oidc/token/revocation', ...problems.forbidden() });
  expect((await remo(['logout'])).err).toContain('was not ended at the server');
  expect(await stored()).toBeUndefined();
});

test('a refresh token that is null is one that is not there', async () => {
  const { remo, tokens, stored } = await provider();
  tokens((body: object) => ({ ...body, refresh_token: null }));
  expect((await remo(device)).code).toBe(0);
  expect((await stored())?.refreshToken).toBeUndefined();
});
