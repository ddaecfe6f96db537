import type { Context } from '../../context.js';
import type { Messages } from '../../messages/en.js';
import { pad, widthOf, wrap } from '../../terminal/width.js';
import type { HelpAsked } from '../command.js';
import { type Item, type Page, pageOf, type Section } from './page.js';

/** Lines longer than this are hard to read; where there is no terminal, 80 fit everywhere. */
const widest = 100;
const usual = 80;
/** A term wider than this has its text below it. */
const widestTerm = 30;

/** Shows the help that was asked for on stdout; of a command that lacks a verb, on stderr. */
export async function showHelp({ command, missing }: HelpAsked, context: Context): Promise<void> {
  const { io, messages } = context;
  const stream = missing ? io.stderr : io.stdout;
  const text = helpText(pageOf(command, messages), messages, widthFor(stream));
  if (missing) io.err(text.trimEnd());
  else await io.out(text);
}

/** The width that help has on a stream, cells. */
export function widthFor({ isTTY, columns }: Context['io']['stdout']): number {
  return Math.min(widest, (isTTY && columns) || usual);
}

function helpText({ usage, summary, sections, next }: Page, { help }: Messages, width: number): string {
  const top = [`${help.titles.usage} ${usage}`, '', ...lines(summary, width), ''];
  const foot = next === undefined ? [] : [...lines(next, width), ''];
  return [...top, ...sectionsText(sections, width), ...foot].join('\n');
}

/** Chapters as lines of at most so many cells (a command line stays as it is), each with an empty line after it. */
export function sectionsText(sections: readonly Section[], width: number): string[] {
  const terms = sections.flatMap(({ items = [] }) => items.map(({ term }) => widthOf(term)));
  const longest = Math.max(0, ...terms.filter(cells => cells <= widestTerm));
  // Where little room is left beside them, all texts stand below.
  const column = width - longest < 30 ? 0 : longest;
  return sections.flatMap(({ title, more, paragraphs = [], items = [], examples = [] }) => [
    ...lines(more === undefined ? title : `${title} ${more}`, width),
    ...apart(
      paragraphs.map(text => lines(text, width - 2).map(one => `  ${one}`)),
      items.length > 0,
    ),
    ...items.flatMap(item => itemLines(item, column, width)),
    ...examples.flatMap(({ does, line }) => [
      ...lines(does, width - 4).map(text => `  # ${text}`),
      ...line.split('\n').map(text => `  ${text}`),
    ]),
    '',
  ]);
}

/** Paragraphs with an empty line between two, and one at the end where something follows. */
function apart(paragraphs: readonly string[][], followed: boolean): string[] {
  const last = paragraphs.length - 1;
  return paragraphs.flatMap((paragraph, at) => (at < last || followed ? [...paragraph, ''] : paragraph));
}

function itemLines({ term, about }: Item, column: number, width: number): string[] {
  const margin = ' '.repeat(column + 4);
  const text = lines(about, width - margin.length);
  const beside = widthOf(term) <= column ? text.slice(0, 1) : [];
  const first = `  ${pad(term, column)}  ${beside.join('')}`.trimEnd();
  return [first, ...text.slice(beside.length).map(line => margin + line)];
}

function lines(text: string, width: number): string[] {
  return text.split('\n').flatMap(line => wrap(line, width));
}
