import type { Messages } from '../en.js';

export const auth: Messages['auth'] = {};
