import * as z from 'zod/mini';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { parseDuration } from '../../values.js';
import { isToken } from '../token.js';

/** The last moment that a Date can be (ECMA-262, 21.4.1.1). */
const endOfTime = 8.64e15;
const time = z.number().check(z.gte(0), z.lte(endOfTime));
const token = z.string().check(z.refine(isToken));
const address = z.string().check(z.refine(isPlainAddress));

const credentialSchema = z.object({
  apiUrl: address,
  issuer: z.optional(address),
  clientId: z.optional(z.string().check(z.minLength(1))),
  accessToken: token,
  refreshToken: z.optional(token),
  scope: z.optional(z.string()),
  askedScope: z.optional(z.string()),
  issuedAt: z.optional(time),
  expiresAt: z.optional(time),
  sessionEndsAt: z.optional(time),
});

/** Whether a text is an address, and nobody's user name and password are in it. */
function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

/** What is kept of a sign-in. Times are milliseconds since the epoch. */
export interface Credential {
  /** The API it was issued for; it is sent to that origin only. */
  apiUrl: string;
  /** Who issued it, and to which client; both absent for a token that was given by hand. */
  issuer?: string;
  clientId?: string;
  accessToken: string;
  refreshToken?: string;
  scope?: string;
  /** The scopes that a program asked for; what it was granted may be fewer or more. */
  askedScope?: string;
  /** When the access token came; absent in entries of before this was kept. */
  issuedAt?: number;
  /** When the access token ends; absent when the server did not say. */
  expiresAt?: number;
  /** When it can't be renewed any more; absent when the server did not say. */
  sessionEndsAt?: number;
}

/**
 * The entry for the token that REMO_CLIENT_ID got in a profile, beside that of the person who signed in. No
 * profile's name has an `@`, and every file system takes one.
 */
export function clientEntry(profile: string): string {
  return `${profile}@client`;
}

/** Keeps credentials by entry: a profile's name, or its `clientEntry`. */
export interface CredentialStore {
  readonly kind: 'keychain' | 'file' | 'memory';
  /** The credential's place in words a person can look it up by (a path; service and account). */
  place(entry: string): string;
  /** Whether it can be read right now without a person being asked to unlock it. Never throws. */
  isOpen(): Promise<boolean>;
  /** Makes sure that a write will work, before anybody signs in for nothing. @throws as `write` */
  prove(): Promise<void>;
  /** @throws RemoError `credential_broken`, `keychain_unavailable` */
  read(entry: string): Promise<Credential | undefined>;
  /** @throws RemoError `credential_unwritable`, `keychain_unavailable` */
  write(entry: string, credential: Credential): Promise<void>;
  /** @returns whether there was one, or what a killed process left of one. @throws RemoError `keychain_unavailable`, `credential_unwritable` */
  remove(entry: string): Promise<boolean>;
  /** The entries there are, those included of which a killed process left something. @throws RemoError `keychain_unavailable` */
  list(): Promise<string[]>;
}

/** The store that the settings name. */
export function openStore(context: Context): Promise<CredentialStore> {
  return openStoreOf(context.settings.credentialStore, context);
}

/**
 * One of the stores, telling what a person should know of it on stderr.
 * @throws RemoError `invalid_value` for a REMO_KEYCHAIN_TIMEOUT that is no length of time
 */
export async function openStoreOf(kind: CredentialStore['kind'], context: Context): Promise<CredentialStore> {
  const { io, messages, clock, signal, directories, host } = context;
  switch (kind) {
    case 'keychain': {
      const patience = host.env[PATIENCE];
      const { keychainStore } = await import('./keychain.js');
      return keychainStore({
        clock,
        signal,
        platform: host.platform,
        arch: host.arch,
        ...(patience ? { patience: parseDuration(patience, PATIENCE) } : {}),
        onSlow: () => io.err(messages.auth.keychainSlow),
        onAbandoned: thread => {
          context.abandonedThread = thread;
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

/** How long the keychain may take. */
const PATIENCE = 'REMO_KEYCHAIN_TIMEOUT';

/** The text a store keeps. */
export function serialise(credential: Credential): string {
  return JSON.stringify(credential);
}

/**
 * Reads back the text of a store, which anybody may have changed.
 * @throws RemoError `credential_broken`
 */
export function deserialise(text: string, entry: string, place: string): Credential {
  const [profile = entry] = entry.split('@');
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
