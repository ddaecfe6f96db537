import { closest, distance } from 'fastest-levenshtein';

/**
 * The known word that was probably meant by a mistyped one, or by the beginning of one, as a parameter of an error;
 * none if none is near.
 */
export function nearest(word: string, known: readonly string[]): { suggestion?: string } {
  const begun = known.filter(one => word.length > 1 && one.startsWith(word));
  if (begun.length === 1 && begun[0] !== undefined) return { suggestion: begun[0] };
  if (known.length === 0) return {};
  const best = closest(word, known);
  const far = distance(word, best);
  // Of two letters both can be others: that is another word.
  const near = far <= Math.max(2, word.length / 3) && far < Math.max(word.length, best.length);
  return near ? { suggestion: best } : {};
}
