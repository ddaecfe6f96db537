import { createLogUpdate } from 'log-update';
import type { Context } from '../context.js';
import { type Footer, sizeOf } from './io.js';
import { inline } from './sanitise.js';
import { type Style, styleOf } from './style.js';
import { truncate } from './width.js';

/** A part of a line, and how it is set off. */
export type Piece = string | { text: string; look: keyof Style };
/** A line by its parts. Whatever they hold, nothing of it drives the terminal. */
export type Line = readonly Piece[];

/** Lines at the foot of the terminal that are drawn anew as things change. */
export interface LiveRegion {
  /** Takes it off the screen; harmless when it is off already. */
  stop(): void;
}

/** How often it is drawn at most (milliseconds). */
const frameMs = 100;

/**
 * Shows lines at the foot of stderr until it is stopped; other lines go above. It stays when the run is
 * interrupted: what is under way is still being finished. For a terminal that `canAnimate`; this module and its
 * library are to be loaded only then.
 * @param compose what to show now, in so many cells a line; what does not fit is cut
 */
export async function liveRegion(
  context: Context,
  compose: (width: number) => readonly Line[],
): Promise<LiveRegion> {
  const style = await styleOf(context, 'stderr');
  return new Region(context, () => {
    const { columns, rows } = sizeOf(context.io.stderr);
    const width = comfortable(columns);
    const { cut } = context.messages.symbols;
    const lines = compose(width).slice(0, Math.max(0, rows - 2));
    return ['', ...lines.map(line => render(line, width, style, cut))].join('\n');
  });
}

/**
 * How wide a line may be. Where a terminal gets narrower than what it shows, it wraps that, and parts may end up
 * out of reach; so there is room left for a terminal that is halved, or drawn smaller bit by bit.
 */
function comfortable(columns: number): number {
  return Math.min(Math.floor(columns * 0.9), Math.max(60, Math.floor(columns / 2)));
}

function render(line: Line, width: number, style: Style, cut: string): string {
  const pieces = line.map(piece =>
    typeof piece === 'string' ? { text: inline(piece) } : { ...piece, text: inline(piece.text) },
  );
  const shown = truncate(pieces.map(({ text }) => text).join(''), width, cut);
  let end = 0;
  return pieces
    .map(({ text, look }: { text: string; look?: keyof Style }) => {
      const start = end;
      end += text.length;
      const part = shown.slice(start, end);
      return look && part ? style[look](part) : part;
    })
    .join('');
}

const up = (lines: number) => (lines > 0 ? `\x1b[${lines}A` : '');
const eraseBelow = '\r\x1b[J';
/** Where a terminal takes a character for wider than we do, a line must not run over into the next one. */
const unwrapped = (frame: string) => `\x1b[?7l${frame}\x1b[?7h`;

/**
 * The cursor waits in the empty first line, and whatever is below it is erased before each frame. Counting the
 * lines to go up instead would go wrong when the terminal is resized (some wrap lines anew then, some do not), and
 * when somebody presses Enter.
 */
class Region implements LiveRegion, Footer {
  private readonly log: ReturnType<typeof createLogUpdate>;
  private readonly timer: NodeJS.Timeout;
  /** What was composed last; undefined where it does not fit any more. */
  private composed: string | undefined;
  private frame = '';
  /** How far the region reaches above the cursor. */
  private above = 0;
  private writers = 0;
  private stopped = false;

  constructor(
    private readonly context: Context,
    private readonly compose: () => string,
  ) {
    const { io, signal } = context;
    const canvas = {
      isTTY: true,
      get columns() {
        return sizeOf(io.stderr).columns;
      },
      get rows() {
        return sizeOf(io.stderr).rows;
      },
      write: (frame: string) => {
        this.frame = frame;
        this.put();
      },
    };
    // The cursor stays visible: a second Ctrl-C ends the process without a chance to bring it back.
    this.log = createLogUpdate(canvas as unknown as NodeJS.WritableStream, { showCursor: true });
    io.keepAtFoot(this);
    io.stderr.on('resize', this.redraw);
    signal.addEventListener('abort', this.redraw);
    this.timer = setInterval(() => this.draw(), frameMs).unref();
    this.draw();
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    const { io, signal } = this.context;
    clearInterval(this.timer);
    io.stderr.off('resize', this.redraw);
    signal.removeEventListener('abort', this.redraw);
    io.keepAtFoot(undefined);
    if (this.writers === 0) this.erase();
  }

  giveWay(): void {
    if (this.writers === 0) this.erase();
    this.writers += 1;
  }

  comeBack(): void {
    this.writers -= 1;
    if (this.stopped || this.writers > 0) return;
    // At once, before anybody sees that it was gone; what is new can wait for its time.
    if (this.composed === undefined) this.draw();
    else this.put();
  }

  private readonly redraw = () => {
    this.composed = undefined;
    this.draw();
  };

  private draw(): void {
    if (this.stopped || this.writers > 0) return;
    const composed = this.compose();
    if (composed === this.composed) return;
    this.composed = composed;
    this.log.done();
    this.log(composed);
  }

  private put(): void {
    const height = this.frame.split('\n').length - 1;
    // Once interrupted, the process may be ended at any moment: a shell's prompt belongs below.
    const waitsBelow = this.context.signal.aborted;
    const back = waitsBelow ? '' : up(height);
    this.context.io.stderr.write(`${up(this.above)}${eraseBelow}${unwrapped(this.frame)}${back}`);
    this.above = waitsBelow ? height : 0;
  }

  private erase(): void {
    this.context.io.stderr.write(`${up(this.above)}${eraseBelow}`);
    this.above = 0;
  }
}
