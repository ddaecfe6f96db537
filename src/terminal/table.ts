import CliTable from 'cli-table3';
import type { Context } from '../context.js';
import { type Column, type View, viewOf } from './columns.js';
import type { Finder } from './finder.js';
import { divide, gap } from './layout.js';
import { inline } from './sanitise.js';
import { type Style, styleOf, type Tone } from './style.js';
import { fold, pad, truncate, widthOf, wrap } from './width.js';

interface Cell {
  text: string;
  tone?: Tone | undefined;
}

/** Beyond every priority that a column is declared with. */
const emptyLast = 100;

/** What a search finds in rows. */
interface Hits {
  rows: number;
  /** Under which headers, where it is not to be seen: no room for the column, or for that part of the cell. */
  unseen: string[];
}

/** How rows are written. */
interface Writing {
  header: boolean;
  finder?: Finder | undefined;
}

function cellOf<T>(column: Column<T>, row: T, view: View): Cell {
  const text = column.text ? column.text(row, view) : String(column.value(row) ?? '');
  return { text: inline(text), tone: column.tone?.(row) };
}

/**
 * A table for people that can grow page by page: later pages keep the columns of the first and never get
 * narrower, so what is read stays where it was.
 */
export class Table<T> {
  private readonly headers: string[];
  private readonly natural: number[];
  /** Which columns have had something in them. */
  private readonly filled: boolean[] = [];
  private kept: boolean[] | undefined;
  /** How wide the terminal was when that was decided. */
  private decidedAt = 0;
  /** The width of each column as it was written last. */
  private written: readonly number[] = [];

  private constructor(
    private readonly context: Context,
    private readonly columns: readonly Column<T>[],
    private readonly style: Style,
    private readonly announces: boolean,
  ) {
    this.headers = columns.map(column => inline(column.header(context.messages)));
    this.natural = this.headers.map(widthOf);
  }

  /** @param announces whether it says above itself which columns it has no room for; else `missing` does */
  static async open<T>(
    context: Context,
    columns: readonly Column<T>[],
    { announces = true } = {},
  ): Promise<Table<T>> {
    return new Table(context, columns, await styleOf(context, 'stdout'), announces);
  }

  /** The headers of the columns that there was no room for. */
  get missing(): string[] {
    return this.headers.filter((_, index) => this.kept && !this.kept[index]);
  }

  /**
   * Writes rows to stdout, under the header where asked for, with what a finder finds set off. @throws as `Io.out`
   */
  async write(rows: readonly T[], { header, finder }: Writing): Promise<void> {
    const body = this.measure(rows);
    // Under a header of their own the columns may be others, if the terminal has been resized.
    if (header && this.decidedAt !== this.width) this.kept = undefined;
    const widths = this.widths();
    this.written = widths;
    await this.context.io.out(`${this.draw(body, widths, { header, finder })}\n`);
  }

  /** Looks for a text in every column, whether it is on the screen or not. */
  find(rows: readonly T[], finder: Finder): Hits {
    const view = viewOf(this.context);
    const { cut } = this.context.messages.symbols;
    const found = rows.flatMap(row => {
      const texts = this.columns.map(column => cellOf(column, row, view).text);
      const hits = [...texts.keys()].filter(index => finder.isIn(texts[index] ?? ''));
      const seen = (index: number) =>
        finder.isIn(truncate(texts[index] ?? '', this.written[index] ?? 0, cut));
      return hits.length === 0 ? [] : [hits.some(seen) ? [] : hits];
    });
    const unseen = new Set(found.flat());
    return { rows: found.length, unseen: this.headers.filter((_, index) => unseen.has(index)) };
  }

  /** Takes the widths of rows into account that are to be written; gives their cells. */
  measure(rows: readonly T[]): Cell[][] {
    const view = viewOf(this.context);
    const body = rows.map(row => this.columns.map(column => cellOf(column, row, view)));
    for (const cells of body) {
      for (const [index, { text }] of cells.entries()) {
        this.natural[index] = Math.max(this.natural[index] ?? 0, widthOf(text));
        this.filled[index] ||= text !== '' && !(text === '0' && this.columns[index]?.zeroIsNothing);
      }
    }
    return body;
  }

  /** The cells there are; without an end in a file, and where nothing is to be cut. */
  private get width(): number {
    return this.context.settings.wide ? Number.POSITIVE_INFINITY : this.context.io.width;
  }

  /** The width of each column; 0 for those the first page had no room for. */
  private widths(): number[] {
    if (!this.kept) {
      this.kept = this.choose();
      if (this.announces) this.announce();
    }
    const { kept } = this;
    const shown = this.columns.flatMap(({ identifies }, index) =>
      kept[index] ? [{ natural: this.natural[index] ?? 0, priority: 1, identifies }] : [],
    );
    const widths = divide(shown, this.width);
    return kept.map(isKept => (isKept ? (widths.shift() ?? 0) : 0));
  }

  private choose(): boolean[] {
    this.decidedAt = this.width;
    const demands = this.columns.map(({ priority, identifies, yields }, index) => ({
      natural: this.natural[index] ?? 0,
      identifies,
      yields,
      // A column with nothing in it is the first to make room.
      priority: priority > 1 && !this.filled[index] ? priority + emptyLast : priority,
    }));
    return divide(demands, this.width).map(width => width > 0);
  }

  private announce(): void {
    const { missing } = this;
    const { messages, settings, io } = this.context;
    if (missing.length > 0 && !settings.quiet) {
      io.aside(messages.terminal.notShown(missing));
    }
  }

  private draw(body: readonly Cell[][], widths: readonly number[], { header, finder }: Writing): string {
    const rows = header ? [this.headers.map(text => ({ text })), ...body] : body;
    const cells: string[] = [];
    const frame = new CliTable({
      chars: frameChars,
      style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
      head: header ? placeholders(widths) : [],
    });
    for (const [rowIndex, row] of rows.entries()) {
      const isHead = header && rowIndex === 0;
      if (!isHead) frame.push(placeholders(widths));
      for (const [index, cell] of row.entries()) {
        const width = widths[index] ?? 0;
        if (width > 0) cells.push(this.fit(cell, this.columns[index], width, isHead, finder));
      }
    }
    // cli-table3 measures with an older Unicode than the terminals of today (が in two code points, new emoji):
    // it draws the frame round placeholders of the right width, and the cells go in afterwards.
    let next = 0;
    return (
      frame
        .toString()
        .split('\n')
        // A screen reader would read each of its hyphens.
        .filter(line => !(this.context.settings.plain && line.includes(rule)))
        .map(line =>
          line.includes(rule) ? this.style.dim(line) : line.replace(/x+/g, () => cells[next++] ?? ''),
        )
        .map(line => line.trimEnd())
        .join('\n')
    );
  }

  private fit(
    cell: Cell,
    column: Column<T> | undefined,
    width: number,
    isHead: boolean,
    finder: Finder | undefined,
  ): string {
    const { style } = this;
    const text = truncate(cell.text, width, this.context.messages.symbols.cut);
    const told = finder && !isHead ? finder.setOff(text, style.found) : text;
    const styled = isHead ? style.bold(text) : cell.tone ? style[cell.tone](told) : told;
    const filling = ' '.repeat(Math.max(0, width - widthOf(text)));
    return column?.align === 'right' ? filling + styled : styled + filling;
  }
}

// Not a line of box drawing: Tera Term and other Japanese terminals give ─ two cells.
const rule = '-';
const frameChars = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
  mid: rule,
  'mid-mid': ' '.repeat(gap),
  middle: ' '.repeat(gap),
};

function placeholders(widths: readonly number[]): string[] {
  return widths.filter(width => width > 0).map(width => 'x'.repeat(width));
}

/** In fewer cells than this a value would be torn to pieces: it gets a line of its own. */
const leastBeside = 12;

/**
 * A block of `label: value` lines with the values below each other, within a width: what a terminal would wrap could
 * look like a line with a label. Where little room is left beside the labels, each value stands below its own.
 */
export function block(
  pairs: readonly { label: string; text: string }[],
  style: Style,
  available: number,
): string {
  const labels = pairs.map(({ label }) => `${inline(label)}:`);
  const width = Math.max(0, ...labels.map(widthOf));
  const beside = available - width - gap >= leastBeside;
  const indent = ' '.repeat(beside ? width + gap : gap);
  return pairs
    .map(({ text }, index) => {
      const room = Math.max(1, available - indent.length);
      const lines = wrap(inline(text), room).flatMap(line => fold(line, room));
      const value = lines.join(`\n${indent}`);
      const label = labels[index] ?? '';
      if (beside) return `${style.bold(pad(label, width))}${' '.repeat(gap)}${value}\n`;
      return `${style.bold(label)}\n${value === '' ? '' : `${indent}${value}\n`}`;
    })
    .join('');
}
