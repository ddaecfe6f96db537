import { createHash, randomBytes } from 'node:crypto';

/** What is used of keytar. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
  findCredentials(service: string): Promise<{ account: string; password: string }[]>;
}

/** The longest entry of the Windows Credential Manager, bytes (wincred.h, CRED_MAX_CREDENTIAL_BLOB_SIZE). */
export const WINDOWS_LIMIT = 2560;

/** Texts by account in one service of a keychain, however long they are. */
interface Entries {
  get(account: string): Promise<string | null>;
  set(account: string, text: string): Promise<void>;
  /** @returns whether there was one, or parts of one */
  delete(account: string): Promise<boolean>;
  /** The accounts that have a text, or parts of one. */
  names(): Promise<string[]>;
}

/** What stands in an entry whose text is in parts: their generation, how many, and the text's SHA-256. */
const HEAD = /^parts:([0-9a-f]{16}):(\d{1,4}):([0-9a-f]{64})$/;

/** No account of a text has a `#`; those of parts do. */
const partName = (account: string, generation: string, index: number) => `${account}#${generation}.${index}`;

/**
 * Keeps texts in a keychain whose entries hold `limit` bytes at most; a longer text is divided over entries.
 *
 * The parts of a new text are written under a generation of their own, then one write of the head entry
 * makes them the text, then those of other generations are deleted. So a crash at any moment leaves the old
 * text or the new one, never a mix; what a crash leaves over, the next `set` or `delete` clears away.
 * Writers hold the profile's lock; readers do not, and look again when the head has changed under them.
 */
export function dividedEntries(keytar: Keytar, service: string, limit: number): Entries {
  async function joined(account: string, head: RegExpExecArray): Promise<string | undefined> {
    const [, generation = '', count, digest] = head;
    let encoded = '';
    for (let index = 0; index < Number(count); index++) {
      const part = await keytar.getPassword(service, partName(account, generation, index));
      if (part === null) return undefined;
      encoded += part;
    }
    const text = Buffer.from(encoded, 'base64url').toString();
    return sha256(text) === digest ? text : undefined;
  }

  /** Deletes the parts of all generations but one. @returns whether there were any */
  async function sweep(account: string, kept?: string): Promise<boolean> {
    if (limit === Number.POSITIVE_INFINITY) return false;
    let swept = false;
    for (const found of await keytar.findCredentials(service)) {
      const [owner, rest = ''] = found.account.split('#');
      if (owner !== account || !found.account.includes('#') || rest.startsWith(`${kept}.`)) continue;
      await keytar.deletePassword(service, found.account);
      swept = true;
    }
    return swept;
  }

  return {
    async get(account) {
      for (let seen: string | null = null; ; ) {
        const entry = await keytar.getPassword(service, account);
        const head = HEAD.exec(entry ?? '');
        // Twice the same head without its parts: they are lost, and the head is no credential.
        if (!head || entry === seen) return entry;
        const text = await joined(account, head);
        if (text !== undefined) return text;
        seen = entry;
      }
    },
    async set(account, text) {
      let generation: string | undefined;
      let entry = text;
      if (Buffer.byteLength(text) > limit) {
        generation = randomBytes(8).toString('hex');
        // In base64 each character is one byte, wherever it is cut.
        const parts = cut(Buffer.from(text).toString('base64url'), limit);
        for (const [index, part] of parts.entries()) {
          await keytar.setPassword(service, partName(account, generation, index), part);
        }
        entry = `parts:${generation}:${parts.length}:${sha256(text)}`;
      }
      await keytar.setPassword(service, account, entry);
      await sweep(account, generation);
    },
    async delete(account) {
      const deleted = await keytar.deletePassword(service, account);
      return (await sweep(account)) || deleted;
    },
    async names() {
      const found = await keytar.findCredentials(service);
      return [...new Set(found.map(({ account }) => account.split('#')[0] ?? account))];
    },
  };
}

function cut(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
