import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { memoryStore } from '../../../src/auth/credential-store/memory.js';
import { run } from '../../../src/cli.js';
import { Context } from '../../../src/context.js';
import { temporaryFolder } from '../../auth/signed-in.js';
import { fakeHost } from '../../support/host.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';
import { machine } from './machine.js';

const login = ['login', '--with-token'];

test.each([
  ['a line', (token: string) => `${token}\n`],
  ['no end of line', (token: string) => token],
  ['Windows, and spaces', (token: string) => `  ${token} \r\n`],
  ['more lines', (token: string) => `${token}\nsecond line\n`],
])('a token from a pipe (%s) is verified, stored, and used by later commands', async (_what, written) => {
  const sandbox = await sandboxForTest();
  const { accessToken } = await sandbox.issueToken();
  const { remo, stored, home } = machine({ REMO_API_URL: sandbox.apiUrl });
  const { code, out, err } = await remo(login, {}, written(accessToken));
  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(err).toContain('Signed in as 山田 花子');
  expect(err).not.toContain(accessToken);
  expect(await stored()).toEqual({ apiUrl: sandbox.apiUrl, accessToken });
  const { profiles } = JSON.parse(readFileSync(path.join(home, '.config/remo/config.json'), 'utf8'));
  expect(profiles).toEqual({ default: { api_url: sandbox.apiUrl } });

  const whoami = await remo(['whoami', '-o', 'json'], { REMO_API_URL: undefined });
  expect(JSON.parse(whoami.out)).toMatchObject({
    signed_in_by: 'token',
    credential_source: 'memory',
    scopes: null,
    renews: false,
  });
  expect((await remo(['logout'])).err).toContain('given by hand');
  expect(await stored()).toBeUndefined();
});

test.each([
  ['nothing', ''],
  ['an empty line', '\nabc'],
  ['two words', 'Bearer abc'],
  ['something that does not fit into a header', 'トークン'],
])('%s is bad input: exit code 2, nothing is sent, and it is not repeated', async (_what, stdin) => {
  const sandbox = await sandboxForTest();
  const { remo, stored } = machine({ REMO_API_URL: sandbox.apiUrl });
  const { code, err } = await remo(login, {}, stdin);
  expect(code).toBe(2);
  expect(err).toContain('--with-token');
  expect(err).not.toMatch(/abc|トークン/);
  expect(sandbox.requests).toEqual([]);
  expect(await stored()).toBeUndefined();
});

test.each([
  ['refused', { kind: 'answer', ...problems.unauthenticated() } as const, 4, 'does not accept this token'],
  ['not permitted', { kind: 'answer', ...problems.forbidden() } as const, 4, 'not permitted'],
  ['not verified: no answer', { kind: 'answer', ...problems.html(501) } as const, 6, 'backend failed'],
])('a token that is %s is not stored', async (_what, fault, exitCode, said) => {
  const sandbox = await sandboxForTest();
  sandbox.faults.add({ ...fault, path: '/partner/v1/account' });
  const { remo, stored } = machine({ REMO_API_URL: sandbox.apiUrl });
  const { code, err } = await remo(login, {}, 'given-token');
  expect(code).toBe(exitCode);
  expect(err).toContain(said);
  expect(err).not.toContain('given-token');
  expect(await stored()).toBeUndefined();
});

test('when the stored token has ended: exit code 4, and what to do', async () => {
  const sandbox = await sandboxForTest();
  const { accessToken } = await sandbox.issueToken();
  const { remo } = machine({ REMO_API_URL: sandbox.apiUrl });
  await remo(login, {}, accessToken);
  sandbox.revokeAccessTokens();
  const { code, err } = await remo(['customers', 'list']);
  expect(code).toBe(4);
  expect(err).toContain('remo login --with-token');
});

test('on a terminal it is asked for, and not shown', async () => {
  const sandbox = await sandboxForTest();
  const { accessToken } = await sandbox.issueToken();
  const store = memoryStore();
  const host = fakeHost({ tty: true, env: { REMO_API_URL: sandbox.apiUrl }, home: temporaryFolder() });
  const running = run(login, new Context(host, { credentialStore: store }));
  await host.shown('Access token');
  host.type(`${accessToken}\r`);
  expect(await running).toBe(0);
  expect(host.err).not.toContain(accessToken.slice(0, 8));
  expect((await store.read('default'))?.accessToken).toBe(accessToken);
});

test('Ctrl-C while it waits for the pipe', async () => {
  const sandbox = await sandboxForTest();
  const host = fakeHost({
    tty: { stdin: true },
    env: { REMO_API_URL: sandbox.apiUrl },
    home: temporaryFolder(),
  });
  Object.assign(host.stdin, { isTTY: false });
  const running = run(login, new Context(host, { credentialStore: memoryStore() }));
  setTimeout(() => host.signal('SIGINT'), 20);
  expect(await running).toBe(130);
});

test.each([
  [['login', 'geheim-token'], 2, 'never|no token on the command line'],
  [['login', '--with-token', 'geheim-token'], 2, 'no token on the command line'],
  [['login', '--with-token=geheim-token'], 2, 'no token on the command line'],
  [['login', '--token=geheim-token'], 2, 'Unknown option'],
  [['login', '--with-token', '--device'], 2, '--device'],
])('%j: no secret is taken as an argument, and none is repeated', async (argv, exitCode, said) => {
  const sandbox = await sandboxForTest();
  const { code, err } = await machine({ REMO_API_URL: sandbox.apiUrl }).remo(argv, {}, 'x');
  expect(code).toBe(exitCode);
  expect(err).toMatch(new RegExp(said));
  expect(err).not.toContain('geheim');
  expect(sandbox.requests).toEqual([]);
});

test('beside REMO_CLIENT_SECRET a sign-in would not count', async () => {
  const sandbox = await sandboxForTest();
  const env = { REMO_API_URL: sandbox.apiUrl, REMO_CLIENT_ID: 'job', REMO_CLIENT_SECRET: 'geheimes-wort' };
  for (const argv of [['login'], login]) {
    const { code, err } = await machine(env).remo(argv, {}, 'x');
    expect(code).toBe(2);
    expect(err).toContain('REMO_CLIENT_SECRET');
  }
});
