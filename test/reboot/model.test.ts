import { appendFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RebootOrder } from '../../src/api/index.js';
import type { Reboot } from '../../src/api/schemas.js';
import { RemoError } from '../../src/errors.js';
import type { RunEvent, RunParts } from '../../src/reboot/course.js';
import type { Journal } from '../../src/reboot/journal.js';
import type { Outcome, RunReport } from '../../src/reboot/outcome.js';
import { isFinished, type RunSettings } from '../../src/reboot/record.js';
import { TimeWindow } from '../../src/reboot/window.js';
import { FakeBackend, type Fate, failures } from '../support/backend.js';
import { temporaryFolder } from '../support/run.js';
import { type Life, TestRun } from '../support/runs.js';
import { VirtualClock } from '../support/virtual-clock.js';

const second = 1_000;
const minute = 60 * second;
/** So long the lock of a process that gives no sign of life is respected. */
const lockPatience = 11 * second;
/** The time that a request takes there, and an answer back. */
const way = 50;

/** What befalls one instruction on its way through network, gateways and the API's own repeating. */
type Fault =
  | { kind: 'none' | 'garbled' | 'refused' | 'rate limited' | 'offline' | 'forbidden' }
  | { kind: 'internal' | 'gateway'; acted: boolean }
  /** No answer; the backend gets it after so long, or never. Then perhaps the same again. */
  | { kind: 'lost'; arrives: number | null; again: number | null }
  /** Refused for the rate, and sent when that is over. */
  | { kind: 'paused'; pause: number };

/** How one process comes to its end, or nearly so. */
interface Blow {
  kind: 'none' | 'kill' | 'interrupt' | 'freeze';
  /** At which of its steps, right before which of its lines, or how long after its start (milliseconds). */
  at: { step: number } | { line: number } | { time: number };
  /** Of a freeze: for how long, and whether somebody goes on with the run meanwhile. */
  frozen: number;
  takeover: boolean;
  /** What a kill leaves at the end of the journal. */
  torn: boolean;
  /** Until somebody goes on with the run. */
  pause: number;
}

interface Scenario {
  start: string;
  fleet: { customer: number; recorder: boolean; offline: boolean; fate: Fate; bootMs: number }[];
  twice: boolean;
  settings: RunSettings;
  faults: Fault[];
  /** Which of the coming reads fail. */
  unread: boolean[];
  blows: Blow[];
  /** Somebody else, who does not know of the run. */
  stranger: { after: number; settings: RunSettings } | undefined;
}

const settings: fc.Arbitrary<RunSettings> = fc
  .record<RunSettings>({
    wait_ms: fc.constantFrom(null, 5 * minute, 20 * second),
    concurrency: fc.integer({ min: 1, max: 3 }),
    per_customer: fc.integer({ min: 1, max: 2 }),
    canary: fc.constantFrom(0, 0, 1, 2),
    max_failures: fc.constantFrom(null, null, 0, 1),
    max_failure_rate: fc.constantFrom(null, null, 0.3),
    min_interval_ms: fc.constantFrom(0, 10 * minute),
    // Closed for ten minutes a day: any more would only take long.
    window: fc.constantFrom(null, { from: '00:00', to: '23:50', time_zone: 'UTC', stop: false }),
  })
  .chain(wanted =>
    fc.boolean().map(stop => ({
      ...wanted,
      canary: wanted.wait_ms === null ? 0 : wanted.canary,
      window: wanted.window && { ...wanted.window, stop },
    })),
  );

const milliseconds = (max: number) => fc.integer({ min: 1, max });
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { arbitrary: fc.constant({ kind: 'none' as const }), weight: 8 },
  fc.record({
    kind: fc.constantFrom(
      'garbled' as const,
      'refused' as const,
      'rate limited' as const,
      'offline' as const,
    ),
  }),
  fc.record({ kind: fc.constant('forbidden' as const) }),
  fc.record({ kind: fc.constantFrom('internal' as const, 'gateway' as const), acted: fc.boolean() }),
  {
    arbitrary: fc.record({
      kind: fc.constant('lost' as const),
      arrives: fc.option(milliseconds(250 * second)),
      again: fc.option(milliseconds(20 * minute)),
    }),
    weight: 6,
  },
  fc.record({ kind: fc.constant('paused' as const), pause: milliseconds(20 * minute) }),
);

const blow: fc.Arbitrary<Blow> = fc.record({
  kind: fc.constantFrom('none', 'kill', 'kill', 'interrupt', 'freeze'),
  at: fc.oneof(
    fc.record({ step: fc.nat(60) }),
    fc.record({ line: fc.nat(12) }),
    fc.record({ time: milliseconds(5 * minute) }),
  ),
  frozen: fc.oneof(milliseconds(30 * minute), milliseconds(30 * 60 * minute)),
  takeover: fc.boolean(),
  torn: fc.boolean(),
  pause: fc.oneof(milliseconds(30 * second), milliseconds(30 * minute), milliseconds(26 * 60 * minute)),
});

const scenario: fc.Arbitrary<Scenario> = fc.record({
  start: fc.constantFrom(
    '2026-11-23T03:00:00Z',
    '2026-11-23T23:45:00Z',
    '2026-11-23T23:49:30Z',
    '2026-11-23T23:55:00Z',
  ),
  fleet: fc.array(
    fc.record({
      customer: fc.nat(2),
      recorder: fc.nat(3).map(one => one === 0),
      offline: fc.nat(9).map(one => one === 0),
      fate: fc.constantFrom<Fate>('back', 'back', 'back', 'failed', 'never'),
      bootMs: fc.integer({ min: 35 * second, max: 90 * second }),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  twice: fc.nat(9).map(one => one === 0),
  settings,
  faults: fc.array(fault, { maxLength: 12 }),
  unread: fc.array(
    fc.nat(7).map(one => one === 0),
    { maxLength: 60 },
  ),
  blows: fc.array(blow, { maxLength: 4 }),
  stranger: fc.option(fc.record({ after: milliseconds(20 * minute), settings }), { nil: undefined }),
});

/** Everything that happens in one scenario, and what must hold of it at each moment. */
class World {
  readonly clock: VirtualClock;
  readonly backend: FakeBackend;
  private readonly keys = new Map<string, { batch: Batch; deviceId: string }>();
  /** Keys that a process sent which had been taken for dead: nobody could tell of them. */
  readonly stray = new Set<string>();
  /** Keys of which somebody was told that they rebooted nothing. */
  private readonly toldUnused = new Set<string>();
  calm = false;
  /** What did not hold, where a run would take it for trouble of the backend's. */
  broken: unknown;

  constructor(
    readonly script: Scenario,
    readonly folder: string,
  ) {
    this.clock = new VirtualClock(script.start);
    this.backend = new FakeBackend(this.clock);
    for (const [index, { customer, recorder, offline, fate, bootMs }] of script.fleet.entries()) {
      this.backend.addDevice(`d${index}`, {
        customer_id: `c${customer}`,
        kind: recorder ? 'recorder' : 'camera',
        status: offline ? 'offline' : 'online',
      });
      this.backend.behaviours.set(`d${index}`, { fate, bootMs });
    }
  }

  ids(): string[] {
    const ids = [...this.backend.devices.keys()];
    return this.script.twice ? [...ids, 'd0'] : ids;
  }

  /** Notes the first thing that does not hold. */
  must<T>(hold: () => T): T {
    try {
      return hold();
    } catch (error) {
      if (!(error instanceof RemoError)) this.broken ??= error;
      throw error;
    }
  }

  nextFault(): Fault {
    return (this.calm ? undefined : this.script.faults.shift()) ?? { kind: 'none' };
  }

  readFails(): boolean {
    return !this.calm && (this.script.unread.shift() ?? false);
  }

  use(key: string, batch: Batch, deviceId: string): void {
    const owner = this.keys.get(key) ?? { batch, deviceId };
    expect(owner).toEqual({ batch, deviceId });
    this.keys.set(key, owner);
  }

  /** The reboots that a run brought about on a device. */
  rebootsBy(batch: Batch, deviceId: string) {
    return this.backend
      .rebootsOf(deviceId)
      .filter(({ idempotency_key }) => this.keys.get(idempotency_key ?? '')?.batch === batch);
  }

  /** The request arrives. */
  async arrive(deviceId: string, order: { key: string }, belated: boolean) {
    const before = this.backend.reboots.length;
    const { key } = order;
    const receipt = await this.backend.createReboot(deviceId, { key });
    if (this.backend.reboots.length === before) return receipt;
    this.must(() => this.checkReboot(receipt.reboot, belated));
    return receipt;
  }

  /** It is the run's only one of the device, and not too soon after another's. */
  private checkReboot({ id, device_id, idempotency_key, requested_at }: Reboot, belated: boolean): void {
    const batch = this.keys.get(idempotency_key ?? '')?.batch as Batch;
    expect(this.rebootsBy(batch, device_id)).toHaveLength(1);
    if (belated || this.backend.behaviours.get(device_id)?.fate === 'failed') return;
    const others = this.backend.rebootsOf(device_id).filter(other => other.id !== id);
    const ages = others.map(other => Date.parse(requested_at) - Date.parse(other.requested_at));
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(batch.settings.min_interval_ms);
  }

  /** What was told of a device, and by which key, is held against what the backend did. */
  check(batch: Batch, deviceId: string, outcome: Outcome, reason: string | null, key?: string): void {
    const mine = this.rebootsBy(batch, deviceId);
    expect(mine.length).toBeLessThanOrEqual(1);
    if (mine.some(({ idempotency_key }) => this.stray.has(idempotency_key ?? ''))) return;
    const label = `${deviceId} ${outcome} ${reason}`;
    if (outcome === 'accepted' || outcome === 'rebooted') {
      expect([label, mine.map(({ idempotency_key }) => idempotency_key)]).toEqual([label, [key]]);
    } else if (outcome === 'failed' && reason?.startsWith('reboot_failed')) {
      expect([label, mine.length, this.backend.behaviours.get(deviceId)?.fate]).toEqual([label, 1, 'failed']);
    } else if (outcome !== 'unknown') {
      expect([label, mine.length]).toEqual([label, 0]);
      if (key !== undefined && outcome !== 'not_attempted') this.toldUnused.add(key);
    }
  }

  /** Nothing turned up afterwards that was said not to be. */
  checkPromises(): void {
    const used = this.backend.reboots.map(({ idempotency_key }) => idempotency_key ?? '');
    expect(used.filter(key => this.toldUnused.has(key) && !this.stray.has(key))).toEqual([]);
  }
}

/** A run with all the processes that work on it. */
class Batch {
  readonly run: TestRun;
  owner: Process | undefined;
  /** Devices from their instruction to their ending, with their customer. */
  readonly underWay = new Map<string, string>();
  /** Devices that were instructed and are not known to have come to an end. */
  readonly open = new Set<string>();
  readonly kinds: ReadonlyMap<string, { customer: string; recorder: boolean }>;

  constructor(
    readonly world: World,
    name: string,
    readonly settings: RunSettings,
  ) {
    this.run = new TestRun(world, name, world.ids(), settings);
    this.kinds = new Map(
      [...world.backend.devices.values()].map(({ id, customer_id, kind }) => [
        id,
        { customer: customer_id, recorder: kind === 'recorder' },
      ]),
    );
  }

  /** One process after the other works on it, each with its blow. */
  async live(blows: readonly Blow[]): Promise<void> {
    const lingering: Promise<unknown>[] = [];
    for (const blow of blows) {
      const process = new Process(this, blow);
      const ended = process.work();
      await Promise.race([ended, process.struck]);
      if (blow.kind === 'freeze' && blow.takeover && blow.frozen > lockPatience && !process.ended) {
        lingering.push(ended);
        await this.world.clock.sleep(lockPatience);
      } else if (blow.kind === 'kill') {
        await this.world.clock.during(process.journal?.close() ?? Promise.resolve());
        if (blow.torn && process.journal)
          await this.world.clock.during(appendFile(this.run.path, '{"type":"int'));
      } else await ended;
      await this.checkRecord();
      await this.world.clock.sleep(blow.pause);
    }
    await Promise.all(lingering);
  }

  /** What the journal says is true whenever somebody reads it. */
  async checkRecord(): Promise<void> {
    const record = await this.run.record().catch(() => undefined);
    for (const { deviceId, outcome, reason, key } of record?.devices ?? []) {
      this.world.check(this, deviceId, outcome, reason, key);
    }
  }
}

const never = new Promise<never>(() => {});

/** One process: a blow can hit it before and after each thing it does to the world. */
class Process {
  journal: Journal | undefined;
  ended = false;
  readonly struck: Promise<void>;
  private readonly stop = new AbortController();
  private readonly world: World;
  private strike: () => void = () => {};
  private steps = 0;
  private lines = 0;
  private dead = false;
  private thaws = 0;

  // What it does, for the invariants.
  private stopping = false;
  private proven = 0;
  private failures = 0;
  private failedCanaries = 0;
  /** Customers with a device that did not come back, and those whose recorders have had their turn. */
  private readonly away = new Set<string>();
  private readonly recorders = new Set<string>();
  private readonly left = new Set<string>();
  /** When it looked at a device. */
  private readonly looks = new Map<string, number>();
  /** Devices that an earlier process had a key for. */
  private readonly begun = new Set<string>();
  private readonly settings: RunSettings;

  constructor(
    private readonly batch: Batch,
    private readonly blow: Blow,
    private readonly now = false,
  ) {
    this.world = batch.world;
    this.settings = { ...batch.settings, window: now ? null : batch.settings.window };
    this.struck = new Promise(resolve => {
      this.strike = () => {
        this.strike = () => {};
        if (blow.kind === 'kill') this.dead = true;
        if (blow.kind === 'interrupt') this.stop.abort(new RemoError('interrupted', { signal: 'SIGINT' }));
        if (blow.kind === 'freeze') this.thaws = this.world.clock.now() + blow.frozen;
        resolve();
      };
    });
  }

  /** Plans and carries out what is left of the run. Ends with the report, or without one if planning failed. */
  async work(): Promise<RunReport | undefined> {
    const { batch, blow, world } = this;
    if ('time' in blow.at && blow.kind !== 'none')
      void world.clock.sleep(blow.at.time).then(() => this.strike());
    batch.owner = this;
    const before = await batch.run.record().catch(() => undefined);
    const openBefore = before?.devices.filter(({ settled, key }) => !settled && key !== undefined) ?? [];
    for (const id of before ? [...batch.underWay.keys(), ...batch.open] : []) {
      if (openBefore.some(({ deviceId }) => deviceId === id)) continue;
      batch.underWay.delete(id);
      batch.open.delete(id);
    }
    for (const { deviceId, outcome, settled, key } of before?.devices ?? []) {
      if (key !== undefined) this.begun.add(deviceId);
      if (outcome === 'rebooted') this.proven += 1;
      if (!settled) this.left.add(deviceId);
    }
    const planned = before ? [...this.left] : batch.run.ids;
    if (!before) for (const id of planned) this.left.add(id);
    const report = await (before ? batch.run.resume(this.life()) : batch.run.begin(this.life())).catch(
      error => {
        // Planning may fail: nothing was sent then. Running may not.
        if (!(error instanceof RemoError) || this.journal) throw error;
        return undefined;
      },
    );
    this.ended = true;
    if (report) await this.checkReport(report, planned);
    return report;
  }

  private async checkReport(report: RunReport, planned: readonly string[]): Promise<void> {
    const { batch, world } = this;
    expect(report.results.map(({ planned: { device } }) => device.id)).toEqual(planned);
    const record = await batch.run.record();
    for (const {
      planned: { device, skip },
      ending,
      key,
    } of report.results) {
      if (skip?.code === 'duplicate') continue;
      const reason = 'reason' in ending && ending.reason ? ending.reason.code : null;
      // One that lost the run to another process can't know what that one does.
      const knows = batch.owner === this || ending.outcome === 'accepted' || ending.outcome === 'rebooted';
      if (!knows) continue;
      world.check(batch, device.id, ending.outcome, reason, key ?? this.keyOf(record, device.id));
      const written = record.devices.find(({ deviceId }) => deviceId === device.id);
      if (batch.owner === this) expect([device.id, written?.outcome]).toEqual([device.id, ending.outcome]);
    }
    // Some of them may have been left out from the start.
    const eligible = new Set(report.results.map(({ planned: { device } }) => device.id)).size;
    const { max_failures, max_failure_rate } = this.settings;
    const limit = Math.min(
      max_failures ?? Infinity,
      max_failure_rate === null ? Infinity : max_failure_rate * eligible,
    );
    if (this.failures > limit) expect(report.stoppedBy).toBeDefined();
  }

  private keyOf(record: Awaited<ReturnType<TestRun['record']>>, id: string): string | undefined {
    return record.devices.find(({ deviceId }) => deviceId === id)?.key;
  }

  private life(): Life {
    const { batch, world } = this;
    return {
      api: this.api(),
      clock: {
        now: () => world.clock.now(),
        sleep: (ms, signal) => this.deed(() => world.clock.sleep(ms, signal)),
      },
      signal: this.stop.signal,
      held: async () => {
        await this.step();
        return batch.owner === this;
      },
      // What it writes when it wakes up here comes late.
      writing: () => {
        if ('line' in this.blow.at && this.blow.kind !== 'none' && ++this.lines > this.blow.at.line)
          this.strike();
        return this.step();
      },
      written: () => this.step(),
      opened: journal => {
        this.journal = journal;
      },
      observe: event => this.observe(event),
      now: this.now,
    };
  }

  /** Something that it does to the world. */
  private async deed<T>(work: () => Promise<T>): Promise<T> {
    await this.step();
    const done = await work().then(
      value => () => value,
      error => () => {
        throw error;
      },
    );
    await this.step();
    return done();
  }

  private async step(): Promise<void> {
    if ('step' in this.blow.at && this.blow.kind !== 'none' && ++this.steps > this.blow.at.step)
      this.strike();
    await this.alive();
  }

  /** The dead do nothing more, and the frozen nothing until they thaw. */
  private async alive(): Promise<void> {
    if (this.dead) await never;
    while (this.thaws > this.world.clock.now())
      await this.world.clock.sleep(this.thaws - this.world.clock.now());
  }

  private api(): RunParts['api'] {
    const { backend, clock } = this.world;
    const read = <A extends unknown[], T>(work: (...args: A) => Promise<T>, signal?: AbortSignal) => {
      return (...args: A) =>
        this.deed(async () => {
          await clock.sleep(way, signal);
          if (this.world.readFails()) throw failures.timeout();
          return work(...args);
        });
    };
    const { signal } = this.stop;
    return {
      getDevice: read(async id => {
        this.looks.set(id, clock.now());
        return backend.getDevice(id);
      }, signal),
      getCustomer: read(id => backend.getCustomer(id), signal),
      recentReboots: read(id => backend.recentReboots(id), signal),
      getReboot: read(id => backend.getReboot(id)),
      findReboot: read((id, key) => backend.findReboot(id, key)),
      createReboot: (id, order) => this.deed(() => this.instruct(id, order)),
    };
  }

  /** As the API's client does it, with one fault at most. */
  private async instruct(deviceId: string, order: RebootOrder) {
    const { clock } = this.world;
    const fault = this.world.nextFault();
    // It may have slept since it looked at the device, in the moment in which the key is written down.
    const stale = this.thaws > (this.looks.get(deviceId) ?? 0);
    const arrive = (belated = stale) => this.world.arrive(deviceId, order, belated);
    if (fault.kind === 'refused') throw failures.refused();
    const leave = (lost: boolean) => this.world.must(() => this.leave(deviceId, order, lost));
    leave(false);
    await clock.sleep(way);
    switch (fault.kind) {
      case 'rate limited':
        throw failures.rateLimited();
      case 'offline':
        throw failures.offline();
      case 'forbidden':
        throw failures.forbidden();
      case 'internal':
      case 'gateway':
        if (fault.acted) await arrive();
        throw failures[fault.kind]();
      case 'garbled':
        await arrive();
        throw failures.garbled();
      case 'lost': {
        if (fault.arrives !== null)
          void clock
            .sleep(fault.arrives)
            .then(() => arrive(true))
            .catch(rejected);
        await clock.sleep(30 * second);
        if (fault.again === null) throw failures.timeout();
        await clock.sleep(fault.again);
        await this.alive();
        leave(true);
        return arrive(true).catch(error => {
          throw error instanceof RemoError ? stillLost(error) : error;
        });
      }
      case 'paused':
        if (order.notAfter !== undefined && clock.now() + fault.pause >= order.notAfter)
          throw failures.late();
        if (order.keyUntil !== undefined && clock.now() + fault.pause >= order.keyUntil)
          throw failures.tooLate();
        await clock.sleep(fault.pause, this.stop.signal);
        await this.alive();
        leave(false);
        return arrive(true);
      default: {
        const receipt = await arrive();
        await clock.sleep(way);
        return receipt;
      }
    }
  }

  /** An attempt at an instruction leaves: may it? */
  private leave(deviceId: string, { key, notAfter, keyUntil }: RebootOrder, lost: boolean): void {
    const { batch, settings, world } = this;
    const now = world.clock.now();
    if (this.stop.signal.aborted && !lost) throw this.stop.signal.reason;
    if (notAfter !== undefined && now >= notAfter) throw failures.late(lost);
    if (keyUntil !== undefined && now >= keyUntil) throw failures.tooLate(lost);
    if (settings.window) expect(TimeWindow.of(settings.window).isOpen(now)).toBe(true);
    world.use(key, batch, deviceId);
    if (batch.owner !== this) {
      // It fell asleep between the last look at its lock and this. The key is one that others know.
      world.stray.add(key);
      return;
    }
    const { customer = '', recorder } = batch.kinds.get(deviceId) ?? {};
    const begun = batch.open.has(deviceId) || this.begun.has(deviceId);
    batch.open.add(deviceId);
    batch.underWay.set(deviceId, customer);
    const customers = [...batch.underWay.values()];
    expect(customers.filter(one => one === customer).length).toBeLessThanOrEqual(settings.per_customer);
    expect(new Set(customers).size).toBeLessThanOrEqual(settings.concurrency);
    if (this.proven < settings.canary) {
      expect(batch.open.size + this.failedCanaries).toBeLessThanOrEqual(settings.canary - this.proven);
    }
    if (begun) return;
    expect([deviceId, this.stopping]).toEqual([deviceId, false]);
    expect(this.failures).toBeLessThanOrEqual(settings.max_failures ?? Infinity);
    expect([deviceId, this.away.has(customer)]).toEqual([deviceId, false]);
    const beside = [...batch.underWay.keys()].filter(id => batch.kinds.get(id)?.customer === customer);
    if (recorder) {
      this.recorders.add(customer);
      expect(beside.filter(id => !batch.kinds.get(id)?.recorder)).toEqual([]);
    } else expect([deviceId, this.recorders.has(customer)]).toEqual([deviceId, false]);
  }

  private observe(event: RunEvent): void {
    const { batch, settings } = this;
    if (event.type === 'stopping') this.stopping = true;
    if (event.type !== 'ended') return;
    const { planned, ending } = event.result;
    const { id, customer_id } = planned.device;
    if (ending.outcome === 'skipped' && ending.reason.code === 'duplicate') return;
    if (ending.outcome === 'rebooted') this.proven += 1;
    else if (ending.outcome === 'failed' || ending.outcome === 'not_attempted') this.failedCanaries += 1;
    if (ending.outcome === 'failed' || ending.outcome === 'unknown') this.failures += 1;
    if (ending.outcome === 'unknown' && settings.wait_ms !== null) this.away.add(customer_id);
    this.left.delete(id);
    // The run is another process's by now.
    if (batch.owner !== this) return;
    batch.underWay.delete(id);
    const interrupted = ending.outcome === 'accepted' && ending.reason !== undefined;
    if (ending.outcome !== 'unknown' && !interrupted) batch.open.delete(id);
  }
}

/** The client's error when an earlier attempt got no answer. */
function stillLost({ code, params }: RemoError): RemoError {
  return new RemoError(code, { ...params, lost: true } as typeof params);
}

/** The backend says no to somebody who does not listen any more. */
function rejected(): void {}

const quietly: Blow = { kind: 'none', at: { step: 0 }, frozen: 0, takeover: false, torn: false, pause: 1 };

/** Plays a scenario to its end, and on until nothing is left to do. */
async function play(script: Scenario, folder: string, name: string): Promise<void> {
  const world = new World(script, folder);
  const { clock, backend } = world;
  const batch = new Batch(world, name, script.settings);
  const strange = async () => {
    if (!script.stranger) return;
    await clock.sleep(script.stranger.after);
    await new Batch(world, `${name}-other`, script.stranger.settings).live([quietly]);
  };
  await clock.settle(
    (async () => {
      await Promise.all([batch.live([...script.blows, quietly]), strange()]);
      // From here on nothing goes wrong, and the run is gone on with as often as somebody has the patience.
      world.calm = true;
      for (const [id, { fate = 'back', ...rest }] of backend.behaviours) {
        backend.behaviours.set(id, { ...rest, fate: fate === 'never' ? 'back' : fate });
      }
      const done = async () => {
        const record = await batch.run.record().catch(() => undefined);
        return record !== undefined && isFinished(record);
      };
      for (let tries = 0; tries < script.fleet.length + 3 && !(await done()); tries++) {
        await clock.sleep(10 * minute);
        await new Process(batch, quietly, true).work();
      }
      if (world.broken) throw world.broken;
      await batch.checkRecord();
      world.checkPromises();
      const { devices } = await batch.run.record();
      const lost = devices.filter(({ settled, reason }) => !settled && reason === 'key_expired');
      const left = devices.filter(one => !one.settled && !lost.includes(one));
      // One whose key the backend may have forgotten is never settled, and may hold others back.
      if (lost.length === 0) expect(left).toEqual([]);
      for (const { deviceId, outcome } of devices) {
        const count = world.rebootsBy(batch, deviceId).length;
        expect(count).toBeLessThanOrEqual(1);
        if (outcome === 'accepted' || outcome === 'rebooted') expect(count).toBe(1);
      }
    })(),
  );
}

describe('a run, whatever happens to it', () => {
  it('reboots each device at most once, tells only what is true, keeps its limits, and can be finished', async () => {
    const folder = await temporaryFolder();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async script => {
        await play(structuredClone(script), folder, `run-${++round}`);
      }),
      { numRuns: Number(process.env['MODEL_RUNS'] ?? 150) },
    );
  }, 600_000);
});
