import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { secretsOf, watchOutput } from '../support/secrets.js';

/** Why there can be no terminal test here; undefined when there can. Never so where one is required. */
export function whyNoTerminal(): string | undefined {
  if (spawnSync('tmux', ['-V']).status === 0) return undefined;
  const reason = 'tmux is not installed';
  if (process.env['REMO_TEST_TERMINAL'] === 'required') throw new Error(reason);
  return reason;
}

let screens = 0;
const longestWait = 10_000;

/** The shell that most people stop a program in, without anybody's settings. */
export const bash = ['env', 'HISTFILE=', 'bash', '--norc', '--noprofile'];

/** A shell in a real pseudo-terminal, seen as a person sees it. */
export class Screen {
  private readonly socket = `remo-test-${process.pid}-${++screens}`;
  /** Every picture of the screen that a test looked at, lines joined as what is long goes over several. */
  private seen = '';

  constructor(
    size: { columns: number; rows: number },
    env: Record<string, string> = {},
    shell: readonly string[] = ['sh'],
  ) {
    secretsOf(env);
    watchOutput('a terminal', () => this.seen);
    const variables = Object.entries({ LANG: 'C.UTF-8', PS1: '$ ', ...env }).map(
      ([name, value]) => `${name}=${value}`,
    );
    this.tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      `${size.columns}`,
      '-y',
      `${size.rows}`,
      'env',
      '-u',
      'CI',
      ...variables,
      ...shell,
    );
  }

  private tmux(...words: string[]): string {
    return execFileSync('tmux', ['-u', '-L', this.socket, ...words], { encoding: 'utf8' });
  }

  /** Types text as it is. */
  type(text: string): void {
    this.tmux('send-keys', '-l', text);
  }

  /** Presses keys by tmux's names: Enter, C-c, C-d, Down, PageDown, Escape, … */
  press(...keys: string[]): void {
    this.tmux('send-keys', ...keys);
  }

  /** What is on the screen, without the empty lines at its end. */
  get text(): string {
    const text = this.tmux('capture-pane', '-p').trimEnd();
    this.seen += text.replaceAll('\n', '');
    return text;
  }

  /** What is on the screen and what has left it at the top, long lines joined. */
  get history(): string {
    return this.tmux('capture-pane', '-p', '-J', '-S', '-').trimEnd();
  }

  /** Whether the cursor is to be seen. */
  get cursorVisible(): boolean {
    return this.tmux('display-message', '-p', '#{cursor_flag}').trim() === '1';
  }

  resize(columns: number, rows: number): void {
    this.tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`);
  }

  /** Waits until the screen matches. */
  async shows(what: RegExp | string): Promise<string> {
    const deadline = Date.now() + longestWait;
    for (;;) {
      const { text } = this;
      if (typeof what === 'string' ? text.includes(what) : what.test(text)) return text;
      if (Date.now() > deadline) throw new Error(`The screen never showed ${what}. It shows:\n${text}`);
      await delay(30);
    }
  }

  close(): void {
    spawnSync('tmux', ['-L', this.socket, 'kill-server']);
  }
}
