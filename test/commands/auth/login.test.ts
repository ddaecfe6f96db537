import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { memoryStore } from '../../../src/auth/credential-store/memory.js';
import type { CredentialStore } from '../../../src/auth/credential-store/store.js';
import { run } from '../../../src/cli.js';
import { Context } from '../../../src/context.js';
import { RemoError } from '../../../src/errors.js';
import type { Sandbox } from '../../../src/sandbox/server.js';
import { temporaryFolder } from '../../auth/signed-in.js';
import { browserEnv } from '../../support/browser.js';
import { fakeHost } from '../../support/host.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';
import { machine } from './machine.js';

/** The page that the browser shows at the end; it gets it a little after the command. */
const lastPage = (file: string) => vi.waitFor(() => readFileSync(file, 'utf8'));

const settings = (home: string) =>
  JSON.parse(readFileSync(path.join(home, '.config', 'remo', 'config.json'), 'utf8')).profiles;

const visits = (sandbox: Sandbox, place: RegExp) =>
  sandbox.requests.filter(request => place.test(request.path));

test('through the browser, and remembered: later commands need no flags', async () => {
  const sandbox = await sandboxForTest();
  const pageFile = path.join(temporaryFolder(), 'page.html');
  const { remo, home, stored } = machine(browserEnv({ pageFile, strays: true }));
  const { code, out, err } = await remo(['login', '--api-url', sandbox.apiUrl]);
  expect(code).toBe(0);
  expect(out).toBe('');
  expect(err).toContain(`${sandbox.issuer}/auth?`);
  expect(err).toContain('code_challenge_method=S256');
  expect(err).toContain('it was ignored');
  expect(err).toContain('Signed in as 山田 花子 (hanako.yamada@partner.example), partner code PA-10482');
  expect(await lastPage(pageFile)).toContain('You can close this tab');
  expect(settings(home)).toEqual({ default: { api_url: sandbox.apiUrl, client_id: 'remo-cli' } });
  const credential = await stored();
  expect(credential).toMatchObject({ apiUrl: sandbox.apiUrl, issuer: sandbox.issuer, clientId: 'remo-cli' });
  expect(`${out}${err}`).not.toContain(credential?.accessToken);
  expect((await remo(['whoami'])).code).toBe(0);
});

test('in Japanese, with the page of the server asked for in Japanese', async () => {
  const sandbox = await sandboxForTest();
  const pageFile = path.join(temporaryFolder(), 'page.html');
  const { remo } = machine({
    ...browserEnv({ pageFile }),
    REMO_API_URL: sandbox.apiUrl,
    LANG: 'ja_JP.UTF-8',
  });
  const { code, err } = await remo(['login']);
  expect(code).toBe(0);
  expect(err).toContain('としてログインしました');
  expect(err).toContain('ui_locales=ja');
  expect(await lastPage(pageFile)).toContain('<html lang="ja">');
});

test('the person says no: exit code 4, and the browser shows that it failed', async () => {
  const sandbox = await sandboxForTest();
  const pageFile = path.join(temporaryFolder(), 'page.html');
  const { remo, stored } = machine({
    ...browserEnv({ presses: 'deny', pageFile }),
    REMO_API_URL: sandbox.apiUrl,
  });
  const { code, err } = await remo(['login']);
  expect(code).toBe(4);
  expect(err).toContain('access_denied');
  expect(await lastPage(pageFile)).toContain('The sign-in failed');
  expect(await stored()).toBeUndefined();
});

test('an ID token with another nonce is not accepted', async () => {
  const sandbox = await sandboxForTest();
  const forge = (token: string) => {
    const [header, payload = '', signature] = token.split('.');
    const claims = {
      ...JSON.parse(Buffer.from(payload, 'base64url').toString()),
      nonce: 'of-another-sign-in',
    };
    return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
  };
  const change = (body: { id_token: string }) => ({ ...body, id_token: forge(body.id_token) });
  sandbox.faults.add({ kind: 'alter', change, path: '/oidc/token' });
  const { remo, stored } = machine({ ...browserEnv(), REMO_API_URL: sandbox.apiUrl });
  const { code, err } = await remo(['login']);
  expect(code).toBe(6);
  expect(err).toContain('id_token.nonce');
  expect(await stored()).toBeUndefined();
});

test('a token endpoint that fails', async () => {
  const sandbox = await sandboxForTest();
  sandbox.faults.add({ kind: 'answer', path: '/oidc/token', ...problems.unavailable() });
  const { remo } = machine({ ...browserEnv(), REMO_API_URL: sandbox.apiUrl });
  expect((await remo(['login'])).code).toBe(6);
});

test('with --device: code and address on stderr, then signed in', async () => {
  const sandbox = await sandboxForTest({ autoApprove: true });
  const { remo, stored } = machine({ ...browserEnv(), REMO_API_URL: sandbox.apiUrl });
  const { code, out, err } = await remo(['login', '--device']);
  expect(code).toBe(0);
  expect(out).toBe('');
  expect(err).toMatch(/\/oidc\/device\nand enter the code {2}\w{4}-\w{4}\n/);
  expect(visits(sandbox, /^\/oidc\/auth/)).toEqual([]);
  expect((await stored())?.refreshToken).toEqual(expect.any(String));
});

test.each([
  ['over SSH', { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, 'over SSH'],
  ['without a browser', { BROWSER: undefined }, 'no browser here'],
  ['with a browser that is missing', { BROWSER: '/nonexistent/browser' }, 'could not be opened'],
  ['with a browser that fails at once', { BROWSER: 'false' }, 'could not be opened'],
])('%s it signs in with a code by itself, and says so', async (_what, env, said) => {
  const sandbox = await sandboxForTest({ autoApprove: true });
  const { remo } = machine({ ...browserEnv(), REMO_API_URL: sandbox.apiUrl });
  const { code, err } = await remo(['login'], env);
  expect(code).toBe(0);
  expect(err).toContain(said);
  expect(err).toContain('enter the code');
});

test('without a browser and without a device flow, the address is to be opened by hand', async () => {
  const sandbox = await sandboxForTest();
  const change = ({ device_authorization_endpoint: _, ...body }: Record<string, unknown>) => body;
  sandbox.faults.add({ kind: 'alter', change, path: /openid-configuration/, times: 2 });
  const host = fakeHost({ env: { REMO_API_URL: sandbox.apiUrl }, home: temporaryFolder() });
  const running = run(['login'], new Context(host, { credentialStore: memoryStore() }));
  expect(await host.shown('/oidc/auth?')).toContain('Open this address');
  host.signal('SIGINT');
  expect(await running).toBe(130);

  const { remo } = machine({ REMO_API_URL: sandbox.apiUrl });
  const { code, err } = await remo(['login', '--device']);
  expect(code).toBe(4);
  expect(err).toContain('does not offer sign-in with a device code');
});

test('Ctrl-C while waiting for the approval', async () => {
  const sandbox = await sandboxForTest({ pollSeconds: 60 });
  const host = fakeHost({ env: { REMO_API_URL: sandbox.apiUrl }, home: temporaryFolder() });
  const running = run(['login', '--device'], new Context(host, { credentialStore: memoryStore() }));
  await host.shown('enter the code');
  host.signal('SIGINT');
  expect(await running).toBe(130);
});

test('no backend configured', async () => {
  const { code, err } = await machine({}).remo(['login']);
  expect(code).toBe(2);
  expect(err).toContain('--api-url');
});

test('a backend that is not one', async () => {
  const sandbox = await sandboxForTest();
  const { code, err } = await machine({}).remo(['login', '--api-url', `${sandbox.origin}/nothing`]);
  expect(code).toBe(6);
  expect(err).toContain('/.well-known/oauth-protected-resource/nothing');
});

test('a store that will not work is found out before anybody signs in', async () => {
  const sandbox = await sandboxForTest();
  const store: CredentialStore = {
    ...memoryStore(),
    prove: async () => {
      throw new RemoError('keychain_unavailable', { trouble: 'no_service', detail: 'x' });
    },
  };
  const { code, err } = await machine({ ...browserEnv(), REMO_API_URL: sandbox.apiUrl }, store).remo([
    'login',
  ]);
  expect(code).toBe(4);
  expect(err).toContain('--credential-store file');
  expect(sandbox.requests).toEqual([]);
});

test('the file store, chosen by name: mode 0600, a warning each time, remembered', async () => {
  const sandbox = await sandboxForTest({ autoApprove: true });
  const own = machine({ REMO_API_URL: sandbox.apiUrl }, null);
  const file = path.join(own.home, '.local', 'state', 'remo', 'credentials', 'default.json');
  const first = await own.remo(['login', '--device', '--credential-store', 'file']);
  expect(first.code).toBe(0);
  expect(first.err).toContain(`unencrypted in ${file}`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(settings(own.home).default).toMatchObject({ credential_store: 'file' });

  const whoami = await own.remo(['whoami', '-o', 'json']);
  expect(JSON.parse(whoami.out)).toMatchObject({ credential_source: 'file', credential_place: file });
  expect(whoami.err).toBe('');

  sandbox.revokeAccessTokens();
  expect((await own.remo(['whoami'])).err).toContain(`unencrypted in ${file}`);
  expect((await own.remo(['logout'])).code).toBe(0);
  expect(existsSync(file)).toBe(false);
});

test('the account can not be read: the sign-in is stored, and it says so', async () => {
  const sandbox = await sandboxForTest({ autoApprove: true });
  sandbox.faults.add({ kind: 'answer', path: '/partner/v1/account', ...problems.forbidden() });
  const { remo, stored } = machine({ REMO_API_URL: sandbox.apiUrl });
  const { code, err } = await remo(['login', '--device']);
  expect(code).toBe(0);
  expect(err).toContain('The sign-in is stored');
  expect(await stored()).toBeDefined();
});

test('REMO_TOKEN besides: it says which one counts', async () => {
  const sandbox = await sandboxForTest({ autoApprove: true });
  const { remo } = machine({ REMO_API_URL: sandbox.apiUrl, REMO_TOKEN: 'given' });
  const { code, err } = await remo(['login', '--device']);
  expect(code).toBe(0);
  expect(err).toContain('REMO_TOKEN is set');
});

test('a settings file that is broken is not overwritten', async () => {
  const sandbox = await sandboxForTest({ autoApprove: true });
  const { remo, home } = machine({ REMO_API_URL: sandbox.apiUrl });
  await remo(['login', '--device']);
  const file = path.join(home, '.config', 'remo', 'config.json');
  writeFileSync(file, '{"profiles":');
  expect((await remo(['login', '--device'])).code).toBe(2);
  expect(readFileSync(file, 'utf8')).toBe('{"profiles":');
});
