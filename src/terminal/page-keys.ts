import type { PageMove } from './paging.js';

const moves: Record<string, 'next' | 'previous' | 'quit'> = {
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

/**
 * Where a key leads from a page; undefined for one that leads nowhere.
 * @param key its name as readline has it, or a letter
 */
export function moveBy(key: string, possible: { next: boolean; previous: boolean }): PageMove | undefined {
  const move = Object.hasOwn(moves, key) ? moves[key] : undefined;
  // Going on from the last page is leaving, as in any pager.
  if (move === 'next' && !possible.next) return 'quit';
  return move === 'previous' && !possible.previous ? undefined : move;
}
