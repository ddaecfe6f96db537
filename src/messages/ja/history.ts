import type { Messages } from '../en.js';
import { number } from './formats.js';

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
  },
  cut: shown =>
    `新しい順に${number(shown)}件を表示しました。これより古い記録があります。すべて表示するには、--limit を外してください。`,
  noneSuch: '該当する再起動の記録は、このコンピューターにはありません。',
};
