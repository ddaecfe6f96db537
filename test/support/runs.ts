import { readFile } from 'node:fs/promises';
import type { RunEvent, RunParts } from '../../src/reboot/course.js';
import { Journal } from '../../src/reboot/journal.js';
import type { RunReport } from '../../src/reboot/outcome.js';
import { makePlan, makeResumePlan, type Plan } from '../../src/reboot/plan.js';
import { type JournalEntry, type RunRecord, type RunSettings, readRecord } from '../../src/reboot/record.js';
import { runReboots } from '../../src/reboot/run.js';
import { type FakeBackend, failure } from './backend.js';
import { held as alone, journalHeader } from './journal.js';
import type { VirtualClock } from './virtual-clock.js';

/** Where runs take place. */
export interface Place {
  clock: VirtualClock;
  backend: FakeBackend;
  /** Of the journals. */
  folder: string;
}

/** One process that works on a run: what of it is not as usual. */
export interface Life extends Partial<Pick<RunParts, 'api' | 'clock' | 'held' | 'newKey' | 'signal'>> {
  observe?: (event: RunEvent) => void;
  /** Called right before an entry is written, when the run is known to be held still; the disk may be full. */
  writing?: (entry: JournalEntry) => void | Promise<void>;
  /** Called when it is on disk. */
  written?: (entry: JournalEntry) => void | Promise<void>;
  /** Told the journal that has to be closed if the process is killed. */
  opened?: (journal: Journal) => void;
  /** Goes on at once, outside the window as well. */
  now?: boolean;
}

let keys = 0;

/** A run with its journal on the disk, as several processes may work on it one after the other. */
export class TestRun {
  constructor(
    private readonly place: Place,
    readonly name: string,
    readonly ids: readonly string[],
    readonly settings: RunSettings = journalHeader().options,
  ) {}

  get path(): string {
    return `${this.place.folder}/${this.name}.ndjson`;
  }

  /** As `remo devices reboot`. */
  async begin(life: Life = {}): Promise<RunReport> {
    const { backend, clock, folder } = this.place;
    const { min_interval_ms: minIntervalMs, concurrency } = this.settings;
    const plan = await makePlan(this.ids, life.api ?? backend, clock, { minIntervalMs, concurrency });
    const header = journalHeader({
      batch_id: this.name,
      started_at: new Date(clock.now()).toISOString(),
      options: this.settings,
      devices: plan.devices.map(({ device: { id, customer_id } }) => ({ device_id: id, customer_id })),
    });
    const journal = await clock.during(Journal.create(folder, header, alone));
    return this.carryOut(plan, this.settings, journal, life);
  }

  /** As `remo batches resume`. */
  async resume(life: Life = {}): Promise<RunReport> {
    const { backend, clock } = this.place;
    const record = await this.record();
    const plan = await makeResumePlan(record, life.api ?? backend, clock);
    const proven = record.devices.filter(({ outcome }) => outcome === 'rebooted').length;
    const canary = Math.max(0, this.settings.canary - proven);
    const window = life.now ? null : this.settings.window;
    const resumed = { at: new Date(clock.now()).toISOString(), host: 'desk' };
    const journal = await clock.during(Journal.reopen(this.path, record, resumed, alone));
    return this.carryOut(plan, { ...this.settings, canary, window }, journal, life);
  }

  private async carryOut(
    plan: Plan,
    settings: RunSettings,
    journal: Journal,
    { writing, written, opened, observe, now: _, held = alone, ...life }: Life,
  ): Promise<RunReport> {
    const { clock, backend } = this.place;
    const append = async (entry: JournalEntry) => {
      // As the journal itself does it, but here a process can fall asleep in between.
      if (!(await held())) throw failure('batch_taken_over', { batch: this.name });
      await writing?.(entry);
      await clock.during(journal.append(entry));
      await written?.(entry);
    };
    opened?.(journal);
    const parts: RunParts = {
      api: backend,
      journal: { append },
      clock,
      signal: new AbortController().signal,
      newKey: () => `key-${++keys}-0123456789abcdef`,
      others: () => false,
      held,
      ...(observe ? { observe } : {}),
      ...life,
    };
    const report = await runReboots(plan, { batchId: this.name, reason: null, settings }, parts);
    await clock.during(journal.close());
    return report;
  }

  record(): Promise<RunRecord> {
    return this.place.clock.during(readRecord(this.path));
  }

  /** The lines after the header. */
  async entries(): Promise<JournalEntry[]> {
    const text = await this.place.clock.during(readFile(this.path, 'utf8'));
    const [, ...lines] = text.trimEnd().split('\n');
    return lines.map(line => JSON.parse(line) as JournalEntry);
  }
}
