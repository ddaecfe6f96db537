import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { nearest } from '../../nearest.js';

/** The shells there is a script for, and how each is loaded. */
const scripts = {
  bash: async () => (await import('./scripts/bash.js')).bash,
  zsh: async () => (await import('./scripts/zsh.js')).zsh,
  fish: async () => (await import('./scripts/fish.js')).fish,
  powershell: async () => (await import('./scripts/powershell.js')).powershell,
};
export const shells = Object.keys(scripts) as (keyof typeof scripts)[];

/**
 * `remo completion`: the script that has a shell ask for candidates. Which shell it is has to be said: what is
 * evaluated at each start must not depend on a variable that another shell has set.
 * @throws RemoError `shell_unknown`
 */
export async function writeScript(shell: string | undefined, context: Context): Promise<void> {
  const known = shells.find(name => name === shell);
  if (known) return context.io.out(await scripts[known]());
  if (shell !== undefined)
    throw new RemoError('shell_unknown', { shell, known: shells, ...nearest(shell, shells) });
  const login = /[^/\\]*$/.exec(context.host.env['SHELL'] ?? '')?.[0];
  const suggestion = shells.find(name => name === login);
  throw new RemoError('shell_unknown', { known: shells, ...(suggestion ? { suggestion } : {}) });
}
