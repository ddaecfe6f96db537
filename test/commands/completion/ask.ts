import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Sandbox } from '../../../src/sandbox/server.js';
import { type Ended, type RunOptions, remo, temporaryFolder } from '../../support/run.js';

export interface Offered extends Ended {
  /** The first line: what the shell is to do with the rest. */
  how: string;
  /** The candidates in their order, and what stands beside each. */
  texts: string[];
  about: Record<string, string>;
}

/** What is offered for the last of some words, as a script is told. */
export async function offered(words: readonly string[], options: RunOptions = {}): Promise<Offered> {
  const ended = await remo(['__complete', 'zsh', ...words.slice(0, -1), `=${words.at(-1)}`], options);
  const [how = '', ...lines] = ended.out.split('\n').slice(0, -1);
  const rows = lines.map(line => line.split('\t') as [string, string]);
  return { ...ended, how, texts: rows.map(([text]) => text), about: Object.fromEntries(rows) };
}

/** What bash is told for a line up to the cursor; `part` is what readline would replace. */
export async function offeredToBash(
  line: string,
  part: string,
  options: RunOptions & { type?: number } = {},
) {
  const { out } = await remo(['__complete', 'bash', `${options.type ?? 9}`, '80', part, line], options);
  const [how, ...texts] = out.split('\n').slice(0, -1);
  return { how, texts };
}

/** A machine that is signed in to a backend; what completion remembers stays between its commands. */
export async function signedInMachine(sandbox: Sandbox) {
  const folder = await temporaryFolder();
  const { accessToken } = await sandbox.issueToken();
  const env = {
    REMO_CONFIG_DIR: folder,
    REMO_STATE_DIR: folder,
    REMO_CACHE_DIR: folder,
    REMO_API_URL: sandbox.apiUrl,
    REMO_TOKEN: accessToken,
  };
  const cache = path.join(folder, 'completion');
  return {
    env,
    cache,
    files: () => readdir(cache).catch((): string[] => []),
    fetch: (subject: string) => remo(['__fetch', subject], { env }),
    /** What is offered when the time is up at once. */
    offered: (...words: string[]) => offered(words, { env, age: () => 1000 }),
  };
}
