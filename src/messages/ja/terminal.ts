import type { Messages } from '../en.js';
import { listed, number } from './formats.js';

export const terminal: Messages['terminal'] = {
  yes: 'はい',
  no: 'いいえ',
  unknown: '不明',

  columnName: '項目',
  columnMeaning: '意味',

  notShown: columns =>
    `画面の幅が足りないため、次の項目は表示していません: ${listed(columns)}。--wide または -o json で、すべて確認できます。`,
  brokenOff: rows => `出力は${number(rows)}件で途切れており、一覧のすべてではありません。`,
  leftOut: columns => `表示していない項目: ${listed(columns)}`,
  range: (from, to, total) => `${number(total)}件中 ${number(from)}〜${number(to)}件`,
  beyondLast: (page, last) => `${page}ページ目はありません。最後は${last}ページ目です。`,
  seeRest: nextPage =>
    nextPage === undefined ? 'すべて表示: --all' : `次のページ: --page ${nextPage}。すべて表示: --all`,

  found: (text, rows, unseen) =>
    `「${text}」: ${number(rows)}件${unseen.length > 0 ? `(表示されていない部分: ${listed(unseen)})` : ''}`,
  notFound: text => `「${text}」は、この先に見つかりません。`,
  notFoundYet: (text, page) =>
    `「${text}」は、${page}ページ目までに見つかりません。続きから検索するには、/ と Enter を押してください。`,
  searching: text => `「${text}」を検索しています…`,
  fetching: page => `${number(page)}ページ目を取得しています…`,
  untilEscape: what => `${what}(Esc で中止)`,

  next: '次へ',
  previous: '前へ',
  search: '検索',
  typedUnseen: '(入力した文字は表示されません)',
  quit: '終了',
  typeNumber: last => `1から${last}までの番号を入力してください。Ctrl-D で中止できます。`,
  move: '移動',
  choose: '決定',
  answerYes: 'はい',
  answerNo: 'いいえ',
};
