import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { inline } from '../../terminal/sanitise.js';

/**
 * Whether what was not named can be picked instead. Off a terminal it is an argument that is missing, as ever.
 * @throws RemoError `missing_argument`
 */
export function requirePicking(argument: string, context: Context): void {
  if (!context.canAsk) throw new RemoError('missing_argument', { argument });
}

/**
 * Tells the command line that does the same without asking which: what was typed, and what was picked.
 * @param typed the words of the command line, without `remo`
 */
export function tellAgain(typed: readonly string[], picked: readonly string[], context: Context): void {
  if (context.settings.quiet) return;
  // An id is the server's to choose: one that looks like an option must not become one.
  const end = picked.some(id => id.startsWith('-')) && !typed.includes('--') ? ['--'] : [];
  const command = ['remo', ...typed, ...end, ...picked].map(quoted).join(' ');
  context.io.err(inline(context.messages.pick.again(command)));
}

/** A word as a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+:,./-][\w@%+:,./=-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
