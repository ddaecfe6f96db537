import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { type KeychainTrouble, RemoError } from '../../errors.js';
import { loadKeytar } from './load-keytar.js';
import { dividedEntries, type Keytar, WINDOWS_LIMIT } from './parts.js';
import { type CredentialStore, deserialise, serialise } from './store.js';

export interface KeychainOptions {
  clock: Clock;
  signal: AbortSignal;
  platform: NodeJS.Platform;
  arch: string;
  /** How long the keychain may take, milliseconds: a minute unless told, ample for typing a password. */
  patience?: number;
  /** Told when the keychain takes so long that a person should know what is waited for. */
  onSlow: () => void;
  /** Told when nobody waits for the keychain any more, though a thread of keytar's still does. */
  onAbandoned: (thread: Promise<unknown>) => void;
  /** Loads keytar; replaced by tests. */
  load?: () => Promise<Keytar>;
}

export const SERVICE = 'remo-cli';

const PROBE = ':probe:';

/** Milliseconds until a person is told. */
const SLOW = 2000;
const PATIENCE = 60_000;

/**
 * Keeps credentials in the keychain of the system: Secret Service on Linux, Keychain on macOS, Credential
 * Manager on Windows. The account is the entry's name.
 *
 * keytar blocks a thread for as long as the system shows its dialog, and Node waits for that thread when it
 * exits: whoever stops waiting says so by `onAbandoned`, and main.ts sees to it that the process ends. A
 * helper process in between could just be killed, but costs each command another start of Node (50 to 70 ms).
 */
export function keychainStore(options: KeychainOptions): CredentialStore {
  const { platform, arch } = options;
  const load = options.load ?? (() => loadKeytar(platform, arch));
  const limit = platform === 'win32' ? WINDOWS_LIMIT : Number.POSITIVE_INFINITY;
  let loaded: Promise<Keytar> | undefined;
  const place = (entry: string) => `${SERVICE}/${entry}`;

  async function call<T>(work: (keytar: Keytar) => Promise<T>, signal = options.signal): Promise<T> {
    loaded ??= load();
    const keytar = await loaded.catch(error => {
      throw unavailable(/libsecret/.test(error.message) ? 'library' : 'module', error, platform);
    });
    return patiently(work(keytar), { ...options, signal });
  }
  const entries = (keytar: Keytar) => dividedEntries(keytar, SERVICE, limit);

  async function prove(): Promise<void> {
    // No profile can have this name, and no other process the same one.
    const account = `${PROBE}${randomUUID()}`;
    await call(keytar => keytar.setPassword(SERVICE, account, 'probe'));
    const found = await call(keytar => keytar.getPassword(SERVICE, account));
    await call(keytar => keytar.deletePassword(SERVICE, account));
    if (found === 'probe') return;
    // libsecret (0.20) takes a dialog that was dismissed for success.
    const trouble = platform === 'linux' && found === null ? 'dismissed' : 'forgetful';
    throw new RemoError('keychain_unavailable', { trouble, detail: '', platform });
  }

  return {
    kind: 'keychain',
    place,
    async isOpen() {
      // Windows has nothing to unlock. On macOS looking already brings the dialog up.
      if (platform !== 'linux') return platform === 'win32';
      return (await import('./secret-service.js')).isUnlocked();
    },
    prove,
    async read(entry) {
      const text = await call(keytar => entries(keytar).get(entry));
      if (text !== null) return deserialise(text, entry, place(entry));
      // A locked Secret Service answers as an empty one does (libsecret 0.20, gnome-keyring 42); only a
      // write tells the two apart.
      if (platform === 'linux') await prove();
      return undefined;
    },
    write: (entry, credential) =>
      // Not to be interrupted: the server may have exchanged the old tokens for these already.
      call(keytar => entries(keytar).set(entry, serialise(credential)), new AbortController().signal),
    remove: entry => call(keytar => entries(keytar).delete(entry)),
    async list() {
      // keytar crashes on entries that stay locked (7.10, keytar_posix.cc: it copies a text that is not there).
      if (platform === 'linux') await prove();
      const names = await call(keytar => entries(keytar).names());
      const probes = names.filter(name => name.startsWith(PROBE));
      for (const probe of probes) await call(keytar => keytar.deletePassword(SERVICE, probe));
      return names.filter(name => !name.startsWith(PROBE));
    },
  };
}

async function patiently<T>(work: Promise<T>, options: KeychainOptions): Promise<T> {
  const { clock, signal, platform, patience = PATIENCE, onSlow, onAbandoned } = options;
  let settled = false;
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  const wait = async (): Promise<never> => {
    const quiet = Math.min(SLOW, patience);
    await clock.sleep(quiet, either);
    if (patience > quiet) {
      onSlow();
      await clock.sleep(patience - quiet, either);
    }
    throw new RemoError('keychain_unavailable', { trouble: 'timeout', detail: '', platform });
  };
  const answered = work
    .catch(error => {
      throw unavailable(troubleIn((error as Error).message), error, platform);
    })
    .finally(() => {
      settled = true;
    });
  try {
    return await Promise.race([answered, wait()]);
  } finally {
    done.abort();
    if (!settled) onAbandoned(answered);
  }
}

function unavailable(trouble: KeychainTrouble, cause: unknown, platform: NodeJS.Platform): RemoError {
  const detail = cause instanceof Error ? cause.message : '';
  return new RemoError('keychain_unavailable', { trouble, detail, platform }, { cause });
}

// keytar hands on nothing but the sentence of libsecret, GDBus or Security.framework, which are not
// translated here because Node sets no locale. One that is not known is `other`, shown as it is.
const sentences: readonly [RegExp, KeychainTrouble][] = [
  [/dismissed|cancell?ed/i, 'dismissed'],
  [/locked collection|collection\/login|interaction is not allowed|passphrase you entered/i, 'locked'],
  [/autolaunch D-Bus|Could not connect|given address|dbus-launch/i, 'no_bus'],
  [/not provided by any \.service|ServiceUnknown/i, 'no_service'],
  [/Timeout was reached|NoReply/i, 'timeout'],
];

function troubleIn(message: string): KeychainTrouble {
  return sentences.find(([pattern]) => pattern.test(message))?.[1] ?? 'other';
}
