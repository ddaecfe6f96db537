import type { Context } from '../../context.js';
import type { Language } from '../../environment.js';
import type { RunEvent } from '../../reboot/course.js';
import { type DeviceResult, outcomes } from '../../reboot/outcome.js';
import { errorText } from '../../terminal/errors.js';
import type { Tone } from '../../terminal/style.js';
import { outcomeTones } from './outcome-tones.js';
import type { Tally } from './tally.js';
import { deviceLabel } from './view.js';

/** What there is to tell of a run. */
export interface Progress {
  tally: Tally;
  /** Until when the backend asked to wait (milliseconds), if it did. */
  pausedUntil?: (() => number | undefined) | undefined;
}

const aDay = 86_400_000;

/** One line on how a run is going. */
export function plainLine(shown: Progress, context: Context): string {
  const { progress } = context.messages;
  const { done, total, inFlight } = shown.tally;
  const counts = countTexts(shown.tally, context).map(({ text }) => text);
  return progress.line(`${done}/${total}`, counts, [
    ...paceTexts(shown.tally, context),
    ...(inFlight.length > 0 ? [progress.inFlight(inFlight.length)] : []),
    ...askedToWait(shown, context),
  ]);
}

/** One line on how a device ended. The name comes last: whatever it says, it is after the facts. */
export function outcomeLine(tally: Tally, { planned, ending }: DeviceResult, { messages }: Context): string {
  const total = `${tally.total}`;
  const done = `${tally.done}`.padStart(total.length);
  return `${done}/${total} ${messages.reboot.outcome[ending.outcome]}  ${deviceLabel(planned)}`;
}

/** What an event says about the run as a whole, if anything. */
export function notice(event: RunEvent, context: Context): string | undefined {
  const { progress } = context.messages;
  if (event.type === 'sleeping') {
    const time = clockTime(event.until, event.timeZone, context.clock.now(), context.lang);
    return progress.sleeping(time, event.timeZone);
  }
  // Who interrupted it knows.
  if (event.type !== 'stopping' || event.error.is('interrupted')) return undefined;
  return progress.stopping(errorText(event.error, context).what);
}

/** How many ended in each outcome there was. */
export function countTexts({ counts }: Tally, { messages }: Context): { text: string; look: Tone }[] {
  return outcomes.flatMap(outcome => {
    const count = counts.get(outcome) ?? 0;
    const text = messages.reboot.outcomeCount(outcome, count);
    return count > 0 ? [{ text, look: outcomeTones[outcome] }] : [];
  });
}

/** How fast it goes and how long it will take, as far as that can be said. */
export function paceTexts({ rate, remaining }: Tally, { messages, signal }: Context): string[] {
  const { progress } = messages;
  const perMinute = (rate ?? 0) * 60_000;
  const [count, per] = perMinute < 120 ? [perMinute, 'minute' as const] : [perMinute / 60, 'second' as const];
  const rounded = count < 10 ? count.toFixed(1).replace(/\.0$/, '') : count.toFixed(0);
  return [
    ...(rate === undefined ? [] : [progress.rate(rounded, per)]),
    ...(remaining === undefined || signal.aborted ? [] : [progress.left(roughly(remaining))]),
  ];
}

/** How long the backend asked to wait, if it did. */
export function askedToWait({ pausedUntil }: Progress, { clock, messages }: Context): string[] {
  const left = (pausedUntil?.() ?? 0) - clock.now();
  return left > 0 ? [messages.progress.asked(Math.ceil(left / 1000) * 1000)] : [];
}

/** An estimate to the second would jump about. */
function roughly(ms: number): number {
  const step = ms < 120_000 ? 10_000 : 60_000;
  return Math.ceil(ms / step) * step;
}

/** The time of day at some place, with the date if it is not the next such time. */
function clockTime(moment: number, timeZone: string, now: number, lang: Language): string {
  const far = moment - now >= aDay;
  return new Intl.DateTimeFormat(lang === 'ja' ? 'ja-JP' : 'sv-SE', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(far ? { year: 'numeric', month: '2-digit', day: '2-digit' } : {}),
  }).format(moment);
}
