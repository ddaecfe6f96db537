import type { Messages } from '../en.js';
import { listed, number } from './formats.js';

/** このコンピューターから指示した再起動の履歴に関する文言。 */
export const history: Messages['history'] = {
  columns: {
    at: '指示日時',
    device_id: 'ID',
    device_name: '機器名',
    outcome: '結果',
    customer_email: 'メールアドレス',
    requested_by: '実行者',
    reason: '理由',
    host: 'コンピューター',
    profile: 'プロファイル',
    request_id: 'リクエストID',
    batch_id: '実行ID',
    outcome_reason: '結果の理由',
    customer_id: 'お客様ID',
    customer_name: 'お客様名',
    owner_signed_in: 'ログイン中',
    api_url: '接続先',
    requested_at: '受付日時',
    booted_before: '再起動前の起動日時',
    booted_at: '起動日時',
    reboot_id: '再起動ID',
    failure: '失敗の理由',
    idempotency_key: 'キー',
  },
  cut: shown =>
    `新しい順に${number(shown)}件を表示しました。これより古い記録があります。すべて表示するには、--limit を外してください。`,
  cutSorted: shown =>
    `先頭の${number(shown)}件を表示しました。続きがあります。すべて表示するには、--limit を外してください。`,
  near: {
    customer: emails =>
      `--customer には、IDまたはメールアドレス全体を指定してください。記録にある候補: ${listed(emails)}`,
    device: ids => `--device には、ID全体を指定してください。記録にある候補: ${listed(ids)}`,
  },
  noneSuch: '該当する再起動の記録は、このコンピューターにはありません。',
};
