import type { Context } from '../../context.js';
import type { Output } from '../../outputs.js';
import { ago, type Column, dateTime } from '../../terminal/columns.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { writeList } from '../../terminal/output.js';
import type { Declared } from '../listing.js';
import { allRecords, summary } from './records.js';
import { stateText } from './view.js';

type Summary = Output<'batches-list'>;

const count = (
  name: 'devices' | 'accepted' | 'rebooted' | 'failed' | 'skipped' | 'not_attempted' | 'unknown',
  priority: number,
): Column<Summary> => ({
  name,
  header: m => m.batches.columns[name],
  value: row => row[name],
  priority,
  align: 'right',
  zeroIsNothing: true,
  ...(name === 'failed' || name === 'unknown'
    ? { tone: (row: Summary) => (row[name] > 0 ? 'bad' : undefined) }
    : {}),
});

const onRequest = (
  name: 'last_at' | 'profile' | 'api_url' | 'host' | 'requested_by' | 'stopped_by',
): Column<Summary> => ({
  name,
  header: m => m.batches.columns[name],
  value: row => row[name],
  ...(name === 'last_at' ? { type: 'time', text: (row, view) => dateTime(view, row.last_at) } : {}),
  priority: 9,
  onRequest: true,
});

const columns: readonly Column<Summary>[] = [
  {
    name: 'batch_id',
    header: m => m.batches.columns.batch_id,
    value: row => row.batch_id,
    priority: 1,
    identifies: true,
  },
  {
    name: 'started_at',
    type: 'time',
    header: m => m.batches.columns.started_at,
    value: row => row.started_at,
    text: (row, view) => ago(view, row.started_at),
    // The id tells it too; what the counts tell only together is nowhere else.
    priority: 4,
  },
  {
    name: 'state',
    header: m => m.batches.columns.state,
    value: row => row.state,
    text: (row, { messages }) => stateText(row.state, messages),
    priority: 1,
    yields: true,
    tone: row => (row.state === 'finished' ? 'good' : 'warn'),
  },
  count('devices', 2),
  count('rebooted', 3),
  count('accepted', 3),
  count('failed', 2),
  count('skipped', 5),
  count('not_attempted', 5),
  count('unknown', 2),
  { name: 'reason', header: m => m.batches.columns.reason, value: row => row.reason, priority: 6 },
  ...(['last_at', 'profile', 'api_url', 'host', 'requested_by', 'stopped_by'] as const).map(onRequest),
];

/** How runs are listed. */
export const batchListing: Declared<Summary> = { about: 'batch', columns };

/** `remo batches list`: every run recorded on this computer, newest first. */
export async function listBatches(options: ListingOptions, context: Context): Promise<undefined> {
  async function* rows() {
    for await (const record of allRecords(context)) yield [await summary(record, context)];
  }
  const all: Summary[] = [];
  // A table has to know all its rows to line up; a journal is one short line of it.
  if (context.format === 'table') for await (const page of rows()) all.push(...page);
  const shown = await writeList(
    context,
    { ...batchListing, rows: context.format === 'table' ? all : rows() },
    options,
  );
  if (shown === 0 && !context.settings.quiet) context.io.err(context.messages.batches.none);
}
