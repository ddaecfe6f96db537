import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fileStore } from '../../../src/auth/credential-store/file.js';
import { memoryStore } from '../../../src/auth/credential-store/memory.js';
import { batchClient } from '../../../src/sandbox/authorization.js';
import { credentialFrom } from '../../auth/signed-in.js';
import { sandboxForTest } from '../../support/sandbox.js';
import { machine } from './machine.js';

const revocations = (sandbox: { requests: { path: string }[] }) =>
  sandbox.requests.filter(({ path: place }) => place === '/oidc/token/revocation').length;

const client = { REMO_CLIENT_ID: batchClient.id, REMO_CLIENT_SECRET: batchClient.secret };

test('every profile, with a report of each: also one whose server is gone, and one that is not readable', async () => {
  const [osaka, tokyo] = [await sandboxForTest(), await sandboxForTest()];
  const store = memoryStore();
  await store.write('default', await credentialFrom(osaka));
  await store.write('tokyo', await credentialFrom(tokyo));
  await store.write('byhand', { apiUrl: osaka.apiUrl, accessToken: 'given' });
  await tokyo.close().catch(() => {});
  const { remo } = machine({}, { ...store, read: async entry => store.read(entry) });
  const { code, out, err } = await remo(['logout', '--all']);
  expect({ code, out }).toEqual({ code: 0, out: '' });
  expect(err).toMatch(/^default: Signed out: the session was ended at the server/m);
  expect(err).toMatch(/^tokyo: The credential was deleted here, but .*refused/m);
  expect(err).toMatch(/^byhand: .*given by hand/m);
  expect(revocations(osaka)).toBe(2);
  expect(await store.list()).toEqual([]);

  expect((await remo(['logout', '--all'])).err).toContain('not signed in with any profile');
});

test('tokens of REMO_CLIENT_ID: revoked where the secret is there, else deleted', async () => {
  const sandbox = await sandboxForTest();
  const store = memoryStore();
  const { remo } = machine({ REMO_API_URL: sandbox.apiUrl }, store);
  for (const argv of [['logout'], ['logout', '--all']]) {
    expect((await remo(['whoami'], client)).code).toBe(0);
    const { code, err } = await remo(argv, client);
    expect(code).toBe(0);
    expect(err).toContain('The token of REMO_CLIENT_ID was revoked');
    expect(err).toContain('REMO_CLIENT_ID and REMO_CLIENT_SECRET are set');
    expect(await store.list()).toEqual([]);
  }
  await remo(['whoami'], client);
  const { code, err } = await remo(['logout']);
  expect(code).toBe(0);
  expect(err).toContain('not revoked at the server');
  expect(await store.list()).toEqual([]);
});

test('files: those of killed writers, the locks and the folders go too', async () => {
  const sandbox = await sandboxForTest();
  const own = machine({ REMO_CREDENTIAL_STORE: 'file' }, null);
  const state = path.join(own.home, '.local/state/remo');
  const store = fileStore({ directory: state, platform: 'linux', onWrite: () => {}, onExposed: () => {} });
  for (const profile of ['default', 'lab']) await store.write(profile, await credentialFrom(sandbox));
  writeFileSync(`${store.place('lab')}.abc.tmp`, '{"accessToken":"torn');
  writeFileSync(`${store.place('other')}.abcdef.tmp`, '{"accessToken":"torn');
  writeFileSync(`${store.place('lab@client')}.x1.tmp`, '{"accessToken":"torn');
  writeFileSync(path.join(state, 'credentials', '.x.probe'), '');
  writeFileSync(store.place('broken'), '{"accessToken":"half');
  // Every profile keeps to files, so it is no trouble that there is no keychain.
  mkdirSync(path.join(own.home, '.config/remo'), { recursive: true });
  const profiles = { lab: { credential_store: 'file' } };
  writeFileSync(path.join(own.home, '.config/remo/config.json'), JSON.stringify({ profiles }));

  const { code, err } = await own.remo(['logout', '--all', '--lang', 'ja']);
  expect(code).toBe(0);
  expect(err).toContain('lab: ログアウトしました');
  expect(err).toContain('broken: このコンピューターの認証情報は削除しましたが');
  expect(err).toContain('other: このコンピューターの認証情報は削除しましたが');
  expect(err).not.toMatch(/torn|half/);
  expect(revocations(sandbox)).toBe(4);
  expect(readdirSync(state)).toEqual([]);
  expect(existsSync(store.place('default'))).toBe(false);
});

test('a settings file that is broken is no obstacle, and it is told', async () => {
  const sandbox = await sandboxForTest();
  const store = memoryStore();
  await store.write('lab', await credentialFrom(sandbox));
  const { home, remo } = machine({}, store);
  mkdirSync(path.join(home, '.config/remo'), { recursive: true });
  writeFileSync(path.join(home, '.config/remo/config.json'), '{"profiles":');
  // Which store the profile is kept in nobody knows, so one alone can't be signed out of.
  expect((await remo(['logout'])).code).toBe(2);
  expect(await store.list()).toEqual(['lab']);
  const { code, err } = await remo(['logout', '--all']);
  expect(code).toBe(0);
  expect(err).toMatch(/^Warning: .*config\.json/m);
  expect(err).toContain('lab: Signed out');
  expect(await store.list()).toEqual([]);
});
