import { stripVTControlCharacters } from 'node:util';
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

const opening = /[「『（(]/.source;
const closing = /[、。」』）)！？：]/.source;
/** What may not stand at the start of a line. */
const trailing = /[、。」』）)！？：ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]/.source;
const japanese = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.source;
/** What words consist of. */
const letter = /[^\s\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}「『（(、。」』）！？：]/u.source;
const quoted = /'[^']*'|"[^"]*"/.source;
/** What follows the name of a command on its line: options with their values, ids, placeholders. */
const given = `${quoted}|-${letter}+(?: (?:${quoted}|(?!-)${letter}+))?|${letter}*[\\d_<>A-Z]${letter}*`;
const command = `remo(?: [a-z][a-z-]*){1,2}(?: (?:${given}))*|-o [a-z]+`;
/**
 * What a line is not broken within: a word, a command to be copied (a shell would run each of its lines), or one
 * Japanese character; with what may not stand at the end of a line before it or at the start of one after it.
 */
const piece = new RegExp(
  `\\s*(?:${opening}*(?:(?:${command})${letter}*|${japanese}|${letter}+)|${opening}+|${closing})${trailing}*`,
  'gu',
);

/**
 * The text broken into lines of a number of cells; only a word longer than that makes a longer one.
 * @param hanging by how many cells all lines but the first are to be shorter
 */
export function wrap(text: string, width: number, hanging = 0): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const [found] of text.matchAll(piece)) {
    const room = lines.length === 0 ? width : width - hanging;
    const full = line !== '' && used + widthOf(found) > room;
    if (full) lines.push(line);
    const part = full || line === '' ? found.trimStart() : found;
    line = full ? part : line + part;
    used = (full ? 0 : used) + widthOf(part);
  }
  return line === '' ? lines : [...lines, line];
}

/** By how many cells the rest of a line is set in. */
const hanging = 2;

/**
 * Lines for a person, each broken as by `wrap`. What is left of one is set in further than it is, so that nothing
 * in it can look like a line of its own; a line that is a command stays as it is.
 */
export function wrapLines(text: string, width: number): string {
  return text
    .split('\n')
    .map(line => {
      if (widthOf(line) <= width || /^\s*(?:\$ )?remo /.test(stripVTControlCharacters(line))) return line;
      const [indent = ''] = /^\s*/.exec(line) ?? [];
      const rest = `\n${indent}${' '.repeat(hanging)}`;
      return indent + wrap(line, width - indent.length, hanging).join(rest);
    })
    .join('\n');
}
