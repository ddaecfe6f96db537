import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { secretsOf, watchOutput } from './secrets.js';

/** The built program, started as an installation starts it. `pretest` builds it. */
export const program = fileURLToPath(new URL('../../bin/remo.js', import.meta.url));

/** How long a condition is waited for: `expect.poll(…, soon)`. */
export const soon = { timeout: 15_000, interval: 10 };

export interface ProgramOptions {
  /** The backend; signed in with a token of it in REMO_TOKEN unless `env` says otherwise. */
  sandbox?: Sandbox;
  /** Laid over an environment that holds nothing of the test's own but PATH; undefined takes a variable out. */
  env?: Record<string, string | undefined>;
  /** Home, settings and state, to be shared between runs; a folder of the run's own unless told. */
  folder?: string;
  /** What is piped in; a stdin that is not there without it. */
  stdin?: string;
}

export interface Ended {
  /** Null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
  /** How long it stayed after its last output, milliseconds. */
  lingered: number;
}

/** A process of the program, seen from outside. */
export class Running {
  out = '';
  err = '';
  readonly ended: Promise<Ended>;

  constructor(
    readonly child: ChildProcess,
    /** Home, settings and state of the process. */
    readonly folder: string,
  ) {
    watchOutput(child.spawnargs.slice(1).join(' '), () => this.out + this.err);
    let lastOutput = Date.now();
    child.stdout?.setEncoding('utf8').on('data', text => {
      this.out += text;
      lastOutput = Date.now();
    });
    child.stderr?.setEncoding('utf8').on('data', text => {
      this.err += text;
      lastOutput = Date.now();
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      let lingered = 0;
      child.once('exit', () => {
        lingered = Date.now() - lastOutput;
      });
      // At "close" the last of the output has been read, too.
      child.once('close', (code, signal) =>
        resolve({ code, signal, out: this.out, err: this.err, lingered: Math.max(0, lingered) }),
      );
    });
    onTestFinished(async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await this.ended.catch(() => {});
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until stderr (or stdout) contains something. */
  async shows(what: RegExp, stream: 'out' | 'err' = 'err'): Promise<void> {
    await expect.poll(() => this[stream], soon).toMatch(what);
  }

  /** Sends a signal, and tells how it ended and how long that took, milliseconds. */
  async endedBy(signal: NodeJS.Signals): Promise<Ended & { took: number }> {
    const sent = Date.now();
    this.kill(signal);
    const ended = await this.ended;
    return { ...ended, took: Date.now() - sent };
  }
}

/**
 * The environment of a process of the program: of this machine it has PATH alone, everything it stores goes
 * to `folder`, and a developer's own keychain is out of its reach.
 */
export async function programEnv({ sandbox, env, folder }: ProgramOptions & { folder: string }) {
  const backend = sandbox
    ? { REMO_API_URL: sandbox.apiUrl, REMO_TOKEN: (await sandbox.issueToken()).accessToken }
    : {};
  const all: Record<string, string | undefined> = {
    PATH: process.env['PATH'],
    HOME: folder,
    LANG: 'C.UTF-8',
    REMO_CREDENTIAL_STORE: 'file',
    ...backend,
    ...env,
  };
  secretsOf(all);
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Starts the built program. What of it is left when the test ends is ended. */
export function startRemo(argv: readonly string[], options: ProgramOptions = {}): Promise<Running> {
  return startProcess(process.execPath, [program, ...argv], options);
}

/** Runs the built program to its end. */
export async function remo(argv: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  return (await startRemo(argv, options)).ended;
}

/** Runs a script of sh, in which `remo` is the built program. */
export async function shell(script: string, options: ProgramOptions = {}): Promise<Ended> {
  // As a function it works whatever quotes the paths need.
  const remoFunction = 'remo() { "$NODE" "$REMO" "$@"; }';
  const env = { ...options.env, NODE: process.execPath, REMO: program };
  return (await startProcess('sh', ['-c', `${remoFunction}\n${script}`], { ...options, env })).ended;
}

async function startProcess(command: string, argv: readonly string[], options: ProgramOptions) {
  const folder = options.folder ?? folderForTest();
  const env = await programEnv({ ...options, folder });
  const { stdin } = options;
  const child = spawn(command, argv, {
    env,
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(stdin);
  return new Running(child, folder);
}

/** A folder that goes when the test ends. */
export function folderForTest(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'remo-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}
