import type { Messages } from '../en.js';

/** ログイン、ログアウト、認証情報の保存に関する文言。 */
export const auth: Messages['auth'] = {
  openingBrowser:
    'ログインのためブラウザーを開きます。開かない場合は、このコンピューターで次のURLを開いてください:',
  openByHand: 'ログインするには、このコンピューターのブラウザーで次のURLを開いてください:',
  noBrowser: {
    ssh: 'SSH接続のため、コードでログインします。お手元のスマートフォンやコンピューターのブラウザーをご利用ください。',
    none: 'ここではブラウザーを使えないため、コードでログインします。お手元のスマートフォンやコンピューターのブラウザーをご利用ください。',
    failed:
      'ブラウザーを開けなかったため、コードでログインします。お手元のスマートフォンやコンピューターのブラウザーをご利用ください。',
  },
  enterCode: (address, code) =>
    `次のURLを開き、コードを入力してください。\n  URL:    ${address}\n  コード: ${code}`,
  orOpen: address => `(コード入力済みのURL: ${address})`,
  codeExpires: minutes =>
    `入力が完了するまで待機します。コードの有効期間は${minutes}分です。Ctrl-C で取り消せます。`,
  strayCallback: 'このログインとは関係のないページがブラウザーから返されたため、無視しました。',
  pages: {
    success: { title: 'remo にログインしました', text: 'このタブを閉じて、ターミナルに戻ってください。' },
    failure: {
      title: 'ログインできませんでした',
      text: '理由はターミナルに表示しています。このタブは閉じてかまいません。',
    },
    stray: {
      title: '別のログインのページです',
      text: 'ターミナルで remo login からやり直してください。このタブは閉じてかまいません。',
    },
  },

  signedIn: (person, place) =>
    person
      ? `${person.name} (${person.email}、パートナーコード ${person.partnerCode}) としてログインしました。保存先: ${place}`
      : `ログインしました。保存先: ${place}`,
  accountUnknown: why =>
    `ログイン情報は保存しましたが、アカウントを取得できませんでした: ${why}\n確認するには: remo whoami`,
  fewerScopes: missing =>
    `要求した権限の一部がサーバーから付与されませんでした: ${missing}。これらの権限が必要な操作は実行できません。`,
  noRenewal: end =>
    end === undefined
      ? 'リフレッシュトークンが発行されなかったため、ログインの期限が切れたら再度ログインしてください。'
      : `リフレッシュトークンが発行されなかったため、このログインは ${end} に終了します。その後は再度ログインしてください。`,
  askToken: 'アクセストークン(表示されません):',
  notKept: (place, why) =>
    `注意: 更新したログインを ${place} に保存できませんでした(${why})。このコマンドは続行します。次のコマンドの前にログインし直してください: remo login`,
  clientNotKept: why =>
    `アクセストークンを保存できないため、コマンドごとに取得します。${why}ファイルに保存するには: REMO_CREDENTIAL_STORE=file`,
  clientWins:
    '環境変数 REMO_CLIENT_ID と REMO_CLIENT_SECRET が設定されているため、保存されたログインより優先されます。保存されたログインを使うには、これらを解除してください。',
  tokenWins:
    '環境変数 REMO_TOKEN が設定されているため、保存されたログインより優先されます。保存されたログインを使うには、REMO_TOKEN を解除してください。',

  signedOut: 'ログアウトしました。サーバーのセッションを終了し、このコンピューターの認証情報を削除しました。',
  deletedOnly: why =>
    `このコンピューターの認証情報は削除しましたが、サーバーのセッションは終了できませんでした: ${why}`,
  notOffered: 'サーバーがこの操作に対応していません。トークンは期限が来ると無効になります。',
  byHand:
    '手動で渡されたトークン(login --with-token)のため、期限が来るまで有効です。必要な場合は、発行元で無効にしてください。',
  secretMissing:
    '無効化に必要な REMO_CLIENT_ID と REMO_CLIENT_SECRET が設定されていません。トークンは期限が来ると無効になります。',
  remains:
    '強制終了された remo が書き込み途中で残したデータのみが見つかりました。トークンは期限が来ると無効になります。',
  clientSignedOut: 'REMO_CLIENT_ID のトークンをサーバーで無効にし、このコンピューターから削除しました。',
  clientDeletedOnly: why =>
    `REMO_CLIENT_ID のトークンはこのコンピューターから削除しましたが、サーバーでは無効にできませんでした: ${why}`,
  ofProfile: (profile, text) => `${profile}: ${text}`,
  nobodySignedIn: 'どのプロファイルでもログインしていません。処理は不要です。',
  notSignedIn: profile => `ログインしていません(プロファイル「${profile}」)。処理は不要です。`,

  keychainSlow:
    'キーチェーンの応答を待っています。別のウィンドウでパスワードの入力を求められている場合があります。',
  lockSlow:
    '別の remo がログインを更新しているため、待機しています。強制終了していた場合は、数秒後に自動的に続行します。',
  fileWritten: path =>
    `注意: 認証情報を暗号化せずに ${path} に保存しました。このファイルを読み取れる人は、ご本人になりすまして操作できます。`,
  fileExposed: path =>
    `注意: ${path} はほかの利用者も読み取れる状態でした。権限を修正しました。心配な場合はログインし直してください。`,

  sessionEnd: {
    environment: '不明',
    person: 'サーバーから通知なし',
    token: 'サーバーから通知なし',
    client: 'REMO_CLIENT_SECRET が無効になるまで',
  },
  sources: {
    environment: '環境変数',
    keychain: 'キーチェーン',
    file: 'ファイル(暗号化なし)',
    memory: 'メモリー',
  },
  signedInBy: {
    environment: 'REMO_TOKEN',
    person: 'ご本人(認証サーバー)',
    token: '手動で渡されたトークン(login --with-token)',
    client: 'REMO_CLIENT_ID と REMO_CLIENT_SECRET',
  },
  labels: {
    name: '氏名',
    email: 'メールアドレス',
    partnerCode: 'パートナーコード',
    profile: 'プロファイル',
    backend: '接続先',
    signedInBy: 'ログイン方法',
    source: '認証情報',
    place: '保存先',
    scopes: 'スコープ',
    expires: 'アクセストークンの期限',
    sessionEnds: 'セッションの期限',
    renews: '自動更新',
  },
};
