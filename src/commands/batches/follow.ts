import type { Context } from '../../context.js';
import type { RunEvent } from '../../reboot/course.js';
import { canAnimate, spinner } from '../../terminal/progress.js';
import { notice, outcomeLine, type Progress, plainLine } from './progress-lines.js';
import { Tally } from './tally.js';
import { deviceLabel } from './view.js';

/** How a run is shown: as suits the place, a line now and then, or not at all. */
export type ProgressMode = 'auto' | 'plain' | 'none';

/** What is to be followed. */
export interface Followed {
  progress: ProgressMode;
  /** How many devices will end, each in one outcome. */
  total: number;
  /** How many of them are known to be skipped. */
  skipped: number;
  /** Until when the backend asked to wait (milliseconds, our clock), if it did. */
  pausedUntil?: () => number | undefined;
}

/** Who tells on stderr how a run is going. */
export interface Follower {
  observe(event: RunEvent): void;
  /** The run is over; harmless the second time. */
  stop(): void;
}

/** How often `--progress=plain` tells (milliseconds). */
const plainEvery = 10_000;

/**
 * Tells on stderr how a run is going: on a terminal in a live region, or with a spinner for a single device;
 * elsewhere with a line for each device; with `plain` in a line every ten seconds; with --quiet not at all.
 */
export async function followRun(
  { progress, total, skipped, pausedUntil }: Followed,
  context: Context,
): Promise<Follower> {
  const { clock, settings } = context;
  if (progress === 'none' || settings.quiet) return { observe() {}, stop() {} };
  const shown: Progress = { tally: new Tally(total, skipped, () => clock.now()), pausedUntil };
  if (progress === 'plain') return followPlainly(shown, context);
  if (!canAnimate(context)) return followByLines(shown, context);
  return total > 1 ? followInRegion(shown, context) : followWithSpinner(context);
}

async function followInRegion(shown: Progress, context: Context): Promise<Follower> {
  const [{ liveRegion }, { regionLines }] = await Promise.all([
    import('../../terminal/live-region.js'),
    import('./region-lines.js'),
  ]);
  const region = await liveRegion(context, width => regionLines(shown, width, context));
  return {
    observe: event => shown.tally.observe(event),
    stop: () => region.stop(),
  };
}

async function followWithSpinner(context: Context): Promise<Follower> {
  const { devices, reboot } = context.messages;
  const turning = await spinner(context, '');
  return {
    observe(event) {
      const told = notice(event, context);
      if (told !== undefined) turning.update(told);
      if (event.type === 'instructing') turning.update(reboot.instructing(deviceLabel(event.planned)));
      if (event.type === 'waiting') {
        turning.update(reboot.waiting(deviceLabel(event.planned), devices.status[event.device.status]));
      }
    },
    stop: () => turning.stop(),
  };
}

function followByLines(shown: Progress, context: Context): Follower {
  const { tally } = shown;
  // The report says it all about a single device; and of thousands whose turn never came, that there are.
  const telling = tally.total > 1;
  const stopTelling = tellInterruption(shown, context);
  return {
    observe(event) {
      tellEvent(event, shown, context);
      if (telling && event.type === 'ended' && event.result.ending.outcome !== 'not_attempted') {
        context.io.err(outcomeLine(tally, event.result, context));
      }
    },
    stop: stopTelling,
  };
}

function followPlainly(shown: Progress, context: Context): Follower {
  const { clock, io } = context;
  const over = new AbortController();
  const stopTelling = tellInterruption(shown, context);
  const tell = async () => {
    for (;;) {
      await clock.sleep(plainEvery, over.signal);
      // A night of waiting would fill the log with one and the same line.
      if (!shown.tally.sleeping || shown.tally.inFlight.length > 0) io.err(plainLine(shown, context));
    }
  };
  tell().catch(() => {});
  return {
    observe: event => tellEvent(event, shown, context),
    stop() {
      if (over.signal.aborted) return;
      over.abort();
      stopTelling();
      io.err(plainLine(shown, context));
    },
  };
}

/** Books an event, and writes a line if it is about the run as a whole. */
function tellEvent(event: RunEvent, { tally }: Progress, context: Context): void {
  tally.observe(event);
  const told = notice(event, context);
  // After a single device there is nothing left that could be stopped.
  const matters = event.type === 'sleeping' || tally.total > 1;
  if (told !== undefined && matters) context.io.err(told);
}

/** Says at an interruption what is still being finished. @returns what ends that */
function tellInterruption({ tally }: Progress, { io, messages, signal }: Context): () => void {
  const tell = () => {
    const { length } = tally.inFlight;
    if (tally.total > 1 && length > 0) io.err(messages.progress.interrupted(length));
  };
  signal.addEventListener('abort', tell, { once: true });
  return () => signal.removeEventListener('abort', tell);
}
