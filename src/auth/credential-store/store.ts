import * as z from 'zod/mini';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { isToken } from '../token.js';

const time = z.number().check(z.gte(0));
const token = z.string().check(z.refine(isToken));
const address = z.string().check(z.refine(text => URL.canParse(text)));

const credentialSchema = z.object({
  apiUrl: address,
  issuer: address,
  clientId: z.string().check(z.minLength(1)),
  accessToken: token,
  refreshToken: z.optional(token),
  scope: z.optional(z.string()),
  expiresAt: z.optional(time),
});

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
  /** Makes sure that a write will work, before anybody signs in for nothing. @throws as `write` */
  prove(): Promise<void>;
  /** @throws RemoError `credential_broken`, `keychain_unavailable` */
  read(profile: string): Promise<Credential | undefined>;
  /** @throws RemoError `credential_unwritable`, `keychain_unavailable` */
  write(profile: string, credential: Credential): Promise<void>;
  /** @returns whether there was one. @throws RemoError `keychain_unavailable`, `credential_unwritable` */
  remove(profile: string): Promise<boolean>;
}

/** The store that the settings name, telling what a person should know of it on stderr. */
export async function openStore(context: Context): Promise<CredentialStore> {
  const { io, messages, clock, signal, directories, host } = context;
  switch (context.settings.credentialStore) {
    case 'keychain': {
      const { keychainStore } = await import('./keychain.js');
      return keychainStore({
        clock,
        signal,
        platform: host.platform,
        onSlow: () => io.err(messages.auth.keychainSlow),
        onAbandoned: () => {
          context.leavesThreadBehind = true;
        },
      });
    }
    case 'file': {
      const { fileStore } = await import('./file.js');
      return fileStore({
        directory: directories.state,
        platform: host.platform,
        onWrite: path => io.err(messages.auth.fileWritten(path)),
        onExposed: path => io.err(messages.auth.fileExposed(path)),
      });
    }
    case 'memory':
      return (await import('./memory.js')).memoryStore();
  }
}

/** The text a store keeps. */
export function serialise(credential: Credential): string {
  return JSON.stringify(credential);
}

/**
 * Reads back the text of a store, which anybody may have changed.
 * @throws RemoError `credential_broken`
 */
export function deserialise(text: string, profile: string, place: string): Credential {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The cause would quote the text, which may be half a token.
    throw new RemoError('credential_broken', { profile, place });
  }
  const parsed = credentialSchema.safeParse(value);
  if (!parsed.success) throw new RemoError('credential_broken', { profile, place });
  return parsed.data as Credential;
}
