export const terminal = {
  yes: 'yes',
  no: 'no',
  unknown: 'unknown',

  columnName: 'COLUMN',
  columnMeaning: 'MEANING',

  notShown: (columns: readonly string[]) =>
    `Too narrow for: ${columns.join(', ')}. Everything is in -o json, or in a wider terminal.`,
  range: (from: number, to: number, total: number) => `${from}–${to} of ${total}`,
  beyondLast: (page: number, last: number) => `There is no page ${page}; the last is ${last}.`,
  seeRest: (nextPage: number | undefined) =>
    nextPage === undefined ? 'Everything: --all' : `Next page: --page ${nextPage}. Everything: --all`,

  next: 'next',
  previous: 'previous',
  quit: 'quit',
  move: 'move',
  choose: 'choose',
  // Asked with y/n in every language: those are the keys, and they need no input method.
  answerYes: 'Yes',
  answerNo: 'No',
};
