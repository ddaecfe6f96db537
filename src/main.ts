import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { run } from './cli.js';
import { Context, type Host } from './context.js';
import { ExitCode, type Interruption } from './errors.js';

/** The process this program runs in: the only place that reads `process`. */
const host: Host = {
  env: process.env,
  // Setting stdin up takes time, and few commands look at it.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  platform: process.platform,
  arch: process.arch,
  nodeVersion: process.versions.node,
  home: os.homedir(),
  age: () => performance.now(),
  async inBackground(argv) {
    const { spawn } = await import('node:child_process');
    const [, script = ''] = process.argv;
    // In a session of its own a closed terminal does not end it, and the system reaps it.
    const options = { detached: true, stdio: 'ignore', windowsHide: true } as const;
    const child = spawn(process.execPath, [...process.execArgv, script, ...argv], options);
    child.on('error', () => {}).unref();
  },
  endWithin(ms) {
    setTimeout(() => leaveBy('SIGKILL'), ms).unref();
  },
  expectMuch() {
    // What streams through is short-lived; the young generation need not grow with it to 16 MB, twice: 100,000
    // customers take 177 MB on Node 26 without this, 140 MB with it. Nor may it be smaller than what 32 requests
    // under way hold alive: at 1 MB garbage collection takes twice as long. Not at the start: Node's own compiled
    // code would no longer fit the flags, and every command would be some 20 ms slower.
    growYoungGeneration(8 * 2 ** 20);
    setFlagsFromString('--semi-space-growth-factor=1');
    // Nor need the old one run ahead of what is alive: 10,000 reboots by `fetch` took 240 MB without
    // this, 120 MB with it.
    setFlagsFromString('--heap-growing-percent=20');
  },
  onSignal(callback) {
    let received = 0;
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const handle = (signal: NodeJS.Signals) => {
      // The first ends in good order; who sends a second does not want to wait for that. A terminal that goes may
      // be told of twice, by the shell and by the system.
      if (received === 0 && callback(signal as Interruption)) received += 1;
      else if (received > 0 && signal !== 'SIGHUP') leaveBy(signal);
    };
    for (const signal of signals) process.on(signal, handle);
    return () => {
      for (const signal of signals) process.off(signal, handle);
    };
  },
  onContinue(callback) {
    // A process that is stopped is not told that its terminal was resized. At this signal the streams look again; they
    // have listened to it for longer, so they are done when it is called back.
    const handle = () => {
      process.once('SIGWINCH', callback);
      process.kill(process.pid, 'SIGWINCH');
    };
    process.on('SIGCONT', handle);
    return () => process.off('SIGCONT', handle).off('SIGWINCH', callback);
  },
};

/** V8 doubles it whenever as much as it holds has outlived a collection; there is no other way to set it later on. */
function growYoungGeneration(bytes: number): void {
  const size = () =>
    getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size;
  const alive: unknown[] = [];
  while ((size() ?? bytes) < bytes && alive.length < 500)
    alive.push(Array.from({ length: 1000 }, () => ({})));
}

/** Ends the process by a signal to itself, which no thread and no handler holds up. */
function leaveBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

const terminals = process.platform === 'win32' ? [] : [0, 1, 2].filter(fd => isatty(fd));

/** A terminal that is gone can't be set back, which Node takes for a fault of its own: it would abort. */
function leaveGoneTerminal(): void {
  if (terminals.some(fd => !isatty(fd))) leaveBy('SIGHUP');
}

/**
 * Ends the process with its exit code although a thread hangs in the keychain, which Node would wait for. On
 * Linux the thread can be freed; elsewhere a program that does nothing but exit takes the process's place,
 * where Node can do that (22.15 and later, not on Windows); else only a signal is left.
 */
async function leaveBehind(thread: Promise<unknown>): Promise<void> {
  const code = process.exitCode;
  if (process.platform === 'linux') {
    const { hangUp } = await import('./auth/credential-store/hang-up.js');
    process.on('SIGTERM', () => {});
    hangUp();
    const ended = thread.then(
      () => true,
      () => true,
    );
    if (await Promise.race([ended, delay(500, false)])) return;
  }
  const { execve } = process as { execve?: (file: string, argv: string[], env: object) => void };
  if (execve && process.platform !== 'win32') execve('/bin/sh', ['sh', '-c', `exit ${code}`], {});
  const { hungUp, interrupted, terminated } = ExitCode;
  const signals = new Map([
    [hungUp, 'SIGHUP'],
    [interrupted, 'SIGINT'],
    [terminated, 'SIGTERM'],
  ] as [unknown, NodeJS.Signals][]);
  leaveBy(signals.get(code) ?? 'SIGKILL');
}

// Node writes to a pipe in one blocking step: while the reader stalls, no signal would be heard. What is left
// unwritten at the end `run` waits for.
(process.stdout as { _handle?: { setBlocking?(blocking: boolean): void } })._handle?.setBlocking?.(false);

// A file that may grow no further (`ulimit -f`) fails the write to it, as a full disk does. Without this a library
// that looks after signals would end the process.
process.on('SIGXFSZ', () => {});

// A prompt that is left when its terminal is gone fails at setting it back.
process.on('uncaughtExceptionMonitor', leaveGoneTerminal);

const context = new Context(host);
process.exitCode = await run(process.argv.slice(2), context);
// A renewed sign-in that is not stored would be lost.
await context.finishing();
if (context.abandonedThread) await leaveBehind(context.abandonedThread);
leaveGoneTerminal();
// A connection that is still being opened would hold the process up to its timeout; nobody waits for it.
setTimeout(() => process.exit(), 200).unref();
