import { mkdir, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../src/clock.js';
import { RemoError } from '../src/errors.js';
import { withFileLock } from '../src/lock.js';
import { temporaryFolder } from './support/run.js';

it('a lock is held until another process, taking its owner for dead, makes its own', async () => {
  const file = path.join(await temporaryFolder(), 'run');
  const lock = {
    file,
    patience: 0,
    clock: systemClock,
    signal: new AbortController().signal,
    random: Math.random,
    failure: (place: string, detail: string) => new RemoError('file_unwritable', { path: place, detail }),
  };
  await withFileLock(lock, async held => {
    expect(await held()).toBe(true);
    await rmdir(`${file}.lock`);
    expect(await held()).toBe(false);
    await mkdir(`${file}.lock`);
    expect(await held()).toBe(false);
  });
  // That one is not let go of by who has lost it.
  expect((await stat(`${file}.lock`)).isDirectory()).toBe(true);
});
