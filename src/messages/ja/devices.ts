import type { Messages } from '../en.js';

/** 機器に関する文言。 */
export const devices: Messages['devices'] = {
  columns: {
    id: 'ID',
    customer_id: 'お客様ID',
    name: '機器名',
    kind: '種別',
    model: '品番',
    status: '状態',
    firmware_version: 'ファームウェア',
    ip_address: 'IPアドレス',
    mac_address: 'MACアドレス',
    serial_number: '製造番号',
    last_seen_at: '最終確認',
    booted_at: '起動日時',
    last_reboot_at: '直近の再起動',
    last_reboot_status: '再起動の結果',
    last_reboot_by: '実行者',
  },
  kind: { camera: 'カメラ', recorder: 'レコーダー', other: 'その他', unknown: '不明' },
  status: { online: 'オンライン', offline: 'オフライン', rebooting: '再起動中', unknown: '不明' },
  rebootStatus: {
    accepted: '受付済み',
    in_progress: '実行中',
    completed: '完了',
    failed: '失敗',
    unknown: '不明',
  },
  of: customer => `${customer} 様の機器`,
  noneOf: customer => `${customer} 様には機器がありません。`,
};
