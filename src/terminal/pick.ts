import type { Context } from '../context.js';
import { ExitCode, RemoError } from '../errors.js';
import type { Messages } from '../messages/en.js';
import { converse, left, requireConversation } from './converse.js';
import { errorText } from './errors.js';
import { sizeOf } from './io.js';
import type { Theme } from './prompt-theme.js';
import type { Option } from './prompts.js';
import { inline } from './sanitise.js';

/** What a search found. */
export interface Found<T> {
  options: readonly Option<T>[];
  /** What there is to say of it. */
  notes?: readonly string[];
  /** It failed, and `notes` says how: the next key tries again. */
  failed?: true;
}

/** One of several to be ticked. */
export interface Item<T> extends Option<T> {
  /** What stands before the label, and what is left of it where the terminal is narrow. */
  before?: { whole: string; brief: string } | undefined;
  /** What stands after it where there is room. */
  after?: string;
  /** Why it can't be. */
  barred?: string;
}

/** How a prompt looks, and the size of the terminal at this moment. */
export interface PromptLook {
  theme: Theme;
  /** What stands where a label was cut. */
  cut: string;
  /** What stands between two things on one line. */
  between: string;
  range: Messages['terminal']['range'];
  size: () => { columns: number; rows: number };
}

/** So long the text has to stand before it is searched for (milliseconds). */
const pauseMs = 200;

/**
 * Lets the person choose what they search for, on stderr, as they type. A backend that fails is told of in the
 * prompt; any other error ends it.
 * @param find what there is for a text (empty at first); its signal is aborted when it is no longer wanted
 * @param flag what would have answered it, for the error
 * @throws RemoError `answer_needed` where nobody can be asked; `declined` at Escape and Ctrl-D; `interrupted` at
 * Ctrl-C; what `find` throws
 */
export async function search<T>(
  context: Context,
  question: string,
  find: (text: string, signal: AbortSignal) => Promise<Found<T>>,
  flag: string,
): Promise<T> {
  requireConversation(context, flag);
  let first = true;
  const found = (text: string, signal: AbortSignal) =>
    find(text, signal).then(harmless, error => failed(error, context));
  const unhurried = async (text: string, signal: AbortSignal) => {
    if (!first) await context.clock.sleep(pauseMs, signal);
    first = false;
    return found(text, signal);
  };
  const answer = context.setting('plain').value
    ? await (await import('./pick-lines.js')).searchByLine(context, question, found)
    : await searchByKeys(context, question, unhurried);
  if (answer === left || answer === undefined) throw new RemoError('declined', {});
  return answer;
}

async function searchByKeys<T>(
  context: Context,
  question: string,
  find: (text: string, signal: AbortSignal) => Promise<Found<T>>,
): Promise<T | typeof left | undefined> {
  const { searchPrompt } = await import('./search-prompt.js');
  const { pick, symbols, terminal } = context.messages;
  const keys = [
    pick.typePart,
    `${symbols.upAndDown} ${terminal.move}`,
    `Enter ${terminal.choose}`,
    `Esc ${pick.cancel}`,
  ];
  const config = {
    ...(await look(context)),
    message: inline(question),
    find,
    searching: pick.searching,
    keys: keys.join(` ${symbols.between} `),
  };
  return converse(context, channel => searchPrompt(config, channel) as Promise<T | undefined>);
}

/**
 * Lets the person tick some of several, on stderr; none is ticked at first, and one has to be.
 * @returns those ticked, in the order given
 * @param flag what would have answered it, for the error
 * @throws RemoError as `search`
 */
export async function tick<T>(
  context: Context,
  question: string,
  items: readonly Item<T>[],
  flag: string,
): Promise<T[]> {
  requireConversation(context, flag);
  const shown = items.map(item => ({
    ...item,
    label: inline(item.label),
    ...(item.after === undefined ? {} : { after: inline(item.after) }),
  }));
  const answer = context.setting('plain').value
    ? await (await import('./pick-lines.js')).tickByLine(context, inline(question), shown)
    : await tickByKeys(context, inline(question), shown);
  if (answer === left || answer === undefined) throw new RemoError('declined', {});
  return answer;
}

async function tickByKeys<T>(
  context: Context,
  message: string,
  items: readonly Item<T>[],
): Promise<T[] | typeof left | undefined> {
  const { checklistPrompt } = await import('./checklist-prompt.js');
  const { pick, symbols, terminal } = context.messages;
  const keys = [
    `Space ${pick.tick}`,
    `a ${pick.all}`,
    `/ ${pick.filter}`,
    `${symbols.upAndDown} ${terminal.move}`,
    `Enter ${pick.goOn}`,
    `Esc ${pick.cancel}`,
  ];
  const config = {
    ...(await look(context)),
    message,
    items,
    keys: keys.join(` ${symbols.between} `),
    filterKeys: [`Enter ${pick.keepFilter}`, `Esc ${pick.dropFilter}`].join(` ${symbols.between} `),
    nothingTicked: pick.nothingTicked,
    noMatch: (filter: string) => inline(pick.noMatch(filter)),
    ticked: pick.ticked,
  };
  return converse(context, channel => checklistPrompt(config, channel) as Promise<T[] | undefined>);
}

async function look(context: Context): Promise<PromptLook> {
  const { themeOf } = await import('./prompt-theme.js');
  const { symbols, terminal } = context.messages;
  return {
    theme: await themeOf(context),
    cut: symbols.cut,
    between: ` ${symbols.between} `,
    range: terminal.range,
    size: () => sizeOf(context.io.stderr),
  };
}

/** All that is said of an item. */
export function wholeText({ before, label, after }: Omit<Item<unknown>, 'value'>): string {
  return [before?.whole, label, after].filter(part => part !== undefined).join('  ');
}

function harmless<T>({ options, notes = [] }: Found<T>): Found<T> {
  return {
    options: options.map(({ value, label }) => ({ value, label: inline(label) })),
    notes: notes.map(inline),
  };
}

/** @throws the error, unless it is of the kind that passes */
function failed(error: unknown, context: Context): Found<never> {
  if (!(error instanceof RemoError) || error.exitCode !== ExitCode.backend) throw error;
  return {
    options: [],
    notes: [inline(errorText(error, context).what), context.messages.pick.tryAgain],
    failed: true,
  };
}
