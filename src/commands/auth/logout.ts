import { signOut } from '../../auth/sign-out.js';
import type { Context } from '../../context.js';
import { errorText } from '../../terminal/errors.js';
import { inline } from '../../terminal/sanitise.js';

/** `remo logout`: revokes the tokens at the server, deletes them here, and says which of the two happened. */
export async function logout(_options: Record<string, never>, context: Context): Promise<void> {
  const { io, host, messages, settings } = context;
  const { auth } = messages;
  const result = await signOut(context);
  switch (result.state) {
    case 'not_signed_in':
      io.err(auth.notSignedIn(settings.profile));
      break;
    case 'revoked':
      io.err(auth.signedOut);
      break;
    case 'deleted': {
      const { reason } = result;
      io.err(
        auth.deletedOnly(
          reason === 'not_offered' ? auth.notOffered : inline(errorText(reason, context).what),
        ),
      );
    }
  }
  if (host.env['REMO_TOKEN']) io.err(auth.tokenWins);
}
