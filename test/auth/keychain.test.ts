import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { folderForTest, program } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';
import { describeKeychain } from './real-keychain.js';

describeKeychain('the real keychain', ({ keyring, remo, start }) => {
  beforeEach(() => keyring().stop());

  test('login stores, whoami reads, logout deletes', async () => {
    await keyring().start('unlocked');
    const sandbox = await sandboxForTest({ autoApprove: true });
    const login = await remo(sandbox, ['login']);
    expect(login).toMatchObject({ code: 0, out: '' });
    expect(login.err).toContain('remo-cli/default');
    const stored = JSON.parse((await keyring().get('default')) ?? '');
    expect(stored).toMatchObject({ apiUrl: sandbox.apiUrl, refreshToken: expect.any(String) });
    for (const secret of [stored.accessToken, stored.refreshToken]) expect(login.err).not.toContain(secret);

    const whoami = await remo(sandbox, ['whoami', '-o', 'json']);
    expect(whoami).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(whoami.out)).toMatchObject({
      credential_source: 'keychain',
      credential_place: 'remo-cli/default',
    });

    expect((await remo(sandbox, ['logout'])).code).toBe(0);
    expect(await keyring().get('default')).toBeNull();
    const after = await remo(sandbox, ['whoami']);
    expect(after.code).toBe(4);
    expect(after.err).toContain('not signed in');
  });

  test('logout --all finds a sign-in here though the profile has moved to a file since', async () => {
    await keyring().start('unlocked');
    const sandbox = await sandboxForTest({ autoApprove: true });
    const moved = ['--profile', 'moved'];
    expect((await remo(sandbox, ['login', ...moved])).code).toBe(0);
    expect((await remo(sandbox, ['login', ...moved, '--credential-store', 'file'])).code).toBe(0);
    expect(await keyring().get('moved')).not.toBeNull();
    expect((await remo(sandbox, ['logout', '--all'])).code).toBe(0);
    expect(await keyring().get('moved')).toBeNull();
    const revoked = sandbox.requests.filter(({ path }) => path === '/oidc/token/revocation');
    expect(revoked).toHaveLength(4);
  });

  test('a refresh token of 4,000 characters', async () => {
    await keyring().start('unlocked');
    const sandbox = await sandboxForTest({ autoApprove: true });
    const long = 'r'.repeat(4000);
    const change = (body: object) => ({ ...body, refresh_token: long });
    sandbox.faults.add({ kind: 'alter', change, path: '/oidc/token' });
    expect((await remo(sandbox, ['login'])).code).toBe(0);
    expect(JSON.parse((await keyring().get('default')) ?? '').refreshToken).toBe(long);
    expect((await remo(sandbox, ['whoami'])).code).toBe(0);
  });

  test('an entry that is not JSON', async () => {
    await keyring().start('unlocked');
    const sandbox = await sandboxForTest({ autoApprove: true });
    await keyring().set('default', '{"accessToken":"torn');
    const whoami = await remo(sandbox, ['whoami']);
    expect(whoami.code).toBe(4);
    expect(whoami.err).toContain('remo-cli/default');
    expect(whoami.err).not.toContain('torn');
    expect((await remo(sandbox, ['login'])).code).toBe(0);
    expect((await remo(sandbox, ['whoami'])).code).toBe(0);
  });

  test('a locked keyring is not an empty one, and nobody signs in for nothing', async () => {
    await keyring().start('unlocked');
    const sandbox = await sandboxForTest({ autoApprove: true });
    expect((await remo(sandbox, ['login'])).code).toBe(0);
    await keyring().stop();
    await keyring().start('locked');
    sandbox.requests.length = 0;
    for (const command of ['whoami', 'login', 'logout']) {
      const { code, err } = await remo(sandbox, [command]);
      expect(code).toBe(4);
      expect(err).toContain('The keychain is locked');
      expect(err).toContain('--credential-store file');
    }
    expect(sandbox.requests).toEqual([]);
    await keyring().stop();
    await keyring().start('unlocked');
    expect((await remo(sandbox, ['whoami'])).code).toBe(0);
  });

  test('completion looks into an unlocked keyring alone, and brings up no dialog', async () => {
    await keyring().start('unlocked');
    const sandbox = await sandboxForTest({ autoApprove: true });
    expect((await remo(sandbox, ['login'])).code).toBe(0);
    sandbox.requests.length = 0;
    const fetchInto = (cache: string) => remo(sandbox, ['__fetch', 'customers'], { REMO_CACHE_DIR: cache });
    for (const state of ['locked', 'absent'] as const) {
      await keyring().stop();
      if (state === 'locked') await keyring().start('locked');
      expect(await fetchInto(folderForTest())).toMatchObject({ code: 0, out: '', err: '' });
    }
    expect(sandbox.requests).toEqual([]);
    await keyring().start('unlocked');
    expect((await fetchInto(folderForTest())).code).toBe(0);
    expect(sandbox.requests.length).toBeGreaterThan(0);
  });

  test('the command that it names for a locked keyring unlocks it', async () => {
    await keyring().start('unlocked');
    const sandbox = await sandboxForTest({ autoApprove: true });
    expect((await remo(sandbox, ['login'])).code).toBe(0);
    await keyring().stop();
    await keyring().start('locked');
    const { code, err } = await remo(sandbox, ['whoami']);
    expect(code).toBe(4);
    const [command = ''] = /gnome-keyring-daemon( --[a-z]+)+/.exec(err) ?? [];
    await keyring().unlockBy(command);
    expect((await remo(sandbox, ['whoami'])).code).toBe(0);
  });

  test.each([
    ['no Secret Service', 'no Secret Service is on D-Bus', {}],
    ['no D-Bus', 'there is no D-Bus session', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' }],
    ['an empty D-Bus address', 'there is no D-Bus session', { DBUS_SESSION_BUS_ADDRESS: '' }],
    [
      'no D-Bus address',
      'there is no D-Bus session',
      { DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: undefined },
    ],
  ])('%s', async (_what, said, env) => {
    const sandbox = await sandboxForTest();
    for (const command of ['whoami', 'login']) {
      const { code, err } = await remo(sandbox, [command], env);
      expect(code).toBe(4);
      expect(err).toContain(said);
      expect(err).toContain('--credential-store file');
    }
    expect(sandbox.requests).toEqual([]);
  });

  const withoutLibrary = (command: string, argv: readonly string[], env: Record<string, string> = {}) => {
    const all = { ...keyring().env, REMO_API_URL: 'https://api.example', ...env };
    const { status, stderr } = spawnSync(command, argv, { env: all, encoding: 'utf8' });
    expect(status).toBe(4);
    expect(stderr).toContain('libsecret, the library that reaches the keychain, is not installed');
  };

  // In a mount namespace of its own the library can be taken away, where the system lets a user have one.
  const canHide = spawnSync('unshare', ['-rm', 'true']).status === 0;
  const reason = canHide ? '' : ' (skipped: unshare -rm is not allowed here; the next test does without)';
  test.skipIf(!canHide)(`libsecret is not installed${reason}`, () => {
    const hide = `mount --bind /dev/null "$(ldconfig -p | sed -n 's/.*libsecret-1.so.0.*=> //p' | head -1)"`;
    const script = `${hide} && exec "$0" "$@"`;
    withoutLibrary('unshare', ['-rm', 'sh', '-c', script, process.execPath, program, 'whoami']);
  });

  test('what is found as libsecret is no library', () => {
    const folder = folderForTest();
    writeFileSync(path.join(folder, 'libsecret-1.so.0'), '');
    withoutLibrary(process.execPath, [program, 'whoami'], { LD_LIBRARY_PATH: folder });
  });

  test('a keychain that hangs: said after 2 s, given up in time, and 4 comes out', async () => {
    await keyring().start('unlocked');
    keyring().hang();
    const sandbox = await sandboxForTest();
    const started = Date.now();
    const running = await start(sandbox, ['whoami'], { REMO_KEYCHAIN_TIMEOUT: '3s' });
    await running.shows(/Waiting for the keychain/);
    expect(Date.now() - started).toBeGreaterThan(1900);
    const { code, signal, err, lingered } = await running.ended;
    expect({ code, signal }).toEqual({ code: 4, signal: null });
    expect(err).toContain('The keychain did not answer');
    expect(lingered).toBeLessThan(1000);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the wait for a keychain that hangs with %i', async (name, exitCode) => {
    await keyring().start('unlocked');
    keyring().hang();
    const sandbox = await sandboxForTest();
    // Several, as freeing a thread that hangs is a race: it once ended one process in six by SIGABRT.
    const ends = Array.from({ length: 8 }, async () => {
      const running = await start(sandbox, ['whoami']);
      await running.shows(/Waiting for the keychain/);
      return running.endedBy(name);
    });
    for (const { code, signal, took } of await Promise.all(ends)) {
      expect({ code, signal }).toEqual({ code: exitCode, signal: null });
      expect(took).toBeLessThan(2500);
    }
  });
});
