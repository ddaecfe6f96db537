import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName } from '../../../src/commands/notices/files.js';

const nameOf = (id: string) => fileName('run-1', id, 'eml');

describe('the name of a notice’s file', () => {
  it('is that of the run and the customer', () => {
    expect(nameOf('cus_a21sc74t9w')).toBe('run-1-cus_a21sc74t9w.eml');
  });

  it.each([
    '../../etc/passwd',
    'a/b',
    'a\\b',
    'a\0b',
    'con:',
    'aux.txt',
    'a ',
    'a.',
    'お客様',
    'x'.repeat(5000),
    '',
  ])('for the id %j is one that every system takes', id => {
    expect(nameOf(id)).toMatch(/^run-1-[A-Za-z0-9_-]{0,32}~[0-9a-f]{16}\.eml$/);
  });

  it('is another for each customer, also where case does not count', () => {
    const pairs = [
      ['cus_a', 'CUS_A'],
      ['a/b', 'ab'],
      ['a/b', 'a\\b'],
      ['\ud800', '\ud801'],
    ] as const;
    for (const [one, other] of pairs) {
      expect(nameOf(one).toLowerCase()).not.toBe(nameOf(other).toLowerCase());
    }
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 2 }), ids => {
        expect(new Set(ids.map(id => nameOf(id).toLowerCase())).size).toBe(ids.length);
      }),
    );
  });
});
