import { randomBytes } from 'node:crypto';
import { raw } from 'hono/html';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { Provider } from 'oidc-provider/lib/provider.js';
import type { Account } from '../api/schemas.js';
import type { TokenCheck } from './api.js';
import { codeConfirmPage, codeInputPage, codeSuccessPage, errorPage, pageLanguage } from './pages.js';
import { signInPath } from './sign-in.js';
import { newSigningKey } from './signing-key.js';
import { TokenStore } from './token-store.js';

/** Where the authorization server is mounted below the origin. */
export const oidcPath = '/oidc';
/** The client the CLI is: public, native (RFC 8252), any loopback port. */
const clientId = 'remo-cli';
/** The client a batch job is: its secret is none, as whoever runs a sandbox may know it. */
export const batchClient = { id: 'remo-batch', secret: 'sandbox-secret' };
export const scopes = ['openid', 'offline_access', 'remo.read', 'remo.reboot'];
const day = 86_400;

export interface AuthorizationOptions {
  origin: string;
  account: Account;
  autoApprove: boolean;
  /** Lifetime of an access token, seconds. */
  tokenSeconds: number;
  /** How often a device code may be asked after, seconds. */
  pollSeconds: number;
  /** What a test wants otherwise; laid over the configuration and its features, member by member. */
  overrides: Partial<Configuration>;
  /** Told each token and code that is issued. */
  onSecret: ((secret: string) => void) | undefined;
}

/** Tokens of the sandbox's authorization server. */
export interface IssuedTokens {
  accessToken: string;
  refreshToken: string;
  /** Seconds. */
  expiresIn: number;
  scope: string;
}

/** The OpenID provider of one sandbox: oidc-provider on memory, with one account and two clients. */
export class AuthorizationServer {
  readonly provider: Provider;
  /** Requests to the token endpoint that were processed, by grant type. */
  readonly tokenRequests: Record<string, number> = {};
  private readonly store: TokenStore;

  constructor(private readonly options: AuthorizationOptions) {
    supplyUrlParse();
    this.store = new TokenStore(options.onSecret);
    this.provider = new Provider(options.origin + oidcPath, configuration(options, this.store));
    this.provider.silent = true;
    // Its addresses are what X-Forwarded-Proto says, where something with TLS stands in front.
    this.provider.proxy = options.origin.startsWith('https:');
    const count = ({ oidc }: KoaContextWithOIDC) => {
      const grantType = String(oidc.params?.['grant_type']);
      this.tokenRequests[grantType] = (this.tokenRequests[grantType] ?? 0) + 1;
    };
    this.provider.on('grant.success', count);
    this.provider.on('grant.error', count);
    this.provider.on('device_authorization.success', (_ctx, body) => {
      Object.assign(body, { interval: options.pollSeconds });
    });
    if (options.autoApprove) {
      // Waits with the answer, so that the first poll already finds the code approved.
      this.provider.use(async (ctx, next) => {
        await next();
        const { user_code: userCode } = (ctx.body ?? {}) as { user_code?: string };
        if (ctx['oidc']?.route === 'device_authorization' && userCode) await this.approveDevice(userCode);
      });
    }
  }

  /** Says yes to a device code in place of a person (RFC 8628). @throws RangeError for a code that is not there */
  async approveDevice(userCode: string): Promise<void> {
    const code = await this.provider.DeviceCode.findByUserCode(userCode.toUpperCase().replace(/\W/g, ''));
    if (!code) throw new RangeError(`no such code: ${userCode}`);
    const { accountId, grantId } = await this.grant(String(code.params?.['scope'] ?? ''));
    const scope = code.params?.['scope'];
    Object.assign(code, { accountId, grantId, scope, authTime: Math.floor(Date.now() / 1000) });
    await code.save();
  }

  /** An access and a refresh token as a sign-in gives them, without the dance. `expiresIn` is seconds. */
  async issueToken({
    scope = scopes.join(' '),
    expiresIn = this.options.tokenSeconds,
  } = {}): Promise<IssuedTokens> {
    const client = await this.provider.Client.find(clientId);
    if (!client) throw new RangeError(`no such client: ${clientId}`);
    const common = { ...(await this.grant(scope)), client, scope, gty: 'authorization_code' };
    const accessToken = await new this.provider.AccessToken({ ...common, expiresIn }).save();
    const refreshToken = await new this.provider.RefreshToken({ ...common }).save();
    return { accessToken, refreshToken, expiresIn, scope };
  }

  /** Ends every access token at once; refresh tokens stay. */
  revokeAccessTokens(): void {
    for (const kind of ['AccessToken', 'ClientCredentials']) this.store.clear(kind);
  }

  /** Ends every session: access and refresh tokens are worth nothing from here on. */
  endSessions(): void {
    this.revokeAccessTokens();
    for (const kind of ['RefreshToken', 'Grant', 'Session']) this.store.clear(kind);
  }

  readonly checkToken: TokenCheck = async token => {
    const { AccessToken, ClientCredentials } = this.provider;
    const found = (await AccessToken.find(token)) ?? (await ClientCredentials.find(token));
    return found && !found.isExpired ? { scopes: found.scopes } : undefined;
  };

  private async grant(scope: string): Promise<{ accountId: string; grantId: string }> {
    const accountId = this.options.account.id;
    const grant = new this.provider.Grant({ accountId, clientId });
    grant.addOIDCScope(scope);
    return { accountId, grantId: await grant.save() };
  }
}

function configuration(options: AuthorizationOptions, store: TokenStore): Configuration {
  const grantTypes = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'];
  return {
    adapter: kind => store.adapter(kind),
    jwks: { keys: [newSigningKey()] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clients: [
      {
        client_id: clientId,
        client_name: 'remo',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
        response_types: ['code'],
        grant_types: grantTypes,
        id_token_signed_response_alg: 'ES256',
      },
      {
        client_id: batchClient.id,
        client_secret: batchClient.secret,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
        scope: 'remo.read remo.reboot',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    scopes,
    responseTypes: ['code'],
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    clientBasedCORS: () => false,
    findAccount: (_ctx, sub) =>
      sub === options.account.id ? { accountId: sub, claims: () => ({ sub }) } : undefined,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    clockTolerance: 0,
    interactions: { url: (_ctx, interaction) => `${signInPath}/${interaction.uid}` },
    ttl: {
      AccessToken: options.tokenSeconds,
      ClientCredentials: options.tokenSeconds,
      DeviceCode: 600,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 14 * day,
      Session: 14 * day,
      Grant: 14 * day,
    },
    renderError: async (ctx, { error, error_description: description }) => {
      respond(ctx, await errorPage(languageOf(ctx), error, description));
    },
    ...options.overrides,
    // Its type wants the two kinds of features apart.
    features: { ...features(), ...options.overrides.features } as NonNullable<Configuration['features']>,
  };
}

function features(): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    resourceIndicators: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    introspection: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: async (ctx, form, _out, error) => {
        const trouble = error && codeTrouble(error);
        respond(ctx, await codeInputPage(languageOf(ctx), raw(form), trouble));
      },
      userCodeConfirmSource: async (ctx, form, _client, _deviceInfo, userCode) => {
        respond(ctx, await codeConfirmPage(languageOf(ctx), raw(form), userCode));
      },
      successSource: async ctx => respond(ctx, await codeSuccessPage(languageOf(ctx))),
    },
  };
}

/** The provider's errors of this kind carry no code; their class is what tells them apart. */
function codeTrouble(error: Error): 'codeWrong' | 'codeAborted' | 'codeFailed' {
  if (error.name === 'AbortedError') return 'codeAborted';
  return 'userCode' in error || error.name === 'NoCodeError' ? 'codeWrong' : 'codeFailed';
}

function languageOf(ctx: KoaContextWithOIDC) {
  return pageLanguage(ctx.get('Accept-Language'), ctx.oidc.params?.['ui_locales'] ?? ctx.query['ui_locales']);
}

function respond(ctx: KoaContextWithOIDC, page: string): void {
  ctx.type = 'html';
  ctx.body = page;
}

/** oidc-provider uses URL.parse, which the oldest Node we run on lacks (WHATWG URL, `URL.parse`). */
function supplyUrlParse(): void {
  if ('parse' in URL) return;
  const parse = (input: string, base?: string) => (URL.canParse(input, base) ? new URL(input, base) : null);
  Object.defineProperty(URL, 'parse', { value: parse, configurable: true, writable: true });
}
