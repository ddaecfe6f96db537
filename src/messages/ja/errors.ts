import type { DiscoveryTrouble, Expectation, NetworkTrouble } from '../../errors.js';
import type { ErrorTexts } from '../error-text.js';
import { answerProblem } from './answer-problem.js';
import { configErrors } from './config-errors.js';
import { aside, cause } from './detail.js';
import { duration } from './duration.js';
import { listed, number } from './formats.js';
import { nothingSent, planErrors } from './plan-errors.js';
import { signInErrors } from './sign-in-errors.js';

function expectation(expected: Expectation): string {
  switch (expected.kind) {
    case 'integer':
      return expected.max === undefined
        ? `${expected.min}以上の整数`
        : `${expected.min}から${expected.max}までの整数`;
    case 'one_of':
      return `次のいずれか: ${listed(expected.values)}${expected.suggestion ? `。${expected.suggestion} ではありませんか。` : ''}`;
    case 'duration':
      return expected.max === undefined
        ? '30s、5m、1h のような時間'
        : `30s、2m のような時間(${duration(expected.max)}以内)`;
    case 'moment':
      return '現在からさかのぼる長さ(30m、24h、7d)、日付(2026-11-01)、このコンピューターの日時(2026-11-01T09:00)、またはRFC 3339の日時(2026-11-01T09:00:00+09:00)';
    case 'rate':
      return '10% または 0.1 のような割合';
    case 'window':
      return '01:00-05:00 や 22:00-02:00 のような時間帯(開始と終了が同じもの、および終日は指定できません)';
    case 'time_zone':
      return `Asia/Tokyo、Europe/Berlin、UTC のようなIANAのタイムゾーン名${expected.suggestion ? `。${expected.suggestion} ではありませんか。` : ''}`;
    case 'boolean':
      return '1 または 0';
    case 'url':
      return 'https://host.example/partner/v1 のようなURL(ユーザー名、クエリー、フラグメントなし)';
    case 'proxy':
      return 'http://proxy.example:8080 のようなプロキシのURL';
    case 'text':
      return `1行、1〜${number(expected.max)}文字の文字列`;
    case 'token':
      return 'アクセストークン(1行、空白なし)';
    case 'scopes':
      return '空白で区切ったスコープ、例: openid offline_access remo.read remo.reboot';
    case 'email':
      return 'support@agency.example のようなメールアドレス';
    case 'name':
      return '文字または数字で始まり、文字、数字、「.」「_」「-」からなる64文字以内の名前';
  }
}

const networkTrouble: Record<NetworkTrouble, [what: string, next: string]> = {
  dns: ['ホスト名が見つかりません。', 'URL(--api-url)、ネットワーク、DNSを確認してください。'],
  refused: [
    '接続が拒否されました。',
    'サーバーが稼働していること、URL(--api-url)が正しいことを確認してください。',
  ],
  tls: [
    '証明書を検証できません。',
    'プロキシが通信を検査している場合は、その証明書を NODE_EXTRA_CA_CERTS に指定してください。',
  ],
  timeout: ['時間内に応答がありませんでした。', '再度実行するか、--timeout で待ち時間を延ばしてください。'],
  reset: [
    '接続が切断されました。',
    '再度実行してください。続く場合はネットワークとプロキシを確認してください。',
  ],
  proxy: [
    'プロキシに接続できないか、プロキシに接続を拒否されました。',
    'HTTPS_PROXY、HTTP_PROXY、NO_PROXY を確認してください。',
  ],
  proxy_auth: [
    'プロキシの認証が必要か、認証情報がプロキシに認められませんでした。',
    'プロキシのURLに指定してください: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT(記号はパーセントエンコード)',
  ],
  other: ['通信に失敗しました。', 'ネットワークを確認して、再度実行してください。'],
};

const discoveryTrouble: Record<DiscoveryTrouble, string> = {
  unreachable: '読み取れません',
  not_json: 'JSONの文書ではありません',
  no_server: '認可サーバーが記載されていません',
  wrong_resource: '別のリソースを示しています',
  insecure: 'https ではないURLを示しています',
  userinfo: 'ユーザー名またはパスワードを含むURLを示しています',
  wrong_issuer: '別の発行者を示しています',
};

/** 応答したサーバー。認証サーバーはホスト名を添えます。 */
const server = (host: string | undefined) => (host === undefined ? 'サーバー' : `認証サーバー ${host} `);

/** The Japanese sentence of each error. */
export const errors: ErrorTexts = {
  internal: ({ detail }) => ({
    what: `remo の内部エラーです。プログラムの不具合と考えられます。\n${detail}`,
    next: '上の内容を添えてご報告ください。',
  }),
  pager_failed: ({ command }) => ({
    what: `ページャーを実行できません: ${command}`,
    next: '--pager=less のように(または PAGER、REMO_PAGER で)別のページャーを指定するか、--pager=off でページャーなしで実行してください。',
  }),
  output_failed: ({ detail }) => ({ what: `出力の書き込みに失敗しました: ${cause(detail)}` }),

  unknown_command: ({ command, of, suggestion }) => ({
    what: `不明なコマンドです: ${command}`,
    next: suggestion
      ? `「${suggestion}」ではありませんか。`
      : `コマンドの一覧: ${['remo', ...of].join(' ')} --help`,
  }),
  unknown_help: ({ words, suggestion }) => ({
    what: `「${words}」というコマンドまたはトピックはありません。`,
    next: suggestion ? `「${suggestion}」ではありませんか。` : 'コマンドとトピックの一覧: remo help',
  }),
  unknown_option: ({ option, suggestion }) => ({
    what: `不明なオプションです: ${option}`,
    next: suggestion
      ? `${suggestion} ではありませんか。`
      : 'コマンドに --help を付けると、使えるオプションを表示します。',
  }),
  missing_argument: ({ argument }) => ({
    what: `引数が足りません: <${argument}>`,
    next: 'コマンドに --help を付けると、使い方を表示します。',
  }),
  shell_unknown: ({ shell, known, suggestion }) => ({
    what:
      shell === undefined
        ? 'シェルの名前を指定してください。'
        : `シェル「${shell}」の補完には対応していません。`,
    next:
      suggestion === undefined
        ? `指定できるシェル: ${listed(known)}\n設定方法: remo completion --help`
        : shell === undefined
          ? `ログインシェルは ${suggestion} です: remo completion ${suggestion}\n設定方法: remo completion --help`
          : `「${suggestion}」ではありませんか。`,
  }),
  excess_argument: ({ argument }) => ({
    what: `引数が多すぎます: ${argument}`,
    next: 'コマンドに --help を付けると、使い方を表示します。',
  }),
  missing_value: ({ option }) => ({ what: `${option} の値がありません。` }),
  unknown_column: ({ column, known, suggestion }) => ({
    what: column === '?' ? '「?」は、--columns に単独で指定してください。' : `不明な項目です: ${column}`,
    next: `${suggestion ? `${suggestion} ではありませんか。` : ''}使える項目: ${listed(known)}`,
  }),
  invalid_value: ({ name, value, expected }) => ({
    what: `${name}: 「${value}」は使えません。`,
    next: `使える値: ${expectation(expected)}`,
  }),
  option_needs: ({ option, needs }) => ({ what: `${option} は ${needs} と一緒に指定してください。` }),
  period_empty: () => ({
    what: '--since が --until より前ではないため、該当する期間がありません。',
  }),
  conflicting_options: ({ first, second }) => ({ what: `${first} と ${second} は同時に指定できません。` }),
  api_url_insecure: ({ url }) => ({
    what: `暗号化されない http は、このコンピューター以外には使えません: ${url}`,
    devices: nothingSent,
    next: 'https のURLを指定してください。',
  }),
  time_zone_unknown: () => ({
    what: 'このコンピューターのタイムゾーン名を特定できません。',
    next: 'タイムゾーンを指定してください: --tz Asia/Tokyo',
  }),
  ...configErrors,

  journal_unwritable: ({ path, detail }) => ({
    what: `記録ファイルに書き込めません: ${path}: ${cause(detail)}`,
    devices: '再起動の指示は記録ファイルに書き込んだ後に送信するため、今回は送信していません。',
    next: '空き容量または権限を確認するか、REMO_STATE_DIR で別のフォルダーを指定してください。',
  }),
  journal_incomplete: ({ path, detail }) => ({
    what: `記録ファイルに書き込めなくなりました: ${path}: ${cause(detail)}`,
    devices: 'その後の再起動の指示は送信していません。それまでに送信した機器の結果は表示のとおりです。',
    next: '空き容量または権限を確認してから、再開してください。',
  }),
  journal_broken: ({ path, line }) => ({
    what: `記録ファイル ${path} を読み取れません。${line}行目が正しい形式ではありません。`,
    devices: nothingSent,
    next: 'この実行の機器を個別に確認してください: remo devices status <id...>',
  }),
  batch_not_found: ({ batch, suggestion }) => ({
    what: `この実行は、このコンピューターにありません: ${batch}`,
    next: suggestion ? `${suggestion} ではありませんか。` : '一覧: remo batches list',
  }),
  device_forbidden: ({ ids }) => ({
    what: `次の機器を参照する権限がありません: ${listed(ids)}`,
    devices: nothingSent,
    next: 'その機器を一覧から外すか、--skip-missing を付けて実行してください。',
  }),
  batch_taken_over: ({ batch }) => ({
    what: '別のプロセスがこの実行を引き継いだため、こちらは停止します。',
    next: `状況を確認する: remo batches show ${batch}`,
  }),
  batch_in_use: ({ batch }) => ({
    what: `実行 ${batch} は、別のプロセスが処理中です。`,
    devices: nothingSent,
    next: '終了するまで待つか、そのプロセスを終了してください。',
  }),
  batch_other_backend: ({ batch, startedAt, wanted }) => ({
    what: `実行 ${batch} の接続先は ${startedAt} ですが、このコマンドの接続先は ${wanted} です。`,
    devices: nothingSent,
    next: `--api-url ${startedAt} を付けるか、開始時と同じ --profile を指定して再開してください。`,
  }),
  port_in_use: ({ port }) => ({
    what: `ポート ${port} は使用中です。`,
    next: '--port で別のポートを指定してください。--port 0 は空いているポートを選びます。',
  }),
  file_unreadable: ({ path, detail }) => ({
    what: `${path} を読み込めません: ${cause(detail)}`,
    devices: nothingSent,
  }),
  file_unwritable: ({ path, detail }) => ({ what: `${path} に書き込めません: ${cause(detail)}` }),
  files_exist: ({ path, count }) => ({
    what:
      count === 1
        ? `${path} はすでに存在します。何も書き込んでいません。`
        : `${number(count)}件のファイルがすでに存在します(最初は ${path})。何も書き込んでいません。`,
    next: '上書きする場合は --force を付けてください。別のフォルダーを使う場合は --out で指定してください。',
  }),

  ...signInErrors,

  not_found: ({ operation }) => ({ what: `サーバーに該当するものがありません(${operation})。` }),
  customer_not_found: ({ query }) => ({
    what: `該当するお客様がいません: ${query}`,
    next: '表示されるのは、代理店を登録したお客様だけです。見つからない場合は、お客様ご自身の設定で代理店を登録していただいてください。',
  }),
  customer_ambiguous: ({ query, candidates, total }) => ({
    what: [
      `「${query}」に該当するお客様が${number(total)}件あります:`,
      ...candidates.map(({ id, email, name }) => `  ${id}  ${email}  ${name}`),
      ...(total > candidates.length ? [`  ほか${number(total - candidates.length)}件`] : []),
    ].join('\n'),
    next: 'お客様のIDまたはメールアドレス全体を指定してください。',
  }),
  ...planErrors,

  network: ({ trouble, host, detail }) => ({
    what: `${host}: ${networkTrouble[trouble][0]}${aside(detail)}`,
    next: networkTrouble[trouble][1],
  }),
  discovery: ({ trouble, url, detail }) => ({
    what: `${url} から認証サーバーを特定できません: ${discoveryTrouble[trouble]}${aside(detail)}。`,
    next: '接続先のURL(--api-url)を確認してください。',
  }),
  server_error: ({ operation, host, status, serverCode }) => ({
    what: `${server(host)}でエラーが発生しました: ${status}${serverCode ? ` ${serverCode}` : ''}(${operation})。`,
    next: '時間をおいて再度実行してください。続く場合は、リクエストIDをサーバーの管理者に伝えてください。',
  }),
  rate_limited: ({ operation, host, retryAfterMs }) => ({
    what: `リクエストが多すぎるため、${server(host)}に受け付けられませんでした(${operation})。`,
    next: retryAfterMs
      ? `サーバーは${duration(retryAfterMs)}待つよう求めています。その後、再度実行してください。`
      : '数分後に再度実行してください。',
  }),
  bad_response: ({ operation, host, field, problem, status }) => ({
    what: `${server(host)}の応答が仕様と異なります(${operation}、ステータス ${status}): ${field}: ${answerProblem(problem)}`,
    next:
      host === undefined
        ? '接続先のURL(--api-url)を確認してください。正しい場合は、リクエストIDをサーバーの管理者に伝えてください。'
        : 'プロキシや公衆ネットワークのログイン画面などが、代わりに応答した可能性があります。該当しない場合は、サーバーの管理者に確認してください。',
  }),
  request_rejected: ({ operation, status, serverCode, detail }) => ({
    what: `サーバーがリクエストを受け付けませんでした: ${status} ${serverCode}${detail ? `「${detail}」` : ''}(${operation})。`,
  }),
  reboot_in_progress: ({ rebootId }) => ({
    what: `機器はすでに再起動中です${rebootId ? `(再起動ID ${rebootId})` : ''}。`,
  }),
  nothing_selected: ({ customer, models }) => ({
    what:
      models.length === 0
        ? `お客様 ${customer} の機器はありません。`
        : `お客様 ${customer} の機器に、条件に合うものがありません。`,
    devices: nothingSent,
    ...(models.length === 0 ? {} : { next: `このお客様の機器の品番: ${listed(models)}` }),
  }),
  other_not_back: ({ device }) => ({ what: `同じお客様の機器 ${device} がまだ復帰していません。` }),
  canary_failed: ({ ids }) => ({
    what: `先行して再起動した機器が復帰しませんでした: ${listed(ids)}。残りの機器には指示していません。`,
    next: '原因を確認してください。続ける場合は、先に再起動する台数(0でなし)を指定して再開します: remo batches resume RUN --canary N',
  }),
  too_many_failures: ({ failures, total }) => ({
    what: `${number(total)}台のうち${number(failures)}台が失敗し、上限を超えました。残りの機器には指示していません。`,
    next: '原因を確認してください。続ける場合は、上限を上げて再開します: remo batches resume RUN --max-failures N',
  }),
  outside_window: ({ from, to, time_zone }) => ({
    what: `${from}-${to}(${time_zone})の時間帯の外です。残りの機器には指示していません。`,
  }),
  window_closed: ({ operation }) => ({
    what: `リクエストを送信する前に、指定の時間帯が終了しました(${operation})。`,
  }),
  reading_outdated: ({ operation }) => ({
    what: `リクエストの送信を待つ間に、機器がほかで再起動された可能性があります(${operation})。`,
  }),
  too_late: ({ operation }) => ({
    what: `長時間リクエストを送信できず、安全に再送できる期限を過ぎました(${operation})。`,
  }),
  device_offline: () => ({ what: '機器がオフラインのため、再起動の指示が届きません。' }),

  declined: () => ({ what: '取り消しました。', devices: '機器は再起動していません。' }),
  answer_needed: ({ flag }) => ({
    what: '確認が必要ですが、対話できない環境のため確認できません。',
    devices: nothingSent,
    next: `${flag} を付けて、あらかじめ回答を指定してください。`,
  }),
  interrupted: () => ({ what: '中断しました。' }),
};
