import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import type { Credential } from './credential-store/store.js';
import { openServer } from './discovery.js';
import { withLock } from './lock.js';
import { revoke } from './oidc.js';
import { contextFetch } from './refresh.js';
import { lockOptions } from './session.js';

/** How a sign-out ended; where the server does not know of it, why. */
export type SignOut =
  | { state: 'not_signed_in' | 'revoked' }
  | { state: 'deleted'; reason: 'not_offered' | RemoError };

/**
 * Revokes both tokens at the server, then deletes the credential, even if the server can't be reached.
 * @throws RemoError `keychain_unavailable`, `credential_unwritable`, `interrupted`
 */
export async function signOut(context: Context): Promise<SignOut> {
  const store = await context.credentialStore();
  const { profile } = context.settings;
  return withLock(lockOptions(context), async () => {
    const credential = await store.read(profile).catch(unlessBroken);
    if (!credential) return { state: 'not_signed_in' };
    const reason = credential instanceof RemoError ? credential : await tryToRevoke(context, credential);
    await store.remove(profile);
    return reason ? { state: 'deleted', reason } : { state: 'revoked' };
  });
}

function unlessBroken(error: unknown): RemoError {
  if (error instanceof RemoError && error.is('credential_broken')) return error;
  throw error;
}

async function tryToRevoke(
  context: Context,
  credential: Credential,
): Promise<'not_offered' | RemoError | undefined> {
  const { issuer, clientId, refreshToken, accessToken } = credential;
  try {
    const server = await openServer(new URL(issuer), clientId, await contextFetch(context));
    if (refreshToken !== undefined && !(await revoke(server, refreshToken, 'refresh_token')))
      return 'not_offered';
    return (await revoke(server, accessToken, 'access_token')) ? undefined : 'not_offered';
  } catch (error) {
    if (error instanceof RemoError && !error.is('interrupted')) return error;
    throw error;
  }
}
