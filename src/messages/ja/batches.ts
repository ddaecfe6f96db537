import type { Messages } from '../en.js';
import { cause } from './detail.js';
import { number } from './formats.js';

/** このコンピューターに記録された実行に関する文言。 */
export const batches: Messages['batches'] = {
  columns: {
    batch_id: '実行ID',
    started_at: '開始日時',
    state: '状態',
    devices: '機器数',
    accepted: '受付済み',
    rebooted: '再起動済み',
    failed: '失敗',
    skipped: '対象外',
    not_attempted: '未実行',
    unknown: '不明',
    reason: '理由',
    requested_by: '実行者',
    device_id: 'ID',
    customer_id: 'お客様ID',
    outcome: '結果',
    detail: '詳細',
    requested_at: '指示日時',
    booted_at: '起動日時',
    reboot_id: '再起動ID',
    last_at: '最終記録',
    profile: 'プロファイル',
    api_url: '接続先',
    host: 'コンピューター',
  },
  state: { finished: '完了', unfinished: '未完了', running: '実行中', closed: '終了扱い' },
  none: 'このコンピューターには再起動の記録がありません。',
  resumeHint: batch => `完了していません。続きを実行する場合: remo batches resume ${batch}`,
  finished: batch => `実行 ${batch} は完了しています。再開するものはありません。`,
  closed: batch => `実行 ${batch} は終了扱いになりました。これ以上の処理は行いません。`,
  closeHint: batch => `これ以上処理しない場合: remo batches close ${batch}`,
  closeQuestion: (batch, count) => `${number(count)}台が未完了のまま、実行 ${batch} を終了扱いにしますか。`,
  question: count => `残り${number(count)}台の機器を続けて処理しますか。`,
  mayHaveBeenSent: '指示を送信済みの可能性があるため、先にサーバーへ確認します',
  errorCode: code => `エラーコード ${code}`,
  inFlight: '指示を送信した可能性がありますが、応答の記録がありません。',
  notBack: '指示は受け付けられましたが、時間内に復帰しませんでした。',
  recentlyRebooted: '再起動して間もない機器です。',
  unreadable: path => `読み取れないため除外しました: ${path}`,
  pruned: (runs, days) =>
    `${number(days)}日より前の実行の記録を${number(runs)}件削除しました(history_days)。`,
  notPruned: (path, why) => `記録を削除できませんでした(history_days): ${path}: ${cause(why)}`,
};
