import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { appendFile, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../../context.js';
import { makeFolder } from '../../files.js';

// What completion keeps of the backend's answers: per profile, backend and sign-in, for minutes.

/** A customer, or a device with its owner's address. */
export interface Known {
  id: string;
  name: string;
  email: string;
}
export type Subject = 'customers' | 'devices';

/** How long it counts as fresh, and how long it is used while it is fetched again; milliseconds. */
const fresh = 5 * 60_000;
const usable = 60 * 60_000;
/** How long nobody asks again after an attempt that came to nothing, or is still under way. */
const pause = 30_000;
/** Bytes beyond which a file is none of ours. */
const largest = 2_000_000;
const longestName = 100;

const folderOf = ({ directories }: Context) => path.join(directories.cache, 'completion');

/** @throws RemoError where no backend is configured, or a setting can't be used */
function fileOf(subject: Subject | 'recent', context: Context): string {
  const { apiUrl, host, settings } = context;
  const { REMO_TOKEN: token, REMO_CLIENT_SECRET: secret, REMO_CLIENT_ID: client } = host.env;
  const whose = JSON.stringify([apiUrl.href, token ?? '', secret ? client : '']);
  const digest = createHash('sha256').update(whose).digest('hex').slice(0, 32);
  return path.join(folderOf(context), `${settings.profile}@${digest}.${subject}`);
}

/** What is remembered, unless it is too old, torn, or not what this program writes. @throws as `fileOf` */
export function recall(
  subject: Subject,
  context: Context,
): { entries: Known[]; isFresh: boolean } | undefined {
  const file = fileOf(subject, context);
  try {
    if (statSync(file).size > largest) return undefined;
    const { version, at, entries } = JSON.parse(readFileSync(file, 'utf8'));
    const age = context.clock.now() - at;
    // From the future: the clock was put back.
    if (version !== 1 || !(age >= 0 && age < usable) || !Array.isArray(entries)) return undefined;
    // The devices of a customer who was looked at since are not among them.
    const since = subject === 'devices' ? lookedAt(context) : 0;
    return { entries: entries.filter(isKnown), isFresh: age < fresh && at >= since };
  } catch {
    return undefined;
  }
}

/** When a new customer was looked at last, milliseconds since the epoch; 0 for never. */
function lookedAt(context: Context): number {
  return statSync(fileOf('recent', context), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function isKnown(entry: unknown): entry is Known {
  const { id, name, email } = (entry ?? {}) as Record<string, unknown>;
  return [id, name, email].every(text => typeof text === 'string');
}

/** The file that an attempt writes to, there from its beginning: it becomes what is remembered, in one step. */
const attemptAt = (file: string) => `${file}.new`;
/** What it holds once the attempt has come to nothing; it is told by its length. */
const failure = 'failed';

/** Whether an attempt is under way, or came to nothing a moment ago. @throws as `fileOf` */
export function lastAttempt(subject: Subject, context: Context): 'none' | 'under_way' | 'failed' {
  return stateOf(attemptAt(fileOf(subject, context)));
}

function stateOf(file: string): ReturnType<typeof lastAttempt> {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || found.mtimeMs <= Date.now() - pause) return 'none';
  return found.size === failure.length ? 'failed' : 'under_way';
}

/** How an attempt ends. Where neither is called, or the person signs out meanwhile, nothing is remembered. */
export interface Attempt {
  keep(entries: readonly Known[]): Promise<void>;
  fail(): Promise<void>;
}

/**
 * Begins an attempt, unless there is one or has just been one.
 * @throws as `fileOf`; NodeJS.ErrnoException
 */
export async function attempt(subject: Subject, context: Context): Promise<Attempt | undefined> {
  const file = fileOf(subject, context);
  const own = attemptAt(file);
  await makeFolder(path.dirname(file));
  if (!(await create(own))) {
    if (stateOf(own) !== 'none') return undefined;
    await rm(own, { force: true });
    if (!(await create(own))) return undefined;
  }
  if (recall(subject, context)?.isFresh) {
    // Another attempt came to its end while this one began.
    await rm(own, { force: true });
    return undefined;
  }
  return {
    async keep(entries) {
      const short = entries.map(({ id, name, email }) => ({ id, name: name.slice(0, longestName), email }));
      const content = JSON.stringify({ version: 1, at: context.clock.now(), entries: short });
      if (await overwrite(own, content)) await rename(own, file).catch(() => {});
    },
    async fail() {
      await overwrite(own, failure);
    },
  };
}

/** @returns false where a sign-out has removed the file: it is not to come back */
async function overwrite(file: string, content: string): Promise<boolean> {
  const written = await open(file, 'r+').catch(() => undefined);
  await written?.writeFile(content).finally(() => written.close());
  return written !== undefined;
}

/** Creates a file for its owner alone. @returns false where it is there */
async function create(file: string): Promise<boolean> {
  const handle = await open(file, 'wx', 0o600).catch(error => {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  });
  await handle?.close();
  return handle !== undefined;
}

/** Bytes of the list of customers that were looked at; each takes some 15. */
const longestList = 16_384;
const mostRecent = 30;

/** Takes note of a customer that was looked at: their devices are offered first. Never throws. */
export async function noteCustomer(id: string, context: Context): Promise<void> {
  try {
    if (!/^[\w-]{1,100}$/.test(id) || recentCustomers(context).includes(id)) return;
    const file = fileOf('recent', context);
    await makeFolder(path.dirname(file));
    const found = await stat(file).catch(() => undefined);
    const flag = found && found.size > longestList ? 'w' : 'a';
    await appendFile(file, `${id}\n`, { flag, mode: 0o600 });
  } catch {
    // It is a convenience.
  }
}

/** The customers that were looked at, the last one first. @throws as `fileOf` */
export function recentCustomers(context: Context): string[] {
  const file = fileOf('recent', context);
  try {
    if (statSync(file).size > largest) return [];
    const ids = readFileSync(file, 'utf8').split('\n').filter(Boolean).reverse();
    return [...new Set(ids)].slice(0, mostRecent);
  } catch {
    return [];
  }
}

/** Forgets what is remembered of a profile, or of all. Never throws. */
export async function forget(profile: string | undefined, context: Context): Promise<void> {
  const folder = folderOf(context);
  const names = await readdir(folder).catch(() => []);
  const theirs = names.filter(name => profile === undefined || name.startsWith(`${profile}@`));
  await Promise.all(theirs.map(name => rm(path.join(folder, name), { force: true }).catch(() => {})));
}
