import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  payload: AdapterPayload;
  /** Milliseconds since the epoch; endless when undefined. */
  expiresAt: number | undefined;
}

const secretKinds = new Set([
  'AccessToken',
  'RefreshToken',
  'AuthorizationCode',
  'DeviceCode',
  'ClientCredentials',
]);

/** Everything the authorization server remembers, in memory, by kind (`AccessToken`, `Session`, …). */
export class TokenStore {
  private readonly kinds = new Map<string, Map<string, Entry>>();

  /** @param onSecret told each token and code that is issued */
  constructor(private readonly onSecret: (secret: string) => void = () => {}) {}

  /** The part of the store that holds one kind, as oidc-provider asks for it. */
  adapter(kind: string): Adapter {
    const entries = this.entries(kind);
    const find = (matches: (payload: AdapterPayload) => boolean) =>
      [...entries.values()].map(entry => entry.payload).find(matches);
    return {
      upsert: async (id, payload, expiresIn) => {
        // The provider hands out such a thing by the name it keeps it under.
        if (secretKinds.has(kind)) this.onSecret(id);
        prune(entries);
        entries.set(id, {
          payload,
          expiresAt: expiresIn === undefined ? undefined : Date.now() + expiresIn * 1000,
        });
      },
      find: async id => entries.get(id)?.payload,
      findByUserCode: async userCode => find(payload => payload.userCode === userCode),
      findByUid: async uid => find(payload => payload.uid === uid),
      consume: async id => {
        const payload = entries.get(id)?.payload;
        if (payload) payload['consumed'] = Math.floor(Date.now() / 1000);
      },
      destroy: async id => {
        entries.delete(id);
      },
      revokeByGrantId: async grantId => {
        for (const [id, { payload }] of entries) if (payload.grantId === grantId) entries.delete(id);
      },
    };
  }

  /** Forgets everything of one kind. */
  clear(kind: string): void {
    this.entries(kind).clear();
  }

  private entries(kind: string): Map<string, Entry> {
    const entries = this.kinds.get(kind) ?? new Map<string, Entry>();
    this.kinds.set(kind, entries);
    return entries;
  }
}

/** Drops what has expired, so that a sandbox left running for weeks does not grow. */
function prune(entries: Map<string, Entry>): void {
  const now = Date.now();
  for (const [id, { expiresAt }] of entries) {
    if (expiresAt !== undefined && expiresAt < now) entries.delete(id);
    // Kept in the order they were written: what follows expires later, as a kind has one lifetime.
    else return;
  }
}
