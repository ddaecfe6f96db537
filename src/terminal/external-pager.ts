import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import { ClosedPipe } from './io.js';

/** What a shell says of a command that is not there, or that it may not run. */
const notRun = new Set([126, 127]);

/**
 * Sends what is written to stdout meanwhile through a program that shows it, started when there is something to
 * show; lines for a person wait until it has ended. Who leaves it early has seen enough.
 * @param command a command line, as git and man take $PAGER: the shell reads it
 * @throws RemoError `pager_failed` where it can't be run, `interrupted` where Ctrl-C ended it; what `work` throws
 */
export async function throughPager<T>(context: Context, command: string, work: () => Promise<T>): Promise<T> {
  const pager = new ExternalPager(context, command);
  context.io.divert(pager);
  try {
    return await work();
  } finally {
    // However the work ended: a pager that is left behind would quarrel with the shell for the terminal.
    await pager.close().finally(() => context.io.divert(undefined));
  }
}

class ExternalPager {
  private child: ChildProcessByStdio<Writable, null, null> | undefined;
  private ended: Promise<unknown> | undefined;

  constructor(
    private readonly context: Context,
    private readonly command: string,
  ) {}

  get open(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** @throws ClosedPipe when it has ended */
  async write(text: string): Promise<void> {
    const { stdin } = this.start();
    if (!stdin.writable) throw new ClosedPipe();
    if (stdin.write(text)) return;
    // What is wrong with the stream is that nobody reads it any more.
    await Promise.race([once(stdin, 'drain'), once(stdin, 'close')]).catch(() => {});
    if (!stdin.writable) throw new ClosedPipe();
  }

  /** Waits until the person has left it. */
  async close(): Promise<void> {
    const { child, command, context } = this;
    if (!child) return;
    child.stdin.end();
    await this.ended;
    const { exitCode, signalCode } = child;
    if (exitCode !== null && notRun.has(exitCode)) throw new RemoError('pager_failed', { command });
    if (signalCode === 'SIGINT' || exitCode === 130) context.interrupt('SIGINT');
    context.signal.throwIfAborted();
  }

  private start() {
    if (this.child) return this.child;
    const { host, settings, signal } = this.context;
    // As git has it: less leaves at once what fits the screen, takes colours, and leaves the text there. What is
    // wider than the screen can be moved to with the arrow keys.
    const env = { LESS: settings.wide ? 'FRSX' : 'FRX', LESSCHARSET: 'utf-8', LV: '-c', ...host.env };
    // The shell gets Ctrl-C as well; it must not die of it once the pager that lives on is left.
    const command = host.platform === 'win32' ? this.command : `trap : INT\n${this.command}`;
    const child = spawn(command, { shell: true, env, stdio: ['pipe', 'inherit', 'inherit'] });
    child.stdin.on('error', () => {});
    const end = () => child.kill('SIGTERM');
    signal.addEventListener('abort', end);
    this.ended = new Promise<void>(resolve => {
      child.once('error', () => resolve());
      child.once('close', () => resolve());
    }).finally(() => signal.removeEventListener('abort', end));
    this.child = child;
    return child;
  }
}
