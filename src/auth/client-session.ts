import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import { type Credential, type CredentialStore, clientEntry } from './credential-store/store.js';
import { KeptSession } from './kept-session.js';
import type { Client } from './refresh.js';
import type { Description } from './session.js';

/**
 * The sign-in of a program by REMO_CLIENT_ID and REMO_CLIENT_SECRET (RFC 6749, section 4.4). Its access token
 * is kept in an entry of its own, beside that of a person, until it expires, so that many commands share one; the
 * secret is kept nowhere. Without a keychain (as in CI) it goes on without keeping the token, and says so.
 */
export class ClientSession extends KeptSession {
  private unkept = false;
  /** The scopes to ask for, in an order of their own. */
  private readonly scope: string;

  constructor(
    context: Context,
    store: CredentialStore,
    private readonly client: Client,
  ) {
    super(context, store, clientEntry(context.settings.profile));
    // Those two are about a person: who it is, and access while they are away (OpenID Connect Core).
    const ofPeople = ['openid', 'offline_access'];
    const names = context.settings.scopes.split(' ').filter(name => !ofPeople.includes(name));
    this.scope = names.sort().join(' ');
  }

  async describe(): Promise<Description> {
    const credential = this.current ?? (await this.read());
    const kept: Pick<Description, 'source' | 'place'> = this.unkept
      ? { source: 'memory', place: 'memory' }
      : { source: this.store.kind, place: this.store.place(this.entry) };
    return { by: 'client', ...kept, ...(credential ? { credential } : {}) };
  }

  /** The kept token, unless it is another client's or another backend's, or was asked for with other scopes. */
  protected async read(): Promise<Credential | undefined> {
    if (this.unkept) return undefined;
    const kept = await this.store.read(this.entry).catch(error => this.withoutStore(error));
    if (kept?.clientId !== this.client.clientId) return undefined;
    if (kept.askedScope !== this.scope) return undefined;
    return new URL(kept.apiUrl).origin === this.context.apiUrl.origin ? kept : undefined;
  }

  /** A broken entry is overwritten; a keychain that isn't there is done without. */
  private withoutStore(error: unknown): undefined {
    if (!(error instanceof RemoError)) throw error;
    if (error.is('credential_broken')) return undefined;
    if (!error.is('keychain_unavailable') || error.params.trouble === 'timeout') throw error;
    this.unkept = true;
    const { io, messages, settings } = this.context;
    if (!settings.quiet)
      io.err(messages.auth.clientNotKept(messages.errors.keychain_unavailable(error.params).what));
    return undefined;
  }

  protected async replace(): Promise<Credential> {
    const { requestToken } = await import('./refresh.js');
    const credential = await requestToken(this.context, this.client, this.scope);
    if (!this.unkept) await this.keep(credential);
    return credential;
  }
}
