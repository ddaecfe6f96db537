import { type Credential, type CredentialStore, deserialise, serialise } from './store.js';

/** Keeps credentials for the life of the process: for tests and `remo demo`. */
export function memoryStore(): CredentialStore {
  const entries = new Map<string, string>();
  return {
    kind: 'memory',
    place: () => 'memory',
    prove: async () => {},
    read: async profile => {
      const text = entries.get(profile);
      return text === undefined ? undefined : deserialise(text, profile, 'memory');
    },
    write: async (profile, credential: Credential) => {
      entries.set(profile, serialise(credential));
    },
    remove: async profile => entries.delete(profile),
  };
}
