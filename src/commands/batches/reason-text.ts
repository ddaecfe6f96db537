import type { Messages } from '../../messages/en.js';
import type { Outcome } from '../../reboot/outcome.js';

type Words = Pick<Messages, 'reboot' | 'batches'>;

/** Sentences for what journals say, which is less than what a run knows; `code` is that of the error behind it. */
const sentences: Readonly<Record<string, (words: Words, code: string) => string>> = {
  already_rebooting: ({ reboot }) => reboot.alreadyRebooting(undefined),
  changed_hands: ({ reboot }) => reboot.changedHands,
  gone: ({ reboot }) => reboot.gone,
  in_flight: ({ batches }) => batches.inFlight,
  interrupted: ({ reboot }) => reboot.interrupted,
  key_expired: ({ reboot }) => reboot.keyExpired,
  no_answer: ({ reboot, batches }, code) => reboot.noAnswer(batches.errorCode(code)),
  not_back: ({ batches }) => batches.notBack,
  offline: ({ reboot }) => reboot.offline,
  reboot_failed: ({ reboot }) => reboot.rebootFailed(null),
  recently_rebooted: ({ batches }) => batches.recentlyRebooted,
  refused: ({ reboot, batches }, code) => reboot.refused(batches.errorCode(code)),
  stopped: ({ reboot, batches }, code) => reboot.stopped(batches.errorCode(code)),
  unwatched: ({ reboot, batches }, code) => reboot.unwatched(batches.errorCode(code)),
};

/** The sentence for a journal's word for why; nothing for null, and a word of a newer remo as it is. */
export function reasonText(
  { outcome, reason }: { outcome: Outcome; reason: string | null },
  words: Words,
): string {
  if (reason === null) return '';
  if (outcome === 'unknown' && reason === 'gone') return words.reboot.goneSince;
  const [word = '', code = ''] = reason.split(': ');
  return Object.hasOwn(sentences, word) ? (sentences[word]?.(words, code) ?? reason) : reason;
}
