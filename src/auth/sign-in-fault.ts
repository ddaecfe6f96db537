import * as client from 'openid-client';
import { RemoError } from '../errors.js';
import { remoErrorIn } from './discovery.js';

/** A request to the sign-in server: what it was for, and who was asked. */
export interface SignInRequest {
  operation: 'signIn' | 'refresh' | 'revoke';
  host: string;
}

/** The RemoError for what openid-client threw; anything else stays what it is. */
export function signInFault(error: unknown, { operation, host }: SignInRequest): unknown {
  const known = remoErrorIn(error);
  if (known?.is('network', 'server_error', 'rate_limited'))
    return new RemoError(known.code, { ...known.params, operation }, { cause: error });
  if (known) return known;
  if (error instanceof client.ResponseBodyError || error instanceof client.AuthorizationResponseError) {
    const { error: code, error_description: detail } = error;
    return new RemoError('login_denied', { error: code, ...(detail ? { detail } : {}) }, { cause: error });
  }
  if (error instanceof client.WWWAuthenticateChallengeError) {
    const { error: code = `HTTP ${error.status}` } = error.cause[0]?.parameters ?? {};
    return new RemoError('login_denied', { error: code }, { cause: error });
  }
  if (!(error instanceof client.ClientError)) return error;
  const claim = claimOf(error);
  if (claim && timeClaims.has(claim)) return new RemoError('clock_off', { claim }, { cause: error });
  const status = error.cause instanceof Response ? error.cause.status : 200;
  // The messages of openid-client name what is wrong, the inner one closer, and hold nothing of the answer itself.
  const { message: detail } = error.cause instanceof Error ? error.cause : error;
  const field = claim ? `id_token.${claim}` : 'body';
  const problem = { kind: 'other' as const, detail };
  return new RemoError('bad_response', { operation, host, status, field, problem }, { cause: error });
}

/** The claims that say when an ID token was made and how long it is good (OpenID Connect Core, section 2). */
const timeClaims = new Set(['exp', 'iat', 'nbf']);

/** The claim of the ID token that is not what it should be. */
function claimOf(error: client.ClientError): string | undefined {
  const { cause } = error.cause instanceof Error ? error.cause : {};
  return typeof cause === 'object' && cause && 'claim' in cause ? String(cause.claim) : undefined;
}
