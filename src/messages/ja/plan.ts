import type { Messages } from '../en.js';
import { duration } from './duration.js';
import { listed, number, percent } from './formats.js';

const someOf = (names: readonly string[]) =>
  listed([...names.slice(0, 10), ...(names.length > 10 ? [`ほか${number(names.length - 10)}件`] : [])]);

/** 実行予定に関する文言。 */
export const plan: Messages['plan'] = {
  total: (count, owners) =>
    `予定: お客様${number(owners)}件の機器${number(count)}台(お客様1件を1拠点とみなします)。`,
  skipped: (count, reasons) => `対象外: ${number(count)}台(${listed(reasons)})。`,
  skip: {
    offline: count => `オフライン${number(count)}台`,
    already_rebooting: count => `再起動中${number(count)}台`,
    duplicate: count => `重複${number(count)}件`,
    changed_hands: count => `別のお客様の機器${number(count)}台`,
    gone: count => `サーバーにない機器${number(count)}台`,
    denied: count => `参照する権限のない機器${number(count)}台`,
    unreadable: count => `サーバーが情報を返せない機器${number(count)}台`,
    recently_rebooted: count => `再起動して間もない機器${number(count)}台`,
  },
  owners: (signedIn, unknown, names) => {
    const which = names.length > 0 ? `(${someOf(names)})` : '';
    return `ログイン中のお客様: ${number(signedIn)}件${which}${unknown > 0 ? `、不明${number(unknown)}件` : ''}。`;
  },
  pace: (concurrency, perCustomer) =>
    `同時に最大${number(concurrency)}件のお客様の機器を、お客様ごとに${perCustomer}台ずつ再起動します。レコーダーは最後です。`,
  waits: ms => `1台ごとに復帰を待ちます(最長${duration(ms)})。`,
  waitsNot: '指示だけを行い、復帰は待ちません。',
  canary: count => `先に${number(count)}台だけ再起動し、すべて復帰した場合に限り、残りを再起動します。`,
  maxFailures: count =>
    count === 0 ? '1台でも失敗したら停止します。' : `失敗が${number(count)}台を超えたら停止します。`,
  maxFailureRate: share =>
    share === 0 ? '1台でも失敗したら停止します。' : `失敗が${percent(share)}を超えたら停止します。`,
  window: (from, to, zone, stop) =>
    stop
      ? `${from}から${to}まで(${zone})だけ実行します。残りは後で再開できます。`
      : `${from}から${to}まで(${zone})だけ実行し、それ以外の時間は待ちます。`,
  minInterval: ms => `${duration(ms)}以内に誰かが再起動した機器は対象外とします。`,
  more: count => `ほか${number(count)}台。`,
  lookingUp: '機器を確認しています…',
  failedAt: (id, path, line) =>
    `確認できなかった機器: ${id}${path === undefined || line === undefined ? '' : `(${path}の${line}行目)`}`,
  saved: path => `計画を保存しました。何も送信していません。実行するには: remo devices reboot --plan ${path}`,
  typeCount: count =>
    `${number(count)}台の機器を再起動する場合は ${count} と入力してください(Enter だけで取り消し)。`,
  notTheCount: count => `${count} と一致しません。`,
};
