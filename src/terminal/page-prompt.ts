import { createPrompt, isBackspaceKey, isEnterKey, useKeypress, useState } from '@inquirer/core';
import { moveBy } from './page-keys.js';
import type { PageMove } from './paging.js';
import { useRedraw } from './prompt-theme.js';
import { inline } from './sanitise.js';

interface PageQuestion {
  text: string;
  next: boolean;
  previous: boolean;
  /** Told while a text to look for is being typed. */
  typing: { now: boolean };
}

/**
 * A prompt that takes one key: next, previous or quit; or a text after `/`, as in less, with Enter. Keys that lead
 * nowhere do nothing.
 */
export const pagePrompt = createPrompt<PageMove, PageQuestion>((question, done) => {
  useRedraw();
  const [wanted, setWanted] = useState<string | undefined>(undefined);
  const type = (text: string | undefined) => {
    question.typing.now = text !== undefined;
    setWanted(text);
  };
  useKeypress((key, readline) => {
    if (wanted !== undefined) {
      if (isEnterKey(key)) return done({ search: wanted.trim() });
      if (key.name !== 'escape' && !(isBackspaceKey(key) && wanted === '')) return type(readline.line);
      readline.clearLine(0);
      return type(undefined);
    }
    // A Japanese input method sends its letters full-width, and without a key's name.
    const typed = readline.line.normalize('NFKC').toLowerCase();
    readline.clearLine(0);
    if (typed === '/') return type('');
    const move = moveBy(key.name ?? typed, question);
    if (move) done(move);
  });
  return wanted === undefined ? `${question.text} ` : `/${inline(wanted)}`;
});

/** Says that something goes on, until it is left with Escape or q. */
export const waitPrompt = createPrompt<void, { text: string }>((question, done) => {
  useRedraw();
  useKeypress((key, readline) => {
    readline.clearLine(0);
    if (key.name === 'escape' || key.name === 'q') done();
  });
  return `${question.text} `;
});
