import type { Context } from '../../context.js';
import { inline } from '../../terminal/sanitise.js';
import { pad, truncate, widthOf } from '../../terminal/width.js';
import type { RemoCommand } from '../command.js';
import { type Answer, candidatesAt } from './candidates.js';
import { placeOf } from './place.js';
import { wordsOfLine } from './shell-line.js';

/** What a shell's script asks: `remo __complete SHELL …`. */
export interface Request {
  /** The words of the command line after the program's name, the last one as far as the cursor. */
  words: string[];
  write: (answer: Answer) => string[];
}

/** Of a description no shell shows more. */
const longestAbout = 200;

/**
 * Reads what a script asks. bash hands over the line, as its own words are broken at `@`, `:` and `=`; the others
 * hand over the words, the last one with a `=` before it, as an empty argument would be lost on Windows.
 */
export function requestOf([shell, ...rest]: readonly string[]): Request {
  if (shell === 'bash') return ofBash(rest);
  const words = [...rest.slice(0, -1), (rest.at(-1) ?? '=').slice(1)];
  const write = ({ how, candidates }: Answer) => [
    how,
    ...candidates.map(({ text, about }) => `${text}\t${truncate(inline(about), longestAbout, '...')}`),
  ];
  return { words, write };
}

function ofBash([type = '', columns = '', part = '', line = '']: readonly string[]): Request {
  const all = wordsOfLine(line);
  const words = all.slice(all.findIndex(word => !/^\w+=/.test(word)) + 1);
  // readline replaces what follows the last break alone.
  const kept = Math.max(0, (words.at(-1) ?? '').length - wordsOfLine(part).join(' ').length);
  const write = ({ how, candidates }: Answer) => {
    const rows = candidates.map(({ text, about }) => ({ text: text.slice(kept), about }));
    // menu-complete and insert-completions (bash, COMP_TYPE) would put descriptions onto the line, too.
    const inserted = rows.length === 1 || type === '37' || type === '42';
    return [how, ...(inserted ? rows.map(({ text }) => text) : described(rows, Number(columns) || 80))];
  };
  return { words, write };
}

/** Words lined up with what they are, each within a line of the terminal. */
function described(rows: Answer['candidates'], columns: number): string[] {
  const width = rows.reduce((most, { text }) => Math.max(most, widthOf(text)), 0);
  return rows.map(({ text, about }) => {
    const room = columns - width - 5;
    return about === '' || room < 10
      ? text
      : `${pad(text, width)}  (${truncate(inline(about), room, '...')})`;
  });
}

/** Answers a request: the first line says how, each further one is a candidate. */
export async function complete(
  { words, write }: Request,
  program: RemoCommand,
  context: Context,
): Promise<void> {
  const answer = await candidatesAt(placeOf(program, words), context);
  await context.io.out(`${write(answer).join('\n')}\n`);
}
