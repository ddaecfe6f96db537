import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { fileStore } from '../../src/auth/credential-store/file.js';
import { keychainStore, SERVICE } from '../../src/auth/credential-store/keychain.js';
import { memoryStore } from '../../src/auth/credential-store/memory.js';
import type { Keytar } from '../../src/auth/credential-store/parts.js';
import type { Credential } from '../../src/auth/credential-store/store.js';
import { systemClock } from '../../src/clock.js';
import { RemoError } from '../../src/errors.js';
import { fakeClock } from '../support/clock.js';
import { fakeKeytar } from '../support/keytar.js';
import { temporaryFolder } from './signed-in.js';

const credential: Credential = {
  apiUrl: 'https://api.example/partner/v1',
  issuer: 'https://id.example',
  clientId: 'remo-cli',
  accessToken: 'access',
  refreshToken: 'r'.repeat(4000),
  scope: 'openid',
  expiresAt: 1_800_000_000_000,
};

function keychain(
  keytar: Partial<Keytar>,
  options: { signal?: AbortSignal; platform?: NodeJS.Platform } = {},
) {
  const { signal = new AbortController().signal, platform = 'linux' } = options;
  const [onSlow, onAbandoned] = [vi.fn(), vi.fn()];
  const load = async () => ({ ...fakeKeytar(), ...keytar });
  const store = keychainStore({
    clock: systemClock,
    signal,
    platform,
    arch: 'x64',
    onSlow,
    onAbandoned,
    load,
  });
  return { onSlow, onAbandoned, store };
}

function files(directory = temporaryFolder()) {
  const [onWrite, onExposed] = [vi.fn(), vi.fn()];
  const store = fileStore({ directory, platform: 'linux', onWrite, onExposed });
  return { store, directory, onWrite, onExposed, file: store.place('default') };
}

test.each([
  ['memory', () => memoryStore()],
  ['file', () => files().store],
  ['keychain', () => keychain(fakeKeytar()).store],
])('%s: what is written is read, until it is removed', async (kind, open) => {
  const store = open();
  expect(store.kind).toBe(kind);
  await store.prove();
  expect(await store.read('default')).toBeUndefined();
  expect(await store.remove('default')).toBe(false);
  await store.write('default', credential);
  await store.write('other', { ...credential, accessToken: 'others' });
  expect(await store.read('default')).toEqual(credential);
  expect(await store.remove('default')).toBe(true);
  expect(await store.read('default')).toBeUndefined();
  expect((await store.read('other'))?.accessToken).toBe('others');
  expect(await store.list()).toEqual(['other']);
});

test('on Windows a credential that is too long for one entry is divided', async () => {
  const entries = new Map<string, string>();
  const { store } = keychain(fakeKeytar(entries), { platform: 'win32' });
  await store.write('default', credential);
  expect(await store.read('default')).toEqual(credential);
  expect(await store.list()).toEqual(['default']);
  expect(entries.size).toBeGreaterThan(2);
  for (const text of entries.values()) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2560);
  const [part = ''] = [...entries.keys()].filter(key => key.includes('#'));
  entries.delete(part);
  await expect(store.read('default')).rejects.toMatchObject({ code: 'credential_broken' });
  expect(await store.remove('default')).toBe(true);
  expect(entries.size).toBe(0);
});

test('a probe that a killed process left in the keychain goes when all entries are looked for', async () => {
  const entries = new Map([[`${SERVICE} :probe:left`, 'probe']]);
  const { store } = keychain(fakeKeytar(entries));
  await store.write('default', credential);
  expect(await store.list()).toEqual(['default']);
  expect([...entries.keys()]).toEqual([`${SERVICE} default`]);
});

test('what a killed writer left beside a file that is gone is found, and goes', async () => {
  const { store, file } = files();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.abc123.tmp`, '{"accessToken":"torn');
  expect(await store.list()).toEqual(['default']);
  expect(await store.remove('other')).toBe(false);
  expect(await store.remove('default')).toBe(true);
  expect(existsSync(path.dirname(file))).toBe(false);
});

test('what a killed writer left beside a file goes with it, and so does the folder', async () => {
  const { store, file } = files();
  await store.write('default', credential);
  writeFileSync(`${file}.abc123.tmp`, '{"accessToken":"torn');
  expect(await store.list()).toEqual(['default']);
  expect(await store.remove('default')).toBe(true);
  expect(existsSync(path.dirname(file))).toBe(false);
  expect(await store.list()).toEqual([]);
});

const broken = [
  ['nothing', ''],
  ['no JSON', 'hello'],
  ['JSON cut off', JSON.stringify(credential).slice(0, 200)],
  ['null', 'null'],
  ['a list', '[]'],
  ['no token', JSON.stringify({ ...credential, accessToken: undefined })],
  ['a token with a line break', JSON.stringify({ ...credential, accessToken: 'a\nX-Evil: 1' })],
  ['a refresh token that is a number', JSON.stringify({ ...credential, refreshToken: 1 })],
  ['an address that is none', JSON.stringify({ ...credential, apiUrl: '/' })],
  ['an issuer with a password', JSON.stringify({ ...credential, issuer: 'https://u:SECRETPW@id.example/' })],
  ['an end that no calendar knows', JSON.stringify({ ...credential, expiresAt: 1e300 })],
  ['an end that is a text', JSON.stringify({ ...credential, expiresAt: 'soon' })],
] as const;

test.each(broken)('an entry of the keychain that is %s', async (_what, text) => {
  const { store } = keychain({ getPassword: async () => text });
  await expect(store.read('default')).rejects.toMatchObject({
    code: 'credential_broken',
    params: { profile: 'default', place: `${SERVICE}/default` },
  });
});

test.each(broken)('a file that is %s', async (_what, text) => {
  const { store, file } = files();
  await store.prove();
  writeFileSync(file, text, { mode: 0o600 });
  const error = await store.read('default').catch(thrown => thrown);
  expect(error).toMatchObject({ code: 'credential_broken', params: { place: file } });
  expect(JSON.stringify([error, String(error.cause)])).not.toContain('rrrr');
  await store.write('default', credential);
  expect(await store.read('default')).toEqual(credential);
});

test('fields from a later version are ignored', async () => {
  const { store } = keychain({ getPassword: async () => JSON.stringify({ ...credential, later: {} }) });
  expect(await store.read('default')).toEqual(credential);
});

test("a file is its owner's alone, and so is its folder", async () => {
  const { store, file, onWrite } = files();
  await store.write('default', credential);
  await store.write('default', credential);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(readdirSync(path.dirname(file))).toEqual(['default.json']);
  expect(onWrite.mock.calls).toEqual([[file], [file]]);
});

test('a file that others can read is put right, and it says so', async () => {
  const { store, file, onExposed } = files();
  await store.write('default', credential);
  chmodSync(file, 0o644);
  expect(await store.read('default')).toEqual(credential);
  expect(onExposed).toHaveBeenCalledExactlyOnceWith(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a folder that was open to others is closed', async () => {
  const { store, file } = files();
  mkdirSync(path.dirname(file), { mode: 0o755 });
  await store.prove();
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
});

test('a place that can not be written is found out by the proof', async () => {
  const directory = temporaryFolder();
  writeFileSync(path.join(directory, 'credentials'), 'a file where the folder belongs');
  const { store } = files(directory);
  await expect(store.prove()).rejects.toMatchObject({ code: 'credential_unwritable' });
  await expect(store.write('default', credential)).rejects.toMatchObject({ code: 'credential_unwritable' });
});

test('the proof of the keychain leaves nothing behind', async () => {
  const entries = new Map<string, string>();
  await keychain(fakeKeytar(entries)).store.prove();
  expect(entries.size).toBe(0);
});

const reject = (message: string) => async () => {
  throw new Error(message);
};

test.each([
  ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'no_bus'],
  ['Could not connect: No such file or directory', 'no_bus'],
  ['The given address is empty', 'no_bus'],
  ['The name org.freedesktop.secrets was not provided by any .service files', 'no_service'],
  ['Cannot create an item in a locked collection', 'locked'],
  ['Object does not exist at path “/org/freedesktop/secrets/collection/login”', 'locked'],
  ['User interaction is not allowed.', 'locked'],
  ['The user name or passphrase you entered is not correct.', 'locked'],
  ['User canceled the operation.', 'dismissed'],
  ['Prompt was dismissed', 'dismissed'],
  ['Timeout was reached', 'timeout'],
  ['Out of cheese', 'other'],
])('%s: %s', async (message, trouble) => {
  const { store } = keychain({ setPassword: reject(message), getPassword: reject(message) });
  const expected = { code: 'keychain_unavailable', params: { trouble, detail: message } };
  await expect(store.prove()).rejects.toMatchObject(expected);
  await expect(store.read('default')).rejects.toMatchObject(expected);
  await expect(store.write('default', credential)).rejects.toMatchObject(expected);
});

test('keytar can not be loaded', async () => {
  const options = {
    clock: systemClock,
    signal: new AbortController().signal,
    onSlow: () => {},
    onAbandoned: () => {},
  };
  const load = reject('Failed to load keytar native addon') as () => Promise<never>;
  const store = keychainStore({ ...options, platform: 'linux', arch: 'x64', load });
  await expect(store.read('default')).rejects.toMatchObject({ params: { trouble: 'module' } });
  const without = keychainStore({
    ...options,
    platform: 'linux',
    arch: 'x64',
    load: reject('libsecret-1.so.0: cannot open shared object file') as () => Promise<never>,
  });
  await expect(without.read('default')).rejects.toMatchObject({ params: { trouble: 'library' } });
});

test('a locked Secret Service that pretends to be empty is found out; elsewhere empty is empty', async () => {
  const setPassword = reject('Cannot create an item in a locked collection');
  const locked = { code: 'keychain_unavailable', params: { trouble: 'locked' } };
  await expect(keychain({ setPassword }).store.read('default')).rejects.toMatchObject(locked);
  expect(await keychain({ setPassword }, { platform: 'darwin' }).store.read('default')).toBeUndefined();
});

test('a keychain that never answers: told after 2 s, given up after 60 s', async () => {
  const clock = fakeClock();
  const onSlow = vi.fn(() => expect(clock.slept).toEqual([2000]));
  const load = async () => ({ ...fakeKeytar(), getPassword: () => new Promise<never>(() => {}) });
  const { signal } = new AbortController();
  const onAbandoned = vi.fn();
  const store = keychainStore({ clock, signal, platform: 'linux', arch: 'x64', onSlow, onAbandoned, load });
  await expect(store.read('default')).rejects.toMatchObject({ params: { trouble: 'timeout' } });
  expect(onAbandoned).toHaveBeenCalledOnce();
  expect(onSlow).toHaveBeenCalledOnce();
  expect(clock.slept).toEqual([2000, 58_000]);
});

test('Ctrl-C ends the wait for the keychain, but not for a write', async () => {
  const controller = new AbortController();
  const interrupted = new RemoError('interrupted', { signal: 'SIGINT' });
  let finish = () => {};
  const { store } = keychain(
    {
      getPassword: () => new Promise<never>(() => {}),
      setPassword: () => new Promise<void>(resolve => (finish = resolve)),
    },
    { signal: controller.signal },
  );
  const reading = store.read('default');
  const writing = store.write('default', credential);
  await new Promise(resolve => setImmediate(resolve));
  controller.abort(interrupted);
  await expect(reading).rejects.toBe(interrupted);
  finish();
  await expect(writing).resolves.toBeUndefined();
});
