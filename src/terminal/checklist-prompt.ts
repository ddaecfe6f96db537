import { createPrompt, isEnterKey, type KeypressEvent, useKeypress, useState } from '@inquirer/core';
import { visible } from './list-view.js';
import { type Item, type PromptLook, wholeText } from './pick.js';
import { inline } from './sanitise.js';
import { truncate, widthOf } from './width.js';

interface ChecklistQuestion<T> extends PromptLook {
  message: string;
  items: readonly Item<T>[];
  keys: string;
  filterKeys: string;
  nothingTicked: string;
  noMatch: (filter: string) => string;
  ticked: (count: number, total: number) => string;
}

interface State {
  /** The places of those ticked. */
  ticked: ReadonlySet<number>;
  /** Counted among those that the filter lets through. */
  active: number;
  filter: string;
  filtering: boolean;
  /** What can't be done, and why. */
  trouble?: string | undefined;
  end?: 'answered' | 'left';
}

/** An item that the filter lets through, and its place among all. */
interface Shown {
  item: Item<unknown>;
  place: number;
}

const mostRows = 15;

/**
 * A prompt with items to be ticked, none of them at first; gives back those that were, at least one, in their
 * order, and nothing at Escape. `/` narrows the list to what contains a text; what is ticked stays ticked.
 *
 * Not @inquirer/checkbox: it has no filter and no key for a page, and a hundred devices are no list to walk
 * through line by line.
 */
export const checklistPrompt = createPrompt(
  <T>(question: ChecklistQuestion<T>, done: (answer: T[] | undefined) => void) => {
    const { items } = question;
    const [state, setState] = useState<State>({ ticked: new Set(), active: 0, filter: '', filtering: false });
    const shown = items.flatMap((item, place) =>
      contains(wholeText(item), state.filter) ? [{ item, place }] : [],
    );
    const list = listOf(question, state, shown);

    useKeypress((key, readline) => {
      const typed = readline.line;
      const press = { key, typed, step: (steps[key.name] ?? 0) * (leaps.has(key.name) ? list.size : 1) };
      const next: State = { ...state, trouble: undefined, ...changes(press, state, shown) };
      if (next.end === 'answered' && next.ticked.size === 0) {
        return setState({ ...state, trouble: question.nothingTicked });
      }
      // Readline holds what is typed into the filter and nothing else: it puts the cursor after it.
      const text = next.filtering ? next.filter : '';
      if (readline.line !== text) {
        readline.clearLine(0);
        readline.write(text);
      }
      setState(next);
      if (next.end === 'left') done(undefined);
      else if (next.end) done(items.flatMap(({ value }, place) => (next.ticked.has(place) ? [value] : [])));
    });

    const shape = shapeOf(question);
    const rows = shown
      .slice(list.first, list.first + list.size)
      .map((one, at) => row(one, list.first + at === state.active, state, question, shape));
    return draw(question, state, [...rows, ...list.below]);
  },
);

/** How far a key goes: some a line, others a page, or to an end. */
const steps: Readonly<Record<string, number>> = {
  up: -1,
  down: 1,
  pageup: -1,
  pagedown: 1,
  home: Number.NEGATIVE_INFINITY,
  end: Number.POSITIVE_INFINITY,
};
const leaps: ReadonlySet<string> = new Set(['pageup', 'pagedown']);

interface Press {
  key: KeypressEvent;
  /** What readline holds after it. */
  typed: string;
  step: number;
}

/** What a key changes. */
function changes({ key, typed, step }: Press, state: State, shown: readonly Shown[]): Partial<State> {
  const { active, filter, filtering } = state;
  if (step !== 0) return { active: Math.max(0, Math.min(active + step, shown.length - 1)) };
  if (key.name === 'escape') {
    if (filter === '' && !filtering) return { end: 'left' };
    return { filter: '', filtering: false, active: shown[active]?.place ?? 0 };
  }
  if (filtering) {
    if (isEnterKey(key)) return { filtering: false };
    return typed === filter ? {} : { filter: typed, active: 0 };
  }
  if (isEnterKey(key)) return { end: 'answered' };
  if (key.ctrl) return {};
  // A Japanese input method sends its letters full-width, and without a key's name.
  switch (typed.normalize('NFKC').toLowerCase()) {
    case ' ':
      return toggled(state, shown);
    case 'a':
      return allToggled(state, shown);
    case '/':
      return { filtering: true };
    default:
      return {};
  }
}

function toggled({ ticked, active }: State, shown: readonly Shown[]): Partial<State> {
  const at = shown[active];
  if (!at) return {};
  if (at.item.barred !== undefined) return { trouble: at.item.barred };
  return { ticked: changed(ticked, [at.place], !ticked.has(at.place)) };
}

function allToggled({ ticked }: State, shown: readonly Shown[]): Partial<State> {
  const free = shown.flatMap(({ item, place }) => (item.barred === undefined ? [place] : []));
  const on = free.some(place => !ticked.has(place));
  return { ticked: changed(ticked, free, on) };
}

function changed(ticked: ReadonlySet<number>, places: readonly number[], on: boolean): Set<number> {
  const after = new Set(ticked);
  for (const place of places) {
    if (on) after.add(place);
    else after.delete(place);
  }
  return after;
}

function contains(label: string, filter: string): boolean {
  return plain(label).includes(plain(filter).trim());
}

/** Full-width and half-width, capital and small are the same to who looks for something. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** How wide a row may be, and whether there is room before the labels for all that belongs there. */
interface Shape {
  room: number;
  whole: boolean;
}

/** What comes before every label: the cursor and a box. */
const lead = 6;

/** The same for every row, so that what one looks for stands in one column. */
function shapeOf<T>({ items, size }: ChecklistQuestion<T>): Shape {
  const room = Math.max(1, size().columns - 1 - lead);
  const whole = items.every(({ before, label }) => widthOf(wholeText({ before, label })) <= room);
  return { room, whole };
}

function row(
  { item, place }: Shown,
  isActive: boolean,
  { ticked }: State,
  { theme, cut }: PromptLook,
  shape: Shape,
): string {
  const mark = item.barred === undefined ? (ticked.has(place) ? '[x]' : '[ ]') : ' - ';
  const text = `${isActive ? '>' : ' '} ${mark} ${truncate(textIn(shape, item), shape.room, cut)}`;
  if (isActive) return theme.style.highlight(text);
  return item.barred === undefined ? text : theme.style.help(text);
}

/** What is said of an item in the room there is: the label is what it is known by, and gives way last. */
function textIn({ room, whole }: Shape, item: Item<unknown>): string {
  const all = wholeText(item);
  if (whole && widthOf(all) <= room) return all;
  const { before, label } = item;
  return before === undefined || whole ? wholeText({ before, label }) : `${before.brief} ${label}`;
}

/** The part of the list that is in sight, and what stands below it. */
function listOf<T>(question: ChecklistQuestion<T>, state: State, shown: readonly Shown[]) {
  const { items, theme, between } = question;
  const { filter, filtering, trouble } = state;
  const count = question.ticked(state.ticked.size, items.length);
  const below = (range: string | undefined) => [
    ...(shown.length === 0 ? [{ text: question.noMatch(filter), style: theme.style.help }] : []),
    ...(trouble === undefined ? [] : [{ text: trouble, style: theme.style.error }]),
    { text: range === undefined ? count : `${count}${between}${range}` },
  ];
  return visible(
    {
      above: [`? ${question.message}`, ...(filtering || filter !== '' ? [`/${inline(filter)}`] : [])],
      count: shown.length,
      active: state.active,
      most: mostRows,
      below,
      keys: filtering ? question.filterKeys : question.keys,
    },
    question,
  );
}

/** @returns the question with the line that a filter is typed in, and what stands below it */
function draw<T>(
  question: ChecklistQuestion<T>,
  state: State,
  lines: readonly string[],
): string | [string, string] {
  const { items, theme } = question;
  const { ticked, filter, filtering, end } = state;
  const message = `${theme.prefix[end === 'answered' ? 'done' : 'idle']} ${theme.style.message(question.message)}`;
  if (end === 'left') return message;
  if (end) return `${message}: ${theme.style.answer(question.ticked(ticked.size, items.length))}`;
  const below = lines.join('\n');
  const narrowed = `/${inline(filter)}`;
  if (filtering) return [`${message}\n${narrowed}`, below];
  return [filter === '' ? message : `${message}\n${theme.style.help(narrowed)}`, below];
}
