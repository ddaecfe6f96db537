import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { RemoError } from '../errors.js';

/** An input stream that may be a terminal. */
export type Input = NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;
/** An output stream that may be a terminal. */
export type Output = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>>;

/** The size of a terminal, which need not know it. */
export function sizeOf({ columns, rows }: Output): { columns: number; rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}

/** What stays at the foot of the terminal, below all that is written. */
export interface Footer {
  /** Leaves the screen, so that whole lines can be written in its place. */
  giveWay(): void;
  /** Comes back below them. */
  comeBack(): void;
}

/** What stands between stdout and the terminal: a pager, from the first data on. */
interface Front {
  /** Whether it has the terminal. */
  readonly open: boolean;
  /** @throws ClosedPipe when it has been left */
  write(text: string): Promise<void>;
}

/** Breaks lines where there is room for so many cells. */
type BreakLines = (text: string, width: number) => string;

/** The reader of stdout has gone (`| head`): not an error, the command ends quietly. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe';
}

function stop() {
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<never>((_resolve, settle) => {
    reject = settle;
  });
  // Nobody may be waiting when it is rejected.
  promise.catch(() => {});
  return { promise, reject };
}

/** The three streams of the program, and what is known of them. stdout is for data alone. */
export class Io {
  private failure: Error | undefined;
  private givingUp = stop();
  private footer: Footer | undefined;
  private front: Front | undefined;
  private breakLines: BreakLines = text => text;
  /** Lines for a person that wait until the pager has been left. */
  private held: string[] = [];

  readonly stdout: Output;
  readonly stderr: Output;

  constructor(private readonly streams: { readonly stdin: Input; stdout: Output; stderr: Output }) {
    this.stdout = streams.stdout;
    this.stderr = streams.stderr;
    this.stdout.on('error', error => this.failed(error));
    // With stderr gone there is nobody left to tell.
    this.stderr.on('error', () => {});
  }

  /** Set up by the process only when something looks at it. */
  get stdin(): Input {
    return this.streams.stdin;
  }

  get stdoutIsTerminal(): boolean {
    return this.stdout.isTTY === true;
  }

  get stderrIsTerminal(): boolean {
    return this.stderr.isTTY === true;
  }

  /** Whether a question can be put and answered: stdin and stderr are both terminals. */
  get conversational(): boolean {
    return this.stdin.isTTY === true && this.stderrIsTerminal;
  }

  /** The terminal's width in cells; endless where stdout is not a terminal. */
  get width(): number {
    return this.stdoutIsTerminal ? this.stdout.columns || 80 : Number.POSITIVE_INFINITY;
  }

  /**
   * Writes data to stdout and waits until the stream takes more.
   * @throws ClosedPipe when the reader has gone; RemoError `output_failed` (a full disk)
   */
  async out(text: string): Promise<void> {
    if (this.failure) throw this.failure;
    if (this.front && text !== '') return this.front.write(text);
    if (text !== '' && !this.write(this.stdout, text)) {
      const drained = once(this.stdout, 'drain').then(
        () => {},
        () => {},
      );
      await Promise.race([drained, this.givingUp.promise]);
      if (this.failure) throw this.failure;
    }
  }

  /** Ends a wait for a reader that stalls (`| less`) with an error; later writes wait anew. */
  giveUp(error: Error): void {
    this.givingUp.reject(error);
    this.givingUp = stop();
  }

  /** Waits until all that was written to stdout has left the process. @throws as `out` */
  async flush(): Promise<void> {
    const error = await new Promise<NodeJS.ErrnoException | null | undefined>(resolve => {
      this.stdout.write('', resolve);
    });
    // The write tells of it before the stream does.
    if (error) this.failed(error);
    if (this.failure) throw this.failure;
  }

  private failed(thrown: NodeJS.ErrnoException): void {
    // A write after the one that failed only says that the stream is gone; the stream knows why.
    const error: NodeJS.ErrnoException = (this.stdout as Partial<Writable>).errored ?? thrown;
    const closed = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
    this.failure ??= closed ? new ClosedPipe() : new RemoError('output_failed', { detail: error.message });
  }

  /** Breaks the lines that a terminal gets on stderr from now on; loaded only where there is one. */
  breakLinesBy(breakLines: BreakLines): void {
    this.breakLines = breakLines;
  }

  /** Writes lines for a person to stderr: in a terminal broken between words. */
  err(text: string): void {
    if (this.front?.open) this.held.push(text);
    else if (!this.stderrIsTerminal) this.errData(text);
    else this.errData(this.breakLines(text, this.stderr.columns || 80));
  }

  /** Writes a line for a program to stderr, as it is. */
  errData(text: string): void {
    this.write(this.stderr, `${text}\n`);
  }

  /** As `err`, for what is said of the data: with a pager it comes after it. */
  aside(text: string): void {
    if (this.front) this.held.push(text);
    else this.err(text);
  }

  /** Sends data through a pager from now on, or to stdout again; what there was to tell a person comes after it. */
  divert(front: Front | undefined): void {
    this.front = front;
    if (!front) for (const text of this.held.splice(0)) this.err(text);
  }

  /** Whether a pager has the terminal: Ctrl-C is for it then. */
  get diverted(): boolean {
    return this.front?.open === true;
  }

  /** Keeps something at the foot of the terminal from now on, or nothing any more. */
  keepAtFoot(footer: Footer | undefined): void {
    this.footer = footer;
  }

  private write(stream: Output, text: string): boolean {
    const { footer } = this;
    if (!footer || !stream.isTTY) return stream.write(text);
    footer.giveWay();
    // What the terminal has yet to take would come out in the middle of the footer.
    return stream.write(text, () => footer.comeBack());
  }
}
