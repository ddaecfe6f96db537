import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { run } from '../../src/cli.js';
import { Context, type Replacements } from '../../src/context.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import { type FakeHost, fakeHost, type HostOptions } from './host.js';

export interface RunOptions extends HostOptions {
  /** The backend; signed in with a token of it in REMO_TOKEN unless `env` says otherwise. */
  sandbox?: Sandbox;
  replacements?: Replacements;
  /** What the person does while the command runs. */
  person?: (host: FakeHost) => Promise<void>;
}

export interface Ended {
  code: number;
  out: string;
  err: string;
  /** The folder that settings and state live in. */
  folder: string;
  /** The command lines that were started in the background. */
  background: readonly (readonly string[])[];
  /** stdout as JSON. */
  json: <T = unknown>() => T;
}

/** Runs one command line as a user would, in memory, and tells how it ended. */
export async function remo(argv: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { sandbox, replacements, person, env, ...rest } = options;
  const folder = env?.['REMO_CONFIG_DIR'] ?? (await temporaryFolder());
  const backend = sandbox
    ? { REMO_API_URL: sandbox.apiUrl, REMO_TOKEN: (await sandbox.issueToken()).accessToken }
    : {};
  const host = fakeHost({
    ...rest,
    env: {
      REMO_CONFIG_DIR: folder,
      REMO_STATE_DIR: folder,
      REMO_CACHE_DIR: folder,
      LANG: 'C.UTF-8',
      ...backend,
      ...env,
    },
  });
  const [code] = await Promise.all([run(argv, new Context(host, replacements)), person?.(host)]);
  const { out, err } = host;
  return { code, out, err, folder, background: host.background, json: <T>() => JSON.parse(out) as T };
}

/** A folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'remo-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
