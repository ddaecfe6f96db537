import type { Description, Session } from '../auth/session.js';
import type { Context } from '../context.js';
import { ExitCode, RemoError } from '../errors.js';
import { dateTime } from '../terminal/columns.js';
import type { Check, Finding, Visit } from './check.js';

// The credential, and whether the backend takes it.

const { backend, notPermitted } = ExitCode;

/** Where the credential is kept, what it is, and that it works. */
export const signInChecks: readonly Check[] = [
  // The keychain may have to ask a person; how long that may take is set for it.
  { name: 'credential_store', exitCode: notPermitted, endsByItself: true, look: credentialStore },
  {
    name: 'sign_in',
    needs: ['credential_store'],
    exitCode: notPermitted,
    endsByItself: true,
    look: signIn,
  },
  { name: 'account', needs: ['connection', 'sign_in'], exitCode: backend, look: account },
];

async function credentialStore({ context }: Visit): Promise<Finding> {
  const { auth, doctor } = context.messages;
  const { env } = context.host;
  if (env['REMO_TOKEN']?.trim()) return { status: 'skipped', detail: doctor.storeNotNeeded };
  const store = await context.credentialStore();
  const detail = doctor.store(auth.sources[store.kind], store.place(context.settings.profile));
  try {
    await store.prove();
  } catch (error) {
    // Without one a program's sign-in works all the same, with a token for each command.
    const canDoWithout = env['REMO_CLIENT_SECRET'] && error instanceof RemoError;
    if (!canDoWithout || !error.is('keychain_unavailable')) throw error;
    const { what } = context.messages.errors.keychain_unavailable(error.params);
    return { status: 'warn', detail, fix: auth.clientNotKept(what) };
  }
  return { status: 'ok', detail };
}

async function signIn({ context }: Visit): Promise<Finding> {
  const { auth, doctor } = context.messages;
  const { by, credential } = await describe(await context.session());
  if (!credential) return { status: 'ok', detail: doctor.signInUnseen(auth.signedInBy[by]) };
  const { apiUrl } = context.settings;
  if (apiUrl && new URL(credential.apiUrl).origin !== apiUrl.origin) {
    const { profile } = context.settings;
    throw new RemoError('other_backend', { profile, issuedFor: credential.apiUrl, wanted: apiUrl.href });
  }
  const { expiresAt, refreshToken, scope } = credential;
  const renews = by === 'client' || refreshToken !== undefined;
  if (!renews && expiresAt !== undefined && expiresAt <= context.clock.now()) {
    throw new RemoError('session_ended', { profile: context.settings.profile });
  }
  const end = expiresAt === undefined ? undefined : dateTime(context, new Date(expiresAt).toISOString());
  const detail = doctor.signIn(auth.signedInBy[by], { scope, end, renews });
  const missing = missingScopes(scope, context);
  return missing.length === 0
    ? { status: 'ok', detail }
    : { status: 'warn', detail, fix: doctor.scopesFix(missing) };
}

async function describe(session: Session): Promise<Description> {
  const description = await session.describe();
  if (description.by !== 'client' || description.credential) return description;
  // A program's token is got when it is first needed. What is wrong with the network other checks say.
  await session.token().catch(error => {
    if (!(error instanceof RemoError) || error.exitCode !== backend) throw error;
  });
  return session.describe();
}

/** What the contract knows of scopes and was not granted. */
function missingScopes(scope: string | undefined, { settings }: Context): string[] {
  if (scope === undefined) return [];
  const granted = scope.split(' ');
  // Who did not ask for one on purpose need not be told.
  return settings.scopes.split(' ').filter(name => /^remo\./.test(name) && !granted.includes(name));
}

async function account({ context }: Visit): Promise<Finding> {
  const { name, email, partner_code: partnerCode } = await (await context.api()).getAccount();
  return { status: 'ok', detail: context.messages.doctor.account(name, email, partnerCode) };
}
