import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import type { Credential } from './credential-store/store.js';
import { findIssuer, openServer } from './discovery.js';
import { type AuthFetch, authFetch } from './http.js';
import { grantToClient, refresh, type Tokens } from './oidc.js';
import { renewalFetch } from './token-answer.js';

/** The seam to the sign-in server for a context. */
export async function contextFetch(context: Context, signal = context.signal): Promise<AuthFetch> {
  const { clock, replacements, settings, userAgent } = context;
  const random = replacements.random ?? Math.random;
  const [fetch, observe] = await Promise.all([context.fetch(), context.observer()]);
  return authFetch({ fetch, timeout: settings.timeout, userAgent, signal, clock, random, observe });
}

/** Ten years in seconds: who gives a token a longer life means that it has no end worth noting. */
const longestLife = 315_360_000;

/** What is kept of the tokens that a server gave just now. */
export function credentialOf(
  tokens: Tokens,
  about: Pick<Credential, 'apiUrl' | 'issuer' | 'clientId' | 'refreshToken' | 'scope' | 'askedScope'>,
  now: number,
): Credential {
  const { accessToken, expiresIn, sessionEndsIn, ...given } = tokens;
  const life = (seconds: number) => Math.min(seconds, longestLife) * 1000;
  return {
    // What the answer leaves out stays as it was (RFC 6749, sections 5.1 and 6).
    ...about,
    ...given,
    accessToken,
    ...(expiresIn === undefined ? {} : { issuedAt: now, expiresAt: now + life(expiresIn) }),
    ...(sessionEndsIn === undefined ? {} : { sessionEndsAt: now + life(sessionEndsIn) }),
  };
}

type Renewable = Credential & Required<Pick<Credential, 'refreshToken' | 'issuer' | 'clientId'>>;

/** Whether a credential can be exchanged for a new one without anybody signing in. */
export function isRenewable(credential: Credential): credential is Renewable {
  const { refreshToken, issuer, clientId } = credential;
  return refreshToken !== undefined && issuer !== undefined && clientId !== undefined;
}

/**
 * Exchanges a credential's refresh token for new tokens. Ctrl-C does not interrupt it: the server may have
 * made the old one useless by then.
 * @returns `invalid_grant` when the server does not take the refresh token any more
 * @throws RemoError `network`, `discovery`, `server_error`, `rate_limited`, `bad_response`, `login_denied`
 */
export async function refreshCredential(
  context: Context,
  credential: Renewable,
): Promise<Credential | 'invalid_grant'> {
  const fetch = await contextFetch(context, new AbortController().signal);
  const server = await openServer(new URL(credential.issuer), credential.clientId, renewalFetch(fetch));
  const tokens = await refresh(server, credential.refreshToken);
  if (tokens === 'invalid_grant') return tokens;
  const { issuedAt: _, expiresAt: __, sessionEndsAt: ___, accessToken: ____, ...about } = credential;
  return credentialOf(tokens, about, context.clock.now());
}

/** What a program signs in with. */
export interface Client {
  clientId: string;
  secret: string;
}

/**
 * Gets a program an access token for its id and secret.
 * @throws RemoError `client_refused`, and as `refreshCredential`
 */
export async function requestToken(
  context: Context,
  { clientId, secret }: Client,
  scope: string,
): Promise<Credential> {
  const { apiUrl, clock } = context;
  const fetch = await contextFetch(context);
  const server = await openServer(await findIssuer(apiUrl, fetch), clientId, fetch, secret);
  const tokens = await grantToClient(server, scope).catch(error => {
    if (!(error instanceof RemoError && error.is('login_denied'))) throw error;
    throw new RemoError('client_refused', error.params, { cause: error });
  });
  // One that came all the same is not asked for (RFC 6749, section 4.4.3) and is not kept.
  const { refreshToken: _, ...given } = tokens;
  const about = {
    apiUrl: apiUrl.href,
    issuer: server.serverMetadata().issuer,
    clientId,
    scope,
    askedScope: scope,
  };
  return credentialOf(given, about, clock.now());
}
