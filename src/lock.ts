import fs from 'node:fs';
import { rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import type { Clock } from './clock.js';
import type { RemoError } from './errors.js';
import { makeFolder } from './files.js';

/** A lock whose owner has not touched it for this long belongs to a killed process; milliseconds. */
const STALE = 10_000;
const TOUCH = 2000;
/** Milliseconds until a person is told what is waited for. */
const SLOW = 2000;

export interface FileLock {
  /** What is locked; it need not exist. The lock itself is `<file>.lock`, a folder. */
  file: string;
  /** How long to wait for another process, milliseconds: longer than a killed one's lock takes to go stale. */
  patience: number;
  clock: Clock;
  signal: AbortSignal;
  random: () => number;
  /** Told once when it takes so long that a person should know what is waited for. */
  onSlow?: () => void;
  /** The error when the lock can't be taken; `detail` is empty when another process kept it for too long. */
  failure: (lock: string, detail: string) => RemoError;
}

/**
 * Does some work while no other process holds the lock of the same file. A process that was suspended for so
 * long that another took its lock over learns that by `held`.
 * @throws what `failure` makes, the signal's reason, and what the work throws
 */
export async function withFileLock<T>(
  lock: FileLock,
  work: (held: () => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const { file, patience, clock, signal, random, failure } = lock;
  const start = clock.now();
  let { onSlow } = lock;
  const failed = (error: unknown) => {
    throw failure(`${file}.lock`, (error as Error).message);
  };
  await makeFolder(path.dirname(file)).catch(failed);
  for (;;) {
    const release = await acquire(file).catch(failed);
    // An error of the release would be that of a lock that is no longer there.
    if (release) {
      const own = identity(`${file}.lock`);
      const held = async () => own !== undefined && identity(`${file}.lock`) === own;
      return work(held).finally(() => release().catch(() => {}));
    }
    const waited = clock.now() - start;
    if (waited > patience) throw failure(`${file}.lock`, '');
    if (waited > SLOW) {
      onSlow?.();
      onSlow = undefined;
    }
    await clock.sleep(25 + 50 * random(), signal);
  }
}

/** Takes the lock, unless another process has it. */
async function acquire(file: string): Promise<(() => Promise<void>) | undefined> {
  const release = await take(file, Number.MAX_SAFE_INTEGER);
  if (release) return release;
  if (!(await isStale(file))) return undefined;
  // proper-lockfile itself lets two processes that see the same stale lock remove it one after the other,
  // the second one the first one's new lock. So only the owner of a second lock removes a stale one.
  const releaseBroom = await take(`${file}.stale`, STALE);
  if (!releaseBroom) return undefined;
  try {
    // Its owner may be alive after all and have let go of it by now.
    if (await isStale(file)) await rmdir(`${file}.lock`).catch(() => {});
  } finally {
    await releaseBroom().catch(() => {});
  }
  return take(file, Number.MAX_SAFE_INTEGER);
}

async function take(file: string, stale: number): Promise<(() => Promise<void>) | undefined> {
  const own: { identity?: string | undefined } = {};
  const options = { realpath: false, stale, update: TOUCH, onCompromised: () => {}, fs: sparing(own) };
  try {
    const release = await lockfile.lock(file, options);
    own.identity = identity(`${file}.lock`);
    return release;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
    throw error;
  }
}

/**
 * What tells a lock from the one that another process makes in its place; undefined when there is none. A run asks
 * before each line and each instruction: in one go it takes a tenth of what it takes by way of a thread.
 */
function identity(lock: string): string | undefined {
  try {
    const { ino, birthtimeNs } = fs.statSync(lock, { bigint: true });
    return `${ino} ${birthtimeNs}`;
  } catch {
    return undefined;
  }
}

/**
 * The file system for a lock, in which nobody removes one that another process has made in its place: who was
 * suspended for long wakes up and lets go of a lock that is no longer its own.
 */
function sparing(own: { identity?: string | undefined }) {
  const isForeign = (lock: string) => own.identity !== undefined && own.identity !== identity(lock);
  return {
    mkdir: fs.mkdir,
    stat: fs.stat,
    utimes: fs.utimes,
    rmdir: (lock: string, done: fs.NoParamCallback) =>
      isForeign(lock) ? queueMicrotask(() => done(null)) : fs.rmdir(lock, done),
    rmdirSync: (lock: string) => (isForeign(lock) ? undefined : fs.rmdirSync(lock)),
  };
}

/** Whether a process that is alive holds the lock of a file. */
export async function isLocked(file: string): Promise<boolean> {
  const found = await stat(`${file}.lock`).catch(() => undefined);
  return found !== undefined && found.mtimeMs >= Date.now() - STALE;
}

/** Whether the lock is there and was not touched for long: one look, since others come and go meanwhile. */
async function isStale(file: string): Promise<boolean> {
  const found = await stat(`${file}.lock`).catch(() => undefined);
  return found !== undefined && found.mtimeMs < Date.now() - STALE;
}
