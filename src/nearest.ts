import { closest, distance } from 'fastest-levenshtein';

/** The known word that a mistyped one was probably meant to be, as a parameter of an error; none if none is near. */
export function nearest(word: string, known: readonly string[]): { suggestion?: string } {
  if (known.length === 0) return {};
  const best = closest(word, known);
  return distance(word, best) <= Math.max(2, word.length / 3) ? { suggestion: best } : {};
}
