import type { ProfileSignOut, SignOut } from '../../auth/sign-out.js';
import type { Context } from '../../context.js';
import { errorText } from '../../terminal/errors.js';
import { inline } from '../../terminal/sanitise.js';
import { forget } from '../completion/remembered.js';

/**
 * `remo logout`: revokes the tokens at the server, deletes them here, and says which of the two happened; with
 * `--all` for every profile.
 */
export async function logout({ all }: { all?: boolean }, context: Context): Promise<void> {
  const { io, host, messages } = context;
  const { auth } = messages;
  if (all) await everywhere(context);
  else {
    const { profile } = context.settings;
    const { signOut } = await import('../../auth/sign-out.js');
    const result = await signOut(context, await context.credentialStore(), profile).finally(() =>
      forget(profile, context),
    );
    const lines = report(result, context);
    io.err(lines.length > 0 ? lines.join('\n') : auth.notSignedIn(profile));
  }
  if (host.env['REMO_TOKEN']) io.err(auth.tokenWins);
  else if (host.env['REMO_CLIENT_SECRET']) io.err(auth.clientWins);
}

async function everywhere(context: Context): Promise<void> {
  const { io, messages } = context;
  const { auth, labels } = messages;
  // Whatever is wrong with settings, every store is looked into.
  for (const error of context.tolerateBadSettings())
    io.err(`${labels.warning} ${errorText(error, context).what}`);
  const { signOutEverywhere } = await import('../../auth/sign-out-all.js');
  let count = 0;
  const trouble = await signOutEverywhere(context, ({ profile, ...result }) => {
    for (const line of report(result, context)) {
      io.err(auth.ofProfile(inline(profile), line));
      count++;
    }
  }).finally(() => forget(undefined, context));
  if (trouble) throw trouble;
  if (count === 0) io.err(auth.nobodySignedIn);
}

/** A line for each of a profile's two sign-ins that was there. */
function report({ person, client }: ProfileSignOut, context: Context): string[] {
  const { auth } = context.messages;
  return [
    ...line(person, auth.signedOut, auth.deletedOnly, context),
    ...line(client, auth.clientSignedOut, auth.clientDeletedOnly, context),
  ];
}

function line(
  result: SignOut,
  revoked: string,
  deleted: (why: string) => string,
  context: Context,
): string[] {
  const { auth } = context.messages;
  if (result.state !== 'deleted') return result.state === 'revoked' ? [revoked] : [];
  const { reason } = result;
  const reasons = {
    not_offered: auth.notOffered,
    by_hand: auth.byHand,
    secret_missing: auth.secretMissing,
    remains: auth.remains,
  };
  return [deleted(typeof reason === 'string' ? reasons[reason] : inline(errorText(reason, context).what))];
}
