import type { AnswerProblem } from '../../errors.js';
import { number } from './formats.js';

/** What is wrong with an answer, in English. */
export function answerProblem(problem: AnswerProblem): string {
  switch (problem.kind) {
    case 'empty':
      return 'empty';
    case 'markup':
      return 'HTML or XML, not JSON';
    case 'cut_off':
      return 'JSON that is cut off or malformed';
    case 'not_json':
      return `not JSON (${problem.contentType ?? 'no content type'})`;
    case 'unreadable':
      return `larger than ${number(problem.bytes)} bytes, or not UTF-8`;
    case 'no_problem_document':
      return 'no problem document';
    case 'redirect':
      return 'redirect';
    case 'no_token':
      return 'not a token';
    case 'expected':
      return `${problem.what} expected`;
    case 'too_many':
      return 'more than per_page';
    case 'too_few':
      return `${problem.due} expected, as total says`;
    case 'key_ignored':
      return 'idempotency_key is not honoured';
    case 'another':
      return `another ${problem.what}`;
    case 'repeated':
      return `page ${problem.page} repeats the one before`;
    case 'rule':
      return problem.rule;
    case 'other':
      return problem.detail;
  }
}
