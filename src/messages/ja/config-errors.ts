import type { ConfigProblem, SyntaxTrouble } from '../../errors.js';
import type { ErrorTexts } from '../error-text.js';
import { cause } from './detail.js';
import { listed } from './formats.js';

type ConfigErrors = Pick<
  ErrorTexts,
  | 'api_url_missing'
  | 'config_broken'
  | 'config_unwritable'
  | 'unknown_setting'
  | 'setting_not_kept'
  | 'unknown_profile'
>;

/** JSONとして読み取れない理由。 */
export const syntax: Record<SyntaxTrouble, string> = {
  name: '二重引用符で囲んだ名前が必要です(直前に余分なカンマがないか確認してください)',
  value: '値がありません',
  colon: 'コロン(:)がありません',
  comma: 'カンマ(,)がありません',
  closing: '閉じ括弧がありません',
  string: '文字列が閉じていません。終わりの二重引用符がありません',
  extra: 'ここから先に余分な文字があります',
  comment: 'コメントは使えません',
  symbol: 'JSONとして正しくありません',
  escape: '「\\」に続く文字がJSONとして正しくありません',
  character: '文字列に使えない制御文字があります',
};

function problemText(problem: ConfigProblem): string {
  switch (problem.kind) {
    case 'unreadable':
      return cause(problem.detail);
    case 'encoding':
      return '文字コードがUTF-8ではありません';
    case 'syntax':
      return syntax[problem.trouble];
    case 'type': {
      const what = problem.at === '' ? '全体' : `「${problem.at}」`;
      return `${what}が${problem.wanted === 'object' ? 'オブジェクト' : '文字列'}ではありません`;
    }
  }
}

const onceOrDemo =
  '一度だけ指定してください: remo login --api-url https://HOST/partner/v1(または環境変数 REMO_API_URL)。接続先なしで試す場合: remo demo';

function otherProfiles(profiles: readonly string[], suggestion?: string): string {
  if (suggestion) {
    return `プロファイル「${suggestion}」ではありませんか。一覧を確認する: remo config profiles`;
  }
  return `登録済みのプロファイル: ${listed(profiles)}。使用するプロファイルを選ぶ: remo config use NAME`;
}

/** The Japanese sentences of the errors about settings and profiles. */
export const configErrors: ConfigErrors = {
  api_url_missing: ({ profile, profiles, suggestion }) => ({
    what: `プロファイル「${profile}」には接続先が設定されていません。`,
    next: profiles.length === 0 ? onceOrDemo : `${otherProfiles(profiles, suggestion)}\n${onceOrDemo}`,
  }),
  config_broken: ({ path, problem, line, column }) => {
    const place = line === undefined ? '' : `(${line}行目${column === undefined ? '' : `の${column}文字目`})`;
    return {
      what: `設定ファイル ${path}${place || ' '}を使用できません: ${problemText(problem)}`,
      next: '修正または削除してください。remo はこのファイルを変更していません。',
    };
  },
  config_unwritable: ({ path, detail }) => ({
    what: detail
      ? `設定を ${path} に保存できませんでした: ${cause(detail)}`
      : `別の remo が ${path} を長時間ロックしているため、設定を保存できませんでした。`,
  }),
  unknown_setting: ({ setting, known, suggestion }) => ({
    what: `不明な設定です: ${setting}`,
    next: suggestion ? `「${suggestion}」ではありませんか。` : `設定の一覧: ${listed(known)}`,
  }),
  setting_not_kept: ({ setting, flag, env }) => ({
    what: `設定「${setting}」はプロファイルに保存できません。`,
    next:
      setting === 'profile'
        ? '使用するプロファイルを選ぶ: remo config use NAME'
        : `コマンドごとに ${flag} で指定するか、環境変数 ${env} を設定してください。`,
  }),
  unknown_profile: ({ profile, profiles, suggestion }) => ({
    what: `プロファイル「${profile}」はありません。`,
    next:
      profiles.length === 0
        ? `プロファイルは、最初の設定を保存すると作成されます: remo login --profile ${profile}`
        : suggestion
          ? `「${suggestion}」ではありませんか。`
          : `登録済みのプロファイル: ${listed(profiles)}。新しく作成する場合: remo login --profile ${profile}`,
  }),
};
