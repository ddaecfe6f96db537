import type { Messages } from '../en.js';
import { number } from './formats.js';

/** お客様の検索と機器の選択に関する文言。 */
export const pick: Messages['pick'] = {
  customer: 'お客様:',
  deviceCount: count => `機器${number(count)}台`,
  more: (shown, total) => `${number(total)}件中、最初の${shown}件です。続けて入力すると絞り込めます。`,
  searching: '検索しています…',
  tryAgain: '次のキー入力で、もう一度検索します。',

  toReboot: owner => `再起動する機器 — ${owner}`,
  toShow: owner => `表示する機器 — ${owner}`,
  ticked: (count, total) => `${number(total)}台中${number(count)}台を選択`,
  nothingTicked: 'まだ選択されていません。カーソル位置の機器は Space で選択できます。',
  noMatch: filter => `「${filter}」に一致する機器はありません。`,

  typePart: 'メールアドレスの一部を入力',
  tick: '選択',
  all: '全選択/解除',
  filter: '絞り込み',
  keepFilter: '絞り込みを確定',
  dropFilter: 'すべて表示',
  goOn: '次へ',
  cancel: '取り消し',

  numberOrPart: most =>
    most === 1
      ? '1、またはメールアドレスの別の一部を入力:'
      : `1〜${most} の番号、またはメールアドレスの別の一部を入力:`,
  whichNumbers: '機器の番号(例: 1 3-5)、すべての場合は a を入力:',
  notNumbers: most => `1〜${most} の番号(例: 1 3-5)、または a を入力してください。`,

  again: command => `次回、同じ操作を行うコマンド: ${command}`,
};
