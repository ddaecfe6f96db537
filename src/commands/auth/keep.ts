import type { Account } from '../../api/schemas.js';
import type { Credential, CredentialStore } from '../../auth/credential-store/store.js';
import { lockOptions } from '../../auth/kept-session.js';
import { withLock } from '../../auth/lock.js';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { inline } from '../../terminal/sanitise.js';
import { forget } from '../completion/remembered.js';

/** A sign-in to keep would not count while the environment names another. @throws RemoError `conflicting_options` */
export function refuseBesideClient({ host: { env } }: Context): void {
  if (!env['REMO_CLIENT_SECRET'] || env['REMO_TOKEN']) return;
  throw new RemoError('conflicting_options', { first: 'remo login', second: 'REMO_CLIENT_SECRET' });
}

/** Stores a sign-in, and in the profile what later commands need to find it. */
export async function keepSignIn(
  credential: Credential,
  store: CredentialStore,
  context: Context,
): Promise<void> {
  const { config, settings } = context;
  const { profile, clientId, scopes } = settings;
  await withLock(lockOptions(context, profile), () => store.write(profile, credential));
  const byHand = credential.clientId === undefined;
  await config.store(profile, {
    apiUrl: credential.apiUrl,
    ...(byHand ? {} : { clientId }),
    ...(byHand || context.setting('scopes').origin === 'default' ? {} : { scopes }),
    // The memory store is not a choice of the user's.
    ...(store.kind === 'memory' ? {} : { credentialStore: store.kind }),
  });
  // Who signs in now may see other customers.
  await forget(profile, context);
}

/** Says who has signed in, if that is known, and where the sign-in is kept. */
export function tellSignedIn(account: Account | undefined, store: CredentialStore, context: Context): void {
  const { io, messages, settings, host } = context;
  const person = account && {
    name: inline(account.name),
    email: inline(account.email),
    partnerCode: inline(account.partner_code),
  };
  io.err(messages.auth.signedIn(person, store.place(settings.profile)));
  if (host.env['REMO_TOKEN']) io.err(messages.auth.tokenWins);
}
