import type { Messages } from '../en.js';
import { duration } from './duration.js';
import { number } from './formats.js';

/** 実行の進み具合に関する文言。 */
export const progress: Messages['progress'] = {
  duration,
  rate: (count, per) => `毎${per === 'minute' ? '分' : '秒'}${count}台`,
  elapsed: ms => `経過${duration(ms)}`,
  left: ms => `残り約${duration(ms)}`,
  inFlight: count => `処理中${number(count)}台`,
  more: count => `ほか${number(count)}台`,
  instructing: '指示を送信中',
  accepted: '受付済み',
  waiting: status => `復帰待ち(${status})`,
  line: (done, counts, facts) =>
    [`${done} 完了${counts.length > 0 ? `(${counts.join('、')})` : ''}`, ...facts].join('、'),

  sleeping: (time, zone) => `時間帯の外のため、${time}(${zone})まで待機しています`,
  asked: ms => `サーバーの指定により${duration(ms)}待機中`,
  stopping: why => `これ以上の機器には指示しません: ${why}`,
  interrupted: count =>
    `中断: 処理中の${number(count)}台の完了を待っています(もう一度 Ctrl-C で直ちに終了します)`,
};
