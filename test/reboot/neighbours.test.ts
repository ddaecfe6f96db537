import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { neighbours } from '../../src/reboot/neighbours.js';
import { fakeClock } from '../support/clock.js';
import { temporaryFolder } from '../support/run.js';

/** A folder of journals, in which things happen at the times of a clock. */
async function folder() {
  const clock = fakeClock();
  const directory = await temporaryFolder();
  const touch = async (name: string, make: (file: string) => Promise<unknown>) => {
    const file = path.join(directory, name);
    await make(file);
    await utimes(file, clock.now() / 1000, clock.now() / 1000);
  };
  return {
    clock,
    journal: (name: string) => touch(`${name}.ndjson`, file => writeFile(file, '{}')),
    lock: (name: string) => touch(`${name}.lock`, file => mkdir(file, { recursive: true })),
    others: neighbours(directory, 'own', clock),
  };
}

describe('other runs on this computer', () => {
  it('are at work when a journal was written since, whoever has ended by now', async () => {
    const { clock, journal, others } = await folder();
    await journal('a');
    clock.advance(60_000);
    const since = clock.now();
    expect(others(since)).toBe(false);
    clock.advance(5_000);
    await journal('b');
    clock.advance(1_000);
    expect(others(since)).toBe(true);
  });

  it('are at work while their lock is kept, not when a killed one left it', async () => {
    const { clock, lock, others } = await folder();
    await lock('killed');
    clock.advance(60_000);
    expect(others(clock.now())).toBe(false);
    clock.advance(1_000);
    await lock('alive');
    expect(others(clock.now())).toBe(true);
  });

  it('are not the run itself', async () => {
    const { clock, journal, lock, others } = await folder();
    await lock('own');
    await journal('own');
    expect(others(clock.now())).toBe(false);
  });

  it('are none where there is no folder to look in', () => {
    const clock = fakeClock();
    expect(neighbours('/nowhere/at/all', 'own', clock)(0)).toBe(false);
  });
});
