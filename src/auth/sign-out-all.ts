import type { Context } from '../context.js';
import { type KeychainTrouble, RemoError } from '../errors.js';
import { type CredentialStore, openStoreOf } from './credential-store/store.js';
import { type ProfileSignOut, removeLocks, signOut } from './sign-out.js';

/** What became of one profile in one store. */
export interface Report extends ProfileSignOut {
  profile: string;
}

/**
 * Signs out of every profile that has a sign-in in any store, whether or not the settings still know it, and
 * removes what the locks leave. `told` gets each report as it comes.
 * @returns the error of a store that could not be used; the others have been cleared all the same
 * @throws RemoError `credential_unwritable`, `interrupted`
 */
export async function signOutEverywhere(
  context: Context,
  told: (report: Report) => void,
): Promise<RemoError | undefined> {
  let trouble: RemoError | undefined;
  const filesOnly = keepsToFiles(context);
  for (const store of await stores(context)) {
    try {
      const entries = await store.list();
      for (const profile of new Set(entries.map(entry => entry.split('@')[0] ?? entry))) {
        told({ profile, ...(await signOut(context, store, profile)) });
      }
    } catch (error) {
      if (!(error instanceof RemoError && error.is('keychain_unavailable'))) throw error;
      // Where every profile keeps to files, a keychain that is not even there can hold nothing of ours.
      if (!(filesOnly && notThere.has(error.params.trouble))) trouble = error;
    }
  }
  await removeLocks(context);
  return trouble;
}

const notThere = new Set<KeychainTrouble>(['library', 'module', 'no_bus', 'no_service']);

/** Whether every profile keeps its credential in a file by now; an earlier one may still be in the keychain. */
function keepsToFiles({ config, settings }: Context): boolean {
  if (settings.credentialStore !== 'file') return false;
  try {
    return config.profileNames.every(name => config.profile(name)['credential_store'] === 'file');
  } catch (error) {
    // What a broken file says of its profiles nobody knows.
    if (error instanceof RemoError && error.is('config_broken')) return false;
    throw error;
  }
}

/** The stores that a credential may be in: files first, as they can always be read. */
async function stores(context: Context): Promise<CredentialStore[]> {
  const chosen = await context.credentialStore();
  if (chosen.kind === 'memory') return [chosen];
  return [await openStoreOf('file', context), await openStoreOf('keychain', context)];
}
