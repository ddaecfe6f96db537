import { formatsOf } from '../formats.js';

/** 日本語の数値と列挙。 */
export const { number, percent, listed } = formatsOf('ja-JP');
