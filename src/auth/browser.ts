import { spawn } from 'node:child_process';
import type { Environment } from '../environment.js';

/** A program with its arguments. */
export type CommandLine = readonly [program: string, ...args: string[]];

/** How a browser can be opened here, best first, %s standing for the address; or why not. */
export type Browsers = { commands: readonly CommandLine[] } | { missing: 'ssh' | 'none' };

/**
 * Finds the browser: $BROWSER, else what the system opens addresses with. Over SSH a browser would open on
 * the wrong machine or not at all.
 */
export function findBrowsers(env: Environment, platform: NodeJS.Platform): Browsers {
  if (env['SSH_CONNECTION'] || env['SSH_TTY']) return { missing: 'ssh' };
  const chosen = parseBrowserVariable(env['BROWSER'] ?? '', platform);
  if (chosen.length > 0) return { commands: chosen };
  if (platform === 'darwin') return { commands: [['open', '%s']] };
  if (platform === 'win32') return { commands: [['rundll32', 'url.dll,FileProtocolHandler', '%s']] };
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return { missing: 'none' };
  return { commands: [['xdg-open', '%s']] };
}

/**
 * $BROWSER: command lines separated by colons (semicolons on Windows, where paths have colons), each with
 * %s where the address belongs, else at its end. No shell reads them: quotes group words, that is all.
 */
function parseBrowserVariable(text: string, platform: NodeJS.Platform): CommandLine[] {
  return text.split(platform === 'win32' ? ';' : ':').flatMap(part => {
    const words = [...part.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
      word.replace(/["']/g, ''),
    );
    const [program, ...args] = words;
    if (!program) return [];
    return [[program, ...args, ...(part.includes('%s') ? [] : ['%s'])] as const];
  });
}

/** A program that is still running after this many milliseconds has opened its window. */
const PATIENCE = 3000;

/**
 * Opens an address with the first of the programs that does not fail at once.
 * @returns whether there was one
 */
export async function openBrowser(
  commands: readonly CommandLine[],
  url: string,
  env: Environment,
): Promise<boolean> {
  for (const [program, ...args] of commands) {
    const filled = args.map(word => word.replaceAll('%s', () => url));
    if (await starts([program, ...filled], env)) return true;
  }
  return false;
}

function starts([program, ...args]: CommandLine, env: Environment): Promise<boolean> {
  // A browser has no business with the secrets of this program.
  const { REMO_TOKEN: _, REMO_CLIENT_SECRET: __, ...rest } = env;
  return new Promise(resolve => {
    const child = spawn(program, args, { env: rest, detached: true, stdio: 'ignore', windowsHide: true });
    const timer = setTimeout(() => settle(true), PATIENCE).unref();
    const settle = (opened: boolean) => {
      clearTimeout(timer);
      resolve(opened);
    };
    child.once('error', () => settle(false));
    child.once('exit', code => settle(code === 0));
    child.unref();
  });
}
