// Picking as plain lines, for screen readers and terminals that can't move their cursor: what is found is listed by
// number, and nothing is drawn over.
import type { Context } from '../context.js';
import { left } from './converse.js';
import { line } from './line-prompts.js';
import { type Found, type Item, wholeText } from './pick.js';
import { inline } from './sanitise.js';

/**
 * A search by lines: a text is searched for, the number of one that was found chooses it. Enter alone lists what
 * there is without a text.
 * @throws RemoError `interrupted`; what `find` throws
 */
export async function searchByLine<T>(
  context: Context,
  question: string,
  find: (text: string, signal: AbortSignal) => Promise<Found<T>>,
): Promise<T | typeof left> {
  const { io, messages, signal } = context;
  const { pick } = messages;
  let found: Found<T> = { options: [] };
  for (;;) {
    const { length } = found.options;
    const answer = await line(
      context,
      inline(length === 0 ? `${question} ${pick.typePart}:` : pick.numberOrPart(length)),
    );
    if (answer === left) return left;
    const chosen = found.options[numberOf(answer) - 1];
    if (chosen) return chosen.value;
    found = await find(answer, signal);
    io.err([...numbered(found.options), ...(found.notes ?? [])].join('\n'));
  }
}

/**
 * Items ticked by their numbers: `1 3-5`, or `a` for all that can be.
 * @throws RemoError `interrupted`
 */
export async function tickByLine<T>(
  context: Context,
  question: string,
  items: readonly Item<T>[],
): Promise<T[] | typeof left> {
  const { io, messages } = context;
  const { pick } = messages;
  io.err([question, ...numbered(items.map(item => ({ label: wholeText(item) })))].join('\n'));
  for (;;) {
    const answer = await line(context, pick.whichNumbers);
    if (answer === left) return left;
    const places = placesOf(answer, items);
    const barred = places?.find(place => items[place]?.barred !== undefined);
    if (places === undefined) io.err(pick.notNumbers(items.length));
    else if (barred !== undefined) io.err(`${barred + 1}) ${items[barred]?.barred}`);
    else return places.flatMap(place => items[place]?.value ?? []);
  }
}

function numbered(options: readonly { label: string }[]): string[] {
  return options.map(({ label }, place) => `${place + 1}) ${label}`);
}

/** @returns the places from 0, each once, in order; undefined where it is not what was asked for */
function placesOf(answer: string, items: readonly Item<unknown>[]): number[] | undefined {
  const words = plain(answer)
    .split(/[\s,、]+/)
    .filter(word => word !== '');
  if (words.length === 1 && words[0] === 'a') {
    const free = items.flatMap(({ barred }, place) => (barred === undefined ? [place] : []));
    return free.length > 0 ? free : undefined;
  }
  const places = new Set<number>();
  for (const word of words) {
    const [, first = '', last = first] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!(from >= 1 && from <= to && to <= items.length)) return undefined;
    for (let number = from; number <= to; number++) places.add(number - 1);
  }
  return places.size > 0 ? [...places].sort((a, b) => a - b) : undefined;
}

function numberOf(answer: string): number {
  return /^\d+$/.test(plain(answer)) ? Number(plain(answer)) : 0;
}

/** Who writes Japanese types １ for 1. */
function plain(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
