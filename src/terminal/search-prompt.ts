import { createPrompt, isEnterKey, isTabKey, useEffect, useKeypress, useRef, useState } from '@inquirer/core';
import { visible } from './list-view.js';
import type { Found, PromptLook } from './pick.js';
import type { Option } from './prompts.js';
import { inline } from './sanitise.js';
import { truncate, widthOf } from './width.js';

interface SearchQuestion<T> extends PromptLook {
  message: string;
  /** Its signal is aborted when the text is another by now, or nobody waits any more. */
  find: (text: string, signal: AbortSignal) => Promise<Found<T>>;
  searching: string;
  keys: string;
}

/** What is on the screen. A `fault` ends the prompt. */
interface State<T> {
  status: 'searching' | 'found' | 'done';
  found: Found<T>;
  active: number;
  chosen?: Option<T>;
  fault?: unknown;
}

/** Most options shown at once. */
const mostRows = 10;

/**
 * A prompt that searches while the person types, and gives back what they choose; nothing at Escape. Only the
 * answer to the text that stands there is shown. Enter before it has come chooses the only one found.
 *
 * Not @inquirer/search: that says "No results found" in English whatever the language, types the label of an
 * option into the text at Tab, and goes on spinning after a search that failed.
 */
export const searchPrompt = createPrompt(
  <T>(question: SearchQuestion<T>, done: (answer: T | undefined) => void) => {
    // A search is an object of its own: the same text can be searched for again.
    const [sought, setSought] = useState({ text: '' });
    const { text } = sought;
    const [state, setState] = useState<State<T>>({
      status: 'searching',
      found: { options: [] },
      active: 0,
    });
    const { found, active, status } = state;
    const list = listOf(question, text, state);
    const hasty = useRef(false);
    const seek = (wanted: string) => {
      hasty.current = false;
      setSought({ text: wanted });
      // Here and not in the effect: what an effect of a keypress sets is not drawn, nor seen by the next key.
      setState({ ...state, status: 'searching' });
    };
    const finish = (chosen: Option<T> | undefined) => {
      setState(before => ({ ...before, status: 'done', ...(chosen ? { chosen } : {}) }));
      done(chosen?.value);
    };

    useEffect(() => {
      const overtaken = new AbortController();
      const { signal } = overtaken;
      question.find(text, signal).then(
        answer => {
          if (signal.aborted) return;
          const [first, second] = answer.options;
          setState({ status: 'found', found: answer, active: 0 });
          if (hasty.current && first && !second) finish(first);
        },
        fault => {
          if (signal.aborted) return;
          // The error is told below it: what was being done comes off the screen first.
          setState(before => ({ ...before, status: 'done' }));
          setState(before => ({ ...before, fault }));
        },
      );
      return () => overtaken.abort();
    }, [sought]);

    useKeypress((key, readline) => {
      if (key.name === 'escape') return finish(undefined);
      const step = (steps[key.name] ?? 0) * (leaps.has(key.name) ? list.size : 1);
      const chosen = found.options[active];
      if (step !== 0 || isTabKey(key) || isEnterKey(key)) {
        // Readline has taken the text away, or put something into it.
        readline.clearLine(0);
        readline.write(text);
      }
      if (status === 'found' && found.failed) seek(readline.line);
      else if (readline.line !== text) seek(readline.line);
      else if (status === 'searching') hasty.current ||= isEnterKey(key);
      else if (isEnterKey(key) && chosen) finish(chosen);
      else if (step !== 0) setState({ ...state, active: within(active + step, found.options.length) });
    });

    if (state.fault !== undefined) throw state.fault;
    const rows = found.options
      .slice(list.first, list.first + list.size)
      .map((option, at) => row(option, list.first + at === active, status, question));
    return draw(question, text, state, [...rows, ...list.below]);
  },
);

function row(
  { label }: Option<unknown>,
  isActive: boolean,
  status: State<unknown>['status'],
  { theme, cut, size }: PromptLook,
): string {
  const shown = truncate(label, Math.max(1, size().columns - 3), cut);
  // Of what belongs to an earlier text there is nothing to choose.
  if (status === 'searching') return theme.style.help(`  ${shown}`);
  return isActive ? theme.style.highlight(`> ${shown}`) : `  ${shown}`;
}

/** The part of what was found that is in sight, and what stands below it. */
function listOf<T>(question: SearchQuestion<T>, text: string, { status, found, active }: State<T>) {
  const { theme } = question;
  const { options, notes = [], failed } = found;
  const below = (range: string | undefined) => [
    ...(range === undefined ? [] : [{ text: range, style: theme.style.help }]),
    ...notes.map(note => ({ text: note, style: failed ? theme.style.error : theme.style.help })),
  ];
  return visible(
    {
      above: [`? ${question.message} ${inline(text)}`],
      count: options.length,
      active,
      most: mostRows,
      below,
      keys: status === 'searching' ? question.searching : question.keys,
    },
    question,
  );
}

/** @returns the line that is typed in, and what stands below it */
function draw<T>(
  { message: asked, theme, size, cut }: SearchQuestion<T>,
  text: string,
  { status, chosen }: State<T>,
  lines: readonly string[],
): string | [string, string] {
  const message = `${theme.prefix[chosen ? 'done' : 'idle']} ${theme.style.message(asked)}`;
  if (status !== 'done') return [`${message} ${inline(text)}`, lines.join('\n')];
  const room = Math.max(10, size().columns - widthOf(asked) - 4);
  return chosen ? `${message} ${theme.style.answer(truncate(chosen.label, room, cut))}` : message;
}

/** How far a key goes. */
const steps: Readonly<Record<string, number>> = { up: -1, down: 1, pageup: -1, pagedown: 1 };
const leaps: ReadonlySet<string> = new Set(['pageup', 'pagedown']);

function within(at: number, count: number): number {
  return Math.max(0, Math.min(at, count - 1));
}
