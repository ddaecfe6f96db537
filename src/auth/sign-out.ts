import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import { type Credential, type CredentialStore, clientEntry } from './credential-store/store.js';
import { openServer } from './discovery.js';
import { lockOptions } from './kept-session.js';
import { withLock } from './lock.js';
import { revoke } from './oidc.js';
import { contextFetch } from './refresh.js';
import { noteOf } from './shared-failure.js';

/**
 * How the sign-out of an entry ended; where the server does not know of it, why. `by_hand`: the token is not
 * ours to end. `secret_missing`: only the client itself may have its token ended (RFC 7009, section 2.1). `remains`: nothing was
 * there but what a killed process had left.
 */
export type SignOut =
  | { state: 'not_signed_in' | 'revoked' }
  | { state: 'deleted'; reason: 'not_offered' | 'by_hand' | 'secret_missing' | 'remains' | RemoError };

/** A profile's two sign-ins: that of a person, and that of REMO_CLIENT_ID. */
export interface ProfileSignOut {
  person: SignOut;
  client: SignOut;
}

/**
 * Revokes a profile's tokens at the server, then deletes them, even if the server can't be reached.
 * @throws RemoError `keychain_unavailable`, `credential_unwritable`, `interrupted`
 */
export async function signOut(
  context: Context,
  store: CredentialStore,
  profile: string,
): Promise<ProfileSignOut> {
  const ends = {
    person: await endEntry(context, store, profile),
    client: await endEntry(context, store, clientEntry(profile)),
  };
  await removeLocks(context);
  return ends;
}

/** Removes the folder of the locks, which is empty unless another process is at work. */
export async function removeLocks({ directories }: Context): Promise<void> {
  await rmdir(path.join(directories.state, 'locks')).catch(() => {});
}

function endEntry(context: Context, store: CredentialStore, entry: string): Promise<SignOut> {
  return withLock(lockOptions(context, entry), async () => {
    const credential = await store.read(entry).catch(unlessBroken);
    const reason =
      credential === undefined || credential instanceof RemoError
        ? credential
        : await tryToRevoke(context, credential, entry);
    const removed = await store.remove(entry);
    await rm(noteOf(context.directories.state, entry), { force: true }).catch(() => {});
    if (!credential) return removed ? { state: 'deleted', reason: 'remains' } : { state: 'not_signed_in' };
    return reason ? { state: 'deleted', reason } : { state: 'revoked' };
  });
}

function unlessBroken(error: unknown): RemoError {
  if (error instanceof RemoError && error.is('credential_broken')) return error;
  throw error;
}

type Reason = Extract<SignOut, { state: 'deleted' }>['reason'];

async function tryToRevoke(
  context: Context,
  credential: Credential,
  entry: string,
): Promise<Reason | undefined> {
  const { issuer, clientId, refreshToken, accessToken } = credential;
  if (issuer === undefined || clientId === undefined) return 'by_hand';
  const secret = entry.includes('@') ? secretOf(clientId, context) : undefined;
  if (entry.includes('@') && secret === undefined) return 'secret_missing';
  const server = await openServer(new URL(issuer), clientId, await contextFetch(context), secret).catch(
    unlessInterrupted,
  );
  if (server instanceof RemoError) return server;
  const end = (token: string, kind: 'refresh_token' | 'access_token') =>
    revoke(server, token, kind)
      .then(offered => (offered ? undefined : ('not_offered' as const)))
      .catch(unlessInterrupted);
  const refresh = refreshToken === undefined ? undefined : await end(refreshToken, 'refresh_token');
  if (refresh instanceof RemoError && refresh.is('network')) return refresh;
  const access = await end(accessToken, 'access_token');
  // The session ends with its refresh token; not every server revokes an access token (RFC 7009, section 2.2.1).
  return refreshToken === undefined ? access : refresh;
}

function unlessInterrupted(error: unknown): RemoError {
  if (error instanceof RemoError && !error.is('interrupted')) return error;
  throw error;
}

function secretOf(clientId: string, { host: { env } }: Context): string | undefined {
  return env['REMO_CLIENT_ID'] === clientId ? env['REMO_CLIENT_SECRET'] || undefined : undefined;
}
