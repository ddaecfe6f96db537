import type { Context } from '../context.js';
import { ExitCode, RemoError } from '../errors.js';
import { checklistPrompt } from './checklist-prompt.js';
import { errorText } from './errors.js';
import { converse, left, type Option, requireConversation, theme } from './prompts.js';
import { inline } from './sanitise.js';
import { searchPrompt } from './search-prompt.js';
import { styleOf } from './style.js';

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
  /** Why it can't be. */
  barred?: string;
}

/** How a prompt looks, and the size of the terminal at this moment. */
export interface PromptLook {
  theme: ReturnType<typeof theme>;
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
  const { pick, terminal } = context.messages;
  let first = true;
  const unhurried = async (text: string, signal: AbortSignal) => {
    if (!first) await context.clock.sleep(pauseMs, signal);
    first = false;
    return find(text, signal).then(harmless, error => failed(error, context));
  };
  const config = {
    ...(await look(context)),
    message: inline(question),
    find: unhurried,
    searching: pick.searching,
    keys: [pick.typePart, `↑↓ ${terminal.move}`, `Enter ${terminal.choose}`, `Esc ${pick.cancel}`].join(
      ' · ',
    ),
  };
  const answer = await converse(context, channel => searchPrompt(config, channel));
  if (answer === left || answer === undefined) throw new RemoError('declined', {});
  return answer as T;
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
  const { pick, terminal } = context.messages;
  const config = {
    ...(await look(context)),
    message: inline(question),
    items: items.map(item => ({ ...item, label: inline(item.label) })),
    keys: [
      `Space ${pick.tick}`,
      `a ${pick.all}`,
      `/ ${pick.filter}`,
      `↑↓ ${terminal.move}`,
      `Enter ${pick.goOn}`,
      `Esc ${pick.cancel}`,
    ].join(' · '),
    filterKeys: [`Enter ${pick.keepFilter}`, `Esc ${pick.dropFilter}`].join(' · '),
    nothingTicked: pick.nothingTicked,
    noMatch: (filter: string) => inline(pick.noMatch(filter)),
    ticked: pick.ticked,
  };
  const answer = await converse(context, channel => checklistPrompt(config, channel));
  if (answer === left || answer === undefined) throw new RemoError('declined', {});
  return answer as T[];
}

async function look(context: Context): Promise<PromptLook> {
  const { stderr } = context.io;
  return {
    theme: theme(await styleOf(context, 'stderr')),
    // A terminal need not know its size.
    size: () => ({ columns: stderr.columns || 80, rows: stderr.rows || 24 }),
  };
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
