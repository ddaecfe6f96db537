import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RemoError } from '../../src/errors.js';
import type { RunParts } from '../../src/reboot/course.js';
import { exitCodeOf, type Outcome } from '../../src/reboot/outcome.js';
import { makePlan } from '../../src/reboot/plan.js';
import type { JournalEntry, RunSettings } from '../../src/reboot/record.js';
import { runReboots } from '../../src/reboot/run.js';
import { FakeBackend, failure, failures } from '../support/backend.js';
import { fakeClock } from '../support/clock.js';
import { held, journalHeader } from '../support/journal.js';

const lookUp = { minIntervalMs: 0, concurrency: 8 };
const settings = journalHeader().options;

function scene() {
  const clock = fakeClock();
  const backend = new FakeBackend(clock);
  const entries: JournalEntry[] = [];
  const stop = new AbortController();
  let keys = 0;
  const parts: RunParts = {
    api: backend,
    journal: {
      async append(entry) {
        if (!(await parts.held())) throw failure('batch_taken_over', { batch: 'batch' });
        await new Promise(resolve => setImmediate(resolve));
        entries.push(entry);
        backend.calls.push(`JOURNAL ${entry.type}`);
      },
    },
    clock,
    signal: stop.signal,
    newKey: () => `key-${++keys}-0123456789abcdef`,
    others: () => false,
    held,
  };
  const run = async (ids: string[], changes: Partial<RunSettings> = {}, reason: string | null = null) => {
    const { options: wanted } = journalHeader({ options: changes });
    const { min_interval_ms: minIntervalMs, concurrency } = wanted;
    const plan = await makePlan(ids, backend, clock, { minIntervalMs, concurrency });
    backend.calls.length = 0;
    const report = await runReboots(plan, { batchId: 'batch', reason, settings: wanted }, parts);
    return { report, outcomes: report.results.map(({ ending }) => ending.outcome), exit: exitCodeOf(report) };
  };
  return { clock, backend, entries, stop, parts, run };
}

describe('a run', () => {
  it('has the key in the journal before the instruction leaves, and sends that key', async () => {
    const { backend, entries, run } = scene();
    backend.addDevice('a');
    const { report, exit } = await run(['a'], {}, 'frozen');
    expect(backend.calls).toEqual(['JOURNAL intent', 'POST reboot a', 'JOURNAL accepted', 'JOURNAL end']);
    const [intent] = entries;
    expect(intent).toMatchObject({ type: 'intent', device_id: 'a', booted_at: '2026-11-01T00:00:00Z' });
    expect(backend.reboots).toMatchObject([
      { idempotency_key: intent && 'key' in intent && intent.key, reason: 'frozen' },
    ]);
    expect(report.results).toMatchObject([{ ending: { outcome: 'accepted' }, rebootId: 'rb_1' }]);
    expect(exit).toBe(0);
  });

  it('with waiting ends when the device is back', async () => {
    const { backend, entries, run } = scene();
    backend.addDevice('a');
    const { outcomes, exit } = await run(['a'], { wait_ms: 60_000 });
    expect({ outcomes, exit }).toEqual({ outcomes: ['rebooted'], exit: 0 });
    expect(entries.map(({ type }) => type)).toEqual(['intent', 'accepted', 'rebooted', 'end']);
  });

  it.each<[string, (backend: FakeBackend) => void, Outcome, number]>([
    ['offline at the look-up', backend => backend.addDevice('a', { status: 'offline' }), 'skipped', 3],
    [
      'offline at the instruction',
      backend => backend.mishaps.push({ taken: false, error: failures.offline() }),
      'skipped',
      3,
    ],
    [
      "in another's reboot",
      backend => backend.mishaps.push({ taken: false, error: failures.busy() }),
      'skipped',
      3,
    ],
    [
      'refused',
      backend => backend.mishaps.push({ taken: false, error: failures.rateLimited() }),
      'not_attempted',
      6,
    ],
    [
      'not permitted',
      backend => backend.mishaps.push({ taken: false, error: failures.forbidden() }),
      'failed',
      4,
    ],
    [
      'unanswered',
      backend => backend.mishaps.push({ taken: false, error: failures.timeout() }),
      'unknown',
      8,
    ],
  ])('of a device that is %s ends as it is', async (_what, prepare, outcome, code) => {
    const { backend, run } = scene();
    backend.addDevice('a');
    prepare(backend);
    expect(await run(['a'])).toMatchObject({ outcomes: [outcome], exit: code });
  });

  it('goes on to the next device before it is on disk that one was accepted, but not to the end', async () => {
    const { backend, entries, parts, run } = scene();
    for (const id of ['a', 'b']) backend.addDevice(id);
    const { append } = parts.journal;
    let intend = () => {};
    const intended = new Promise<void>(resolve => {
      intend = resolve;
    });
    parts.journal.append = async entry => {
      if (entry.type === 'accepted') await intended;
      await append(entry);
      if (entry.type === 'intent' && entry.device_id === 'b') intend();
    };
    expect(await run(['a', 'b'])).toMatchObject({ outcomes: ['accepted', 'accepted'], exit: 0 });
    const types = entries.map(({ type }) => type);
    expect(types).toEqual(['intent', 'intent', 'accepted', 'accepted', 'end']);
  });

  it('tells that what was accepted last is not on disk', async () => {
    const { backend, parts, run } = scene();
    backend.addDevice('a');
    const { append } = parts.journal;
    parts.journal.append = async entry => {
      await append(entry);
      if (entry.type === 'accepted') throw failure('journal_unwritable', { path: '/full', detail: 'ENOSPC' });
    };
    const { outcomes, report } = await run(['a']);
    expect(outcomes).toEqual(['accepted']);
    expect(report.stoppedBy).toMatchObject({ code: 'journal_unwritable' });
  });

  it('does not count a device given twice against the exit code', async () => {
    const { backend, run } = scene();
    backend.addDevice('a');
    expect(await run(['a', 'a'])).toMatchObject({ outcomes: ['accepted', 'skipped'], exit: 0 });
    expect(backend.rebootsOf('a')).toHaveLength(1);
  });

  it('lets unknown win over not rebooted', async () => {
    const { backend, run } = scene();
    backend.addDevice('a');
    backend.addDevice('b', { status: 'offline' });
    backend.mishaps.push({ taken: false, error: failures.timeout() });
    expect(await run(['a', 'b'])).toMatchObject({ exit: 8 });
  });

  it('starts no more devices once the backend no longer permits it', async () => {
    const { backend, run } = scene();
    for (const id of ['a', 'b', 'c']) backend.addDevice(id);
    backend.mishaps.push({ taken: false, error: failures.signedOut() });
    const { outcomes, exit, report } = await run(['a', 'b', 'c']);
    const none = ['not_attempted', 'not_attempted', 'not_attempted'];
    expect({ outcomes, exit }).toEqual({ outcomes: none, exit: 4 });
    expect(report.stoppedBy).toMatchObject({ code: 'unauthenticated' });
    expect(backend.calls.filter(call => call.startsWith('POST'))).toHaveLength(1);
  });

  it('with one device that is forbidden goes on with the others, once the backend has taken any', async () => {
    const { backend, run } = scene();
    for (const id of ['a', 'b', 'c']) backend.addDevice(id);
    const createReboot = backend.createReboot.bind(backend);
    backend.createReboot = async (id, order) => {
      if (id === 'b') throw failures.forbidden();
      return createReboot(id, order);
    };
    expect(await run(['a', 'b', 'c'])).toMatchObject({
      outcomes: ['accepted', 'failed', 'accepted'],
      exit: 3,
    });
  });

  it('that the backend takes nothing from stops, so that it can be gone on with; nothing has failed', async () => {
    const { backend, run } = scene();
    for (const id of ['a', 'b']) backend.addDevice(id);
    const error = failure('server_error', { operation: 'createReboot', lost: false, status: 503 });
    backend.mishaps.push({ taken: false, error });
    const { outcomes, exit } = await run(['a', 'b']);
    expect({ outcomes, exit }).toEqual({ outcomes: ['not_attempted', 'not_attempted'], exit: 6 });
  });

  it('leaves out a device that the backend no longer knows', async () => {
    const { clock, backend, parts } = scene();
    backend.addDevice('a');
    const plan = await makePlan(['a'], backend, clock, lookUp);
    clock.advance(31_000);
    backend.devices.delete('a');
    const report = await runReboots(plan, { batchId: 'batch', reason: null, settings }, parts);
    expect(report.results).toMatchObject([{ ending: { outcome: 'skipped', reason: { code: 'gone' } } }]);
  });

  it('looks again at a device before each instruction while another run is at work on this computer', async () => {
    const { clock, backend, parts } = scene();
    backend.addDevice('a');
    const plan = await makePlan(['a'], backend, clock, { ...lookUp, minIntervalMs: 600_000 });
    clock.advance(2_000);
    await backend.createReboot('a', { key: 'somebody-else-01234' });
    backend.bootMs = 100;
    clock.advance(3_000);
    parts.others = () => true;
    const options = { ...settings, min_interval_ms: 600_000 };
    const report = await runReboots(plan, { batchId: 'batch', reason: null, settings: options }, parts);
    expect(report.results).toMatchObject([{ ending: { outcome: 'skipped' } }]);
    expect(backend.rebootsOf('a')).toHaveLength(1);
  });

  it.each([
    [9_000, 0],
    [11_000, 1],
  ])(
    'that only instructs looks again at a device after %i ms, though nobody else is at work here: %i times',
    async (age, looks) => {
      const { clock, backend, parts } = scene();
      backend.addDevice('a');
      const plan = await makePlan(['a'], backend, clock, lookUp);
      clock.advance(age);
      backend.calls.length = 0;
      await runReboots(plan, { batchId: 'batch', reason: null, settings }, parts);
      expect(backend.calls.filter(call => call === 'GET device a')).toHaveLength(looks);
    },
  );

  it('sends nothing when the journal can not be written', async () => {
    const { backend, parts, run } = scene();
    backend.addDevice('a');
    parts.journal.append = async () => {
      throw failure('journal_unwritable', { path: '/full', detail: 'ENOSPC' });
    };
    expect(await run(['a'])).toMatchObject({ outcomes: ['not_attempted'], exit: 2 });
    expect(backend.reboots).toEqual([]);
  });

  it('tells the outcome all the same when only the entry after it could not be written', async () => {
    const { backend, parts, run } = scene();
    for (const id of ['a', 'b']) backend.addDevice(id);
    const { append } = parts.journal;
    parts.journal.append = async entry => {
      if (entry.type === 'accepted') throw failure('journal_unwritable', { path: '/full', detail: 'ENOSPC' });
      return append(entry);
    };
    expect(await run(['a', 'b'])).toMatchObject({ outcomes: ['accepted', 'not_attempted'], exit: 3 });
  });

  it('that another process has taken over meanwhile sends nothing more, writes nothing more, and stops', async () => {
    const { backend, parts, run } = scene();
    for (const id of ['a', 'b']) backend.addDevice(id);
    parts.held = async () => backend.reboots.length === 0;
    const { outcomes, report } = await run(['a', 'b']);
    // The journal is the other's, who may have found out more by now.
    expect(backend.calls).toEqual(['JOURNAL intent', 'POST reboot a']);
    expect(outcomes).toEqual(['accepted', 'not_attempted']);
    expect(report.stoppedBy).toMatchObject({ code: 'batch_taken_over' });
  });

  it('that another process takes over while a key is being written does not send it: the other finds it there', async () => {
    const { backend, parts, run } = scene();
    backend.addDevice('a');
    parts.held = async () => backend.calls.length === 0;
    expect(await run(['a'])).toMatchObject({ outcomes: ['not_attempted'], exit: 3 });
    expect(backend.calls).toEqual(['JOURNAL intent']);
  });

  it('looks again at a device whose reading is old, and goes by what it finds', async () => {
    const { clock, backend, entries, parts } = scene();
    backend.addDevice('a');
    backend.addDevice('b', { customer_id: 'cus_2' });
    const plan = await makePlan(['a', 'b'], backend, clock, lookUp);
    clock.advance(31_000);
    backend.addDevice('a', { booted_at: '2026-11-22T00:00:00Z' });
    backend.addDevice('b', { customer_id: 'cus_2', status: 'offline' });
    const report = await runReboots(plan, { batchId: 'batch', reason: null, settings }, parts);
    expect(report.results.map(({ ending }) => ending.outcome)).toEqual(['accepted', 'skipped']);
    expect(entries[0]).toMatchObject({ type: 'intent', booted_at: '2026-11-22T00:00:00Z' });
  });

  it('does not reboot a device that has changed hands since the plan', async () => {
    const { clock, backend, parts } = scene();
    backend.addDevice('a');
    const plan = await makePlan(['a'], backend, clock, lookUp);
    clock.advance(31_000);
    backend.addDevice('a', { customer_id: 'cus_2' });
    const report = await runReboots(plan, { batchId: 'batch', reason: null, settings }, parts);
    expect(report.results).toMatchObject([
      { ending: { outcome: 'skipped', reason: { code: 'changed_hands' } } },
    ]);
    expect(backend.reboots).toEqual([]);
  });

  it('that is interrupted finishes what is under way, and starts no more', async () => {
    const { backend, stop, parts, entries, run } = scene();
    for (const id of ['a', 'b']) backend.addDevice(id);
    const { createReboot } = backend;
    parts.api.createReboot = async (...args: Parameters<typeof createReboot>) => {
      stop.abort(new RemoError('interrupted', { signal: 'SIGTERM' }));
      return createReboot.apply(backend, args);
    };
    const { outcomes, exit } = await run(['a', 'b'], { wait_ms: 60_000 });
    expect({ outcomes, exit }).toEqual({ outcomes: ['rebooted', 'not_attempted'], exit: 143 });
    expect(entries.at(-1)).toMatchObject({ type: 'end', stopped_by: 'interrupted' });
  });

  it('never has two devices of one customer rebooting at once', async () => {
    const { backend, run, parts } = scene();
    for (const id of ['a', 'b', 'c']) backend.addDevice(id);
    backend.addDevice('x', { customer_id: 'cus_2' });
    const away = new Set<string>();
    let most = 0;
    parts.observe = event => {
      if (event.type === 'ended') away.delete(event.result.planned.device.id);
      else if ('planned' in event && event.planned.customer.id === 'cus_1') away.add(event.planned.device.id);
      most = Math.max(most, away.size);
    };
    await run(['a', 'b', 'c', 'x'], { wait_ms: 60_000 });
    expect(most).toBe(1);
  });

  it('whatever goes wrong, reboots each device at most once and tells only what is true', async () => {
    const mishap = fc
      .constantFrom(...Object.values(failures))
      .chain(make => fc.record({ taken: fc.boolean(), error: fc.constant(null).map(() => make()) }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(mishap, { nil: undefined }), { maxLength: 12 }),
        fc.array(fc.constantFrom(undefined, failures.timeout, failures.gateway), { maxLength: 12 }),
        fc.array(fc.constantFrom('online', 'offline', 'rebooting', 'unknown'), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.constantFrom(null, 20_000),
        async (mishaps, searches, states, waitMs) => {
          const { backend, run } = scene();
          const ids = states.map((status, index) => {
            backend.addDevice(`d${index}`, { status: status as 'online', customer_id: `cus_${index % 3}` });
            return `d${index}`;
          });
          // A definite refusal is a promise of the backend: it did not act.
          const definite = new Set([
            'rate_limited',
            'device_offline',
            'forbidden',
            'unauthenticated',
            'reboot_in_progress',
            'interrupted',
            'window_closed',
            'too_late',
          ]);
          for (const one of mishaps) {
            if (!one) continue;
            const isRefusal =
              definite.has(one.error.code) || (one.error.is('network') && !one.error.params.lost);
            backend.mishaps.push({ taken: one.taken && !isRefusal, error: one.error });
          }
          backend.searchErrors.push(...searches.flatMap(make => (make ? [make()] : [])));
          const { report } = await run(ids, { wait_ms: waitMs });
          expect(report.results.map(({ planned }) => planned.device.id)).toEqual(ids);
          for (const { planned, ending } of report.results) {
            const count = backend.rebootsOf(planned.device.id).length;
            expect(count).toBeLessThanOrEqual(1);
            if (ending.outcome === 'accepted' || ending.outcome === 'rebooted') expect(count).toBe(1);
            if (['failed', 'skipped', 'not_attempted'].includes(ending.outcome)) expect(count).toBe(0);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
