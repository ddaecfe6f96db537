import * as client from 'openid-client';
import type { Clock } from '../clock.js';
import { RemoError } from '../errors.js';
import { requireSafe } from './http.js';
import { type SignInRequest, signInFault } from './sign-in-fault.js';
import { isToken } from './token.js';

// The flows as pairs of functions: one makes what a person is sent away with, the other turns what comes
// back into tokens. They hold no state and know neither browser nor terminal.

/** What an authorization server gave. */
export interface Tokens {
  accessToken: string;
  refreshToken?: string;
  scope?: string;
  /** Seconds from now: the access token's end, and that of the session, which some servers tell. */
  expiresIn?: number;
  sessionEndsIn?: number;
}

/** A sign-in in the browser that is under way. */
export interface CodeFlow {
  /** Where the person signs in. */
  url: URL;
  state: string;
  nonce: string;
  verifier: string;
}

/**
 * Begins a sign-in with an authorization code (RFC 6749, section 4.1) and PKCE (RFC 7636, S256).
 * @throws RemoError `login_impossible`
 */
export async function beginCodeFlow(
  config: client.Configuration,
  { redirectUri, scope, lang }: { redirectUri: string; scope: string; lang: string },
): Promise<CodeFlow> {
  if (!offersCodeFlow(config)) throw new RemoError('login_impossible', { missing: 'code_flow' });
  const state = client.randomState();
  const nonce = client.randomNonce();
  const verifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ui_locales: lang,
    // Without a consent no refresh token (OpenID Connect Core, section 11).
    prompt: 'consent',
  });
  return { url, state, nonce, verifier };
}

/**
 * Exchanges the code that the browser brought back; state and nonce have to be those sent out.
 * @throws RemoError `login_denied`, `clock_off`, `network`, `bad_response`, `server_error`, `rate_limited`
 */
export async function finishCodeFlow(
  config: client.Configuration,
  flow: CodeFlow,
  callback: URL,
): Promise<Tokens> {
  const response = client.authorizationCodeGrant(config, callback, {
    expectedState: flow.state,
    expectedNonce: flow.nonce,
    pkceCodeVerifier: flow.verifier,
  });
  return received(config, response, 'signIn');
}

/** A sign-in on another device that is under way. */
export interface DeviceFlow {
  deviceCode: string;
  userCode: string;
  /** Where the person enters the code. */
  url: string;
  /** The same with the code in it. */
  completeUrl?: string;
  /** Seconds. */
  interval: number;
  expiresIn: number;
}

/**
 * Begins a sign-in with a device code (RFC 8628, section 3.1).
 * @throws RemoError `login_impossible`, `discovery` for an address that is not https, and as `finishCodeFlow`
 */
export async function beginDeviceFlow(config: client.Configuration, scope: string): Promise<DeviceFlow> {
  if (!offersDeviceFlow(config)) throw new RemoError('login_impossible', { missing: 'device_flow' });
  const answer = await client
    .initiateDeviceAuthorization(config, { scope, prompt: 'consent' })
    .catch(error => {
      throw signInFault(error, requestTo(config, 'signIn'));
    });
  const { verification_uri: url } = answer;
  const { issuer } = config.serverMetadata();
  if (!URL.canParse(url))
    throw new RemoError('discovery', { trouble: 'not_json', url: issuer, detail: 'verification_uri' });
  requireSafe(new URL(url), issuer);
  return {
    deviceCode: answer.device_code,
    userCode: answer.user_code,
    url,
    ...(answer.verification_uri_complete ? { completeUrl: answer.verification_uri_complete } : {}),
    interval: answer.interval ?? 5,
    expiresIn: answer.expires_in,
  };
}

/** Whether a server signs people in with a device code. */
export function offersDeviceFlow(config: client.Configuration): boolean {
  return config.serverMetadata().device_authorization_endpoint !== undefined;
}

/** Whether a server signs people in through a browser. */
export function offersCodeFlow(config: client.Configuration): boolean {
  return config.serverMetadata().authorization_endpoint !== undefined;
}

/** A server that can't be reached this often in a row while polling is gone. */
const toleratedFailures = 5;

/**
 * Asks until the person has approved (RFC 8628, sections 3.4 and 3.5): no oftener than `interval`, five
 * seconds slower after each `slow_down`, half as often after each network failure.
 * @throws RemoError `login_denied`, `login_expired`, `network`, the signal's reason, and as `finishCodeFlow`
 */
export async function finishDeviceFlow(
  config: client.Configuration,
  flow: DeviceFlow,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<Tokens> {
  const end = clock.now() + flow.expiresIn * 1000;
  let { interval } = flow;
  let failures = 0;
  while (clock.now() + interval * 1000 < end) {
    await clock.sleep(interval * 1000, signal);
    try {
      return await poll(config, flow.deviceCode);
    } catch (error) {
      if (!(error instanceof RemoError)) throw error;
      if (error.is('network', 'server_error', 'rate_limited')) {
        failures += 1;
        if (failures > toleratedFailures) throw error;
        interval *= 2;
        continue;
      }
      failures = 0;
      const answer = error.is('login_denied') ? error.params.error : '';
      if (answer === 'expired_token') break;
      if (answer === 'slow_down') interval += 5;
      else if (answer !== 'authorization_pending') throw error;
    }
  }
  throw new RemoError('login_expired', {});
}

function poll(config: client.Configuration, deviceCode: string): Promise<Tokens> {
  const grant = 'urn:ietf:params:oauth:grant-type:device_code';
  const answer = client.genericGrantRequest(config, grant, { device_code: deviceCode });
  return received(config, answer, 'signIn');
}

/**
 * Exchanges a refresh token (RFC 6749, section 6).
 * @returns `invalid_grant` when the server does not take it any more, the tokens otherwise
 * @throws RemoError as `finishCodeFlow`
 */
export async function refresh(
  config: client.Configuration,
  refreshToken: string,
): Promise<Tokens | 'invalid_grant'> {
  try {
    return await received(config, client.refreshTokenGrant(config, refreshToken), 'refresh');
  } catch (error) {
    const refused =
      error instanceof RemoError && error.is('login_denied') && error.params.error === 'invalid_grant';
    if (refused) return 'invalid_grant';
    throw error;
  }
}

/**
 * Gets a program a token for its own id and secret (RFC 6749, section 4.4).
 * @throws RemoError as `finishCodeFlow`
 */
export function grantToClient(config: client.Configuration, scope: string): Promise<Tokens> {
  return received(config, client.clientCredentialsGrant(config, scope ? { scope } : {}), 'signIn');
}

/**
 * Tells the server to forget a token (RFC 7009).
 * @returns whether the server offers that
 * @throws RemoError as `finishCodeFlow`
 */
export async function revoke(
  config: client.Configuration,
  token: string,
  kind: 'refresh_token' | 'access_token',
): Promise<boolean> {
  if (!config.serverMetadata().revocation_endpoint) return false;
  await client.tokenRevocation(config, token, { token_type_hint: kind }).catch(error => {
    throw signInFault(error, requestTo(config, 'revoke'));
  });
  return true;
}

function requestTo(config: client.Configuration, operation: SignInRequest['operation']): SignInRequest {
  return { operation, host: new URL(config.serverMetadata().issuer).host };
}

async function received(
  config: client.Configuration,
  answer: Promise<client.TokenEndpointResponse>,
  operation: SignInRequest['operation'],
): Promise<Tokens> {
  const request = requestTo(config, operation);
  const response = await answer.catch(error => {
    throw signInFault(error, request);
  });
  const { access_token: accessToken, refresh_token: refreshToken, scope, expires_in: expiresIn } = response;
  for (const [field, token] of Object.entries({ access_token: accessToken, refresh_token: refreshToken })) {
    if (token === undefined || isToken(token)) continue;
    throw new RemoError('bad_response', { ...request, status: 200, field, problem: { kind: 'no_token' } });
  }
  return {
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(scope === undefined ? {} : { scope }),
    ...(expiresIn === undefined ? {} : { expiresIn }),
    ...sessionEnd(response),
  };
}

/**
 * How long the refresh token is good for. No standard has a name for it: Keycloak and others say
 * `refresh_expires_in` (0 where it does not end), GitHub and others `refresh_token_expires_in`.
 */
function sessionEnd(response: client.TokenEndpointResponse): { sessionEndsIn?: number } {
  const seconds = Number(response['refresh_expires_in'] ?? response['refresh_token_expires_in']);
  // Beyond some three hundred years it does not end, and Date would not bear it.
  return seconds > 0 && seconds < 1e10 ? { sessionEndsIn: seconds } : {};
}
