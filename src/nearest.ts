import { distance } from 'fastest-levenshtein';

/**
 * The known word that was probably meant by a mistyped one, or by the beginning of one, as a parameter of an error;
 * none if none is near. Capitals count as small letters.
 */
export function nearest(word: string, known: readonly string[]): { suggestion?: string } {
  const typed = word.toLowerCase();
  const begun = known.filter(one => typed.length > 1 && one.toLowerCase().startsWith(typed));
  if (begun.length === 1 && begun[0] !== undefined) return { suggestion: begun[0] };
  let best: { one: string; far: number } | undefined;
  for (const one of known) {
    const far = mistakes(typed, one.toLowerCase());
    // Where all the letters are others, it is another word.
    const near = far <= allowed(typed) && far < Math.max(typed.length, one.length);
    if (near && far < (best?.far ?? Number.POSITIVE_INFINITY)) best = { one, far };
  }
  return best ? { suggestion: best.one } : {};
}

/** Half of a short word is another word: `xml` is not meant to be `yaml`. */
function allowed({ length }: string): number {
  return length <= 4 ? 1 : Math.max(2, length / 3);
}

/** How many letters have to be typed otherwise; two that were swapped are one mistake. */
function mistakes(typed: string, known: string): number {
  const far = distance(typed, known);
  return far === 2 && lettersOf(typed) === lettersOf(known) ? 1 : far;
}

function lettersOf(word: string): string {
  return Array.from(word).sort().join('');
}
