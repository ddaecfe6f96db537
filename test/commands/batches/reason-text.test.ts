import { describe, expect, it } from 'vitest';
import { reasonText } from '../../../src/commands/batches/reason-text.js';
import { en } from '../../../src/messages/en.js';
import { ja } from '../../../src/messages/ja.js';
import type { Outcome } from '../../../src/reboot/outcome.js';

/** Every word that runs write into their journals for why. */
const reasons: [Outcome, string][] = [
  ['skipped', 'offline'],
  ['skipped', 'already_rebooting'],
  ['skipped', 'recently_rebooted'],
  ['skipped', 'changed_hands'],
  ['skipped', 'gone'],
  ['not_attempted', 'interrupted'],
  ['not_attempted', 'stopped: rate_limited'],
  ['failed', 'refused: forbidden'],
  ['failed', 'reboot_failed'],
  ['unknown', 'in_flight'],
  ['unknown', 'no_answer: timeout'],
  ['unknown', 'key_expired'],
  ['unknown', 'gone'],
  ['unknown', 'not_back'],
  ['unknown', 'unwatched: session_ended'],
];

describe('why, for people who read a journal', () => {
  it.each(reasons)(
    '%s, %s: a sentence, with no more of the machine than the code of an error',
    (outcome, reason) => {
      const [, code = ''] = reason.split(': ');
      const english = reasonText({ outcome, reason }, en);
      expect(english).toMatch(/^[A-Z].*[a-z]/);
      const japanese = reasonText({ outcome, reason }, ja);
      expect(japanese).toMatch(/[。ぁ-ん]/);
      for (const text of [english, japanese]) {
        expect(text).toContain(code);
        expect(text.replace(code, '')).not.toMatch(/[a-z]_[a-z]/);
      }
    },
  );

  it('is nothing where there is no reason, and the word itself of a newer remo', () => {
    expect(reasonText({ outcome: 'rebooted', reason: null }, en)).toBe('');
    expect(reasonText({ outcome: 'failed', reason: 'melted: down' }, ja)).toBe('melted: down');
    expect(reasonText({ outcome: 'failed', reason: 'constructor' }, en)).toBe('constructor');
  });
});
