import type { Messages } from '../en.js';

export const sandbox: Messages['sandbox'] = {};
