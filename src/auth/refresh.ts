import type { Context } from '../context.js';
import type { Credential } from './credential-store/store.js';
import { openServer } from './discovery.js';
import { type AuthFetch, authFetch } from './http.js';
import { refresh, type Tokens } from './oidc.js';

/** The seam to the sign-in server for a context. */
export async function contextFetch(context: Context, signal = context.signal): Promise<AuthFetch> {
  const { clock, settings, userAgent } = context;
  const [fetch, observe] = await Promise.all([context.fetch(), context.observer()]);
  return authFetch({ fetch, timeout: settings.timeout, userAgent, signal, clock, observe });
}

/** What is kept of the tokens that a server gave just now. */
export function credentialOf(
  tokens: Tokens,
  about: Pick<Credential, 'apiUrl' | 'issuer' | 'clientId' | 'refreshToken' | 'scope'>,
  now: number,
): Credential {
  const { accessToken, expiresIn, ...given } = tokens;
  return {
    // What the answer leaves out stays as it was (RFC 6749, sections 5.1 and 6).
    ...about,
    ...given,
    accessToken,
    ...(expiresIn === undefined ? {} : { expiresAt: now + expiresIn * 1000 }),
  };
}

/**
 * Exchanges a credential's refresh token for new tokens. Ctrl-C does not interrupt it: the server may have
 * made the old one useless by then.
 * @returns `invalid_grant` when the server does not take the refresh token any more
 * @throws RemoError `network`, `discovery`, `server_error`, `rate_limited`, `bad_response`, `login_denied`
 */
export async function refreshCredential(
  context: Context,
  credential: Credential & { refreshToken: string },
): Promise<Credential | 'invalid_grant'> {
  const fetch = await contextFetch(context, new AbortController().signal);
  const server = await openServer(new URL(credential.issuer), credential.clientId, fetch);
  const tokens = await refresh(server, credential.refreshToken);
  if (tokens === 'invalid_grant') return tokens;
  const { expiresAt: _, accessToken: __, ...about } = credential;
  return credentialOf(tokens, about, context.clock.now());
}
