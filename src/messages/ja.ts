import type { Messages } from './en.js';
import { auth } from './ja/auth.js';
import { errors } from './ja/errors.js';
import { help } from './ja/help.js';
import { lookup } from './ja/lookup.js';
import { reboot } from './ja/reboot.js';
import { sandbox } from './ja/sandbox.js';
import { terminal } from './ja/terminal.js';

/** Every text of the program in Japanese, in the terms of the partner portal. */
export const ja: Messages = { auth, errors, help, lookup, reboot, sandbox, terminal };
