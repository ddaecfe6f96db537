import { auth } from './en/auth.js';
import { errors } from './en/errors.js';
import { help } from './en/help.js';
import { lookup } from './en/lookup.js';
import { reboot } from './en/reboot.js';
import { sandbox } from './en/sandbox.js';
import { terminal } from './en/terminal.js';

/** Every text of the program in English. Its type is what the other language has to satisfy. */
export const en = { auth, errors, help, lookup, reboot, sandbox, terminal };
export type Messages = typeof en;
