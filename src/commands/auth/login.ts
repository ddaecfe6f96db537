import { findBrowsers, openBrowser } from '../../auth/browser.js';
import type { Credential, CredentialStore } from '../../auth/credential-store/store.js';
import { findIssuer, openServer } from '../../auth/discovery.js';
import { type DeviceFlow, offersCodeFlow, offersDeviceFlow, type Tokens } from '../../auth/oidc.js';
import { contextFetch, credentialOf } from '../../auth/refresh.js';
import { signInByBrowser, signInByDevice } from '../../auth/sign-in.js';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { dateTime, viewOf } from '../../terminal/columns.js';
import { errorText } from '../../terminal/errors.js';
import { inline } from '../../terminal/sanitise.js';
import { askBackend } from './ask-backend.js';
import { keepSignIn, refuseBesideClient, tellSignedIn } from './keep.js';

type Server = Awaited<ReturnType<typeof openServer>>;

/**
 * `remo login`: signs in at the server that the backend names, through the browser or with a device code,
 * and remembers the backend and the store in the profile.
 */
export async function login(options: { device?: boolean }, context: Context): Promise<void> {
  refuseBesideClient(context);
  await askBackend(context);
  const { apiUrl, clock, settings } = context;
  const store = await context.credentialStore();
  await store.prove();
  const fetch = await contextFetch(context);
  const server = await openServer(await findIssuer(apiUrl, fetch), settings.clientId, fetch);
  let kept: Credential | undefined;
  const keep = async (tokens: Tokens) => {
    const { issuer } = server.serverMetadata();
    const { clientId, scopes: scope } = settings;
    kept = credentialOf(tokens, { apiUrl: apiUrl.href, issuer, clientId, scope }, clock.now());
    await keepSignIn(kept, store, context);
  };
  if (options.device || !(await throughBrowser(server, keep, context))) await withCode(server, keep, context);
  await greet(store, context);
  if (kept) tellLimits(kept, context);
}

/** @returns false when the device code is the way to sign in here */
async function throughBrowser(server: Server, keep: (tokens: Tokens) => Promise<void>, context: Context) {
  const { io, host, lang, clock, signal } = context;
  const { auth } = context.messages;
  const canFallBack = offersDeviceFlow(server);
  if (canFallBack && !offersCodeFlow(server)) return false;
  const browsers = findBrowsers(host.env, host.platform);
  if ('missing' in browsers && canFallBack) {
    io.err(auth.noBrowser[browsers.missing]);
    return false;
  }
  const open = async (url: string) => {
    io.err('missing' in browsers ? auth.openByHand : auth.openingBrowser);
    io.err(`  ${url}`);
    const opened = !('missing' in browsers) && (await openBrowser(browsers.commands, url, host.env));
    // Without a device flow the person may still open the address by hand.
    return opened || !canFallBack;
  };
  const guide = {
    scope: context.settings.scopes,
    clock,
    signal,
    keep,
    lang,
    pages: auth.pages,
    open,
    onStray: () => io.err(auth.strayCallback),
  };
  const signedIn = await signInByBrowser(server, guide);
  if (!signedIn) io.err(auth.noBrowser.failed);
  return signedIn;
}

async function withCode(
  server: Server,
  keep: (tokens: Tokens) => Promise<void>,
  context: Context,
): Promise<void> {
  const { io, clock, settings, signal } = context;
  const { auth } = context.messages;
  const show = ({ url, completeUrl, userCode, expiresIn }: DeviceFlow) => {
    io.err(auth.enterCode(inline(url), inline(userCode)));
    if (completeUrl) io.err(auth.orOpen(inline(completeUrl)));
    io.err(auth.codeExpires(Math.max(1, Math.round(expiresIn / 60))));
  };
  await signInByDevice(server, { scope: settings.scopes, clock, signal, keep, show });
}

/** Says who has signed in. The sign-in is stored by now, so a failure here does not undo it. */
async function greet(store: CredentialStore, context: Context): Promise<void> {
  const { io, host, messages } = context;
  // Its account would not be that of who has signed in.
  if (host.env['REMO_TOKEN']) return tellSignedIn(undefined, store, context);
  try {
    tellSignedIn(await (await context.api()).getAccount(), store, context);
  } catch (error) {
    if (!(error instanceof RemoError) || error.is('interrupted')) throw error;
    tellSignedIn(undefined, store, context);
    io.err(messages.auth.accountUnknown(inline(errorText(error, context).what)));
  }
}

/** Says what the sign-in can't do though it was asked for. */
function tellLimits({ scope = '', refreshToken, expiresAt }: Credential, context: Context): void {
  const { io, messages, settings } = context;
  const granted = scope.split(' ');
  const asked = settings.scopes.split(' ');
  // Many servers leave those two out of their list although they granted them.
  const ofProtocol = ['openid', 'offline_access'];
  const missing = asked.filter(name => !ofProtocol.includes(name) && !granted.includes(name));
  if (missing.length > 0) io.err(messages.auth.fewerScopes(missing.join(' ')));
  if (refreshToken === undefined && asked.includes('offline_access')) {
    const end =
      expiresAt === undefined ? undefined : dateTime(viewOf(context), new Date(expiresAt).toISOString());
    io.err(messages.auth.noRenewal(end));
  }
}
