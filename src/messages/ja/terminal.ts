import type { Messages } from '../en.js';

export const terminal: Messages['terminal'] = {
  yes: 'はい',
  no: 'いいえ',
  unknown: '不明',

  columnName: '項目',
  columnMeaning: '意味',

  notShown: columns =>
    `画面の幅が足りないため、次の項目は表示していません: ${columns.join('、')}。-o json または幅の広い画面で、すべて確認できます。`,
  range: (from, to, total) => `${total}件中 ${from}〜${to}件`,
  beyondLast: (page, last) => `${page}ページ目はありません。最後は${last}ページ目です。`,
  seeRest: nextPage =>
    nextPage === undefined ? 'すべて表示: --all' : `次のページ: --page ${nextPage}。すべて表示: --all`,

  next: '次へ',
  previous: '前へ',
  quit: '終了',
  move: '移動',
  choose: '決定',
  answerYes: 'はい',
  answerNo: 'いいえ',
};
