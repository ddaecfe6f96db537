import type { Context } from '../../context.js';

/** What is kept of a sign-in. Times are milliseconds since the epoch. */
export interface Credential {
  /** The API it was issued for; it is sent to that origin only. */
  apiUrl: string;
  issuer: string;
  clientId: string;
  accessToken: string;
  refreshToken?: string;
  scope?: string;
  /** When the access token ends; absent when the server did not say. */
  expiresAt?: number;
}

/** Keeps one credential a profile. */
export interface CredentialStore {
  readonly kind: 'keychain' | 'file' | 'memory';
  /** The credential's place in words a person can look it up by (a path; service and account). */
  place(profile: string): string;
  /** @throws RemoError `credential_broken`, `keychain_unavailable` */
  read(profile: string): Promise<Credential | undefined>;
  /** @throws RemoError `credential_unwritable`, `keychain_unavailable` */
  write(profile: string, credential: Credential): Promise<void>;
  /** @returns whether there was one. @throws RemoError `keychain_unavailable` */
  remove(profile: string): Promise<boolean>;
}

export async function openStore(_context: Context): Promise<CredentialStore> {
  throw new Error('under construction');
}
