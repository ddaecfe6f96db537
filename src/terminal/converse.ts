import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import type { Messages } from '../messages/en.js';
import type { Style } from './style.js';

/** How a prompt reaches the person: the streams of the context, and its interruption. */
interface Channel {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  signal: AbortSignal;
  clearPromptOnDone?: boolean;
}

/** The person left the question without an answer: Ctrl-D, or the end of stdin. */
export const left = Symbol('left');

/**
 * Before anything is asked.
 * @param flag what would have answered it
 * @throws RemoError `answer_needed` where nobody can be asked; `interrupted` where the run is already
 */
export function requireConversation(context: Context, flag: string): void {
  context.signal.throwIfAborted();
  if (!context.canAsk) throw new RemoError('answer_needed', { flag });
}

/** Inquirer's own theme colours whatever the settings say; this one follows them. */
export function theme(style: Style, { symbols }: Messages) {
  return {
    prefix: { idle: style.accent('?'), done: style.good(symbols.answered) },
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
export async function converse<T>(
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
