import type { ErrorTexts } from '../error-text.js';
import { cause } from './detail.js';
import { keychainText } from './keychain.js';

const nothingSent = '再起動の指示は送信していません。';
const signIn = (profile: string) =>
  profile === 'default'
    ? 'ログインしてください: remo login'
    : `ログインしてください: remo login --profile ${profile}`;

/** サーバーの説明を引用し、コードを添えたもの。 */
const inItsWords = (error: string, detail: string | undefined) =>
  detail ? `「${detail}」(${error})` : error;

type SignInErrors = Pick<
  ErrorTexts,
  | 'client_id_missing'
  | 'token_argument'
  | 'not_signed_in'
  | 'session_ended'
  | 'other_backend'
  | 'credential_broken'
  | 'credential_unwritable'
  | 'keychain_unavailable'
  | 'sign_in_locked'
  | 'sign_in_busy'
  | 'login_denied'
  | 'login_expired'
  | 'clock_off'
  | 'login_impossible'
  | 'client_refused'
  | 'token_refused'
  | 'permission_missing'
  | 'unauthenticated'
  | 'forbidden'
>;

/** The Japanese sentences of the errors about signing in and about what a sign-in permits. */
export const signInErrors: SignInErrors = {
  client_id_missing: () => ({
    what: '環境変数 REMO_CLIENT_SECRET が設定されていますが、REMO_CLIENT_ID が設定されていません。',
    devices: nothingSent,
    next: '両方を設定するか、REMO_CLIENT_SECRET を解除してください。',
  }),
  token_argument: () => ({
    what: 'トークンはコマンドラインでは指定できません。このコンピューターのほかの利用者に読み取られるおそれがあります。',
    next: '標準入力で渡してください: remo login --with-token < FILE。入力したトークンは漏えいしたものとして扱ってください。',
  }),
  not_signed_in: ({ profile }) => ({ what: 'ログインしていません。', next: signIn(profile) }),
  session_ended: ({ profile }) => ({ what: 'セッションが終了しました。', next: signIn(profile) }),
  other_backend: ({ profile, issuedFor, wanted }) => ({
    what: `ログイン先は ${issuedFor} ですが、このコマンドの接続先は ${wanted} です。`,
    devices: nothingSent,
    next: `${signIn(profile)} --api-url ${wanted}。または別の --profile を指定してください。`,
  }),
  credential_broken: ({ profile, place }) => ({
    what: `保存されている認証情報(${place})を読み取れません。`,
    next: `${signIn(profile)}(認証情報が置き換わります)`,
  }),
  credential_unwritable: ({ place, detail }) => ({
    what: `認証情報を保存できませんでした(${place}): ${cause(detail)}`,
  }),
  sign_in_locked: ({ path, detail }) => ({
    what: `ログイン情報のロックを取得できません: ${path}: ${cause(detail)}`,
    next: '権限を確認するか、REMO_STATE_DIR で別のフォルダーを指定してください。',
  }),
  sign_in_busy: ({ path }) => ({
    what: `別の remo によるログインの更新が長時間終わりません(${path})。`,
    next: 'キーチェーンまたは認証サーバーの応答を待っていないか確認し、終了させてから再度実行してください。',
  }),
  login_denied: ({ error, detail }) => ({
    what: `ログインに失敗しました: ${inItsWords(error, detail)}`,
    next: '再度実行してください: remo login',
  }),
  login_expired: () => ({
    what: '時間内にログインが完了しませんでした。',
    next: '再度実行してください: remo login',
  }),
  clock_off: ({ claim }) => ({
    what: `認証サーバーが発行した情報が、このコンピューターの時計では有効期間外です(id_token.${claim})。時計が大きくずれています。保存していません。`,
    next: 'このコンピューターの時刻をネットワーク(NTP)で合わせてから、再度実行してください: remo login',
  }),
  login_impossible: ({ missing }) => ({
    what:
      missing === 'device_flow'
        ? 'この接続先は、コードによるログインに対応していません。'
        : 'この接続先は、ブラウザーによるログインに対応していません。',
    next:
      missing === 'device_flow'
        ? 'ブラウザーでログインしてください: remo login'
        : 'コードでログインしてください: remo login --device',
  }),
  unauthenticated: () => ({
    what: 'ログインがサーバーに認められませんでした。',
    next: '再度ログインしてください: remo login(REMO_CLIENT_ID を使う場合は、このクライアントが接続先を利用できることを確認してください)',
  }),
  keychain_unavailable: keychainText,
  forbidden: ({ operation }) => ({
    what:
      operation === 'createReboot'
        ? 'この機器の再起動は許可されていません。権限 remo.reboot がないか、再起動できない機器です(createReboot)。'
        : `この操作は許可されていません(${operation})。`,
    next: 'remo whoami でアカウントを確認し、必要な権限を管理者に依頼してください。',
  }),
  client_refused: ({ error, detail }) => ({
    what: `REMO_CLIENT_ID と REMO_CLIENT_SECRET が認証サーバーに認められませんでした: ${inItsWords(error, detail)}`,
    next: '両方の値と、このクライアントにクライアントクレデンシャルズグラントと要求したスコープが許可されていることを確認してください。',
  }),
  token_refused: ({ origin, profile }) => ({
    what: {
      environment: 'REMO_TOKEN のトークンがサーバーに認められませんでした。',
      input: 'トークンがサーバーに認められませんでした。保存していません。',
      stored: 'remo login --with-token で保存したトークンは、サーバーに認められなくなりました。',
    }[origin],
    next: {
      environment: '有効なトークンを設定するか、REMO_TOKEN を解除して保存済みのログインを使ってください。',
      input: 'トークンが欠けていないか、有効期限内か、この接続先(--api-url)のものかを確認してください。',
      stored: `新しいトークンを保存するか(remo login --with-token)、ご本人でログインしてください。${signIn(profile)}`,
    }[origin],
  }),
  permission_missing: ({ scope, profile, client }) => ({
    what: `この操作に必要な権限 ${scope} が、現在のログインに含まれていません。`,
    devices: nothingSent,
    next: client
      ? `REMO_CLIENT_ID のクライアントにスコープ ${scope} を許可するよう、サーバーの管理者に依頼してください。`
      : `権限を管理者に依頼し、付与された後にログインし直してください。${signIn(profile)}`,
  }),
};
