import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { memoryStore } from '../../src/auth/credential-store/memory.js';
import type { Credential, CredentialStore } from '../../src/auth/credential-store/store.js';
import type { Replacements } from '../../src/context.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import { fakeContext } from '../support/host.js';

/** A folder for one test, gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'remo-auth-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A credential of a sandbox as a sign-in stores it; `left` is how long its access token is still good, ms. */
export async function credentialFrom(sandbox: Sandbox, left = 3_600_000): Promise<Credential> {
  const { accessToken, refreshToken, scope } = await sandbox.issueToken();
  return {
    apiUrl: sandbox.apiUrl,
    issuer: sandbox.issuer,
    clientId: 'remo-cli',
    accessToken,
    refreshToken,
    scope,
    expiresAt: Date.now() + left,
  };
}

/** What a signed-in process has: a context of its own on a store (and a folder) that may be shared. */
export async function signedIn(
  sandbox: Sandbox,
  options: {
    credential?: Credential;
    store?: CredentialStore;
    home?: string;
    env?: Record<string, string>;
    replacements?: Replacements;
  } = {},
) {
  const { store = memoryStore(), home = temporaryFolder(), env = {}, replacements = {} } = options;
  if (options.credential) await store.write('default', options.credential);
  const made = await fakeContext(
    { env: { REMO_API_URL: sandbox.apiUrl, ...env }, home },
    { credentialStore: store, ...replacements },
  );
  return { ...made, store, session: await made.context.session() };
}
