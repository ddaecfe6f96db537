import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import { writeFileAtomically } from '../files.js';
import type { Sandbox } from '../sandbox/server.js';

export interface SandboxOptions {
  /** What the fleet is made from: 1 unless told. */
  seed?: number;
  /** 4010 unless told; 0 is any free one. */
  port?: number;
  /** How long a reboot takes, seconds: 8 unless told. */
  bootSeconds?: number;
  /** How long each answer is held back, milliseconds. */
  latency?: number;
  /** How many requests a second the API bears. */
  rateLimit?: number;
  autoApprove?: boolean;
  /** A file that holds the base URL of the API while the sandbox listens. */
  readyFile?: string;
}
const defaultPort = 4010;

/**
 * `remo sandbox`: runs the embedded backend until Ctrl-C or TERM, which end it as asked for.
 * @throws RemoError `port_in_use`, `invalid_value` for a port that is not ours to take, `file_unwritable`
 */
export async function sandbox({ readyFile, ...options }: SandboxOptions, context: Context): Promise<void> {
  const running = await start(options);
  try {
    if (readyFile !== undefined) await writeReadyFile(readyFile, running.apiUrl);
    try {
      await serve(running.apiUrl, context);
    } finally {
      if (readyFile !== undefined) await rm(readyFile, { force: true });
    }
  } finally {
    await running.close();
  }
}

async function start({
  latency,
  rateLimit,
  ...options
}: Omit<SandboxOptions, 'readyFile'>): Promise<Sandbox> {
  const { startSandbox } = await import('../sandbox/server.js');
  const { port = defaultPort } = options;
  try {
    return await startSandbox({
      ...options,
      port,
      latencyMs: latency ?? 0,
      ...(rateLimit === undefined ? {} : { ratePerSecond: rateLimit }),
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new RemoError('port_in_use', { port }, { cause: error });
    if (code !== 'EACCES') throw error;
    // Ports below 1024 belong to the administrator on most systems.
    const expected = { kind: 'integer' as const, min: 1024, max: 65_535 };
    throw new RemoError('invalid_value', { name: '--port', value: String(port), expected }, { cause: error });
  }
}

/** Says where the sandbox is, then waits until it is to end. */
async function serve(apiUrl: string, { io, messages, settings, signal }: Context): Promise<void> {
  io.err(messages.sandbox.listening(apiUrl));
  if (!settings.quiet) io.err(messages.sandbox.tryNext(apiUrl));
  await io.out(`${apiUrl}\n`);
  if (!signal.aborted) await once(signal, 'abort');
  if (!settings.quiet) io.err(messages.sandbox.stopped);
}

async function writeReadyFile(file: string, apiUrl: string): Promise<void> {
  try {
    // A folder that is not there is a typo, not one to make.
    await stat(path.dirname(file));
    await writeFileAtomically(file, `${apiUrl}\n`);
  } catch (error) {
    throw new RemoError(
      'file_unwritable',
      { path: file, detail: (error as Error).message },
      { cause: error },
    );
  }
}
