import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter();

/** The cells a text takes on a terminal: two for 漢字 and emoji, none for combining marks. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The text cut to a number of cells, with … where something was cut. */
export function truncate(text: string, width: number): string {
  // A text of ten thousand characters is not measured to its end only to be cut.
  if (text.length <= width * 8 && widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += widthOf(segment);
    if (used > width - 1) return `${kept}…`;
    kept += segment;
  }
  return kept;
}

/** The text filled up with spaces to a number of cells. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const filling = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? filling + text : text + filling;
}
