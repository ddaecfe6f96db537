import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import type { Credential, CredentialStore } from './credential-store/store.js';
import { isToken } from './token.js';

/** What is known of a sign-in without asking the network. */
type Description =
  | { source: 'environment' }
  | { source: CredentialStore['kind']; place: string; credential: Credential };

/** A source of valid access tokens for the API. */
export interface Session {
  /**
   * An access token that has not expired, refreshed and stored first where needed.
   * @throws RemoError `not_signed_in`, `session_ended`, `other_backend`, `network`, …
   */
  token(): Promise<string>;
  /**
   * Another token after the backend rejected one with 401.
   * @throws RemoError `unauthenticated` when there is no other, `session_ended`
   */
  renew(rejected: string): Promise<string>;
  /** What is known of the sign-in without asking the network. @throws RemoError `not_signed_in` */
  describe(): Promise<Description>;
}

/** A token that ends within this time is as good as ended: the request has to arrive, and clocks differ. */
const LEEWAY = 30_000;

/**
 * The sign-in of the context's profile; REMO_TOKEN, where it is set, is the sign-in instead.
 * @throws RemoError `invalid_value` for a REMO_TOKEN that can't be one, `api_url_missing`
 */
export async function openSession(context: Context): Promise<Session> {
  const given = context.host.env['REMO_TOKEN']?.trim();
  return given ? givenSession(given) : new StoredSession(context, await context.credentialStore());
}

function givenSession(token: string): Session {
  if (!isToken(token)) {
    const expected = { kind: 'text' as const, max: 8000 };
    throw new RemoError('invalid_value', { name: 'REMO_TOKEN', value: '***', expected });
  }
  return {
    token: async () => token,
    renew: async () => {
      throw new RemoError('unauthenticated', { operation: 'refresh' });
    },
    describe: async () => ({ source: 'environment' }),
  };
}

class StoredSession implements Session {
  private current: Credential | undefined;
  private reading: Promise<Credential> | undefined;
  private refreshing: Promise<Credential> | undefined;
  private readonly profile: string;

  constructor(
    private readonly context: Context,
    private readonly store: CredentialStore,
  ) {
    this.profile = context.settings.profile;
  }

  async token(): Promise<string> {
    this.current ??= await this.readOnce();
    if (this.isFresh(this.current)) return this.current.accessToken;
    return (await this.refreshOnce(this.current)).accessToken;
  }

  async renew(rejected: string): Promise<string> {
    const known = this.current ?? (await this.readOnce());
    if (known.accessToken !== rejected) return this.token();
    return (await this.refreshOnce(known)).accessToken;
  }

  async describe(): Promise<Description> {
    const { kind } = this.store;
    const credential = await this.read();
    return { source: kind, place: this.store.place(this.profile), credential };
  }

  private isFresh({ expiresAt }: Credential): boolean {
    return expiresAt === undefined || expiresAt - LEEWAY > this.context.clock.now();
  }

  private async read(): Promise<Credential> {
    const { profile } = this;
    const credential = await this.store.read(profile);
    if (!credential) throw new RemoError('not_signed_in', { profile });
    return credential;
  }

  /** The stored credential, if it is for the backend of this run. */
  private async readOwn(): Promise<Credential> {
    const credential = await this.read();
    const wanted = this.context.apiUrl;
    if (new URL(credential.apiUrl).origin !== wanted.origin) {
      const { profile } = this;
      throw new RemoError('other_backend', { profile, issuedFor: credential.apiUrl, wanted: wanted.href });
    }
    return credential;
  }

  private readOnce(): Promise<Credential> {
    this.reading ??= this.readOwn().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /** One refresh at a time in this process, however many requests need it. */
  private refreshOnce(useless: Credential): Promise<Credential> {
    this.refreshing ??= this.refresh(useless)
      .then(credential => {
        this.current = credential;
        return credential;
      })
      .finally(() => {
        this.refreshing = undefined;
      });
    return this.refreshing;
  }

  /**
   * One refresh at a time among all processes: locks, reads again, refreshes only if nobody else has,
   * stores. A process that is killed between the server's answer and the end of the store loses the new
   * tokens; if the server rotates refresh tokens, the person then has to sign in again.
   */
  private async refresh(useless: Credential): Promise<Credential> {
    const { withLock } = await import('./lock.js');
    const { refreshCredential } = await import('./refresh.js');
    return withLock(lockOptions(this.context), async () => {
      const stored = await this.readOwn();
      if (stored.accessToken !== useless.accessToken && this.isFresh(stored)) return stored;
      const { refreshToken } = stored;
      if (refreshToken === undefined) throw this.ended(stored);
      const refreshed = await refreshCredential(this.context, { ...stored, refreshToken });
      if (refreshed === 'invalid_grant') return this.rotatedElsewhere(stored);
      await this.store.write(this.profile, refreshed);
      return refreshed;
    });
  }

  /** A process that does not know the lock may have used the refresh token first. */
  private async rotatedElsewhere(refused: Credential): Promise<Credential> {
    const stored = await this.readOwn();
    if (stored.accessToken === refused.accessToken || !this.isFresh(stored)) throw this.ended(refused, true);
    return stored;
  }

  private ended(credential: Credential, refused = !this.isFresh(credential)): RemoError {
    return refused
      ? new RemoError('session_ended', { profile: this.profile })
      : new RemoError('unauthenticated', { operation: 'refresh' });
  }
}

/** The lock that every change of the context's credential is made under. */
export function lockOptions(context: Context) {
  const { clock, signal, directories, settings, replacements } = context;
  const random = replacements.random ?? Math.random;
  return { directory: directories.state, profile: settings.profile, clock, signal, random };
}
