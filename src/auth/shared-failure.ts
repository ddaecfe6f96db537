import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import type { Clock } from '../clock.js';
import { type ErrorParams, ExitCode, RemoError } from '../errors.js';
import { writeFileAtomically } from '../files.js';

/** A failure of the sign-in server, as it is told to other processes; `at` is milliseconds since the epoch. */
const noteSchema = z.object({
  at: z.number(),
  code: z.enum(['network', 'server_error', 'rate_limited', 'discovery', 'bad_response', 'clock_off']),
  params: z.record(z.string(), z.unknown()),
});

/**
 * Does what one process at a time does at the sign-in server, and shares how that failed: who began to wait before it
 * was known gets the same error, instead of finding out in its turn, each after as long a wait as the one before.
 * Called under the lock of the entry, whose file the note lies beside.
 * @param began since when the caller has been waiting
 * @throws RemoError that of another process, and what the work throws
 */
export async function sharingFailure<T>(
  { note, began, clock }: { note: string; began: number; clock: Clock },
  work: () => Promise<T>,
): Promise<T> {
  const left = await read(note);
  // One from the future is of a clock that was wrong.
  if (left && left.at > began && left.at <= clock.now())
    throw new RemoError(left.code, left.params as ErrorParams[typeof left.code]);
  try {
    const result = await work();
    if (left) await rm(note, { force: true });
    return result;
  } catch (error) {
    // Whether the others learn of it must not matter to this one.
    if (error instanceof RemoError && error.exitCode === ExitCode.backend) {
      const { code, params } = error;
      await writeFileAtomically(note, JSON.stringify({ at: clock.now(), code, params })).catch(() => {});
    }
    throw error;
  }
}

/** Where the note of an entry lies. */
export function noteOf(directory: string, entry: string): string {
  return path.join(directory, 'locks', `${entry}.failed`);
}

async function read(note: string): Promise<z.infer<typeof noteSchema> | undefined> {
  try {
    return noteSchema.safeParse(JSON.parse(await readFile(note, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
