import { addAbortSignal, type Readable } from 'node:stream';
import { tokenSession } from '../../auth/session.js';
import type { Context } from '../../context.js';
import { askSecret } from '../../terminal/prompts.js';
import { askBackend } from './ask-backend.js';
import { keepSignIn, refuseBesideClient, tellSignedIn } from './keep.js';

/** More than any token has; what is longer is not read to its end. */
const LONGEST = 65_536;

/**
 * `remo login --with-token`: reads an access token, which is never an argument, sees whether the backend takes
 * it, and keeps it. It is not renewed: nothing is known of it but that it works.
 * @throws RemoError `invalid_value`, `token_refused`, `network`, …; nothing has been stored then
 */
export async function loginWithToken(context: Context): Promise<void> {
  refuseBesideClient(context);
  await askBackend(context);
  const { apiUrl, io, messages } = context;
  const text = io.stdin.isTTY
    ? await askSecret(context, messages.auth.askToken, '--with-token < FILE')
    : await firstLine(context);
  const accessToken = text.trim();
  const session = tokenSession(accessToken, 'input', context);
  const store = await context.credentialStore();
  await store.prove();
  const account = await (await context.apiAs(session)).getAccount();
  await keepSignIn({ apiUrl: apiUrl.href, accessToken }, store, context);
  tellSignedIn(account, store, context);
}

async function firstLine({ io, signal }: Context): Promise<string> {
  const stdin = addAbortSignal(signal, io.stdin as Readable);
  let text = '';
  for await (const chunk of stdin) {
    text += chunk;
    if (text.includes('\n') || text.length > LONGEST) break;
  }
  return text.split('\n', 1)[0] ?? '';
}
