import type { Messages } from '../en.js';

export const lookup: Messages['lookup'] = {};
