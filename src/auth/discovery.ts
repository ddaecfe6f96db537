import * as client from 'openid-client';
import * as z from 'zod/mini';
import { type DiscoveryTrouble, RemoError } from '../errors.js';
import { type AuthFetch, requireSafe, shown } from './http.js';

/** What is used of a protected resource's metadata (RFC 9728, section 2). */
const resourceSchema = z.object({
  resource: z.string(),
  authorization_servers: z.optional(z.array(z.string())),
});

/** How far the clocks of the two machines may differ: an ID token proves the nonce here, not the time. */
const clockTolerance = 600;

/**
 * The address of an API's metadata: the well-known part goes between host and path (RFC 9728, section 3.1).
 */
export function resourceMetadataUrl(apiUrl: URL): URL {
  const url = new URL(apiUrl);
  url.pathname = `/.well-known/oauth-protected-resource${apiUrl.pathname.replace(/\/+$/, '')}`;
  return url;
}

/**
 * The authorization server that an API names first in its metadata (RFC 9728).
 * @throws RemoError `discovery`, `network`
 */
export async function findIssuer(apiUrl: URL, fetch: AuthFetch): Promise<URL> {
  const url = resourceMetadataUrl(apiUrl).href;
  const fault = (trouble: DiscoveryTrouble, detail?: string) =>
    new RemoError('discovery', { trouble, url, ...(detail === undefined ? {} : { detail }) });
  const response = await fetch(url, { headers: { accept: 'application/json' } });
  if (response.status !== 200) throw fault('unreachable', `HTTP ${response.status}`);
  const document = resourceSchema.safeParse(await response.json().catch(() => undefined));
  if (!document.success) throw fault('not_json');
  const { resource, authorization_servers: servers = [] } = document.data;
  // Section 3.3: metadata of another resource must not be used.
  if (!sameAddress(resource, apiUrl))
    throw fault('wrong_resource', URL.canParse(resource) ? shown(new URL(resource)) : resource);
  const [named] = servers;
  if (named === undefined || !URL.canParse(named)) throw fault('no_server', named);
  const issuer = new URL(named);
  requireSafe(issuer, url);
  return issuer;
}

function sameAddress(text: string, url: URL): boolean {
  return URL.canParse(text) && new URL(text).href.replace(/\/+$/, '') === url.href.replace(/\/+$/, '');
}

/** The endpoints that are used; a secret or a person is sent to each. */
const endpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'device_authorization_endpoint',
  'revocation_endpoint',
] as const;

/**
 * What is known of an authorization server, from its OpenID Connect discovery document.
 * @param secret the client's, where it has one
 * @throws RemoError `discovery`, `network`
 */
export async function openServer(
  issuer: URL,
  clientId: string,
  fetch: AuthFetch,
  secret?: string,
): Promise<client.Configuration> {
  const attempt = (named: URL) => discover(named, clientId, fetch, secret);
  const config = await attempt(issuer).catch(error => {
    // The names of an issuer with and without a slash at its end are two (RFC 8414, section 3.3), but APIs and
    // servers disagree about it often; the host and the rest of the path still have to be the same.
    const other = otherSpelling(issuer);
    const differs =
      error instanceof RemoError && error.is('discovery') && error.params.trouble === 'wrong_issuer';
    if (!differs || !other) throw error;
    return attempt(other).catch(() => {
      throw error;
    });
  });
  config.timeout = 0;
  const metadata = config.serverMetadata();
  for (const name of endpoints) {
    const endpoint = metadata[name];
    if (endpoint === undefined) continue;
    const url = configurationUrl(issuer);
    if (!URL.canParse(endpoint)) throw new RemoError('discovery', { trouble: 'not_json', url, detail: name });
    requireSafe(new URL(endpoint), url);
  }
  return config;
}

/** An issuer with a path, with or without the slash at its end. A bare host always has it in a URL. */
function otherSpelling(issuer: URL): URL | undefined {
  if (issuer.pathname === '/') return undefined;
  const other = new URL(issuer);
  other.pathname = issuer.pathname.endsWith('/') ? issuer.pathname.slice(0, -1) : `${issuer.pathname}/`;
  return other;
}

function configurationUrl(issuer: URL): string {
  return `${issuer.href.replace(/\/+$/, '')}/.well-known/openid-configuration`;
}

function discover(issuer: URL, clientId: string, fetch: AuthFetch, secret: string | undefined) {
  const authentication = secret === undefined ? client.None() : withSecret(secret);
  return client
    .discovery(issuer, clientId, { [client.clockTolerance]: clockTolerance }, authentication, {
      // The seam has its own time limit and its own rule for plain http.
      [client.customFetch]: (address, init) => fetch(address, init as RequestInit),
      execute: [client.allowInsecureRequests],
    })
    .catch(error => {
      throw discoveryFault(error, configurationUrl(issuer));
    });
}

/** Sends the secret as the server wants it; HTTP Basic when it does not say (RFC 8414, section 2). */
function withSecret(secret: string): client.ClientAuth {
  return (server, ...message) => {
    const methods = server.token_endpoint_auth_methods_supported ?? [];
    const inBody = methods.includes('client_secret_post') && !methods.includes('client_secret_basic');
    const authenticate = inBody ? client.ClientSecretPost(secret) : client.ClientSecretBasic(secret);
    return authenticate(server, ...message);
  };
}

function discoveryFault(error: unknown, url: string): unknown {
  const known = remoErrorIn(error);
  if (known) return known;
  const fault = (trouble: DiscoveryTrouble, detail: string) =>
    new RemoError('discovery', { trouble, url, detail }, { cause: error });
  // It compares issuers as URLs, and not every text is one.
  if ((error as NodeJS.ErrnoException).code === 'ERR_INVALID_URL') return fault('wrong_issuer', '');
  if (!(error instanceof client.ClientError)) return error;
  switch (error.code) {
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
      return fault('unreachable', error.cause instanceof Response ? `HTTP ${error.cause.status}` : '');
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return fault('wrong_issuer', '');
    default:
      return fault('not_json', error.message);
  }
}

/** The RemoError that openid-client wrapped when the seam threw it. */
export function remoErrorIn(thrown: unknown): RemoError | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof RemoError) return error;
  }
  return undefined;
}
