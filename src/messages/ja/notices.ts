import type { Messages } from '../en.js';
import { listed, number } from './formats.js';

/** お客様への連絡の文面と、その作成に関する文言。 */
export const notices: Messages['notices'] = {
  columns: {
    customer_id: 'お客様ID',
    customer_name: 'お客様名',
    customer_email: 'メールアドレス',
    owner_signed_in: 'ログイン中だった',
    device_ids: '機器',
    path: 'ファイル',
    subject: '件名',
    body: '本文',
  },

  to: '宛先:',
  subject: '件名:',
  subjectSignIn: '【ご連絡】防犯カメラ機器の再起動と再ログインのお願い',
  subjectInform: '【ご連絡】防犯カメラ機器の再起動について',

  salutation: name => (name ? `${name} 様` : 'お客様'),
  introduction: (name, company) => `いつもお世話になっております。\n${company}の${name}でございます。`,
  instructed:
    'このたび、お客様にご利用いただいております下記の機器に対し、弊社より遠隔で再起動の操作を行いましたので、ご連絡いたします。',
  attempted:
    'このたび、お客様にご利用いただいております下記の機器に対し、弊社より遠隔で再起動の操作を試みましたが、再起動したかどうかを確認できておりません。',
  device: (name, id) => `・${name}(機器ID: ${id})`,
  happened: {
    accepted: moment => `  ${moment} 再起動を指示いたしました`,
    rebooted: moment => `  ${moment} 再起動を指示し、復帰を確認いたしました`,
    unknown: moment => `  ${moment} 再起動した可能性がございます`,
  },
  reason: reason => `再起動の理由: ${reason}`,
  video: '再起動した機器の映像は、しばらくの間、i-PRO Remo. サービスからご覧いただけない場合がございます。',
  signInAgain:
    '再起動の際、お客様はサービスにログイン中でいらっしゃいました。お手数をおかけいたしますが、サービスに再度ログインしていただきますようお願い申し上げます。',
  signInIfNeeded:
    '再起動の際、お客様はサービスにログイン中でいらっしゃった可能性がございます。映像をご覧いただけない場合は、お手数をおかけいたしますが、サービスに再度ログインしていただきますようお願い申し上げます。',
  closing: [
    'ご不明な点がございましたら、下記までお問い合わせください。',
    'ご不便をおかけいたしますが、何卒よろしくお願い申し上げます。',
  ],
  signature: {
    company: text => text,
    name: text => `担当: ${text}`,
    phone: text => `電話: ${text}`,
    email: text => `メール: ${text}`,
  },
  placeholders: {
    company: '[会社名]',
    name: '[担当者名]',
    phone: '[電話番号]',
    email: '[メールアドレス]',
  },

  nobody:
    '連絡するお客様はいません。ログイン中(またはその可能性がある)のお客様の機器は、再起動していません。',
  notSignedIn: count =>
    `ログインしていなかったお客様${number(count)}件は除いています。含める場合は --all を付けてください。`,
  placeholdersLeft: keys =>
    `次の設定がないため、文面の [ ] の部分を書き換えてください: ${listed(keys)}\n設定する: remo config set ${keys[0]} 値`,
  badAddress: customer =>
    `次のお客様のメールアドレスは使用できません。正しいアドレスを確認し、宛先に入力してください: ${customer}`,
};
