import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { type KeychainTrouble, RemoError } from '../../errors.js';
import { type CredentialStore, deserialise, serialise } from './store.js';

/** What is used of keytar. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

export interface KeychainOptions {
  clock: Clock;
  signal: AbortSignal;
  platform: NodeJS.Platform;
  /** Told when the keychain takes so long that a person should know what is waited for. */
  onSlow: () => void;
  /** Told when nobody waits for the keychain any more, though keytar still does. */
  onAbandoned: () => void;
  /** Loads keytar; replaced by tests. */
  load?: () => Promise<Keytar>;
}

export const SERVICE = 'remo-cli';

/** Milliseconds until a person is told, and until it is given up: ample for typing a password. */
const SLOW = 2000;
const PATIENCE = 60_000;

/**
 * Keeps credentials in the keychain of the system: Secret Service on Linux, Keychain on macOS, Credential
 * Manager on Windows. The account is the profile's name.
 *
 * keytar blocks a thread for as long as the system shows its dialog, and Node waits for that thread when it
 * exits: whoever stops waiting says so by `onAbandoned`, and main.ts ends the process by a signal.
 */
export function keychainStore(options: KeychainOptions): CredentialStore {
  const load = options.load ?? loadKeytar;
  let loaded: Promise<Keytar> | undefined;
  const place = (profile: string) => `${SERVICE}/${profile}`;

  async function call<T>(work: (keytar: Keytar) => Promise<T>, signal = options.signal): Promise<T> {
    loaded ??= load();
    const keytar = await loaded.catch(error => {
      throw unavailable('module', error);
    });
    return patiently(work(keytar), { ...options, signal });
  }

  async function prove(): Promise<void> {
    // No profile can have this name, and no other process the same one.
    const account = `:probe:${randomUUID()}`;
    await call(keytar => keytar.setPassword(SERVICE, account, 'probe'));
    const found = await call(keytar => keytar.getPassword(SERVICE, account));
    await call(keytar => keytar.deletePassword(SERVICE, account));
    if (found !== 'probe')
      throw new RemoError('keychain_unavailable', { trouble: 'other', detail: 'read-back failed' });
  }

  return {
    kind: 'keychain',
    place,
    prove,
    async read(profile) {
      const text = await call(keytar => keytar.getPassword(SERVICE, profile));
      if (text !== null) return deserialise(text, profile, place(profile));
      // A locked Secret Service answers as an empty one does (libsecret 0.20, gnome-keyring 42); only a
      // write tells the two apart.
      if (options.platform === 'linux') await prove();
      return undefined;
    },
    write: (profile, credential) =>
      // Not to be interrupted: the server may have exchanged the old tokens for these already.
      call(
        keytar => keytar.setPassword(SERVICE, profile, serialise(credential)),
        new AbortController().signal,
      ),
    remove: profile => call(keytar => keytar.deletePassword(SERVICE, profile)),
  };
}

async function loadKeytar(): Promise<Keytar> {
  return (await import('keytar')).default;
}

async function patiently<T>(
  work: Promise<T>,
  { clock, signal, onSlow, onAbandoned }: KeychainOptions,
): Promise<T> {
  let settled = false;
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  const patience = async (): Promise<never> => {
    await clock.sleep(SLOW, either);
    onSlow();
    await clock.sleep(PATIENCE - SLOW, either);
    throw new RemoError('keychain_unavailable', { trouble: 'timeout', detail: '' });
  };
  const answered = work
    .catch(error => {
      throw unavailable(troubleIn((error as Error).message), error);
    })
    .finally(() => {
      settled = true;
    });
  try {
    return await Promise.race([answered, patience()]);
  } finally {
    done.abort();
    if (!settled) onAbandoned();
  }
}

function unavailable(trouble: KeychainTrouble, cause: unknown): RemoError {
  const detail = cause instanceof Error ? cause.message : '';
  return new RemoError('keychain_unavailable', { trouble, detail }, { cause });
}

// keytar hands on nothing but the sentence of libsecret, GDBus or Security.framework, which are not
// translated here because Node sets no locale. One that is not known is `other`, shown as it is.
const sentences: readonly [RegExp, KeychainTrouble][] = [
  [/dismissed|cancell?ed/i, 'dismissed'],
  [/locked collection|collection\/login|interaction is not allowed|passphrase you entered/i, 'locked'],
  [
    /autolaunch D-Bus|Could not connect|not provided by any \.service|given address|ServiceUnknown|dbus-launch/i,
    'no_service',
  ],
  [/Timeout was reached|NoReply/i, 'timeout'],
];

function troubleIn(message: string): KeychainTrouble {
  return sentences.find(([pattern]) => pattern.test(message))?.[1] ?? 'other';
}
