import { emitKeypressEvents, type Interface } from 'node:readline';
import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import type { PromptScreen } from './prompt-screen.js';

/** How a prompt reaches the person: the streams of the context, and its interruption. */
interface Channel {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  signal: AbortSignal;
  clearPromptOnDone?: boolean;
}

/**
 * So long a lone Escape waits for more (milliseconds): arrow keys begin with one. Readline's half a second feels like
 * a key that was not heard.
 */
const escapeCodeTimeout = 100;

/** After so long (milliseconds) a process that is not told that it goes on has not been stopped. */
const notStopped = 100;

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

/**
 * Puts one prompt to the person and tells its ways to end apart: an answer, leaving (Ctrl-D, end of stdin),
 * Ctrl-C, and an interruption from outside.
 */
export async function converse<T>(
  context: Context,
  ask: (channel: Channel) => Promise<T>,
): Promise<T | typeof left> {
  const { PromptScreen } = await import('./prompt-screen.js');
  const { stdin, stderr } = context.io;
  const screen = new PromptScreen(stderr);
  const drawn = keepDrawn(context, screen);
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  // Readline swallows Ctrl-D and the end of input: the prompt would never settle.
  const onKey = (_text: unknown, key: { ctrl?: boolean; name?: string } | undefined) => {
    if (key?.ctrl && key.name === 'd') leave();
    if (key?.ctrl && key.name === 'z') drawn.putAside();
  };
  // After Ctrl-Z and fg readline leaves stdin paused: nothing would keep the process, or hear the answer.
  const listen = () => stdin.resume();
  stdin.on('keypress', onKey);
  stdin.on('pause', listen);
  stdin.on('end', leave);
  stdin.on('close', leave);
  // Whoever is first sets it for the stream.
  emitKeypressEvents(stdin, { escapeCodeTimeout } as Partial<Interface> as Interface);
  try {
    return await ask({
      input: stdin,
      output: screen,
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
    drawn.release();
    stdin.pause();
  }
}

/**
 * Keeps a prompt drawn as it should be: anew when the terminal has another size, and when the process goes on after
 * it was stopped. Until it is released.
 */
function keepDrawn({ host, io }: Context, screen: PromptScreen) {
  let goingOn: NodeJS.Immediate | undefined;
  let untold: NodeJS.Timeout | undefined;
  const redraw = () => screen.redraw();
  io.stderr.on('resize', redraw);
  const unsubscribe = host.onContinue(() => screen.takeUp());
  return {
    /** At Ctrl-Z, for which readline stops the process. */
    putAside() {
      screen.putAside();
      // Where there is no shell to go back to (in a container) it is not stopped, and never told that it goes on.
      goingOn = setImmediate(() => {
        untold = setTimeout(() => {
          if (!screen.aside) return;
          io.stdin.setRawMode?.(true);
          screen.takeUp();
        }, notStopped);
      });
    },
    release() {
      clearImmediate(goingOn);
      clearTimeout(untold);
      io.stderr.off('resize', redraw);
      unsubscribe();
    },
  };
}
