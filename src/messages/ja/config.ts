import type { Messages } from '../en.js';
import { listed } from './formats.js';

/** 設定とプロファイルに関する文言。 */
export const config: Messages['config'] = {
  columns: { name: '設定', value: '値', origin: '設定元', source: '場所' },
  origins: {
    flag: 'オプション',
    environment: '環境変数',
    profile: 'プロファイル',
    file: '設定ファイル',
    default: '既定値',
  },
  undecided: {
    api_url: '未設定',
    output: 'ターミナルでは表、パイプではTSV',
    color: 'ターミナルでは色付き',
    history_days: '無期限',
  },
  profileColumns: { in_use: '使用中', name: 'プロファイル', api_url: '接続先' },
  noProfiles: 'プロファイルはまだありません。最初のプロファイルを作成する: remo login',
  notThereYet: profile =>
    `使用中のプロファイル「${profile}」には、まだ設定がありません。作成する: remo login`,
  unknownKeys: (path, keys) =>
    `${path} に、このバージョンの設定ではない項目があります。この項目は使用されません: ${listed(keys)}`,

  stored: (key, value, profile, isNew) =>
    `${isNew ? '新しい' : ''}プロファイル「${profile}」に保存しました: ${key} = ${value}`,
  undo: (key, profile) => `取り消す場合: remo config unset ${key} --profile ${profile}`,
  noSuchProfile: (profile, meant) =>
    `プロファイル「${profile}」はありません。「${meant}」ではありませんか。一覧を確認する: remo config profiles`,
  removed: (key, profile) => `プロファイル「${profile}」から削除しました: ${key}`,
  notHeld: (key, profile) => `プロファイル「${profile}」に ${key} は保存されていません。処理は不要です。`,
  inUse: profile => `今後使用するプロファイル: ${profile}`,
  environmentWins: env =>
    `環境変数 ${env} が設定されているため、そちらが優先されます。保存した値を使うには、${env} を解除してください。`,

  askApiUrl: '接続先のURL(https://…):',
  address: '接続先のURL',
};
