const segmenter = new Intl.Segmenter();

/** As people compare texts: full-width like half-width, capital like small letters. */
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Looks for a text that somebody typed. */
export class Finder {
  private readonly wanted: string;

  /** @param text what was typed; not empty */
  constructor(readonly text: string) {
    this.wanted = folded(text);
  }

  isIn(text: string): boolean {
    return folded(text).includes(this.wanted);
  }

  /** The text with each place where it was found set off; whole characters, as they are seen. */
  setOff(text: string, mark: (found: string) => string): string {
    if (!this.isIn(text)) return text;
    const characters = Array.from(segmenter.segment(text), ({ segment }) => segment);
    // One letter can become two (㈱ is (株)), so each of the folded text remembers where it comes from.
    const origin = characters.flatMap((character, index) => Array(folded(character).length).fill(index));
    const flat = characters.map(folded).join('');
    const hit = new Set<number>();
    for (let at = flat.indexOf(this.wanted); at !== -1; at = flat.indexOf(this.wanted, at + 1)) {
      for (let unit = at; unit < at + this.wanted.length; unit += 1) hit.add(origin[unit]);
    }
    let marked = '';
    for (let start = 0; start < characters.length; ) {
      let end = start + 1;
      while (end < characters.length && hit.has(end) === hit.has(start)) end += 1;
      const part = characters.slice(start, end).join('');
      marked += hit.has(start) ? mark(part) : part;
      start = end;
    }
    return marked;
  }
}
