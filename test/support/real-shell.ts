import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { Screen, whyNoTerminal } from '../terminal/tmux.js';
import { program } from './program.js';

export type ShellName = 'bash' | 'zsh' | 'fish';

/** How each is started without anybody's settings, and what it is told first: to complete `remo`. */
const shells: Record<ShellName, { command: string; setup: string }> = {
  bash: { command: 'bash --norc --noprofile -i', setup: `PS1='$ '; eval "$(remo completion bash)"` },
  zsh: {
    command: 'zsh -f -i',
    setup: `PS1='$ '; bindkey -e; setopt interactive_comments; autoload -Uz compinit; compinit -u -D; eval "$(remo completion zsh)"`,
  },
  fish: {
    command: 'fish --no-config -i',
    setup: `function fish_prompt; echo -n '$ '; end; set fish_autosuggestion_enabled 0; remo completion fish | source`,
  },
};

/** Why a shell can't be tested here; undefined where it can. Never so where the shells are required. */
export function whyNoShell(name: ShellName): string | undefined {
  const reason = spawnSync(name, ['--version']).status === 0 ? whyNoTerminal() : `${name} is not installed`;
  if (reason !== undefined && process.env['REMO_TEST_SHELLS'] === 'required') throw new Error(reason);
  return reason;
}

/** An interactive shell in a real terminal, in which `remo` is installed and its completion loaded. */
export async function openShell(
  name: ShellName,
  { folder, env }: { folder: string; env: Record<string, string> },
): Promise<Screen> {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const launcher = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`;
  writeFileSync(path.join(bin, 'remo'), launcher, { mode: 0o755 });
  const PATH = `${bin}:${env['PATH']}`;
  const screen = new Screen({ columns: 100, rows: 40 }, { ...env, PATH, TERM: 'xterm', HISTFILE: '' });
  onTestFinished(() => screen.close());
  const { command, setup } = shells[name];
  screen.type(`cd ${folder}; exec ${command}`);
  screen.press('Enter');
  await screen.shows(/[$#>%] *$/);
  screen.type(`${setup}; clear; echo rea''dy`);
  screen.press('Enter');
  await screen.shows(/^ready$/m);
  return screen;
}

/**
 * Types a part of a command line, presses TAB, and waits until the line is what it should be. Then it becomes a
 * comment: only the shell's own editor can do that, which tells that the completion is over.
 */
export async function completes(screen: Screen, typed: string, line: string): Promise<void> {
  screen.type(typed);
  screen.press('Tab');
  screen.press('C-a');
  screen.type('#');
  await screen.shows(comment(line));
  screen.press('Enter');
  screen.type('clear');
  screen.press('Enter');
  await screen.shows(/^\$\s*$/);
}

function comment(line: string): RegExp {
  return new RegExp(`^\\$ #${line.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')} *$`, 'm');
}
