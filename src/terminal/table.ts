import CliTable from 'cli-table3';
import type { Context } from '../context.js';
import { type Column, type View, viewOf } from './columns.js';
import { divide, gap } from './layout.js';
import { inline } from './sanitise.js';
import { type Style, styleOf, type Tone } from './style.js';
import { fold, pad, truncate, widthOf } from './width.js';

interface Cell {
  text: string;
  tone?: Tone | undefined;
}

/**
 * A table for people that can grow page by page: later pages keep the columns of the first and never get
 * narrower, so what is read stays where it was.
 */
export class Table<T> {
  private readonly view: View;
  private readonly headers: string[];
  private readonly natural: number[];
  private kept: boolean[] | undefined;

  private constructor(
    private readonly context: Context,
    private readonly columns: readonly Column<T>[],
    private readonly style: Style,
  ) {
    this.view = viewOf(context);
    this.headers = columns.map(column => inline(column.header(context.messages)));
    this.natural = this.headers.map(widthOf);
  }

  static async open<T>(context: Context, columns: readonly Column<T>[]): Promise<Table<T>> {
    return new Table(context, columns, await styleOf(context, 'stdout'));
  }

  /** Writes rows to stdout, under the header where asked for. @throws as `Io.out` */
  async write(rows: readonly T[], options: { header: boolean }): Promise<void> {
    const body = this.measure(rows);
    const widths = this.widths();
    await this.context.io.out(`${this.draw(body, widths, options.header)}\n`);
  }

  /** Takes the widths of rows into account that are to be written; gives their cells. */
  measure(rows: readonly T[]): Cell[][] {
    const body = rows.map(row => this.columns.map(column => this.cell(column, row)));
    for (const cells of body) {
      for (const [index, { text }] of cells.entries()) {
        this.natural[index] = Math.max(this.natural[index] ?? 0, widthOf(text));
      }
    }
    return body;
  }

  private cell(column: Column<T>, row: T): Cell {
    const text = column.text ? column.text(row, this.view) : String(column.value(row) ?? '');
    return { text: inline(text), tone: column.tone?.(row) };
  }

  /** The width of each column; 0 for those the first page had no room for. */
  private widths(): number[] {
    this.kept ??= this.choose();
    const shown = this.natural
      .filter((_, index) => this.kept?.[index])
      .map(natural => ({ natural, priority: 1 }));
    const widths = divide(shown, this.context.io.width);
    return this.kept.map(kept => (kept ? (widths.shift() ?? 0) : 0));
  }

  private choose(): boolean[] {
    const demands = this.columns.map(({ priority }, index) => ({
      natural: this.natural[index] ?? 0,
      priority,
    }));
    const kept = divide(demands, this.context.io.width).map(width => width > 0);
    const missing = this.headers.filter((_, index) => !kept[index]);
    const { messages, settings, io } = this.context;
    if (missing.length > 0 && !settings.quiet) io.err(messages.terminal.notShown(missing));
    return kept;
  }

  private draw(body: readonly Cell[][], widths: readonly number[], header: boolean): string {
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
        if (width > 0) cells.push(this.fit(cell, this.columns[index], width, isHead));
      }
    }
    // cli-table3 measures with an older Unicode than the terminals of today (が in two code points, new emoji):
    // it draws the frame round placeholders of the right width, and the cells go in afterwards.
    let next = 0;
    return frame
      .toString()
      .split('\n')
      .map(line =>
        line.includes(rule) ? this.style.dim(line) : line.replace(/x+/g, () => cells[next++] ?? ''),
      )
      .map(line => line.trimEnd())
      .join('\n');
  }

  private fit(cell: Cell, column: Column<T> | undefined, width: number, isHead: boolean): string {
    const text = truncate(cell.text, width);
    const styled = isHead ? this.style.bold(text) : cell.tone ? this.style[cell.tone](text) : text;
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

/**
 * A block of `label: value` lines with the values below each other, within a width: what a terminal would wrap could
 * look like a line with a label.
 */
export function block(
  pairs: readonly { label: string; text: string }[],
  style: Style,
  available: number,
): string {
  const labels = pairs.map(({ label }) => `${inline(label)}:`);
  const width = Math.max(0, ...labels.map(widthOf));
  return pairs
    .map(({ text }, index) => {
      const lines = fold(inline(text), Math.max(1, available - width - gap));
      const label = style.bold(pad(labels[index] ?? '', width));
      return `${label}${' '.repeat(gap)}${lines.join(`\n${' '.repeat(width + gap)}`)}\n`;
    })
    .join('');
}
