import { type Credential, type CredentialStore, deserialise, serialise } from './store.js';

/** Keeps credentials for the life of the process: for tests and `remo demo`. */
export function memoryStore(): CredentialStore {
  const entries = new Map<string, string>();
  return {
    kind: 'memory',
    place: () => 'memory',
    isOpen: async () => true,
    prove: async () => {},
    read: async entry => {
      const text = entries.get(entry);
      return text === undefined ? undefined : deserialise(text, entry, 'memory');
    },
    write: async (entry, credential: Credential) => {
      entries.set(entry, serialise(credential));
    },
    remove: async entry => entries.delete(entry),
    list: async () => [...entries.keys()],
  };
}
