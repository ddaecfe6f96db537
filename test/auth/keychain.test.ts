import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { type Keyring, keyringMissing, startSession } from '../support/keyring.js';
import { sandboxForTest } from '../support/sandbox.js';
import { credentialFrom } from './signed-in.js';

const program = fileURLToPath(new URL('../../bin/remo.js', import.meta.url));
const built = existsSync(new URL('../../dist/main.js', import.meta.url));
const missing = keyringMissing() ?? (built ? undefined : 'the program is not built (npm run build)');
const skip = missing !== undefined && process.env['REMO_TEST_KEYCHAIN'] !== 'required';

describe.skipIf(skip)(`the real keychain${skip ? ` (skipped: ${missing})` : ''}`, () => {
  let keyring: Keyring;

  beforeAll(async () => {
    if (missing) throw new Error(`REMO_TEST_KEYCHAIN=required, but ${missing}`);
    keyring = await startSession();
  });
  afterAll(() => keyring?.close());
  beforeEach(() => keyring.stop());

  function remo(sandbox: Sandbox, argv: string[], env: Record<string, string | undefined> = {}) {
    const all = { ...keyring.env, REMO_API_URL: sandbox.apiUrl, ...env };
    return new Promise<{ code: number | null; out: string; err: string }>(resolve => {
      const child = execFile(process.execPath, [program, ...argv], { env: all }, (_error, out, err) =>
        resolve({ code: child.exitCode, out, err }),
      );
    });
  }

  test('login stores, whoami reads, logout deletes', async () => {
    await keyring.start('unlocked');
    const sandbox = await sandboxForTest({ autoApprove: true });
    const login = await remo(sandbox, ['login']);
    expect(login).toMatchObject({ code: 0, out: '' });
    expect(login.err).toContain('remo-cli/default');
    const stored = JSON.parse((await keyring.get('default')) ?? '');
    expect(stored).toMatchObject({ apiUrl: sandbox.apiUrl, refreshToken: expect.any(String) });
    for (const secret of [stored.accessToken, stored.refreshToken]) expect(login.err).not.toContain(secret);

    const whoami = await remo(sandbox, ['whoami', '-o', 'json']);
    expect(whoami).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(whoami.out)).toMatchObject({
      credential_source: 'keychain',
      credential_place: 'remo-cli/default',
    });

    expect((await remo(sandbox, ['logout'])).code).toBe(0);
    expect(await keyring.get('default')).toBeNull();
    const after = await remo(sandbox, ['whoami']);
    expect(after.code).toBe(4);
    expect(after.err).toContain('not signed in');
  });

  test('a refresh token of 4,000 characters', async () => {
    await keyring.start('unlocked');
    const sandbox = await sandboxForTest({ autoApprove: true });
    const long = 'r'.repeat(4000);
    const change = (body: object) => ({ ...body, refresh_token: long });
    sandbox.faults.add({ kind: 'alter', change, path: '/oidc/token' });
    expect((await remo(sandbox, ['login'])).code).toBe(0);
    expect(JSON.parse((await keyring.get('default')) ?? '').refreshToken).toBe(long);
    expect((await remo(sandbox, ['whoami'])).code).toBe(0);
  });

  test('an expired token is refreshed into the keychain, by one of many processes', async () => {
    await keyring.start('unlocked');
    const sandbox = await sandboxForTest();
    const old = await credentialFrom(sandbox, -1);
    await keyring.set('default', JSON.stringify(old));
    const runs = await Promise.all(Array.from({ length: 8 }, () => remo(sandbox, ['whoami'])));
    expect(runs.map(({ code }) => code)).toEqual(Array.from({ length: 8 }, () => 0));
    expect(sandbox.tokenRequests).toEqual({ refresh_token: 1 });
    expect(JSON.parse((await keyring.get('default')) ?? '').accessToken).not.toBe(old.accessToken);
  });

  test('an entry that is not JSON', async () => {
    await keyring.start('unlocked');
    const sandbox = await sandboxForTest({ autoApprove: true });
    await keyring.set('default', '{"accessToken":"torn');
    const whoami = await remo(sandbox, ['whoami']);
    expect(whoami.code).toBe(4);
    expect(whoami.err).toContain('remo-cli/default');
    expect(whoami.err).not.toContain('torn');
    expect((await remo(sandbox, ['login'])).code).toBe(0);
    expect((await remo(sandbox, ['whoami'])).code).toBe(0);
  });

  test('a locked keyring is not an empty one, and nobody signs in for nothing', async () => {
    await keyring.start('unlocked');
    const sandbox = await sandboxForTest({ autoApprove: true });
    expect((await remo(sandbox, ['login'])).code).toBe(0);
    await keyring.stop();
    await keyring.start('locked');
    sandbox.requests.length = 0;
    for (const command of ['whoami', 'login', 'logout']) {
      const { code, err } = await remo(sandbox, [command]);
      expect(code).toBe(4);
      expect(err).toContain('The keychain is locked');
      expect(err).toContain('--credential-store file');
    }
    expect(sandbox.requests).toEqual([]);
    await keyring.stop();
    await keyring.start('unlocked');
    expect((await remo(sandbox, ['whoami'])).code).toBe(0);
  });

  test.each([
    ['no Secret Service', {}],
    ['no D-Bus', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' }],
    ['an empty D-Bus address', { DBUS_SESSION_BUS_ADDRESS: '' }],
    ['no D-Bus address', { DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: undefined }],
  ])('%s', async (_what, env) => {
    const sandbox = await sandboxForTest();
    for (const command of ['whoami', 'login']) {
      const { code, err } = await remo(sandbox, [command], env);
      expect(code).toBe(4);
      expect(err).toContain('No keychain service answers');
      expect(err).toContain('--credential-store file');
    }
    expect(sandbox.requests).toEqual([]);
  });
});
