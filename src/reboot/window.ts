import * as z from 'zod/mini';
import { RemoError } from '../errors.js';
import { parseTimeZone, parseWindow } from '../values.js';

const minute = 60_000;

/**
 * The hours of each day in which devices may be rebooted, by the clock on the wall of a time zone. An hour that
 * is skipped when summer time begins is in no window, one that is repeated when it ends is in it twice.
 *
 * Moments are milliseconds since the epoch. Any day has a minute inside and one outside of every window (or the
 * next day has), so that looking at one minute after the other ends: some 1 µs each, 1 ms for a whole day.
 */
export class TimeWindow {
  private readonly wall: Intl.DateTimeFormat;

  private constructor(
    private readonly from: string,
    private readonly to: string,
    /** Its name in the IANA list. */
    readonly timeZone: string,
  ) {
    const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    this.wall = new Intl.DateTimeFormat('en-US', { timeZone, ...time });
  }

  /** The window as a journal has it. @throws RemoError `invalid_value` */
  static of({ from, to, time_zone }: { from: string; to: string; time_zone: string }): TimeWindow {
    const hours = parseWindow(`${from}-${to}`, 'window');
    return new TimeWindow(hours.from, hours.to, parseTimeZone(time_zone, 'time_zone'));
  }

  isOpen(now: number): boolean {
    const { from, to } = this;
    const time = this.wall.format(now);
    return from < to ? from <= time && time < to : from <= time || time < to;
  }

  /** The first moment from `now` on when it is open: `now` itself while it is. */
  nextOpening(now: number): number {
    return this.first(true, now);
  }

  /** The first moment from `now` on when it is closed: `now` itself while it is. */
  closesAt(now: number): number {
    return this.first(false, now);
  }

  private first(open: boolean, now: number): number {
    let moment = now;
    // No time zone has changed its clocks within a minute since 1972.
    while (this.isOpen(moment) !== open) moment = (Math.floor(moment / minute) + 1) * minute;
    return moment;
  }
}

/** A window in journals and plans; `stop`: a run ends when it closes, instead of waiting for the next opening. */
export const windowSchema = z
  .object({ from: z.string(), to: z.string(), time_zone: z.string(), stop: z.boolean() })
  .check(z.refine(isWindow));

function isWindow(window: { from: string; to: string; time_zone: string }): boolean {
  try {
    TimeWindow.of(window);
    return true;
  } catch {
    return false;
  }
}

/**
 * The time zone of this computer, by its name in the IANA list.
 * @throws RemoError `time_zone_unknown` where TZ or the system names none that has a name there
 */
export function localTimeZone(): string {
  try {
    return parseTimeZone(Intl.DateTimeFormat().resolvedOptions().timeZone ?? '', 'TZ');
  } catch (error) {
    throw new RemoError('time_zone_unknown', {}, { cause: error });
  }
}
