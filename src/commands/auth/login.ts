import { findBrowsers, openBrowser } from '../../auth/browser.js';
import type { CredentialStore } from '../../auth/credential-store/store.js';
import { findIssuer, openServer } from '../../auth/discovery.js';
import { withLock } from '../../auth/lock.js';
import { type DeviceFlow, offersCodeFlow, offersDeviceFlow, SCOPES, type Tokens } from '../../auth/oidc.js';
import { contextFetch, credentialOf } from '../../auth/refresh.js';
import { lockOptions } from '../../auth/session.js';
import { signInByBrowser, signInByDevice } from '../../auth/sign-in.js';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { errorText } from '../../terminal/errors.js';
import { inline } from '../../terminal/sanitise.js';
import { askBackend } from './ask-backend.js';

type Server = Awaited<ReturnType<typeof openServer>>;

/**
 * `remo login`: signs in at the server that the backend names, through the browser or with a device code,
 * and remembers the backend and the store in the profile.
 */
export async function login(options: { device?: boolean }, context: Context): Promise<void> {
  await askBackend(context);
  const { apiUrl, settings } = context;
  const store = await context.credentialStore();
  await store.prove();
  const fetch = await contextFetch(context);
  const issuer = await findIssuer(apiUrl, fetch);
  const server = await openServer(issuer, settings.clientId, fetch);
  const keep = (tokens: Tokens) => keepTokens(tokens, issuer, store, context);
  if (options.device || !(await throughBrowser(server, keep, context))) await withCode(server, keep, context);
  await greet(store, context);
}

async function keepTokens(
  tokens: Tokens,
  issuer: URL,
  store: CredentialStore,
  context: Context,
): Promise<void> {
  const { apiUrl, clock, config } = context;
  const { profile, clientId } = context.settings;
  const about = { apiUrl: apiUrl.href, issuer: issuer.href, clientId, scope: SCOPES };
  const credential = credentialOf(tokens, about, clock.now());
  await withLock(lockOptions(context), () => store.write(profile, credential));
  await config.store(profile, {
    apiUrl: apiUrl.href,
    clientId,
    // The memory store is not a choice of the user's.
    ...(store.kind === 'memory' ? {} : { credentialStore: store.kind }),
  });
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
  const { io, clock, signal } = context;
  const { auth } = context.messages;
  const show = ({ url, completeUrl, userCode, expiresIn }: DeviceFlow) => {
    io.err(auth.enterCode(inline(url), inline(userCode)));
    if (completeUrl) io.err(auth.orOpen(inline(completeUrl)));
    io.err(auth.codeExpires(Math.max(1, Math.round(expiresIn / 60))));
  };
  await signInByDevice(server, { clock, signal, keep, show });
}

/** Says who has signed in. The sign-in is stored by now, so a failure here does not undo it. */
async function greet(store: CredentialStore, context: Context): Promise<void> {
  const { io, host, messages, settings } = context;
  const { auth } = messages;
  const place = store.place(settings.profile);
  if (host.env['REMO_TOKEN']) {
    io.err(auth.signedIn(undefined, place));
    io.err(auth.tokenWins);
    return;
  }
  try {
    const account = await (await context.api()).getAccount();
    const { name, email, partner_code: partnerCode } = account;
    io.err(
      auth.signedIn({ name: inline(name), email: inline(email), partnerCode: inline(partnerCode) }, place),
    );
  } catch (error) {
    if (!(error instanceof RemoError) || error.is('interrupted')) throw error;
    io.err(auth.signedIn(undefined, place));
    io.err(auth.accountUnknown(inline(errorText(error, context).what)));
  }
}
