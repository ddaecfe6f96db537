import type { AnswerProblem } from '../../errors.js';
import { number } from './formats.js';

/** 型と形式の名前。ここにないもの(値そのものなど)は、そのまま示します。 */
const names: Record<string, string> = {
  array: '配列',
  boolean: '真偽値',
  datetime: '日時(RFC 3339)',
  int: '整数',
  number: '数値',
  object: 'オブジェクト',
  string: '文字列',
};
const others = {
  customer: '別のお客様のものです',
  device: '別の機器のものです',
  key: '別のキーです',
  reboot: '別の再起動のものです',
};

/** 応答の問題点。 */
export function answerProblem(problem: AnswerProblem): string {
  switch (problem.kind) {
    case 'empty':
      return '空です';
    case 'markup':
      return 'JSONではなく、HTMLまたはXMLです';
    case 'cut_off':
      return 'JSONが途中で切れているか、正しくありません';
    case 'not_json':
      return problem.contentType
        ? `JSONではありません(${problem.contentType})`
        : 'JSONではありません(Content-Type なし)';
    case 'unreadable':
      return `${number(problem.bytes)}バイトを超えているか、文字コードがUTF-8ではありません`;
    case 'no_problem_document':
      return 'エラーの内容を示す文書(RFC 9457)がありません';
    case 'redirect':
      return '別のURLへの転送です';
    case 'no_token':
      return 'トークンの形式ではありません';
    case 'expected':
      return names[problem.what] === undefined
        ? `値が ${problem.what} ではありません`
        : `${names[problem.what]}ではありません`;
    case 'too_many':
      return 'per_page の件数を超えています';
    case 'too_few':
      return `total に対して件数が不足しています(本来は${number(problem.due)}件)`;
    case 'key_ignored':
      return 'idempotency_key による検索に対応していません';
    case 'another':
      return others[problem.what];
    case 'repeated':
      return `${problem.page}ページ目が前のページと同じです`;
    case 'rule':
      return `値が条件を満たしていません(${problem.rule})`;
    case 'other':
      return `詳細: ${problem.detail}`;
  }
}
