import type { Device } from '../../api/schemas.js';
import type { RemoError } from '../../errors.js';
import type { RunEvent } from '../../reboot/course.js';
import type { DeviceResult, Outcome } from '../../reboot/outcome.js';
import type { PlannedDevice } from '../../reboot/plan.js';

/** A device that is being worked on. */
export interface InFlight {
  planned: PlannedDevice;
  /** What is being done; after that the state it was seen in last. */
  activity: 'instructing' | 'accepted' | Device['status'];
  /** When it began (milliseconds). */
  since: number;
}

/** The rate is that of the last minute; where so few ended in it, of the last so many. */
const rateWindow = { ms: 60_000, endings: 20 };
/** Before this much is known a rate would be a guess. */
const meaningful = { ms: 5_000, endings: 5 };

/** The books of a run: how many ended and how, what is under way, how fast it goes and how long it will take. */
export class Tally {
  readonly counts = new Map<Outcome, number>();
  /** Until when nothing is started, and by the clock of which place. */
  sleeping: { until: number; timeZone: string } | undefined;
  /** Why no more devices are started, if so. */
  stopping: RemoError | undefined;
  private readonly flying = new Map<string, InFlight>();
  private readonly startedAt: number;
  private sleptSince = 0;
  private slept = 0;
  /** When the last instructed devices ended, and the one before them (milliseconds at work). */
  private readonly endings: number[] = [];
  private endingBefore = 0;

  /**
   * @param total how many devices will end, each in one outcome
   * @param skipped how many of them are known to be skipped
   */
  constructor(
    readonly total: number,
    private readonly skipped: number,
    private readonly now: () => number,
  ) {
    this.startedAt = now();
  }

  observe(event: RunEvent): void {
    const { type } = event;
    if (type === 'instructing' || type === 'accepted') this.fly(event.planned, type);
    if (type === 'waiting') this.fly(event.planned, event.device.status);
    if (type === 'ended') this.end(event.result);
    if (type === 'sleeping') {
      if (!this.sleeping) this.sleptSince = this.now();
      this.sleeping = { until: event.until, timeZone: event.timeZone };
    }
    if (type === 'awake' && this.sleeping) {
      this.slept += this.now() - this.sleptSince;
      this.sleeping = undefined;
    }
    if (type === 'stopping') this.stopping ??= event.error;
  }

  /** How many are done with. Those whose turn never came are not. */
  get done(): number {
    return this.ended - (this.counts.get('not_attempted') ?? 0);
  }

  /** The devices under way, the one that takes longest first. */
  get inFlight(): readonly InFlight[] {
    const all = [...this.flying.values()];
    // An instruction that the time window closed on is put off without a word.
    return this.sleeping ? all.filter(({ activity }) => activity !== 'instructing') : all;
  }

  /** How long the run goes on already (milliseconds). */
  get elapsed(): number {
    return this.now() - this.startedAt;
  }

  /** How many instructed devices end in a millisecond; undefined while too little is known. */
  get rate(): number | undefined {
    const span = this.atWork - this.endingBefore;
    if (this.endings.length < meaningful.endings || span < meaningful.ms) return undefined;
    return this.endings.length / span;
  }

  /** How long the rest will take (milliseconds); undefined where that can't be said. */
  get remaining(): number | undefined {
    const { rate } = this;
    const skips = Math.max(0, this.skipped - (this.counts.get('skipped') ?? 0));
    const left = this.total - this.ended - skips;
    if (rate === undefined || left <= 0 || this.sleeping || this.stopping) return undefined;
    return left / rate;
  }

  private get ended(): number {
    let sum = 0;
    for (const count of this.counts.values()) sum += count;
    return sum;
  }

  /** Time in which devices could be started: a night of waiting says nothing about how fast it goes. */
  private get atWork(): number {
    return (this.sleeping ? this.sleptSince : this.now()) - this.startedAt - this.slept;
  }

  private fly(planned: PlannedDevice, activity: InFlight['activity']): void {
    const { id } = planned.device;
    const since = activity === 'instructing' ? undefined : this.flying.get(id)?.since;
    this.flying.set(id, { planned, activity, since: since ?? this.now() });
  }

  private end({ planned, ending }: DeviceResult): void {
    const { outcome } = ending;
    // One that was given twice may be under way the first time.
    if (!(outcome === 'skipped' && ending.reason.code === 'duplicate')) this.flying.delete(planned.device.id);
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
    // What takes no time says nothing about how long the others will take.
    if (outcome !== 'skipped' && outcome !== 'not_attempted') this.timeEnding(this.atWork);
  }

  private timeEnding(now: number): void {
    this.endings.push(now);
    while (this.endings.length > rateWindow.endings && (this.endings[0] ?? now) <= now - rateWindow.ms) {
      this.endingBefore = this.endings.shift() ?? now;
    }
  }
}
