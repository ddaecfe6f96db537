import type { DeviceListProblem, PlanFileProblem } from '../../errors.js';
import type { ErrorTexts } from '../error-text.js';
import { syntax } from './config-errors.js';
import { listed, number } from './formats.js';

type PlanErrors = Pick<
  ErrorTexts,
  | 'device_list_broken'
  | 'device_not_found'
  | 'plan_file_broken'
  | 'plan_exists'
  | 'plan_changed'
  | 'plan_other_backend'
  | 'count_mismatch'
>;

/** 多くのエラーに共通の、機器への影響。 */
export const nothingSent = '再起動の指示は送信していません。';

/** エラーに表示する機器の最大数。 */
const mostNamed = 20;

function someOf(lines: readonly string[]): string[] {
  const left = lines.length - mostNamed;
  return left > 0 ? [...lines.slice(0, mostNamed), `ほか${number(left)}台`] : [...lines];
}

function listProblem(problem: DeviceListProblem): string {
  switch (problem.kind) {
    case 'utf16':
      return '文字コードがUTF-16です';
    case 'encoding':
      return '文字コードがUTF-8ではありません';
    case 'empty':
      return '機器が1台も記載されていません';
    case 'syntax':
      return syntax[problem.trouble];
    case 'no_id':
      return '「id」または「device_id」の文字列がありません';
    case 'id':
      return '1つのIDとして読み取れません(IDは200文字以内、空白なし)';
    case 'no_column':
      return 'この行には複数の列がありますが、「id」または「device_id」という名前の列がありません';
    case 'columns':
      return `この行の列数(${problem.found})が、見出しの行の列数(${problem.wanted})と異なります`;
    case 'quote':
      return 'この行の二重引用符の対応が正しくありません';
    case 'comment':
      return 'IDが先頭の列ではないため、この行がコメントかデータかを判別できません';
  }
}

function listAdvice({ kind }: DeviceListProblem): string {
  switch (kind) {
    case 'utf16':
    case 'encoding':
      return 'UTF-8で保存してください(Excelでは「CSV UTF-8」)。';
    case 'no_column':
      return '先頭の行に列名を入れるか、1行に1つのIDを記載してください。remo をパイプでつなぐ場合、標準の出力には列名がないため、-o ndjson を付けてください。';
    case 'comment':
      return 'この行を削除するか、IDを先頭の列にしてください。';
    default:
      return '1行に1つのID(# 以降はコメント)を記載するか、remo の -o ndjson、-o json、-o csv の出力を指定してください。';
  }
}

function planProblem(problem: PlanFileProblem): string {
  switch (problem.kind) {
    case 'encoding':
      return '文字コードがUTF-8ではありません';
    case 'syntax':
      return syntax[problem.trouble];
    case 'not_a_plan':
      return 'remo が保存した計画ではありません';
    case 'version':
      return `バージョン ${problem.version} の計画です。この remo が対応しているのはバージョン 1 です`;
    case 'field':
      return `「${problem.at}」がないか、正しい値ではありません`;
  }
}

function place(line?: number, column?: number): string {
  if (line === undefined) return ' ';
  return `(${line}行目${column === undefined ? '' : `の${column}文字目`})`;
}

/** The Japanese sentences of the errors about what is to be rebooted. */
export const planErrors: PlanErrors = {
  device_list_broken: ({ path, line, problem }) => ({
    what: `機器の一覧(${path}${line === undefined ? '' : `、${line}行目`})を使用できません: ${listProblem(problem)}`,
    devices: nothingSent,
    next: listAdvice(problem),
  }),
  device_not_found: ({ ids, lines, path }) => {
    const named = ids.map(id => (lines?.[id] ? `${lines[id]}行目: ${id}` : id));
    return {
      what:
        path === undefined
          ? `機器が見つかりません: ${listed(someOf(named))}`
          : [`${path} に記載された次の機器が見つかりません:`, ...someOf(named).map(line => `  ${line}`)].join(
              '\n',
            ),
      devices: nothingSent,
      next: 'お客様の機器を確認する: remo devices show <customer>',
    };
  },
  plan_file_broken: ({ path, line, column, problem }) => ({
    what: `計画ファイル ${path}${place(line, column)}を使用できません: ${planProblem(problem)}`,
    devices: nothingSent,
    next:
      problem.kind === 'version'
        ? '保存したときと同じ remo を使うか、--save-plan で計画を作り直してください。'
        : '--save-plan で計画を作り直してください。',
  }),
  plan_exists: ({ path }) => ({
    what: `${path} はすでに存在するため、計画を保存していません。`,
    devices: nothingSent,
    next: '--save-plan で別のファイルを指定するか、既存のファイルを削除してください。',
  }),
  plan_changed: ({ path, devices }) => ({
    what: [
      `計画 ${path} の内容は、現在の状態と異なります。次の機器は、別のお客様の機器になっています:`,
      ...someOf(devices.map(({ id, was, now }) => `${id}: 計画時 ${was}、現在 ${now}`)).map(
        line => `  ${line}`,
      ),
    ].join('\n'),
    devices: nothingSent,
    next: '--save-plan で計画を作り直してください。',
  }),
  plan_other_backend: ({ path, madeFor, wanted }) => ({
    what: `計画 ${path} の接続先は ${madeFor} ですが、このコマンドの接続先は ${wanted} です。`,
    devices: nothingSent,
    next: `--api-url ${madeFor} を付けるか、計画の作成時と同じ --profile を指定してください。`,
  }),
  count_mismatch: ({ wanted, found, skipped }) => ({
    what: `再起動の対象は${number(wanted)}台ではなく${number(found)}台です${skipped === 0 ? '' : `(ほかに対象外が${number(skipped)}台あります)`}。`,
    devices: '何も送信していません。',
    next: '--dry-run で内容を確認し、対象の台数を --confirm で指定してください。',
  }),
};
