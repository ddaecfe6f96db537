import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dividedEntries, type Keytar, WINDOWS_LIMIT } from '../../src/auth/credential-store/parts.js';
import { fakeKeytar } from '../support/keytar.js';

const service = 'remo-cli';

/** keytar as it is on Windows: it takes no entry above the limit. `left`: after so many changes it crashes. */
function windows(entries: Map<string, string>, left = Number.POSITIVE_INFINITY): Keytar {
  const keytar = fakeKeytar(entries);
  const change = () => {
    if (left-- <= 0) throw new Error('killed');
  };
  return {
    ...keytar,
    setPassword: async (where, account, password) => {
      change();
      if (Buffer.byteLength(password) > WINDOWS_LIMIT) throw new Error('The stub received bad data.');
      await keytar.setPassword(where, account, password);
    },
    deletePassword: async (where, account) => {
      change();
      return keytar.deletePassword(where, account);
    },
  };
}

const divided = (entries: Map<string, string>, left?: number) =>
  dividedEntries(windows(entries, left), service, WINDOWS_LIMIT);

/** Texts around the limit and its multiples, some of them not ASCII. */
const text = fc
  .tuple(fc.integer({ min: 1, max: 4 * WINDOWS_LIMIT }), fc.constantFrom('a', 'é', 'あ', '😀'))
  .map(([length, character]) => character.repeat(Math.ceil(length / Buffer.byteLength(character))));

test('what is set is read, whatever its length, and nothing else is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async texts => {
      const entries = new Map<string, string>();
      const store = divided(entries);
      await store.set('other', 'x'.repeat(6000));
      const others = entries.size;
      for (const one of texts) {
        await store.set('default', one);
        expect(await store.get('default')).toBe(one);
      }
      const last = texts.at(-1) ?? '';
      const encoded = Buffer.from(last).toString('base64url').length;
      const parts = Buffer.byteLength(last) > WINDOWS_LIMIT ? Math.ceil(encoded / WINDOWS_LIMIT) : 0;
      expect(entries.size).toBe(others + 1 + parts);
      expect((await store.names()).sort()).toEqual(['default', 'other']);
      expect(await store.delete('default')).toBe(true);
      expect(entries.size).toBe(others);
      expect(await store.get('other')).toBe('x'.repeat(6000));
    }),
  );
});

test('killed at any moment, it holds the old text or the new one; the next write leaves nothing over', async () => {
  await fc.assert(
    fc.asyncProperty(text, text, text, fc.nat({ max: 14 }), async (old, fresh, next, left) => {
      const entries = new Map<string, string>();
      await divided(entries).set('default', old);
      const finished = await divided(entries, left)
        .set('default', fresh)
        .then(
          () => true,
          () => false,
        );
      const found = await divided(entries).get('default');
      expect(finished ? [fresh] : [old, fresh]).toContain(found);
      await divided(entries).set('default', next);
      expect(await divided(entries).get('default')).toBe(next);
      await divided(entries).delete('default');
      expect([...entries.keys()]).toEqual([]);
    }),
  );
});

test('killed in the middle of a deletion, nobody is signed in, and the next one clears up', async () => {
  const entries = new Map<string, string>();
  await divided(entries).set('default', 'x'.repeat(9000));
  await expect(divided(entries, 2).delete('default')).rejects.toThrow('killed');
  expect(await divided(entries).get('default')).toBeNull();
  expect(entries.size).toBeGreaterThan(0);
  expect(await divided(entries).names()).toEqual(['default']);
  expect(await divided(entries).delete('default')).toBe(true);
  expect(entries.size).toBe(0);
});

test.each([
  ['lost', (entries: Map<string, string>, part: string) => entries.delete(part)],
  ['changed', (entries: Map<string, string>, part: string) => entries.set(part, 'AAAA')],
])('a part that is %s: what is read is no credential', async (_what, harm) => {
  const entries = new Map<string, string>();
  await divided(entries).set('default', JSON.stringify({ accessToken: 'x'.repeat(6000) }));
  const part = [...entries.keys()].find(key => key.endsWith('.1')) ?? '';
  harm(entries, part);
  const found = await divided(entries).get('default');
  expect(found).toMatch(/^parts:/);
  expect(found).not.toContain('xxxx');
});

test('a text that is replaced while it is being read is read again', async () => {
  const entries = new Map<string, string>();
  await divided(entries).set('default', 'a'.repeat(6000));
  const keytar = windows(entries);
  let reads = 0;
  const disturbed: Keytar = {
    ...keytar,
    getPassword: async (where, account) => {
      // After the head and its first part.
      if (++reads === 3) await divided(entries).set('default', 'b'.repeat(6000));
      return keytar.getPassword(where, account);
    },
  };
  expect(await dividedEntries(disturbed, service, WINDOWS_LIMIT).get('default')).toBe('b'.repeat(6000));
});

test('where entries have no limit nothing is divided, and nothing is listed', async () => {
  const entries = new Map<string, string>();
  const keytar: Keytar = {
    ...fakeKeytar(entries),
    findCredentials: () => Promise.reject(new Error('not asked for')),
  };
  const store = dividedEntries(keytar, service, Number.POSITIVE_INFINITY);
  await store.set('default', 'x'.repeat(9000));
  expect([...entries.keys()]).toEqual(['remo-cli default']);
  expect(await store.delete('default')).toBe(true);
});
