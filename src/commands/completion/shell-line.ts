/**
 * The words of a POSIX shell's command line, quotes and backslashes taken off and nothing expanded. The last one
 * is that at the line's end, empty after a blank; a quote may still be open there.
 */
export function wordsOfLine(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    const next = line.charAt(at + 1);
    if (quote !== '' && character === quote) quote = '';
    else if (character === '\\' && quote !== "'" && (quote === '' || '$`"\\'.includes(next))) {
      word = (word ?? '') + next;
      at += 1;
    } else if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      word ??= '';
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  return [...words, word ?? ''];
}
