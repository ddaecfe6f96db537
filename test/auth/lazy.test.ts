import { expect, test, vi } from 'vitest';
import { memoryStore } from '../../src/auth/credential-store/memory.js';
import { fakeContext } from '../support/host.js';

const loaded = vi.hoisted((): string[] => []);
for (const name of ['openid-client', 'proper-lockfile', 'keytar']) {
  vi.doMock(name, () => {
    loaded.push(name);
    return { default: {} };
  });
}

test('a valid token loads no sign-in library, no lock and no keychain', async () => {
  const store = memoryStore();
  await store.write('default', {
    apiUrl: 'https://api.example/partner/v1',
    issuer: 'https://id.example',
    clientId: 'remo-cli',
    accessToken: 'valid',
    refreshToken: 'refresh',
    expiresAt: Date.now() + 60_000,
  });
  const env = { REMO_API_URL: 'https://api.example/partner/v1' };
  const { context } = await fakeContext({ env }, { credentialStore: store });
  expect(await (await context.session()).token()).toBe('valid');
  expect(loaded).toEqual([]);
});
