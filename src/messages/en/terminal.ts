import { counted, listed, number } from './formats.js';

export const terminal = {
  yes: 'yes',
  no: 'no',
  unknown: 'unknown',

  columnName: 'COLUMN',
  columnMeaning: 'MEANING',

  notShown: (columns: readonly string[]) =>
    `Too narrow for: ${listed(columns)}. Everything: --wide, or -o json.`,
  brokenOff: (rows: number) =>
    `The output is incomplete: it ends after ${counted(rows, { one: 'row', other: 'rows' })}.`,
  leftOut: (columns: readonly string[]) => `not shown: ${listed(columns)}`,
  range: (from: number, to: number, total: number) => `${number(from)}–${number(to)} of ${number(total)}`,
  beyondLast: (page: number, last: number) => `There is no page ${page}; the last is ${last}.`,
  seeRest: (nextPage: number | undefined) =>
    nextPage === undefined ? 'Everything: --all' : `Next page: --page ${nextPage}. Everything: --all`,

  found: (text: string, rows: number, unseen: readonly string[]) =>
    `"${text}": ${counted(rows, { one: 'row', other: 'rows' })}${unseen.length > 0 ? ` (out of sight: ${listed(unseen)})` : ''}`,
  notFound: (text: string) => `"${text}" is not found further on.`,
  notFoundYet: (text: string, page: number) =>
    `"${text}" is not found up to page ${page}. To go on from there: / and Enter.`,
  searching: (text: string) => `Looking for "${text}"…`,
  fetching: (page: number) => `Fetching page ${number(page)}…`,
  untilEscape: (what: string) => `${what} Esc ends it.`,

  next: 'next',
  previous: 'previous',
  search: 'search',
  typedUnseen: '(what you type is not shown)',
  quit: 'quit',
  typeNumber: (last: number) => `Type a number from 1 to ${last}, or leave with Ctrl-D.`,
  move: 'move',
  choose: 'choose',
  // Asked with y/n in every language: those are the keys, and they need no input method.
  answerYes: 'Yes',
  answerNo: 'No',
};
