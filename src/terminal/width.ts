import stringWidth from 'string-width';
import { inline } from './sanitise.js';

const segmenter = new Intl.Segmenter();

/** The cells a text takes on a terminal: two for 漢字 and emoji, none for combining marks. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/**
 * The text cut to a number of cells, with a mark where something was cut.
 * @param mark of the `symbols`: one cell or, in ASCII, three
 */
export function truncate(text: string, width: number, mark: string): string {
  // Nothing takes more than two cells, and most names are short.
  if (text.length * 2 <= width) return text;
  // A text of ten thousand characters is not measured to its end only to be cut.
  if (text.length <= width * 8 && widthOf(text) <= width) return text;
  const ending = mark.slice(0, width);
  let kept = '';
  let used = ending.length;
  for (const { segment } of segmenter.segment(text)) {
    used += widthOf(segment);
    if (used > width) return kept + ending;
    kept += segment;
  }
  return kept;
}

/** A line of a person's terminal has room for so much of a name (cells), and for more beside it. */
const longestName = 50;

/**
 * A name, an id or an address among the words of a line, harmless and no longer than that leaves the line to the
 * words: a longer one would run over into what looks like a line of ours. The mark is one for every locale.
 */
export function brief(text: string, width = longestName): string {
  return truncate(inline(text), width, '...');
}

/** The text in lines of a number of cells, cut wherever they are full. */
export function fold(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const cells = widthOf(segment);
    if (used + cells > width && line !== '') {
      lines.push(line);
      line = '';
      used = 0;
    }
    line += segment;
    used += cells;
  }
  return [...lines, line];
}

/** The text filled up with spaces to a number of cells. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const filling = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? filling + text : text + filling;
}

/**
 * What a line is not broken within: a word (an address or a command to be copied stays whole), or one
 * Japanese character; with what may not stand at the end of a line before it or at the start of one after it.
 */
const piece =
  /\s*(?:[「『（(]*(?:[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|[^\s\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}「『（(、。」』）！？：]+)|[「『（(]+|[、。」』）)！？：])[、。」』）)！？：ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]*/gu;

/** The text broken into lines of a number of cells; only a word longer than that makes a longer one. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const [found] of text.matchAll(piece)) {
    const full = line !== '' && used + widthOf(found) > width;
    if (full) lines.push(line);
    const part = full || line === '' ? found.trimStart() : found;
    line = full ? part : line + part;
    used = (full ? 0 : used) + widthOf(part);
  }
  return line === '' ? lines : [...lines, line];
}
