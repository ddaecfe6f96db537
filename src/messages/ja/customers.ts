import type { Messages } from '../en.js';
import { number } from './formats.js';

/** お客様に関する文言。 */
export const customers: Messages['customers'] = {
  columns: {
    id: 'ID',
    name: 'お客様名',
    email: 'メールアドレス',
    device_count: '機器数',
    signed_in: 'ログイン中',
    linked_at: '代理店登録日',
  },
  none: '該当するお客様はいません。',
  changed: '読み取り中に一覧が変わりました。漏れがある可能性がありますので、念のため再度実行してください。',
  noneFor: email => `メールアドレスに「${email}」を含むお客様はいません。`,
  whyMissing:
    '表示されるのは、代理店を登録したお客様だけです。こちらからは追加できません。お客様ご自身の設定で代理店を登録していただく必要があります。',
  choose: (query, total, hidden) =>
    `「${query}」に該当するお客様が${number(total)}件あります${hidden > 0 ? `(うち${number(hidden)}件は表示していません。表示するにはメールアドレスをより長く指定してください)` : ''}。どのお客様ですか。`,
  cut: (shown, total) =>
    `${number(total)}件中${number(shown)}件を表示しました。すべて表示するには、--limit を外してください。`,
  labels: {
    name: 'お客様',
    email: 'メールアドレス',
    id: 'お客様ID',
    signed_in: '状態',
    linked_at: '代理店登録日',
  },
  signedIn: {
    yes: 'ログイン中',
    no: 'ログインしていません',
    unknown: 'ログインの状態は不明です',
  },
};
