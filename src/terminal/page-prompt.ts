import { createPrompt, useKeypress } from '@inquirer/core';
import type { PageMove } from './prompts.js';

interface PageQuestion {
  text: string;
  next: boolean;
  previous: boolean;
}

const moves: Record<string, PageMove> = {
  n: 'next',
  space: 'next',
  return: 'next',
  enter: 'next',
  right: 'next',
  pagedown: 'next',
  p: 'previous',
  b: 'previous',
  left: 'previous',
  pageup: 'previous',
  q: 'quit',
  escape: 'quit',
};

/** A prompt that takes one key: next, previous or quit. Keys that lead nowhere do nothing. */
export const pagePrompt = createPrompt<PageMove, PageQuestion>((question, done) => {
  useKeypress((key, readline) => {
    // A Japanese input method sends its letters full-width, and without a key's name.
    const typed = readline.line.normalize('NFKC').toLowerCase();
    readline.clearLine(0);
    const move = Object.hasOwn(moves, key.name ?? typed) ? moves[key.name ?? typed] : undefined;
    // Going on from the last page is leaving, as in any pager.
    if (move === 'next' && !question.next) return done('quit');
    if (move === 'quit' || (move === 'next' && question.next) || (move === 'previous' && question.previous))
      done(move);
  });
  return `${question.text} `;
});
