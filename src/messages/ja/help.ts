import type { Messages } from '../en.js';

export const help: Messages['help'] = {};
