import type { Context } from '../context.js';
import type { Credential } from './credential-store/store.js';

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
  describe(): Promise<{ source: 'environment' | 'keychain' | 'file' | 'memory'; credential?: Credential }>;
}

export async function openSession(_context: Context): Promise<Session> {
  throw new Error('under construction');
}
