import type { Context } from '../../context.js';
import type { RunEvent } from '../../reboot/course.js';
import type { Line, Piece } from '../../terminal/live-region.js';
import { widthOf, wrap } from '../../terminal/width.js';
import { askedToWait, countTexts, notice, type Progress, paceTexts } from './progress-lines.js';
import type { InFlight, Tally } from './tally.js';
import { deviceLabel } from './view.js';

/** So many of the devices in flight are shown by name. */
const mostNamed = 5;
/** In cells: a wider bar says no more, a narrower one nothing. */
const barWidth = { most: 40, least: 5 };

/** The whole of a run for a live region: how far, how it ended, how fast, what holds it up, what is under way. */
export function regionLines(shown: Progress, width: number, context: Context): Line[] {
  const { progress } = context.messages;
  const { tally } = shown;
  const { inFlight } = tally;
  const hidden = inFlight.length - mostNamed;
  const pace = [progress.elapsed(tally.elapsed), ...paceTexts(tally, context)];
  return [
    bar(tally, width),
    ...inRows(countTexts(tally, context), width),
    ...inRows(pace, width),
    ...[...askedToWait(shown, context), ...holdups(tally, context)]
      .flatMap(text => wrap(text, width))
      .map((text): Line => [{ text, look: 'warn' }]),
    ...inFlight.slice(0, mostNamed).map(one => flightLine(one, context)),
    ...(hidden > 0 ? [[{ text: `  ${progress.more(hidden)}`, look: 'dim' } as const]] : []),
  ];
}

function bar({ done, total }: Tally, width: number): Line {
  const text = `${done}/${total}  ${Math.floor((100 * done) / total)}%`;
  const room = Math.min(barWidth.most, width - text.length - 4);
  if (room < barWidth.least) return [text];
  const filled = Math.floor((room * done) / total);
  // In ASCII: the blocks and lines that were made for it are twice as wide on some Japanese terminals.
  return [
    '[',
    { text: '#'.repeat(filled), look: 'good' },
    { text: '-'.repeat(room - filled), look: 'dim' },
    `]  ${text}`,
  ];
}

/** Side by side as long as they fit. */
function inRows(pieces: readonly Piece[], width: number): Line[] {
  const rows: Piece[][] = [];
  let used = width;
  for (const piece of pieces) {
    const wanted = widthOf(typeof piece === 'string' ? piece : piece.text) + 2;
    const row = rows.at(-1);
    if (row && used + wanted <= width) {
      row.push('  ', piece);
      used += wanted;
    } else {
      rows.push([piece]);
      used = wanted - 2;
    }
  }
  return rows;
}

/** Why nothing is started at the moment, or any more. */
function holdups({ sleeping, stopping, inFlight }: Tally, context: Context): string[] {
  if (context.signal.aborted) {
    return inFlight.length > 0 ? [context.messages.progress.interrupted(inFlight.length)] : [];
  }
  const events: RunEvent[] = [
    ...(stopping ? [{ type: 'stopping' as const, error: stopping }] : []),
    ...(sleeping ? [{ type: 'sleeping' as const, ...sleeping }] : []),
  ];
  return events.flatMap(event => notice(event, context) ?? []);
}

function flightLine({ planned, activity, since }: InFlight, { clock, messages }: Context): Line {
  const { progress, devices } = messages;
  const doing =
    activity === 'instructing' || activity === 'accepted'
      ? progress[activity]
      : progress.waiting(devices.status[activity]);
  const time = progress.duration(clock.now() - since);
  return [`  ${doing}  `, { text: time, look: 'dim' }, `  ${deviceLabel(planned)}`];
}
