import { formatsOf } from '../formats.js';

/** Numbers, lists and plurals in English; the British kind has no comma before the last "and". */
export const { number, percent, listed, anyOf, counted } = formatsOf('en-GB');

export const devices = (count: number) => counted(count, { one: 'device', other: 'devices' });
export const customers = (count: number) => counted(count, { one: 'customer', other: 'customers' });
