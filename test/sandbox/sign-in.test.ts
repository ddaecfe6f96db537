import * as oidc from 'openid-client';
import { describe, expect, it, vi } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { sandboxForTest } from '../support/sandbox.js';
import { Browser } from './browser.js';

const scope = 'openid offline_access remo.read remo.reboot';
const redirectUri = 'http://127.0.0.1:53682/callback';

/** Discovery from the API's address alone, as the CLI does it. */
async function discover(sandbox: Sandbox): Promise<oidc.Configuration> {
  const challenge = (await fetch(`${sandbox.apiUrl}/account`)).headers.get('WWW-Authenticate');
  const address = /resource_metadata="([^"]+)"/.exec(challenge ?? '')?.[1] ?? '';
  const { authorization_servers: servers } = (await (await fetch(address)).json()) as {
    authorization_servers: string[];
  };
  return oidc.discovery(new URL(servers[0] ?? ''), 'remo-cli', undefined, oidc.None(), {
    execute: [oidc.allowInsecureRequests],
  });
}

async function authorizationRequest(config: oidc.Configuration, extra: Record<string, string> = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    prompt: 'consent',
    ...extra,
  });
  return {
    url: url.href,
    checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce },
  };
}

async function signIn(sandbox: Sandbox, browser = new Browser(sandbox.origin)) {
  const config = await discover(sandbox);
  const { url, checks } = await authorizationRequest(config);
  const callback = await browser.submit(await browser.open(url), { action: 'allow' });
  return { config, tokens: await oidc.authorizationCodeGrant(config, new URL(callback.url), checks) };
}

const account = (sandbox: Sandbox, token: string) =>
  fetch(`${sandbox.apiUrl}/account`, { headers: { Authorization: `Bearer ${token}` } });

describe('authorization code with PKCE', () => {
  it('signs in through the page, on any loopback port', async () => {
    const sandbox = await sandboxForTest();
    const { tokens } = await signIn(sandbox);
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope });
    expect(tokens.claims()).toMatchObject({ sub: sandbox.account.id, iss: sandbox.issuer });
    expect(await (await account(sandbox, tokens.access_token)).json()).toEqual(sandbox.account);
    expect(sandbox.tokenRequests).toEqual({ authorization_code: 1 });
  });

  it('asks again when the same browser signs in a second time', async () => {
    const sandbox = await sandboxForTest();
    const browser = new Browser(sandbox.origin);
    const first = await signIn(sandbox, browser);
    const second = await signIn(sandbox, browser);
    expect(second.tokens.access_token).not.toBe(first.tokens.access_token);
    // One sign-in ended leaves the other.
    await oidc.tokenRevocation(first.config, first.tokens.refresh_token ?? '');
    expect((await account(sandbox, second.tokens.access_token)).status).toBe(200);
  });

  it.each([
    ['en', 'en-GB,en;q=0.9,ja;q=0.8', {}, 'Sign in as 山田 花子'],
    ['ja', 'fr;q=0.9, ja-JP;q=0.8, en;q=0.1', {}, 'としてログイン'],
    ['ja', 'en', { ui_locales: 'ja' }, 'としてログイン'],
    ['en', '', {}, 'instruct devices to reboot'],
  ])('speaks %s to Accept-Language %j and %j', async (lang, acceptLanguage, extra, text) => {
    const sandbox = await sandboxForTest();
    const { url } = await authorizationRequest(await discover(sandbox), extra);
    const page = await new Browser(sandbox.origin, acceptLanguage).open(url);
    expect(page.status).toBe(200);
    expect(page.html).toContain(`<html lang="${lang}">`);
    expect(page.html).toContain(text);
  });

  it('tells the client when the person cancels', async () => {
    const sandbox = await sandboxForTest();
    const config = await discover(sandbox);
    const { url, checks } = await authorizationRequest(config);
    const browser = new Browser(sandbox.origin);
    const callback = await browser.submit(await browser.open(url), { action: 'deny' });
    await expect(oidc.authorizationCodeGrant(config, new URL(callback.url), checks)).rejects.toMatchObject({
      error: 'access_denied',
    });
  });

  it('keeps its page to the browser that was sent there', async () => {
    const sandbox = await sandboxForTest();
    const { url } = await authorizationRequest(await discover(sandbox));
    const page = await new Browser(sandbox.origin).open(url);
    const stranger = await new Browser(sandbox.origin, 'ja').open(page.url, {
      method: 'POST',
      body: 'action=allow',
    });
    expect(stranger.status).toBe(400);
    expect(stranger.html).toContain('有効期限');
  });

  it('insists on PKCE and on a registered redirect address', async () => {
    const sandbox = await sandboxForTest();
    const { url } = await authorizationRequest(await discover(sandbox));
    const browser = new Browser(sandbox.origin);
    const without = new URL(url);
    without.searchParams.delete('code_challenge');
    without.searchParams.delete('code_challenge_method');
    expect(new URL((await browser.open(without.href)).url).searchParams.get('error')).toBe('invalid_request');
    for (const elsewhere of [
      'https://evil.example/callback',
      'http://127.0.0.1:1/other',
      'http://10.0.0.1/callback',
    ]) {
      const altered = new URL(url);
      altered.searchParams.set('redirect_uri', elsewhere);
      altered.searchParams.set('scope', '"><script>');
      const page = await browser.open(altered.href);
      expect(page.status).toBe(400);
      expect(page.html).toContain('Sign-in failed');
      expect(page.html).not.toContain('<script>');
    }
  });

  it('takes a code once', async () => {
    const sandbox = await sandboxForTest();
    const config = await discover(sandbox);
    const { url, checks } = await authorizationRequest(config);
    const browser = new Browser(sandbox.origin);
    const callback = new URL((await browser.submit(await browser.open(url), { action: 'allow' })).url);
    const tokens = await oidc.authorizationCodeGrant(config, callback, checks);
    await expect(oidc.authorizationCodeGrant(config, callback, checks)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect((await account(sandbox, tokens.access_token)).status).toBe(401);
  });
});

describe('device code', () => {
  it.each([
    ['en', 'You are signed in'],
    ['ja', 'ログインしました'],
  ])('signs in through its pages in %s', async (language, done) => {
    const sandbox = await sandboxForTest();
    const config = await discover(sandbox);
    const device = await oidc.initiateDeviceAuthorization(config, { scope });
    const tokens = oidc.pollDeviceAuthorizationGrant(config, device);
    const browser = new Browser(sandbox.origin, language);
    const input = await browser.open(device.verification_uri);
    expect(input.html).toContain(`<html lang="${language}">`);
    const wrong = await browser.submit(input, { user_code: 'WRNG-CODE' });
    const confirm = await browser.submit(wrong, { user_code: device.user_code.toLowerCase() });
    expect(confirm.html).toContain(`<code>${device.user_code}</code>`);
    const ask = await browser.submit(confirm);
    const success = await browser.submit(ask, { action: 'allow' });
    expect(success.html).toContain(done);
    expect(await tokens).toMatchObject({ scope, expires_in: 3600 });
    expect((await account(sandbox, (await tokens).access_token)).status).toBe(200);
  });

  it('takes the code from the complete address too', async () => {
    const sandbox = await sandboxForTest();
    const config = await discover(sandbox);
    const device = await oidc.initiateDeviceAuthorization(config, { scope });
    const browser = new Browser(sandbox.origin);
    const filled = await browser.open(device.verification_uri_complete ?? '');
    const confirm = await browser.submit(filled);
    await browser.submit(await browser.submit(confirm), { action: 'allow' });
    expect((await oidc.pollDeviceAuthorizationGrant(config, device)).refresh_token).toBeDefined();
  });

  it('is refused when the person cancels, before or at the sign-in', async () => {
    const sandbox = await sandboxForTest();
    const config = await discover(sandbox);
    for (const where of ['confirm', 'sign-in']) {
      const device = await oidc.initiateDeviceAuthorization(config, { scope });
      const browser = new Browser(sandbox.origin);
      const input = await browser.open(device.verification_uri);
      const confirm = await browser.submit(input, { user_code: device.user_code });
      const last =
        where === 'confirm'
          ? await browser.submit(confirm, { abort: 'yes' })
          : await browser.submit(await browser.submit(confirm), { action: 'deny' });
      expect(last.html).toContain('Sign-in was cancelled');
      await expect(oidc.pollDeviceAuthorizationGrant(config, device)).rejects.toMatchObject({
        error: 'access_denied',
      });
    }
  });

  it('waits for a person, or for a test in their place', async () => {
    const sandbox = await sandboxForTest();
    const config = await discover(sandbox);
    const device = await oidc.initiateDeviceAuthorization(config, { scope });
    const tokens = oidc.pollDeviceAuthorizationGrant(config, device);
    await expect.poll(() => Object.values(sandbox.tokenRequests)[0] ?? 0).toBeGreaterThan(1);
    await sandbox.approveDevice(device.user_code);
    expect((await tokens).claims()).toMatchObject({ sub: sandbox.account.id });
    await expect(sandbox.approveDevice('NONE-SUCH')).rejects.toThrow(RangeError);
  });

  it('approves itself when told so', async () => {
    const sandbox = await sandboxForTest({ autoApprove: true });
    const config = await discover(sandbox);
    const device = await oidc.initiateDeviceAuthorization(config, { scope });
    const tokens = await oidc.pollDeviceAuthorizationGrant(config, device);
    expect(tokens.scope).toBe(scope);
    expect(Object.values(sandbox.tokenRequests)).toEqual([1]);
  });
});

describe('tokens', () => {
  it('are refreshed by rotation, and a refresh token used twice ends the session', async () => {
    const sandbox = await sandboxForTest();
    const { config, tokens } = await signIn(sandbox);
    const second = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(second.refresh_token).not.toBe(tokens.refresh_token);
    expect(second).toMatchObject({ scope });
    expect((await account(sandbox, second.access_token)).status).toBe(200);
    await expect(oidc.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect((await account(sandbox, second.access_token)).status).toBe(401);
    await expect(oidc.refreshTokenGrant(config, second.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect(sandbox.tokenRequests).toEqual({ authorization_code: 1, refresh_token: 3 });
  });

  it('are as good when they are issued without the dance', async () => {
    const sandbox = await sandboxForTest({ tokenSeconds: 60 });
    const config = await discover(sandbox);
    const issued = await sandbox.issueToken();
    expect(issued).toMatchObject({ expiresIn: 60, scope });
    expect((await account(sandbox, issued.accessToken)).status).toBe(200);
    const refreshed = await oidc.refreshTokenGrant(config, issued.refreshToken);
    expect(refreshed).toMatchObject({ scope, expires_in: 60 });
    expect((await account(sandbox, refreshed.access_token)).status).toBe(200);
  });

  it('end with the session when the refresh token is revoked', async () => {
    const sandbox = await sandboxForTest();
    const { config, tokens } = await signIn(sandbox);
    await oidc.tokenRevocation(config, tokens.refresh_token ?? '');
    expect((await account(sandbox, tokens.access_token)).status).toBe(401);
    await expect(oidc.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('can be introspected by their client', async () => {
    const sandbox = await sandboxForTest();
    const config = await discover(sandbox);
    const { accessToken } = await sandbox.issueToken();
    expect(await oidc.tokenIntrospection(config, accessToken)).toMatchObject({ active: true, scope });
    sandbox.revokeAccessTokens();
    expect(await oidc.tokenIntrospection(config, accessToken)).toMatchObject({ active: false });
  });

  it('all end when the sessions end', async () => {
    const sandbox = await sandboxForTest();
    const config = await discover(sandbox);
    const { accessToken, refreshToken } = await sandbox.issueToken();
    sandbox.endSessions();
    expect((await account(sandbox, accessToken)).status).toBe(401);
    await expect(oidc.refreshTokenGrant(config, refreshToken)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });
});

it('prints nothing, whatever is asked of it', async () => {
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map(method => vi.spyOn(console, method));
  const writes = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
  const sandbox = await sandboxForTest({ autoApprove: true });
  const { config, tokens } = await signIn(sandbox);
  await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '');
  const device = await oidc.initiateDeviceAuthorization(config, { scope });
  await oidc.pollDeviceAuthorizationGrant(config, device);
  await new Browser(sandbox.origin).open(device.verification_uri);
  await new Browser(sandbox.origin).open(`${sandbox.issuer}/auth?client_id=nobody`);
  await oidc.tokenIntrospection(config, tokens.access_token);
  await oidc.tokenRevocation(config, tokens.access_token);
  for (const spy of [...spies, ...writes]) expect(spy).not.toHaveBeenCalled();
});
