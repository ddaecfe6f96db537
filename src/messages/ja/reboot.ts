import type { Messages } from '../en.js';
import { duration } from './duration.js';
import { number } from './formats.js';

const outcome: Messages['reboot']['outcome'] = {
  accepted: '✓ 受付済み',
  rebooted: '✓ 再起動済み',
  failed: '✗ 失敗',
  skipped: '- 対象外',
  not_attempted: '- 未実行',
  unknown: '? 不明',
};
const seconds = (ms: number) => `${number(Math.round(ms / 1000))}秒`;

/** 再起動に関する文言。 */
export const reboot: Messages['reboot'] = {
  columns: {
    device_id: 'ID',
    device_name: '機器名',
    customer_id: 'お客様ID',
    customer_name: 'お客様名',
    customer_email: 'メールアドレス',
    owner_signed_in: 'ログイン中',
    status: '状態',
    action: '予定',
    outcome: '結果',
    detail: '詳細',
    reason: '理由',
    reboot_id: '再起動ID',
    requested_at: '受付日時',
    requested_by: '再起動の指示者',
    failure: '失敗の理由',
    booted_before: '再起動前の起動日時',
    booted_at: '起動日時',
    seconds: '秒数',
    idempotency_key: 'キー',
    request_id: 'リクエストID',
    batch_id: '実行ID',
  },
  outcome,
  outcomeCount: (of, count) => `${outcome[of]} ${number(count)}`,
  action: { reboot: '再起動します', skip: '再起動しません' },

  warning: [
    '再起動した機器の映像は、しばらくの間、サービスから視聴できない場合があります。',
    'お客様がログイン中に再起動した場合は、お客様に連絡し、再ログインしていただくようお伝えください。',
  ],
  question: count => `${number(count)}台の機器を再起動しますか。`,
  nothingToDo: '再起動する機器がありません。何も送信していません。',
  dryRun: '内容を確認しただけで、何も送信していません。',
  stdin: '標準入力',
  instructing: device => `${device}: 再起動を指示しています…`,
  waiting: (device, status) => `${device}: 復帰を待っています(${status})…`,

  accepted: '再起動を指示しました。',
  waitInterrupted: '再起動を指示しましたが、復帰を確認する前に中断しました。',
  rebooted: ms => `${seconds(ms)}で復帰しました。`,
  completed: 'オンラインです。サーバーは再起動の完了を通知していますが、機器の起動日時からは確認できません。',
  offline: 'オフラインのため、指示が届きません。',
  alreadyRebooting: rebootId =>
    rebootId ? `すでに再起動中です(再起動ID ${rebootId})。` : 'すでに再起動中です。',
  duplicate: '重複して指定されました。',
  recentlyRebooted: (at, by, rebootId) =>
    `再起動して間もない機器です(${at}、実行者 ${by}、再起動ID ${rebootId})。`,
  gone: 'サーバーに登録がありません。',
  goneSince: '指示が受け付けられた可能性がありますが、サーバーにこの機器の登録がなくなっています。',
  denied: 'この機器を参照する権限がありません。',
  unreadable: 'サーバーがこの機器の情報だけを返せない状態です。',
  changedHands: '別のお客様の機器になっています。',
  keyExpired:
    '23時間以上前に指示を送信した可能性がありますが、サーバーに記録がありません。再送信はしていません。',
  refused: why => `再起動を指示できませんでした: ${why}`,
  rebootFailed: why => `再起動に失敗しました${why ? `: 「${why}」` : '。'}`,
  interrupted: '順番が来る前に中断しました。',
  stopped: why => `指示していません: ${why}`,
  noAnswer: why => `指示は送信しましたが、結果を確認できませんでした: ${why}`,
  notBack: ms => `指示は受け付けられましたが、${seconds(ms)}以内に復帰しませんでした。`,
  unwatched: why => `指示は受け付けられましたが、復帰を確認できませんでした: ${why}`,

  counts: (devices, counts, tookMs) =>
    `${number(devices)}台、所要時間${duration(tookMs)}: ${counts.join('、')}`,
  andMore: (device, more) => (more > 0 ? `${device} ほか${number(more)}台` : device),
  noticesHint: batch => `お客様へのご連絡文: remo notices ${batch}`,
  lookAt: device => `現在の状態を確認する: remo devices status ${device}`,
  checkFirst: device => `もう一度再起動する前に、状態を確認してください: remo devices status ${device}`,
  journal: path => `記録: ${path}`,
  contact: '次のお客様に連絡し、再ログインしていただくようお伝えください:',
  contactSignedIn: 'ログイン中でした',
  contactUnknown: 'ログイン中だった可能性があります',
};
