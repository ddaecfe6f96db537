import type { Messages } from '../en.js';

/** 利用者に示す行の先頭に置く語。 */
export const labels: Messages['labels'] = {
  error: 'エラー:',
  warning: '注意:',
  requestId: 'リクエストID',
  findCause: '原因を調べるには: remo doctor',
};
