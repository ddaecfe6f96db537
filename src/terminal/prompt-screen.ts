import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { type Output, sizeOf } from './io.js';
import { fold, truncate } from './width.js';

/** How inquirer begins a drawing that is not its first: from the foot of the last one up, line by line. */
const erasing = /^(?:\x1b\[\d+B)?(?:\x1b\[2K\x1b\[1A)*\x1b\[2K\x1b\[G/;
/** How it ends one: up to the line of the cursor, and to its place there. */
const placing = /(?:\x1b\[(\d+)A)?\x1b\[(\d+)G$/;

/**
 * Erases the line of the cursor and all below. From the second cell on, as tmux takes a screen that is erased from its
 * first for one to be kept, and copies it above.
 */
const eraseBelow = '\x1b[G\x1b[K\x1b[C\x1b[J\x1b[G';

/** What inquirer has drawn and where in it the cursor is, as it would be without a terminal that wraps lines. */
interface Drawing {
  lines: string[];
  row: number;
  column: number;
}

/**
 * The terminal as a prompt of inquirer sees it. Inquirer erases as many lines as it wrote: too few or too many where
 * the terminal has wrapped them anew since, and those of the shell where the prompt was put aside. So the erasing is
 * done here, by where the prompt is now.
 */
export class PromptScreen extends Writable {
  private drawing: Drawing | undefined;
  /** Whether the prompt is not to be drawn for now. */
  aside = false;
  private prompt: NodeJS.EventEmitter | undefined;

  constructor(private readonly terminal: Output) {
    super({ decodeStrings: false });
    this.on('pipe', prompt => {
      this.prompt = prompt;
    });
  }

  get isTTY(): boolean | undefined {
    return this.terminal.isTTY;
  }

  get columns(): number | undefined {
    return this.terminal.columns;
  }

  get rows(): number | undefined {
    return this.terminal.rows;
  }

  /** Takes the prompt off the screen, until it is taken up again. */
  putAside(): void {
    this.terminal.write(`${this.erase()}\x1b[?25h`);
    this.aside = true;
  }

  /** Draws the prompt where the cursor is now: something else may have been written since. */
  takeUp(): void {
    if (!this.aside) this.terminal.write(eraseBelow);
    this.aside = false;
    this.drawing = undefined;
    this.redraw();
  }

  /** Has the prompt drawn again, for the size of the moment: it is told as a terminal tells it. */
  redraw(): void {
    this.prompt?.emit('resize');
  }

  override _write(text: string, _encoding: string, done: () => void): void {
    if (!this.aside) this.put(text);
    done();
  }

  private put(text: string): void {
    const fresh = text.replace(erasing, '');
    const place = placing.exec(fresh);
    const content = place ? fresh.slice(0, place.index) : fresh;
    const column = Number(place?.[2] ?? 1) - 1;
    // Without a content the cursor moves, and no more.
    if (content === '' && fresh === text && this.drawing) this.drawing.column = column;
    else {
      const before = fresh === text ? '' : this.erase();
      const lines = stripVTControlCharacters(content).split('\n');
      this.drawing = place ? { lines, row: lines.length - 1 - Number(place[1] ?? 0), column } : undefined;
      this.terminal.write(before);
    }
    this.terminal.write(fresh);
  }

  private erase(): string {
    if (!this.drawing) return '';
    const { lines, row, column } = this.drawing;
    // Most terminals wrap lines anew when they are resized, and the cursor stays with its text.
    const wrapped = [...lines.slice(0, row), truncate(lines[row] ?? '', column, '')];
    const above = wrapped.reduce((sum, line) => sum + fold(line, sizeOf(this.terminal).columns).length, -1);
    return `${above > 0 ? `\x1b[${above}A` : ''}${eraseBelow}`;
  }
}
