import type { Messages } from '../en.js';

export const terminal: Messages['terminal'] = {};
