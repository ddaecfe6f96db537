import {
  createPrompt,
  isEnterKey,
  type KeypressEvent,
  useKeypress,
  usePagination,
  useState,
} from '@inquirer/core';
import type { Item, PromptLook } from './pick.js';
import { inline } from './sanitise.js';
import { truncate, wrap } from './width.js';

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
      contains(item.label, state.filter) ? [{ item, place }] : [],
    );
    const pageSize = Math.max(3, Math.min(mostRows, question.size().rows - 8));

    useKeypress((key, readline) => {
      const typed = readline.line;
      const press = { key, typed, step: (steps[key.name] ?? 0) * (leaps.has(key.name) ? pageSize : 1) };
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

    const page = usePagination({
      items: shown,
      active: state.active,
      pageSize,
      loop: false,
      renderItem: ({ item, isActive }) => row(item, isActive, state, question),
    });
    return draw(question, state, page);
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

function row(
  { item: { label, barred }, place }: Shown,
  isActive: boolean,
  { ticked }: State,
  { theme, cut, size }: PromptLook,
): string {
  const mark = barred === undefined ? (ticked.has(place) ? '[x]' : '[ ]') : ' - ';
  const text = truncate(`${isActive ? '>' : ' '} ${mark} ${label}`, Math.max(1, size().columns - 1), cut);
  if (isActive) return theme.style.highlight(text);
  return barred === undefined ? text : theme.style.help(text);
}

/** @returns the question with the line that a filter is typed in, and what stands below it */
function draw<T>(question: ChecklistQuestion<T>, state: State, page: string): string | [string, string] {
  const { items, theme, size } = question;
  const { ticked, filter, filtering, trouble, end } = state;
  const message = `${theme.prefix[end === 'answered' ? 'done' : 'idle']} ${theme.style.message(question.message)}`;
  const count = question.ticked(ticked.size, items.length);
  if (end) return end === 'left' ? message : `${message}: ${theme.style.answer(count)}`;
  const broken = (text: string, style: (line: string) => string) =>
    wrap(text, size().columns - 1).map(line => style(line));
  const below = [
    ...(page === '' ? broken(question.noMatch(filter), theme.style.help) : [page]),
    ...(trouble === undefined ? [] : broken(trouble, theme.style.error)),
    ...broken(count, line => line),
    ...broken(filtering ? question.filterKeys : question.keys, theme.style.help),
  ].join('\n');
  const narrowed = `/${inline(filter)}`;
  if (filtering) return [`${message}\n${narrowed}`, below];
  return [filter === '' ? message : `${message}\n${theme.style.help(narrowed)}`, below];
}
