import type { Clock } from '../clock.js';
import type { RunSettings } from './record.js';
import { TimeWindow } from './window.js';

/** A clock may be set, and a computer may sleep: the time is looked at this often (milliseconds). */
const longestSleep = 60_000;

/** Told when a run begins to wait for its window, and when it goes on. */
export type OpeningEvent =
  /** Nothing is started until then (milliseconds, our clock). */
  { type: 'sleeping'; until: number; timeZone: string } | { type: 'awake' };

/** The time window of one run: whether devices may be started now, and the wait until they may. */
export class Opening {
  private readonly window: TimeWindow | undefined;
  private closing = Number.NEGATIVE_INFINITY;
  private sleep: Promise<void> | undefined;

  constructor(
    window: RunSettings['window'],
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
    private readonly observe: (event: OpeningEvent) => void,
  ) {
    this.window = window ? TimeWindow.of(window) : undefined;
  }

  isOpen(): boolean {
    return this.window?.isOpen(this.clock.now()) ?? true;
  }

  /** The end of the present opening (milliseconds, our clock); undefined without a window. */
  closesAt(): number | undefined {
    const now = this.clock.now();
    if (this.window && now >= this.closing) this.closing = this.window.closesAt(now);
    return this.window && this.closing;
  }

  /** Sleeps until the window opens, the next time if it is open, or the run ends: one sleep, however many wait. */
  untilNextOpening(): Promise<void> {
    this.sleep ??= this.sleepThrough().finally(() => {
      this.sleep = undefined;
    });
    return this.sleep;
  }

  private async sleepThrough(): Promise<void> {
    const { clock, signal, window } = this;
    if (!window) return;
    const closing = window.closesAt(clock.now());
    const next = () => window.nextOpening(Math.max(closing, clock.now()));
    this.observe({ type: 'sleeping', until: next(), timeZone: window.timeZone });
    for (let left = next() - clock.now(); left > 0 && !signal.aborted; left = next() - clock.now()) {
      await clock.sleep(Math.min(left, longestSleep), signal).catch(() => {});
    }
    this.observe({ type: 'awake' });
  }
}
