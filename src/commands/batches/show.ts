import type { Context } from '../../context.js';
import type { Output } from '../../outputs.js';
import type { Outcome } from '../../reboot/outcome.js';
import type { DeviceRecord, JournalHeader } from '../../reboot/record.js';
import { type Column, dateTime, dateTimeAndAgo, type View, viewOf } from '../../terminal/columns.js';
import { type ListingOptions, recordsOf } from '../../terminal/listing.js';
import { writeList, writeRecord, writeValue } from '../../terminal/output.js';
import { inline } from '../../terminal/sanitise.js';
import { brief } from '../../terminal/width.js';
import { signedInText } from '../customers/columns.js';
import type { Declared } from '../listing.js';
import { outcomeTones } from './outcome-tones.js';
import { reasonText } from './reason-text.js';
import { openRecord, summary } from './records.js';
import { describeSkip, longestSentence, stateText } from './view.js';

export interface ShowOptions extends ListingOptions {
  /** Only the devices with one of these. */
  outcomes?: readonly Outcome[];
}

type Row = Output<'batches-show'>['results'][number];

/** `remo batches show <run>`: what the journal says of a run, and of each of its devices. */
export async function showBatch(batchId: string, options: ShowOptions, context: Context): Promise<undefined> {
  const { record } = await openRecord(batchId, context);
  const found = await summary(record, context);
  const customers = new Map(record.header.customers.map(customer => [customer.customer_id, customer]));
  const devices = record.devices
    .filter(({ outcome }) => options.outcomes?.includes(outcome) ?? true)
    .map(device => asData(device, customers.get(device.customerId)));
  if (context.format === 'json' || context.format === 'yaml') {
    const results = recordsOf({ ...batchDeviceListing, rows: devices }, options);
    await writeValue(context, { ...found, results });
    return;
  }
  if (context.format === 'table') await writeSummary(found, context);
  await writeList(context, { ...batchDeviceListing, rows: devices }, options);
  if (found.state === 'unfinished' && !context.settings.quiet) {
    const { resumeHint, closeHint } = context.messages.batches;
    context.io.err(`${resumeHint(inline(batchId))}\n${closeHint(inline(batchId))}`);
  }
}

function asData(device: DeviceRecord, customer: JournalHeader['customers'][number] | undefined): Row {
  return {
    device_id: device.deviceId,
    outcome: device.outcome,
    reason: device.reason,
    // Nothing is known of what the backend did not show.
    device_name: device.customerId === '' ? null : device.deviceName,
    customer_id: device.customerId === '' ? null : device.customerId,
    customer_name: customer?.name ?? null,
    customer_email: customer?.email ?? null,
    owner_signed_in: device.ownerSignedIn,
    reboot_id: device.rebootId ?? null,
    requested_at: device.requestedAt ?? null,
    requested_by: device.requestedBy ?? null,
    booted_before: device.bootedBefore,
    booted_at: device.bootedAt ?? null,
    idempotency_key: device.key ?? null,
    request_id: device.requestId ?? null,
    failure: device.failure ?? null,
  };
}

/** Why, with what the backend says of it. */
function whyText(row: Row, view: View): string {
  const { reason, failure, reboot_id, requested_at, requested_by } = row;
  if (failure !== null) return view.messages.reboot.rebootFailed(brief(failure, longestSentence));
  if (reboot_id !== null && reason === 'already_rebooting') {
    return describeSkip({ code: reason, rebootId: reboot_id }, view);
  }
  if (reboot_id === null || requested_at === null || requested_by === null) {
    return reasonText(row, view.messages);
  }
  return describeSkip(
    { code: 'recently_rebooted', rebootId: reboot_id, at: requested_at, by: requested_by },
    view,
  );
}

const onRequest = (
  name:
    | 'customer_name'
    | 'owner_signed_in'
    | 'requested_by'
    | 'booted_before'
    | 'idempotency_key'
    | 'request_id'
    | 'failure',
): Column<Row> => ({
  name,
  header: m => m.reboot.columns[name],
  value: row => row[name],
  priority: 9,
  onRequest: true,
});

const columns: readonly Column<Row>[] = [
  {
    name: 'device_id',
    header: m => m.batches.columns.device_id,
    value: row => row.device_id,
    priority: 1,
    identifies: true,
  },
  {
    name: 'outcome',
    header: m => m.batches.columns.outcome,
    value: row => row.outcome,
    text: (row, { messages }) => messages.reboot.outcome[row.outcome],
    priority: 1,
    tone: row => outcomeTones[row.outcome],
  },
  {
    name: 'reason',
    header: m => m.batches.columns.detail,
    value: row => row.reason,
    text: whyText,
    priority: 2,
  },
  {
    name: 'device_name',
    header: m => m.reboot.columns.device_name,
    value: row => row.device_name,
    priority: 3,
  },
  {
    name: 'customer_id',
    header: m => m.batches.columns.customer_id,
    value: row => row.customer_id,
    priority: 9,
    dataOnly: true,
  },
  {
    name: 'customer_email',
    header: m => m.reboot.columns.customer_email,
    value: row => row.customer_email,
    priority: 5,
  },
  { name: 'reboot_id', header: m => m.batches.columns.reboot_id, value: row => row.reboot_id, priority: 6 },
  {
    name: 'requested_at',
    type: 'time',
    header: m => m.batches.columns.requested_at,
    value: row => row.requested_at,
    text: (row, view) => dateTime(view, row.requested_at),
    priority: 3,
  },
  {
    name: 'booted_at',
    type: 'time',
    header: m => m.batches.columns.booted_at,
    value: row => row.booted_at,
    text: (row, view) => dateTime(view, row.booted_at),
    priority: 4,
  },
  onRequest('customer_name'),
  { ...onRequest('owner_signed_in'), text: (row, view) => signedInText(view, row.owner_signed_in) },
  { ...onRequest('booted_before'), type: 'time', text: (row, view) => dateTime(view, row.booted_before) },
  onRequest('idempotency_key'),
  onRequest('request_id'),
  onRequest('requested_by'),
  onRequest('failure'),
];

/** How the devices of a run are listed. */
export const batchDeviceListing: Declared<Row> = { about: 'batchDevice', columns };

async function writeSummary(data: Output<'batches-list'>, context: Context): Promise<void> {
  const { messages } = context;
  const { columns: labels } = messages.batches;
  await writeRecord(context, [
    { name: 'batch_id', label: labels.batch_id, value: data.batch_id },
    { name: 'state', label: labels.state, value: data.state, text: stateText(data.state, messages) },
    {
      name: 'started_at',
      label: labels.started_at,
      value: data.started_at,
      text: dateTimeAndAgo(viewOf(context), data.started_at),
    },
    { name: 'devices', label: labels.devices, value: data.devices },
    ...(data.requested_by === null
      ? []
      : [{ name: 'requested_by', label: labels.requested_by, value: data.requested_by }]),
    ...(data.stopped_by === null
      ? []
      : [
          {
            name: 'stopped_by',
            label: labels.stopped_by,
            value: data.stopped_by,
            text: messages.batches.stoppedBy[data.stopped_by] ?? data.stopped_by,
          },
        ]),
    ...(data.reason === null ? [] : [{ name: 'reason', label: labels.reason, value: data.reason }]),
  ]);
  await context.io.out('\n');
}
