import type { Context } from '../context.js';
import { converse, left, requireConversation } from './converse.js';
import { sizeOf } from './io.js';
import { inline } from './sanitise.js';
import { styleOf } from './style.js';

/** What can be done at the end of a page. A search without a text is for the same as before. */
export type PageMove = 'next' | 'previous' | 'quit' | { search: string };

/** Which ways there are from a page. */
interface Ways {
  next: boolean;
  previous: boolean;
}

/** The command line that would have answered. */
const flag = '--all';

/**
 * Asks at the end of a page where to go, by a single key (or `/` and a text); the question is gone afterwards.
 * @param note what to say with it, which goes with it
 * @throws RemoError `answer_needed` where nobody can be asked; `interrupted` at Ctrl-C
 */
export async function page(context: Context, possible: Ways, note?: string): Promise<PageMove> {
  requireConversation(context, flag);
  const style = await styleOf(context, 'stderr');
  const { next, previous, search, quit } = context.messages.terminal;
  const key = (letter: string, meaning: string) => `${style.bold(letter)} ${style.dim(meaning)}`;
  const keys = [
    ...(possible.next ? [key('n', next)] : []),
    ...(possible.previous ? [key('p', previous)] : []),
    key('/', search),
    key('q', quit),
  ].join('   ');
  if (context.setting('plain').value) {
    if (note !== undefined) context.io.err(note);
    return pageByLine(context, keys, possible);
  }
  const text = note === undefined ? keys : await beside(note, keys, sizeOf(context.io.stderr).columns);
  const { pagePrompt } = await import('./page-prompt.js');
  for (;;) {
    const typing = { now: false };
    try {
      const answer = await converse(context, channel =>
        pagePrompt({ ...possible, text, typing }, { ...channel, clearPromptOnDone: true }),
      );
      return answer === left ? 'quit' : answer;
    } catch (error) {
      // As in less: who is typing a search only gives that up.
      if (!typing.now || context.signal.aborted) throw error;
    }
  }
}

/** On one line with the keys where that is wide enough: the header of a page that just fits stays in sight. */
async function beside(note: string, keys: string, columns: number): Promise<string> {
  const { widthOf, wrap } = await import('./width.js');
  const line = `${note}   ${keys}`;
  return widthOf(line) < columns ? line : `${wrap(note, columns - 1).join('\n')}\n${keys}`;
}

async function pageByLine(context: Context, keys: string, possible: Ways): Promise<PageMove> {
  const [{ line }, { moveBy }] = await Promise.all([import('./line-prompts.js'), import('./page-keys.js')]);
  for (;;) {
    const answer = await line(context, `${keys}:`);
    if (answer === left) return 'quit';
    const typed = answer.normalize('NFKC').trim();
    if (typed.startsWith('/')) return { search: typed.slice(1).trim() };
    const move = moveBy(typed === '' ? 'return' : typed.toLowerCase(), possible);
    if (move) return move;
  }
}

/**
 * Says on stderr that something goes on, until it ends or the person leaves it (Escape, q, Ctrl-C). Where nothing is
 * to be drawn over, only Ctrl-C ends it, and the command with it.
 * @param work what goes on; it is told when nobody waits for it any more
 * @returns what it gives; undefined when it was left
 * @throws what it throws
 */
export async function untilLeft<T>(
  context: Context,
  text: string,
  work: (left: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const leaving = new AbortController();
  if (context.setting('plain').value) {
    context.io.err(inline(text));
    return work(leaving.signal);
  }
  const { waitPrompt } = await import('./page-prompt.js');
  const ended = new AbortController();
  const asked = converse(context, channel =>
    waitPrompt(
      { text: context.messages.terminal.untilEscape(inline(text)) },
      { ...channel, signal: AbortSignal.any([channel.signal, ended.signal]), clearPromptOnDone: true },
    ),
  );
  // Whatever ends the prompt but the work: Escape gives an answer, Ctrl-C an error.
  const gone = asked.then(
    () => leaving.abort(),
    () => leaving.abort(),
  );
  try {
    const working = work(leaving.signal);
    // Left alone it may still fail, and nobody is there to be told.
    working.catch(() => {});
    return await Promise.race([working, gone.then(() => undefined)]);
  } finally {
    ended.abort();
    await gone;
    context.signal.throwIfAborted();
  }
}
