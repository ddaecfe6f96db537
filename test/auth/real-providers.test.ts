import { beforeAll, expect, test } from 'vitest';
import { scopes } from '../../src/sandbox/authorization.js';
import type { SandboxSettings } from '../../src/sandbox/server.js';
import { browserEnv } from '../support/browser.js';
import { sandboxForTest } from '../support/sandbox.js';
import { describeKeychain } from './real-keychain.js';

// Authorization servers differ: oidc-provider set up otherwise, the built program, and a real keychain.
// test/commands/auth/providers.test.ts has the answers that no configuration of it gives.

/** The client of the CLI where it may not use device codes, and beside it none. */
const withoutDevices = {
  client_id: 'remo-cli',
  application_type: 'native' as const,
  token_endpoint_auth_method: 'none' as const,
  redirect_uris: ['http://127.0.0.1/callback'],
  response_types: ['code' as const],
  grant_types: ['authorization_code', 'refresh_token'],
  id_token_signed_response_alg: 'ES256' as const,
};

describeKeychain('providers that differ', ({ keyring, remo }) => {
  beforeAll(() => keyring().start('unlocked'));

  const provider = (oidc: SandboxSettings['oidc'] = {}) => sandboxForTest({ autoApprove: true, oidc });
  const stored = async () => JSON.parse((await keyring().get('default')) ?? 'null');

  test('no device flow: --device says so, the browser works', async () => {
    const sandbox = await provider({
      features: { deviceFlow: { enabled: false } },
      clients: [withoutDevices],
    });
    const refused = await remo(sandbox, ['login', '--device']);
    expect(refused.code).toBe(4);
    expect(refused.err).toContain('does not offer sign-in with a device code');
    expect((await remo(sandbox, ['login'], browserEnv())).code).toBe(0);
    expect((await remo(sandbox, ['whoami'])).code).toBe(0);
  });

  test('no revocation: signed out here, and it says so', async () => {
    const sandbox = await provider({ features: { revocation: { enabled: false } } });
    expect((await remo(sandbox, ['login'])).code).toBe(0);
    const { code, err } = await remo(sandbox, ['logout']);
    expect(code).toBe(0);
    expect(err).toContain('does not offer that');
    expect(await stored()).toBeNull();
  });

  test('no refresh token: said at sign-in and by whoami; at the end of the token 4', async () => {
    const sandbox = await provider({ issueRefreshToken: async () => false });
    const { code, err } = await remo(sandbox, ['login']);
    expect(code).toBe(0);
    expect(err).toContain('no refresh token');
    expect((await stored()).refreshToken).toBeUndefined();
    expect(JSON.parse((await remo(sandbox, ['whoami', '-o', 'json'])).out)).toMatchObject({ renews: false });
    sandbox.revokeAccessTokens();
    const after = await remo(sandbox, ['whoami']);
    expect(after.code).toBe(4);
    expect(after.err).toContain('remo login');
  });

  test.each([
    ['rotate', true],
    ['do not rotate', false],
  ])('refresh tokens that %s', async (_what, rotateRefreshToken) => {
    const sandbox = await provider({ rotateRefreshToken });
    expect((await remo(sandbox, ['login'], browserEnv())).code).toBe(0);
    const first = await stored();
    for (let round = 1; round <= 2; round++) {
      sandbox.revokeAccessTokens();
      expect((await remo(sandbox, ['whoami'])).code).toBe(0);
      expect(sandbox.tokenRequests['refresh_token']).toBe(round);
    }
    const last = await stored();
    expect(last.accessToken).not.toBe(first.accessToken);
    expect(last.refreshToken === first.refreshToken).toBe(!rotateRefreshToken);
  });

  test('fewer scopes than asked for: reading works, a reboot says why it can not be', async () => {
    const sandbox = await provider({
      scopes: scopes.filter(name => name !== 'remo.reboot'),
      clients: [withoutDevices],
    });
    const { code, err } = await remo(sandbox, ['login'], browserEnv());
    expect(code).toBe(0);
    expect(err).toContain('missing: remo.reboot');
    expect((await remo(sandbox, ['customers', 'list'])).code).toBe(0);
    const [id = ''] = sandbox.fleet.devices.keys();
    const refused = await remo(sandbox, ['devices', 'reboot', id, '--yes']);
    expect(refused.code).toBe(4);
    expect(refused.err).toContain('remo.reboot');
    expect(sandbox.rebootCount(id)).toBe(0);
  });

  test('a lifetime of seconds: renewed in time, again and again, without a 401', async () => {
    const sandbox = await sandboxForTest({ autoApprove: true, tokenSeconds: 2 });
    expect((await remo(sandbox, ['login'], browserEnv())).code).toBe(0);
    for (let round = 0; round < 5; round++) expect((await remo(sandbox, ['whoami'])).code).toBe(0);
    expect(sandbox.tokenRequests['refresh_token']).toBeGreaterThanOrEqual(1);
  });
});
