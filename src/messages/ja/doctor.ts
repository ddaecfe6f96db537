import type { Messages } from '../en.js';
import { listed, number } from './formats.js';

/** `remo doctor` の文言。 */
export const doctor: Messages['doctor'] = {
  statuses: { ok: '正常', warn: '注意', fail: '異常', skipped: '省略' },
  columns: { check: '項目', status: '結果', detail: '内容', fix: '対処' },
  checks: {
    node: 'Node.js',
    config: '設定ファイル',
    settings: '設定',
    api_url: '接続先のURL',
    proxy: 'プロキシ',
    dns: '名前解決(DNS)',
    tls: '証明書(TLS)',
    connection: '接続',
    clock: '時計',
    discovery: '認証サーバー',
    credential_store: '認証情報の保存先',
    sign_in: 'ログイン',
    account: 'アカウント',
    terminal: 'ターミナル',
  },
  languages: { en: '英語', ja: '日本語' },
  healthy: '必要な項目はすべて正常です。',
  healthyBut: warnings => `必要な項目は正常です。注意が${warnings}件あります。`,
  failures: count => `${count}件の異常があります。上から順に対処してください。`,

  needs: check => `「${check}」が正常になってから確認します`,
  late: seconds => `${seconds}秒以内に結果が得られませんでした`,
  lateFix: '再度実行するか、--timeout で待ち時間を延ばしてください。',

  node: (version, platform) => `${version} (${platform})`,
  nodeFix: oldest => `Node.js ${oldest} 以降をインストールしてください。`,
  configNone: path => `${path} はありません(なくても問題ありません)`,
  configUnknown: (path, keys) => `${path} に不明な項目があります: ${listed(keys)}`,
  configUnknownFix: '入力の誤りがないか確認してください。使える項目は remo config list で表示できます。',
  profile: (name, source) =>
    source === undefined ? `プロファイル「${name}」` : `プロファイル「${name}」(設定元: ${source})`,
  profileFix: (name, known) =>
    `このプロファイルはまだありません。登録済み: ${listed(known)}。新しく作る場合: remo login --profile ${name} --api-url URL`,
  apiUrl: (url, source) => `${url} (設定元: ${source})`,

  proxyNone: '使用しません(HTTPS_PROXY、HTTP_PROXY は未設定です)',
  proxy: (url, name, withCredentials) =>
    `${url} (設定元: ${name}${withCredentials ? '、ユーザー名あり' : ''})`,
  proxyExempt: (host, name, entry) => `${host} には使用しません(${name} に「${entry}」があります)`,
  proxyNotHere: host => `${host} はこのコンピューターのため、使用しません`,
  dns: (host, addresses) => `${host} → ${listed(addresses)}`,
  dnsAddress: address => `${address} (名前解決は不要です)`,
  dnsOfProxy: (found, host) => `プロキシ: ${found}。${host} はプロキシが解決します`,
  tlsNone: 'このコンピューター内の http のため、証明書はありません',
  tls: (issuer, end) => `発行者: ${issuer}、有効期限: ${end}`,
  tlsRefused: (issuer, end, code) => `信頼できません(${code})。発行者: ${issuer}、有効期限: ${end}`,
  tlsFix:
    '社内のプロキシが通信を検査している場合は、その認証局の証明書を入手し、NODE_EXTRA_CA_CERTS=company.pem のようにファイルを指定してください。心当たりがない場合は、ログインせずに接続先の管理者に確認してください。',
  tlsExpiredFix: 'このコンピューターの時計が正しい場合は、接続先の管理者に証明書の更新を依頼してください。',
  tlsOtherHostFix: '別のホストの証明書です。URL(--api-url)とプロキシを確認してください。',
  tlsSoonFix: '証明書の有効期限が近いことを、接続先の管理者に伝えてください。',
  extraUnreadable: file =>
    `NODE_EXTRA_CA_CERTS に指定されたファイル ${file} を読み取れません。修正するか、設定を解除してください。`,
  connection: (host, status, ms) => `${host} から応答がありました(HTTP ${status}、${number(ms)}ミリ秒)`,
  clock: skew =>
    Math.abs(skew) <= 1
      ? 'サーバーの時刻と一致しています'
      : `サーバーより${number(Math.abs(skew))}秒${skew > 0 ? '進んでいます' : '遅れています'}`,
  clockUnknown: 'サーバーの時刻が分かりません',
  clockFix: 'ネットワーク(NTP)で時刻を合わせてください。',
  discovery: (issuer, ways) => {
    const offered = [ways.browser ? 'ブラウザー' : '', ways.device ? 'コード' : ''].filter(Boolean);
    return `${issuer} (ログイン方法: ${listed(offered) || 'ブラウザー、コードとも不可'})`;
  },
  discoveryFix:
    'トークン(remo login --with-token)、または REMO_CLIENT_ID と REMO_CLIENT_SECRET でログインしてください。',

  store: (kind, place) => `${kind}: ${place}`,
  storeNotNeeded: 'REMO_TOKEN が設定されているため、不要です',
  signIn: (by, { scope, end, renews }) =>
    [
      by,
      `スコープ: ${scope ?? '不明'}`,
      end === undefined ? '期限: 不明' : `期限: ${end}`,
      renews ? '自動更新あり' : '自動更新なし',
    ].join('、'),
  signInUnseen: by => `${by}(権限はここでは分かりません)`,
  scopesFix: missing =>
    `許可されていない権限: ${listed(missing)}。remo.reboot がない場合、再起動はできません。再度ログインするか、管理者に依頼してください。`,
  account: (name, email, partnerCode) => `${name} (${email})、パートナーコード ${partnerCode}`,

  terminal: (language, width, colour, locale) =>
    `${language}、${width}桁、${colour ? '色あり' : '色なし'}${locale ? `、${locale}` : ''}`,
  noTerminal: language => `${language}(出力先はターミナルではありません)`,
  utf8Fix:
    '日本語の名前が正しく表示されない場合があります。LANG=ja_JP.UTF-8 などのUTF-8のロケールにしてください。',
};
