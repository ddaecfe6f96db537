import type { Messages } from '../en.js';

export const reboot: Messages['reboot'] = {};
