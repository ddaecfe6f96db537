import { PassThrough, Writable } from 'node:stream';
import { Context, type Host, type Replacements } from '../../src/context.js';
import type { Interruption } from '../../src/errors.js';
import type { Input } from '../../src/terminal/io.js';
import { secretsOf, watchOutput } from './secrets.js';

/** What a test says about the machine that the program believes to run on. */
export interface HostOptions {
  /** The whole environment: nothing of the real one shows through. The terminal shows UTF-8 unless LC_CTYPE says otherwise. */
  env?: Record<string, string | undefined>;
  /** Which streams are terminals: all, none (the default), or some. */
  tty?: boolean | { stdin?: boolean; stdout?: boolean; stderr?: boolean };
  /** The terminal's width in cells. */
  columns?: number;
  /** What is piped in; without it stdin is at its end (or, as a terminal, silent until `type`). */
  stdin?: string;
  platform?: NodeJS.Platform;
  nodeVersion?: string;
  home?: string;
  /** How long the process is said to have been running, milliseconds. */
  age?: () => number;
}

/** An output stream that keeps what is written to it. */
class CapturedOutput extends Writable {
  text = '';
  columns?: number;
  rows?: number;
  /** As a process's own streams: nobody who pipes into it may end it. */
  readonly _isStdio = true;
  private failure: NodeJS.ErrnoException | undefined;

  constructor(
    readonly isTTY: boolean,
    columns: number,
  ) {
    super({ decodeStrings: false });
    if (!isTTY) return;
    this.columns = columns;
    this.rows = 24;
  }

  /** From now on every write fails, as to a closed pipe (EPIPE) or a full disk (ENOSPC). */
  breakWith(code: 'EPIPE' | 'ENOSPC'): void {
    this.failure = Object.assign(new Error(code), { code });
  }

  override _write(chunk: string | Buffer, _encoding: string, callback: (error?: Error | null) => void): void {
    if (!this.failure) this.text += chunk;
    callback(this.failure);
  }

  cursorTo(x: number): boolean {
    return this.write(`\x1b[${x + 1}G`);
  }

  moveCursor(_dx: number, dy: number): boolean {
    return this.write(dy < 0 ? `\x1b[${-dy}A` : `\x1b[${dy}B`);
  }

  clearLine(): boolean {
    return this.write('\x1b[2K');
  }
}

/** A host whose streams are in memory. */
export interface FakeHost extends Host {
  readonly stdin: Input & PassThrough & { rawMode: boolean };
  readonly stdout: CapturedOutput;
  readonly stderr: CapturedOutput;
  /** What was written so far. */
  readonly out: string;
  readonly err: string;
  /** The command lines that were started in the background. */
  readonly background: (readonly string[])[];
  /** After how long the process was to end, whatever happens (milliseconds). */
  readonly limits: readonly number[];
  /** Presses keys. Prompts discard what was typed before they were there: wait for them with `shown`. */
  type(keys: string): void;
  /** Waits until stderr (or stdout) contains something since the last `shown`, and gives that part back. */
  shown(what: string | RegExp, stream?: 'stdout' | 'stderr'): Promise<string>;
  /** Sends the program a signal. */
  signal(name: Interruption): void;
  /** Tells the program that it goes on after it was stopped. */
  goOn(): void;
}

const longestWait = 5000;

/** A host in memory: captured stdout and stderr, an environment of its own, keys typed by the test. */
export function fakeHost(options: HostOptions = {}): FakeHost {
  const { tty = false, columns = 80, platform = 'linux', home = '/nonexistent' } = options;
  const env = { LC_CTYPE: 'C.UTF-8', ...options.env };
  const isTerminal = (name: 'stdin' | 'stdout' | 'stderr') =>
    typeof tty === 'boolean' ? tty : (tty[name] ?? false);
  const stdin = Object.assign(new PassThrough(), { isTTY: isTerminal('stdin'), rawMode: false });
  Object.assign(stdin, {
    setRawMode(on: boolean) {
      stdin.rawMode = on;
      return stdin;
    },
  });
  if (options.stdin !== undefined || !stdin.isTTY) stdin.end(options.stdin ?? '');
  const streams = {
    stdout: new CapturedOutput(isTerminal('stdout'), columns),
    stderr: new CapturedOutput(isTerminal('stderr'), columns),
  };
  secretsOf(env);
  watchOutput('a run in memory', () => streams.stdout.text + streams.stderr.text);
  const seen = { stdout: 0, stderr: 0 };
  const background: (readonly string[])[] = [];
  const limits: number[] = [];
  const listeners = new Set<(signal: Interruption) => void>();
  const stopped = new Set<() => void>();
  return {
    env,
    stdin: stdin as unknown as FakeHost['stdin'],
    ...streams,
    platform,
    arch: 'x64',
    nodeVersion: options.nodeVersion ?? process.versions.node,
    home,
    expectMuch() {},
    endWithin(ms) {
      limits.push(ms);
    },
    limits,
    age: options.age ?? (() => 0),
    async inBackground(argv) {
      background.push(argv);
    },
    background,
    onSignal(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    onContinue(callback) {
      stopped.add(callback);
      return () => stopped.delete(callback);
    },
    get out() {
      return streams.stdout.text;
    },
    get err() {
      return streams.stderr.text;
    },
    type(keys) {
      stdin.write(keys);
    },
    async shown(what, stream = 'stderr') {
      const deadline = Date.now() + longestWait;
      for (;;) {
        const fresh = streams[stream].text.slice(seen[stream]);
        const at = typeof what === 'string' ? fresh.indexOf(what) : fresh.search(what);
        if (at !== -1) {
          seen[stream] += at + 1;
          // A prompt listens to keys one turn after it was drawn.
          await new Promise(resolve => setTimeout(resolve, 5));
          return fresh;
        }
        if (Date.now() > deadline)
          throw new Error(`${what} never shown on ${stream}; it has: ${JSON.stringify(fresh)}`);
        await new Promise(resolve => setTimeout(resolve, 5));
      }
    },
    signal(name) {
      for (const callback of [...listeners]) callback(name);
    },
    goOn() {
      for (const callback of [...stopped]) callback();
    },
  };
}

/** A context on a fake host, with its texts loaded: for what is tested below `run`. */
export async function fakeContext(options: HostOptions = {}, replacements: Replacements = {}) {
  const host = fakeHost(options);
  const context = new Context(host, replacements);
  await context.speak();
  return { host, context };
}
