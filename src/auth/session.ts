import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import type { Credential, CredentialStore } from './credential-store/store.js';
import { KeptSession } from './kept-session.js';
import { isToken } from './token.js';

/** What is known of a sign-in without asking the network. */
export interface Description {
  /**
   * How it came about: REMO_TOKEN, a person at the sign-in server, a token given by hand (`login
   * --with-token`), or REMO_CLIENT_ID.
   */
  by: 'environment' | 'person' | 'token' | 'client';
  source: 'environment' | CredentialStore['kind'];
  /** Where it is kept, in words a person can look it up by. */
  place: string;
  /** Absent for REMO_TOKEN. */
  credential?: Credential;
}

/** A source of valid access tokens for the API. */
export interface Session {
  /**
   * An access token that has not expired, renewed and stored first where needed.
   * @throws RemoError `not_signed_in`, `session_ended`, `other_backend`, `network`, …
   */
  token(): Promise<string>;
  /**
   * Another token after the backend rejected one with 401.
   * @throws RemoError `unauthenticated` or `token_refused` when there is no other, `session_ended`
   */
  renew(rejected: string): Promise<string>;
  /** What is known of the sign-in without asking the backend. @throws RemoError `not_signed_in` */
  describe(): Promise<Description>;
  /**
   * Refuses what the sign-in is known not to permit, before anything is sent. Where the granted scopes are
   * not known it lets pass: the backend will say.
   * @throws RemoError `permission_missing`, and as `token`
   */
  requireScope(scope: string): Promise<void>;
}

/**
 * The sign-in of this run: REMO_TOKEN, else REMO_CLIENT_ID and REMO_CLIENT_SECRET, else what is stored for
 * the profile.
 * @throws RemoError `invalid_value` for a REMO_TOKEN that can't be one, `client_id_missing`, `api_url_missing`
 */
export async function openSession(context: Context): Promise<Session> {
  const { env } = context.host;
  const given = env['REMO_TOKEN']?.trim();
  if (given) return tokenSession(given, 'environment', context);
  const secret = env['REMO_CLIENT_SECRET'];
  if (!secret) return new StoredSession(context, await context.credentialStore());
  const clientId = env['REMO_CLIENT_ID'];
  if (!clientId) throw new RemoError('client_id_missing', {});
  const { ClientSession } = await import('./client-session.js');
  return new ClientSession(context, await context.credentialStore(), { clientId, secret });
}

/**
 * A token as it was given, used as it is.
 * @throws RemoError `invalid_value` for one that can't be a token
 */
export function tokenSession(token: string, origin: 'environment' | 'input', context: Context): Session {
  if (!isToken(token)) {
    const name = origin === 'environment' ? 'REMO_TOKEN' : '--with-token';
    throw new RemoError('invalid_value', { name, value: '***', expected: { kind: 'token' } });
  }
  return {
    token: async () => token,
    renew: async () => {
      const { profile } = context.settings;
      throw new RemoError('token_refused', { operation: 'refresh', origin, profile });
    },
    describe: async () => ({ by: 'environment', source: 'environment', place: 'REMO_TOKEN' }),
    requireScope: async () => {},
  };
}

/** The sign-in that is stored for the profile. */
class StoredSession extends KeptSession {
  private readonly profile: string;

  constructor(context: Context, store: CredentialStore) {
    super(context, store, context.settings.profile);
    this.profile = context.settings.profile;
  }

  async describe(): Promise<Description> {
    const credential = await this.readAny();
    const by = credential.issuer === undefined ? 'token' : 'person';
    return { by, source: this.store.kind, place: this.store.place(this.profile), credential };
  }

  private async readAny(): Promise<Credential> {
    const credential = await this.store.read(this.profile);
    if (!credential) throw new RemoError('not_signed_in', { profile: this.profile });
    return credential;
  }

  /** The stored credential, if it is for the backend of this run. */
  protected async read(): Promise<Credential> {
    const credential = await this.readAny();
    const wanted = this.context.apiUrl;
    if (new URL(credential.apiUrl).origin !== wanted.origin) {
      const { profile } = this;
      throw new RemoError('other_backend', { profile, issuedFor: credential.apiUrl, wanted: wanted.href });
    }
    return credential;
  }

  protected async replace(stored: Credential): Promise<Credential> {
    const { isRenewable, refreshCredential } = await import('./refresh.js');
    if (!isRenewable(stored)) throw this.ended(stored);
    const refreshed = await refreshCredential(this.context, stored);
    if (refreshed === 'invalid_grant') return this.rotatedElsewhere(stored);
    await this.keep(refreshed);
    return refreshed;
  }

  /** A process that does not know the lock may have used the refresh token first. */
  private async rotatedElsewhere(refused: Credential): Promise<Credential> {
    const stored = await this.read();
    if (stored.accessToken === refused.accessToken || !this.isFresh(stored)) {
      throw new RemoError('session_ended', { profile: this.profile });
    }
    return stored;
  }

  private ended(credential: Credential): RemoError {
    const { profile } = this;
    if (!this.isFresh(credential)) return new RemoError('session_ended', { profile });
    if (credential.issuer !== undefined) return new RemoError('unauthenticated', { operation: 'refresh' });
    return new RemoError('token_refused', { operation: 'refresh', origin: 'stored', profile });
  }
}
