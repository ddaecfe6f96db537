import { useEffect, useState } from '@inquirer/core';
import type { Context } from '../context.js';
import { styleOf } from './style.js';

export type Theme = Awaited<ReturnType<typeof themeOf>>;

/** Has a prompt draw itself again when its screen asks for it: a hook, for every drawing of it. */
export function useRedraw(): void {
  const [, draw] = useState({});
  useEffect(({ output }) => {
    const redraw = () => draw({});
    output.on('resize', redraw);
    return () => output.off('resize', redraw);
  }, []);
}

/** Inquirer's own theme colours whatever the settings say; this one follows them. */
export async function themeOf(context: Context) {
  const style = await styleOf(context, 'stderr');
  const { symbols } = context.messages;
  return {
    prefix: { idle: style.accent('?'), done: style.good(symbols.answered) },
    style: {
      answer: style.accent,
      message: (text: string) => {
        // Every prompt writes its message once in a drawing: the one place for a hook in those of inquirer.
        useRedraw();
        return style.bold(text);
      },
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
