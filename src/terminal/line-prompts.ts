// Questions as plain lines, for screen readers and terminals that can't move their cursor: what is asked is written
// once, the answer is a line that ends with Enter, and nothing is drawn over. The terminal itself edits the line.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import { left } from './converse.js';
import { inline } from './sanitise.js';

/** A yes-or-no question. Everything but a yes is a no. */
export async function confirm(context: Context, question: string): Promise<boolean> {
  const answer = await line(context, `${inline(question)} (y/N)`);
  return answer !== left && /^(y|yes)$/i.test(plain(answer));
}

/**
 * One of several, by its number.
 * @returns its place, from 0
 */
export async function choose(
  context: Context,
  question: string,
  labels: readonly string[],
): Promise<number | typeof left> {
  const { io, messages } = context;
  io.err(labels.map((label, index) => `${index + 1}) ${inline(label)}`).join('\n'));
  for (;;) {
    const answer = await line(context, `${inline(question)} (1-${labels.length})`);
    if (answer === left) return left;
    const number = /^\d+$/.test(plain(answer)) ? Number(plain(answer)) : 0;
    if (number >= 1 && number <= labels.length) return number - 1;
    io.err(messages.terminal.typeNumber(labels.length));
  }
}

/** A text, until it is one that will do. */
export async function ask(
  context: Context,
  question: string,
  problem: (text: string) => string | undefined,
): Promise<string | typeof left> {
  for (;;) {
    const answer = await line(context, inline(question));
    const wrong = answer === left ? undefined : problem(answer.trim());
    if (wrong === undefined) return answer;
    context.io.err(inline(wrong));
  }
}

/**
 * One line from the person; what was typed before the question is not taken for its answer.
 * @param hidden whether nothing of it is to be seen
 * @throws RemoError `interrupted`
 */
export async function line(
  context: Context,
  question: string,
  hidden = false,
): Promise<string | typeof left> {
  const { host, io, signal } = context;
  await discardTyped(context);
  signal.throwIfAborted();
  const put = () => io.stderr.write(`${question} `);
  put();
  const reader = createInterface({
    input: io.stdin,
    // Where nothing is to be seen the terminal must not echo, and readline has to edit the line.
    ...(hidden ? { output: new Writable({ write: (_chunk, _encoding, done) => done() }) } : {}),
    terminal: hidden,
  });
  let answer: string | typeof left = left;
  // After Ctrl-Z and fg readline leaves stdin paused.
  const listen = () => io.stdin.resume();
  io.stdin.on('pause', listen);
  // What was typed before is lost to the terminal, and the question to what the shell wrote.
  const unsubscribe = host.onContinue(put);
  try {
    await new Promise<void>((resolve, reject) => {
      reader.once('line', text => {
        answer = text;
        resolve();
      });
      reader.once('close', resolve);
      reader.once('SIGINT', () => reject(new RemoError('interrupted', { signal: 'SIGINT' })));
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    return answer;
  } finally {
    io.stdin.off('pause', listen);
    unsubscribe();
    reader.close();
    io.stdin.pause();
    // Only Enter, where it is seen, has begun a new line.
    if (hidden || answer === left) io.stderr.write('\n');
  }
}

/** Reads what waits to be read. A line that was begun only becomes readable when the terminal is made raw. */
async function discardTyped({ io: { stdin } }: Context): Promise<void> {
  const discard = () => {};
  stdin.setRawMode?.(true);
  stdin.on('data', discard);
  stdin.resume();
  await turn();
  await turn();
  stdin.pause();
  stdin.off('data', discard);
  stdin.setRawMode?.(false);
}

/** Who writes Japanese types ｙ for y, and １ for 1. */
function plain(text: string): string {
  return text.normalize('NFKC').trim();
}
