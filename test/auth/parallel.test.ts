import { mkdirSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { batchClient } from '../../src/sandbox/authorization.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import { soon } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';
import { secret } from '../support/secrets.js';
import { describeKeychain } from './real-keychain.js';
import { credentialFrom } from './signed-in.js';

// What many processes do to one sign-in. oidc-provider rotates refresh tokens and takes a second use of one
// for theft: it then ends the whole session.

const times = <T>(count: number, work: () => Promise<T>) => Promise.all(Array.from({ length: count }, work));
const tokenPosts = (sandbox: Sandbox) =>
  sandbox.requests.filter(({ path: place }) => place === '/oidc/token');

describeKeychain('many processes on one keychain', ({ keyring, start, remo }) => {
  beforeAll(() => keyring().start('unlocked'));

  /** Signs a profile in, with an access token that has expired. */
  async function expired(sandbox: Sandbox, profile = 'default') {
    const credential = await credentialFrom(sandbox, -1);
    await keyring().set(profile, JSON.stringify(credential));
    return credential;
  }
  const stored = async (entry = 'default') => JSON.parse((await keyring().get(entry)) ?? 'null');
  const lock = (entry = 'default') => path.join(keyring().home, '.local/state/remo/locks', `${entry}.lock`);
  /** As if its owner had been killed a minute ago. */
  const age = (file: string) => {
    const then = Date.now() / 1000 - 60;
    utimesSync(file, then, then);
  };

  test('50 with an expired token: one refresh, and all succeed', { timeout: 60_000 }, async () => {
    const sandbox = await sandboxForTest();
    const old = await expired(sandbox);
    const ends = await times(50, () => remo(sandbox, ['whoami', '-o', 'json']));
    expect(ends.filter(({ code }) => code !== 0)).toEqual([]);
    expect(sandbox.tokenRequests).toEqual({ refresh_token: 1 });
    const now = await stored();
    expect(now.refreshToken).not.toBe(old.refreshToken);

    // The server would have noticed a second use: it does now.
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: old.refreshToken ?? '',
      client_id: 'remo-cli',
    });
    const reuse = await fetch(`${sandbox.issuer}/token`, { method: 'POST', body });
    expect(await reuse.json()).toMatchObject({ error: 'invalid_grant' });
    sandbox.revokeAccessTokens();
    const { code, err } = await remo(sandbox, ['whoami']);
    expect(code).toBe(4);
    expect(err).toContain('Your session has ended.');
  });

  test('a process killed while the server had not answered loses nothing', async () => {
    const sandbox = await sandboxForTest();
    await expired(sandbox);
    sandbox.faults.add({ kind: 'hang', path: '/oidc/token' });
    const victim = await start(sandbox, ['whoami']);
    await expect.poll(() => tokenPosts(sandbox).length, soon).toBe(1);
    await victim.endedBy('SIGKILL');
    expect(statSync(lock()).isDirectory()).toBe(true);
    // It waits until the lock has gone stale: for real, this once.
    const ends = await times(3, () => remo(sandbox, ['whoami']));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(ends[0]?.err).toContain('Waiting for another remo');
    expect(sandbox.tokenRequests).toEqual({ refresh_token: 1 });
  });

  test('killed between the rotation and the store: the session is over, and it says so', async () => {
    const sandbox = await sandboxForTest();
    const old = await expired(sandbox);
    const victim = await start(sandbox, ['whoami']);
    const change = (body: object) => {
      victim.kill('SIGKILL');
      return body;
    };
    sandbox.faults.add({ kind: 'alter', change, path: '/oidc/token' });
    expect((await victim.ended).signal).toBe('SIGKILL');
    expect(await stored()).toEqual(old);
    age(lock());
    const { code, err } = await remo(sandbox, ['whoami']);
    expect(code).toBe(4);
    expect(err).toContain('remo login');
  });

  test('network trouble while refreshing: 6, the sign-in stays, and the next command refreshes', async () => {
    const sandbox = await sandboxForTest();
    const old = await expired(sandbox);
    sandbox.faults.add({ kind: 'drop', path: '/oidc/token', times: 3 });
    expect((await remo(sandbox, ['whoami'])).code).toBe(6);
    expect(await stored()).toEqual(old);
    expect((await remo(sandbox, ['whoami'])).code).toBe(0);
    expect(sandbox.tokenRequests).toEqual({ refresh_token: 1 });
  });

  test('invalid_grant: reads once more, as an older remo without the lock may have rotated', async () => {
    const sandbox = await sandboxForTest();
    const old = { ...(await expired(sandbox)), refreshToken: 'rotated-by-an-older-remo' };
    const newer = await credentialFrom(sandbox);
    await keyring().set('default', JSON.stringify(old));
    sandbox.faults.add({ kind: 'delay', ms: 1000, path: '/oidc/token' });
    const running = await start(sandbox, ['whoami']);
    await expect.poll(() => tokenPosts(sandbox).length, soon).toBe(1);
    await keyring().set('default', JSON.stringify(newer));
    expect((await running.ended).code).toBe(0);
    expect(await stored()).toEqual(newer);
  });

  test('two profiles at once do not touch each other', async () => {
    const [osaka, tokyo] = [await sandboxForTest(), await sandboxForTest()];
    const [first, second] = [await expired(osaka, 'osaka'), await expired(tokyo, 'tokyo')];
    const ends = await Promise.all([
      times(5, () => remo(osaka, ['whoami', '--profile', 'osaka'])),
      times(5, () => remo(tokyo, ['whoami', '--profile', 'tokyo'])),
    ]);
    expect(ends.flat().map(({ code }) => code)).toEqual(Array.from({ length: 10 }, () => 0));
    for (const sandbox of [osaka, tokyo]) expect(sandbox.tokenRequests).toEqual({ refresh_token: 1 });
    expect(await stored('osaka')).toMatchObject({ issuer: first.issuer });
    expect(await stored('tokyo')).toMatchObject({ issuer: second.issuer });
  });

  test('10 batch jobs with a client id and a secret: one token, beside the sign-in of the person', async () => {
    const sandbox = await sandboxForTest();
    const person = await expired(sandbox);
    const { id, secret: password } = batchClient;
    const env = { REMO_CLIENT_ID: id, REMO_CLIENT_SECRET: secret(password) };
    const ends = await times(10, () => remo(sandbox, ['whoami', '-o', 'json'], env));
    expect(ends.filter(({ code }) => code !== 0)).toEqual([]);
    expect(JSON.parse(ends[0]?.out ?? '')).toMatchObject({
      signed_in_by: 'client',
      credential_place: 'remo-cli/default@client',
    });
    expect(sandbox.tokenRequests).toEqual({ client_credentials: 1 });
    expect(await stored()).toEqual(person);
    expect(JSON.stringify(await stored('default@client'))).not.toContain(password);

    expect((await remo(sandbox, ['logout', '--all'], env)).err).toContain('REMO_CLIENT_ID was revoked');
    expect([await stored(), await stored('default@client')]).toEqual([null, null]);
  });

  test('a lock that cannot be made: 4, and where', async () => {
    const sandbox = await sandboxForTest();
    await expired(sandbox);
    mkdirSync(path.join(keyring().home, 'state'), { recursive: true });
    const { code, err } = await remo(sandbox, ['whoami'], { REMO_STATE_DIR: '/dev/null/state' });
    expect(code).toBe(4);
    expect(err).toContain('/dev/null/state/locks/default.lock');
  });
});
