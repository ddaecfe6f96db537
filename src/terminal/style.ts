import type { ChalkInstance } from 'chalk';
import type { Context } from '../context.js';

/** What a colour says; the same is always said in words too. */
export type Tone = 'good' | 'bad' | 'warn' | 'dim';

/** Ways to set a text off. Without colour each gives the text back as it is. */
export type Style = Record<Tone | 'bold' | 'accent' | 'found', (text: string) => string>;

const plain = (text: string) => text;
const plainStyle: Style = {
  good: plain,
  bad: plain,
  warn: plain,
  dim: plain,
  bold: plain,
  accent: plain,
  found: plain,
};

/** How text is set off on stdout or stderr, where that stream takes colour. */
export async function styleOf(context: Context, stream: 'stdout' | 'stderr'): Promise<Style> {
  if (!context.colors(stream)) return plainStyle;
  const { Chalk } = await import('chalk');
  // The sixteen colours follow the user's own theme; chalk's guess by process.env would not know --no-color.
  const chalk: ChalkInstance = new Chalk({ level: 1 });
  return {
    good: chalk.green,
    bad: chalk.red,
    warn: chalk.yellow,
    dim: chalk.dim,
    bold: chalk.bold,
    accent: chalk.cyan,
    found: chalk.inverse,
  };
}
