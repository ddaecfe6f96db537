import { rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import { type CredentialStore, openStoreOf } from './credential-store/store.js';
import { type ProfileSignOut, signOut } from './sign-out.js';

/** What became of one profile in one store. */
export interface Report extends ProfileSignOut {
  profile: string;
}

/**
 * Signs out of every profile that has a sign-in in any store, whether or not the settings still know it, and
 * removes what the locks leave. `told` gets each report as it comes.
 * @returns the error of a store that could not be used; the others have been cleared all the same
 * @throws RemoError `credential_unwritable`, `interrupted`, `config_broken`
 */
export async function signOutEverywhere(
  context: Context,
  told: (report: Report) => void,
): Promise<RemoError | undefined> {
  let trouble: RemoError | undefined;
  for (const store of await stores(context)) {
    try {
      const entries = await store.list();
      for (const profile of new Set(entries.map(entry => entry.split('@')[0] ?? entry))) {
        told({ profile, ...(await signOut(context, store, profile)) });
      }
    } catch (error) {
      if (!(error instanceof RemoError && error.is('keychain_unavailable'))) throw error;
      trouble = error;
    }
  }
  // Empty by now, unless another process is at work.
  await rmdir(path.join(context.directories.state, 'locks')).catch(() => {});
  return trouble;
}

/** The stores that a credential may be in: files first, as they can always be read. */
async function stores(context: Context): Promise<CredentialStore[]> {
  const chosen = await context.credentialStore();
  if (chosen.kind === 'memory') return [chosen];
  const { config } = context;
  const profiles = config.profileNames.map(name => config.profile(name));
  const files = await openStoreOf('file', context);
  // Where every profile keeps to files the keychain, which may not even be there, is not asked.
  const usesKeychain =
    chosen.kind === 'keychain' || profiles.some(profile => profile['credential_store'] !== 'file');
  return usesKeychain ? [files, await openStoreOf('keychain', context)] : [files];
}
