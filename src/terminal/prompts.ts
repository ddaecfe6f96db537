import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import { inline } from './sanitise.js';
import { type Style, styleOf } from './style.js';

/** One of several to choose from. */
export interface Option<T> {
  value: T;
  label: string;
}

/** What can be done at the end of a page. */
export type PageMove = 'next' | 'previous' | 'quit';

/** How a prompt reaches the person: the streams of the context, and its interruption. */
interface Channel {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  signal: AbortSignal;
  clearPromptOnDone?: boolean;
}

/** The person left the question without an answer: Ctrl-D, or the end of stdin. */
const left = Symbol('left');

/**
 * Asks a yes-or-no question on stderr. Enter, Ctrl-D and the end of stdin are a no.
 * @param flag what would have answered it, for the error
 * @throws RemoError `answer_needed` where nobody can be asked; `interrupted` at Ctrl-C
 */
export async function confirm(context: Context, question: string, flag: string): Promise<boolean> {
  requireConversation(context, flag);
  const { default: ask } = await import('@inquirer/confirm');
  const { answerYes, answerNo } = context.messages.terminal;
  const style = await styleOf(context, 'stderr');
  const answer = await converse(context, channel =>
    ask(
      {
        message: inline(question),
        default: false,
        transformer: agreed => (agreed ? answerYes : answerNo),
        theme: { ...theme(style), keywords: { yes: 'yes', no: 'no' } },
      },
      channel,
    ),
  );
  return answer === true;
}

/**
 * Lets the person choose one of several, on stderr.
 * @param flag what would have answered it, for the error
 * @throws RemoError `answer_needed` where nobody can be asked; `declined` at Ctrl-D; `interrupted` at Ctrl-C
 */
export async function choose<T>(
  context: Context,
  question: string,
  options: readonly Option<T>[],
  flag: string,
): Promise<T> {
  requireConversation(context, flag);
  const [{ default: ask }, { truncate }] = await Promise.all([
    import('@inquirer/select'),
    import('./width.js'),
  ]);
  const style = await styleOf(context, 'stderr');
  const { move, choose: pick } = context.messages.terminal;
  const room = Math.max(1, (context.io.stderr.columns || 80) - 3);
  // Chosen by its place: what inquirer is given are no values of ours to merge, compare or print.
  const choices = options.map(({ label }, value) => ({ value, name: truncate(inline(label), room) }));
  const answer = await converse(context, channel =>
    ask(
      {
        message: inline(question),
        choices,
        loop: false,
        pageSize: 10,
        theme: {
          ...theme(style),
          icon: { cursor: '>' },
          style: {
            ...theme(style).style,
            keysHelpTip: () => style.dim(`↑↓ ${move} · Enter ${pick}`),
          },
        },
      },
      channel,
    ),
  );
  const chosen = answer === left ? undefined : options[answer];
  if (!chosen) throw new RemoError('declined', {});
  return chosen.value;
}

/**
 * Asks for a text, on stderr, until it is one that will do.
 * @param flag what would have answered it, for the error
 * @param problem what is wrong with a text, in the user's language; nothing if it will do
 * @throws RemoError `answer_needed` where nobody can be asked; `declined` at Ctrl-D; `interrupted` at Ctrl-C
 */
export async function ask(
  context: Context,
  question: string,
  flag: string,
  problem: (text: string) => string | undefined,
): Promise<string> {
  requireConversation(context, flag);
  const { default: input } = await import('@inquirer/input');
  const style = await styleOf(context, 'stderr');
  const answer = await converse(context, channel =>
    input(
      {
        message: inline(question),
        validate: text => {
          const wrong = problem(text.trim());
          return wrong === undefined || inline(wrong);
        },
        theme: theme(style),
      },
      channel,
    ),
  );
  if (answer === left) throw new RemoError('declined', {});
  return answer.trim();
}

/**
 * Asks for a secret, on stderr; nothing of what is typed is shown.
 * @param flag what would have answered it, for the error
 * @throws RemoError `answer_needed` where nobody can be asked; `declined` at Ctrl-D; `interrupted` at Ctrl-C
 */
export async function askSecret(context: Context, question: string, flag: string): Promise<string> {
  requireConversation(context, flag);
  const { default: password } = await import('@inquirer/password');
  const base = theme(await styleOf(context, 'stderr'));
  const hidden = { ...base, style: { ...base.style, maskedText: context.messages.terminal.typedUnseen } };
  const answer = await converse(context, channel =>
    password({ message: inline(question), mask: false, toggleMask: false, theme: hidden }, channel),
  );
  if (answer === left) throw new RemoError('declined', {});
  return answer;
}

/**
 * Asks at the end of a page where to go, by a single key; the question is gone afterwards.
 * @throws RemoError `answer_needed` where nobody can be asked; `interrupted` at Ctrl-C
 */
export async function page(
  context: Context,
  possible: { next: boolean; previous: boolean },
  flag = '--all',
): Promise<PageMove> {
  requireConversation(context, flag);
  const { pagePrompt } = await import('./page-prompt.js');
  const style = await styleOf(context, 'stderr');
  const { next, previous, quit } = context.messages.terminal;
  const key = (letter: string, meaning: string) => `${style.bold(letter)} ${style.dim(meaning)}`;
  const keys = [
    ...(possible.next ? [key('n', next)] : []),
    ...(possible.previous ? [key('p', previous)] : []),
    key('q', quit),
  ];
  const answer = await converse(context, channel =>
    pagePrompt({ ...possible, text: keys.join('   ') }, { ...channel, clearPromptOnDone: true }),
  );
  return answer === left ? 'quit' : answer;
}

function requireConversation(context: Context, flag: string): void {
  context.signal.throwIfAborted();
  if (!context.canAsk) throw new RemoError('answer_needed', { flag });
}

/** Inquirer's own theme colours whatever the settings say; this one follows them. */
function theme(style: Style) {
  return {
    prefix: { idle: style.accent('?'), done: style.good('✔') },
    style: {
      answer: style.accent,
      message: (text: string) => style.bold(text),
      error: style.bad,
      defaultAnswer: (text: string) => style.dim(`(${text})`),
      // Inquirer would colour a character without upper case; y and n have one.
      confirmDefault: (text: string) => text.toUpperCase(),
      help: style.dim,
      highlight: style.accent,
      key: style.bold,
    },
  };
}

/**
 * Puts one prompt to the person and tells its ways to end apart: an answer, leaving (Ctrl-D, end of stdin),
 * Ctrl-C, and an interruption from outside.
 */
async function converse<T>(
  context: Context,
  ask: (channel: Channel) => Promise<T>,
): Promise<T | typeof left> {
  const { stdin, stderr } = context.io;
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  // Readline swallows Ctrl-D and the end of input: the prompt would never settle.
  const onKey = (_text: unknown, key: { ctrl?: boolean; name?: string } | undefined) => {
    if (key?.ctrl && key.name === 'd') leave();
  };
  // After Ctrl-Z and fg readline leaves stdin paused: nothing would keep the process, or hear the answer.
  const listen = () => stdin.resume();
  stdin.on('keypress', onKey);
  stdin.on('pause', listen);
  stdin.on('end', leave);
  stdin.on('close', leave);
  try {
    return await ask({
      input: stdin,
      output: stderr,
      signal: AbortSignal.any([context.signal, leaving.signal]),
    });
  } catch (error) {
    context.signal.throwIfAborted();
    if (leaving.signal.aborted) return left;
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new RemoError('interrupted', { signal: 'SIGINT' }, { cause: error });
    }
    throw error;
  } finally {
    stdin.off('keypress', onKey);
    stdin.off('pause', listen);
    stdin.off('end', leave);
    stdin.off('close', leave);
    stdin.pause();
  }
}
