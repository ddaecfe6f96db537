import type { Context } from '../../context.js';
import { dateTime, viewOf, yesNo } from '../../terminal/columns.js';
import { writeRecord } from '../../terminal/output.js';

/** `remo whoami`: who is signed in, where, and until when. */
export async function whoami(_options: Record<string, never>, context: Context): Promise<void> {
  const { auth, terminal } = context.messages;
  const { labels } = auth;
  const account = await (await context.api()).getAccount();
  // After the request, which may have renewed the sign-in.
  const description = await (await context.session()).describe();
  const { by, source, place, credential } = description;
  const moment = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
  const expiresAt = moment(credential?.expiresAt);
  // A program's token is got anew whenever it is needed.
  const renews = by === 'client' || credential?.refreshToken !== undefined;
  const sessionEnd = renews ? moment(credential?.sessionEndsAt) : expiresAt;
  const view = viewOf(context);
  await writeRecord(context, [
    { name: 'name', label: labels.name, value: account.name },
    { name: 'email', label: labels.email, value: account.email },
    { name: 'partner_code', label: labels.partnerCode, value: account.partner_code },
    { name: 'profile', label: labels.profile, value: context.settings.profile },
    { name: 'api_url', label: labels.backend, value: context.apiUrl.href },
    { name: 'signed_in_by', label: labels.signedInBy, value: by, text: auth.signedInBy[by] },
    { name: 'credential_source', label: labels.source, value: source, text: auth.sources[source] },
    { name: 'credential_place', label: labels.place, value: place },
    {
      name: 'scopes',
      label: labels.scopes,
      value: credential?.scope ?? null,
      text: credential?.scope ?? terminal.unknown,
    },
    {
      name: 'access_token_expires_at',
      label: labels.expires,
      value: expiresAt,
      text: expiresAt === null ? terminal.unknown : dateTime(view, expiresAt),
    },
    {
      name: 'session_ends_at',
      label: labels.sessionEnds,
      value: sessionEnd,
      text: sessionEnd === null ? auth.sessionEnd[by] : dateTime(view, sessionEnd),
    },
    { name: 'renews', label: labels.renews, value: renews, text: yesNo(view, renews) },
  ]);
}
