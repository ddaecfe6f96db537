import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunParts } from '../../src/reboot/course.js';
import { Journal } from '../../src/reboot/journal.js';
import { makePlan, makeResumePlan, type Plan } from '../../src/reboot/plan.js';
import { isFinished, readRecord } from '../../src/reboot/record.js';
import { runReboots } from '../../src/reboot/run.js';
import { FakeBackend, failures } from '../support/backend.js';
import { fakeClock } from '../support/clock.js';
import { held, journalHeader } from '../support/journal.js';
import { temporaryFolder } from '../support/run.js';

/** A run on a real journal that can be killed at any step and gone on with, as by another process. */
async function scene(ids: readonly string[], waitMs: number | null, folder: string, name: string) {
  const clock = fakeClock();
  const backend = new FakeBackend(clock);
  for (const [index, id] of ids.entries()) backend.addDevice(id, { customer_id: `cus_${index % 2}` });
  let keys = 0;
  const header = journalHeader({
    batch_id: name,
    started_at: new Date(clock.now()).toISOString(),
    options: { wait_ms: waitMs, concurrency: 4 },
    devices: ids.map((id, index) => ({ device_id: id, customer_id: `cus_${index % 2}` })),
  });

  /** Carries a plan out until it ends or the process is killed after so many steps; tells which. */
  async function process(plan: Plan, journal: Journal, stepsToLive: number): Promise<'ended' | 'killed'> {
    let steps = 0;
    let kill: () => void = () => {};
    const killed = new Promise<'killed'>(resolve => {
      kill = () => resolve('killed');
    });
    /** What a process does beyond its death never happens; a death can fall before or after each deed. */
    const mortal = <A extends unknown[], T>(deed: (...args: A) => Promise<T>) => {
      return async (...args: A): Promise<T> => {
        if (steps++ >= stepsToLive) {
          kill();
          return new Promise<never>(() => {});
        }
        const done = await deed(...args).then(
          value => () => value,
          error => () => {
            throw error;
          },
        );
        if (steps++ >= stepsToLive) {
          kill();
          return new Promise<never>(() => {});
        }
        return done();
      };
    };
    const parts: RunParts = {
      api: {
        getDevice: mortal(id => backend.getDevice(id)),
        getCustomer: mortal(id => backend.getCustomer(id)),
        createReboot: mortal((id, instruction) => backend.createReboot(id, instruction)),
        findReboot: mortal((id, key) => backend.findReboot(id, key)),
        getReboot: mortal(id => backend.getReboot(id)),
        recentReboots: mortal(id => backend.recentReboots(id)),
      },
      journal: { append: mortal(entry => journal.append(entry)) },
      clock,
      signal: new AbortController().signal,
      newKey: () => `key-${++keys}-0123456789abcdef`,
      others: () => false,
      held,
    };
    const options = { batchId: name, reason: null, settings: header.options };
    const result = await Promise.race([
      runReboots(plan, options, parts).then(() => 'ended' as const),
      killed,
    ]);
    await journal.close();
    return result;
  }

  return {
    clock,
    backend,
    start: async (stepsToLive: number) =>
      process(
        await makePlan(ids, backend, clock, { minIntervalMs: 0, concurrency: 4 }),
        await Journal.create(folder, header, held),
        stepsToLive,
      ),
    resume: async (stepsToLive: number) => {
      const record = await readRecord(`${folder}/${name}.ndjson`);
      const at = new Date(clock.now()).toISOString();
      const journal = await Journal.reopen(`${folder}/${name}.ndjson`, record, { at, host: 'desk' }, held);
      return process(await makeResumePlan(record, backend, clock), journal, stepsToLive);
    },
    record: () => readRecord(`${folder}/${name}.ndjson`),
    text: () => readFile(`${folder}/${name}.ndjson`, 'utf8'),
  };
}

const forever = Number.POSITIVE_INFINITY;

describe('a run that was killed', () => {
  it('at any step, and killed again while it was gone on with, ends with each device rebooted once', async () => {
    const folder = await temporaryFolder();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(null, 60_000),
        fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }),
        fc.array(fc.constantFrom(undefined, failures.timeout, failures.gateway, failures.garbled), {
          maxLength: 6,
        }),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        async (count, waitMs, deaths, mishaps, taken) => {
          const ids = Array.from({ length: count }, (_, index) => `d${index}`);
          const run = await scene(ids, waitMs, folder, `run-${++round}`);
          for (const [index, make] of mishaps.entries()) {
            if (make) run.backend.mishaps.push({ taken: taken[index] ?? true, error: make() });
          }
          const [first = 0, ...later] = deaths;
          await run.start(first);
          for (const life of later) await run.resume(life);
          for (let tries = 0; tries < 8 && !isFinished(await run.record()); tries++)
            await run.resume(forever);
          const { devices } = await run.record();
          for (const device of devices) {
            const reboots = run.backend.rebootsOf(device.deviceId);
            expect(reboots).toHaveLength(1);
            expect(device.outcome).toBe(waitMs === null ? 'accepted' : 'rebooted');
            expect(device.rebootId).toBe(reboots[0]?.id);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('between the instruction and its answer asks the backend, and instructs no second time', async () => {
    const run = await scene(['a'], null, await temporaryFolder(), 'run');
    // Steps: the intent (2), then the instruction arrives and its answer is never seen.
    await run.start(3);
    expect(run.backend.rebootsOf('a')).toHaveLength(1);
    run.backend.calls.length = 0;
    await run.resume(forever);
    expect(run.backend.calls.filter(call => call.startsWith('POST'))).toEqual([]);
    expect((await run.record()).devices).toMatchObject([{ outcome: 'accepted', settled: true }]);
  });

  it('before the instruction left gives it under the key that the journal has', async () => {
    const run = await scene(['a'], null, await temporaryFolder(), 'run');
    await run.start(2);
    expect(run.backend.rebootsOf('a')).toHaveLength(0);
    await run.resume(forever);
    expect(run.backend.reboots).toMatchObject([{ idempotency_key: 'key-1-0123456789abcdef' }]);
  });

  it('longer ago than the backend keeps keys is not instructed again: it is unknown', async () => {
    const run = await scene(['a'], null, await temporaryFolder(), 'run');
    await run.start(2);
    run.clock.advance(23 * 3_600_000);
    await run.resume(forever);
    expect(run.backend.rebootsOf('a')).toHaveLength(0);
    expect((await run.record()).devices).toMatchObject([{ outcome: 'unknown', reason: 'key_expired' }]);
  });

  it('does not touch a device that has changed hands since', async () => {
    const run = await scene(['a'], null, await temporaryFolder(), 'run');
    await run.start(0);
    run.backend.addDevice('a', { customer_id: 'cus_other' });
    await run.resume(forever);
    expect(run.backend.reboots).toEqual([]);
    expect((await run.record()).devices).toMatchObject([{ outcome: 'skipped', reason: 'changed_hands' }]);
  });

  it('takes a later boot as proof although the device rebooted before it was gone on with', async () => {
    const run = await scene(['a'], 60_000, await temporaryFolder(), 'run');
    await run.start(3);
    run.clock.advance(3_600_000);
    await run.resume(forever);
    expect((await run.record()).devices).toMatchObject([{ outcome: 'rebooted' }]);
    expect(run.backend.rebootsOf('a')).toHaveLength(1);
  });

  it('leaves alone what is settled', async () => {
    const run = await scene(['a', 'b', 'c'], null, await temporaryFolder(), 'run');
    await run.start(forever);
    const before = await run.text();
    expect(isFinished(await run.record())).toBe(true);
    await run.resume(forever);
    expect(run.backend.reboots).toHaveLength(3);
    expect((await run.text()).slice(0, before.length)).toBe(before);
  });
});
