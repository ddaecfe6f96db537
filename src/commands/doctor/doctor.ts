import type { Context } from '../../context.js';
import type { CheckName } from '../../doctor/check.js';
import { examine, type Result } from '../../doctor/examine.js';
import { type ExitCode, RemoError } from '../../errors.js';
import type { Output } from '../../outputs.js';
import type { Column } from '../../terminal/columns.js';
import { errorText } from '../../terminal/errors.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { writeList } from '../../terminal/output.js';
import { inline } from '../../terminal/sanitise.js';
import { type Style, styleOf, type Tone } from '../../terminal/style.js';
import { pad, widthOf, wrap } from '../../terminal/width.js';
import type { Declared } from '../listing.js';

/** One check as it is told. */
type Row = Output<'doctor'> & { check: CheckName };
type Status = Row['status'];

const columns: readonly Column<Row>[] = [
  { name: 'check', header: m => m.doctor.columns.check, value: row => row.check, priority: 1 },
  { name: 'status', header: m => m.doctor.columns.status, value: row => row.status, priority: 1 },
  { name: 'detail', header: m => m.doctor.columns.detail, value: row => row.detail, priority: 1 },
  { name: 'fix', header: m => m.doctor.columns.fix, value: row => row.fix, priority: 1 },
];

/** How checks are listed. */
export const checkListing: Declared<Row> = { about: 'check', columns };

/**
 * `remo doctor`: looks at everything that has to be in order, and says what is not and what to do about it.
 * @returns the exit code of the first failure, 0 without one
 */
export async function doctor(options: ListingOptions, context: Context): Promise<ExitCode> {
  // Before anything asks for the format: that may be the very setting that can't be used.
  const results = examine(context, context.tolerateBadSettings());
  const counts: Record<Status, number> = { ok: 0, warn: 0, fail: 0, skipped: 0 };
  let exitCode: ExitCode = 0;
  async function* rows(): AsyncGenerator<readonly Row[]> {
    for await (const result of results) {
      const row = rowOf(result, context);
      counts[row.status] += 1;
      exitCode ||= result.exitCode;
      yield [row];
    }
  }
  // A report is read to its end: nothing in it is cut, as a table would.
  const reported = context.format === 'table' && !options.columns && !options.sort;
  if (reported) await writeReport(context, rows());
  else await writeList(context, { ...checkListing, rows: rows() }, options);
  if (!context.settings.quiet) context.io.err(summary(counts, context));
  return exitCode;
}

function rowOf({ check, finding }: Result, context: Context): Row {
  if (finding instanceof RemoError) {
    const { what, next } = errorText(finding, context);
    return { check, status: 'fail', detail: what, fix: next ?? null };
  }
  const { status, detail } = finding;
  return { check, status, detail: inline(detail), fix: 'fix' in finding ? inline(finding.fix) : null };
}

function summary({ fail, warn }: Record<Status, number>, { messages: { doctor } }: Context): string {
  if (fail > 0) return doctor.failures(fail);
  return warn > 0 ? doctor.healthyBut(warn) : doctor.healthy;
}

const marks = { ok: 'ok', warn: 'warning', fail: 'failed', skipped: 'none' } as const;
const tones: Record<Status, Tone> = { ok: 'good', warn: 'warn', fail: 'bad', skipped: 'dim' };
const gap = '  ';

/** Each check on a line, as soon as it is known, and below it what to do. */
async function writeReport(context: Context, rows: AsyncIterable<readonly Row[]>): Promise<void> {
  const style = await styleOf(context, 'stdout');
  for await (const page of rows) {
    for (const row of page) await context.io.out(reportLines(row, style, context));
  }
}

function reportLines({ check, status, detail, fix }: Row, style: Style, { io, messages }: Context): string {
  const { checks, statuses } = messages.doctor;
  const widest = (texts: Record<string, string>) => Math.max(...Object.values(texts).map(widthOf));
  const mark = `${messages.symbols[marks[status]]} ${pad(statuses[status], widest(statuses))}`;
  const label = pad(checks[check], widest(checks));
  const indent = ' '.repeat(widthOf(mark + label) + 2 * gap.length);
  const width = Math.max(20, io.width - indent.length);
  const [first = '', ...more] = lines(detail, width);
  const told = [
    style[tones[status]](mark) +
      gap +
      style.bold(label) +
      gap +
      (status === 'skipped' ? style.dim(first) : first),
    ...more.map(line => indent + line),
    ...lines(fix ?? '', width).map(line => indent + style.accent(line)),
  ];
  return `${told.join('\n')}\n`;
}

function lines(text: string, width: number): string[] {
  return text.split('\n').flatMap(line => (line === '' ? [] : wrap(line, width)));
}
