import type { Messages } from '../../messages/en.js';
import type { Output } from '../../outputs.js';
import type { DeviceRecord, JournalHeader } from '../../reboot/record.js';
import { type Column, dateTime } from '../../terminal/columns.js';
import { outcomeTones } from '../batches/outcome-tones.js';
import { reasonText } from '../batches/reason-text.js';
import { signedInText } from '../customers/columns.js';
import type { Declared } from '../listing.js';

export type HistoryRow = Output<'history'>;

/** One reboot that was asked for, as data; null where the backend did not show the device. */
export function asRow(
  device: DeviceRecord,
  header: JournalHeader,
  customer: JournalHeader['customers'][number] | undefined,
): HistoryRow {
  const known = device.customerId !== '';
  const { requested_by, host, profile } = device.instructedBy ?? header;
  return {
    // When the instruction left for the first time, by our clock; null for one that never did.
    at: device.key === undefined ? null : (device.intendedAt ?? null),
    device_id: device.deviceId,
    device_name: known ? device.deviceName : null,
    outcome: device.outcome,
    outcome_reason: device.reason,
    customer_id: known ? device.customerId : null,
    customer_name: customer?.name ?? null,
    customer_email: customer?.email ?? null,
    owner_signed_in: device.ownerSignedIn,
    requested_by,
    reason: header.reason,
    host,
    profile,
    api_url: header.api_url,
    requested_at: device.requestedAt ?? null,
    booted_before: device.bootedBefore,
    booted_at: device.bootedAt ?? null,
    reboot_id: device.rebootId ?? null,
    request_id: device.requestId ?? null,
    batch_id: header.batch_id,
    idempotency_key: device.key ?? null,
    failure: device.failure ?? null,
  };
}

const field = (name: keyof HistoryRow & keyof Messages['history']['columns'], priority: number) => ({
  name,
  header: (m: Messages) => m.history.columns[name],
  value: (row: HistoryRow) => row[name],
  priority,
});

/** A field that data formats have and tables leave out. */
const data = (name: keyof HistoryRow & keyof Messages['history']['columns']): Column<HistoryRow> => ({
  ...field(name, 9),
  dataOnly: true,
});
const moment = (name: 'requested_at' | 'booted_before' | 'booted_at'): Column<HistoryRow> => ({
  ...data(name),
  type: 'time',
  text: (row, view) => dateTime(view, row[name]),
});

/** CSV and TSV have the fields of JSON. */
const columns: readonly Column<HistoryRow>[] = [
  { ...field('at', 1), type: 'time', text: (row, view) => dateTime(view, row.at), yields: true },
  { ...field('device_id', 1), identifies: true },
  field('device_name', 3),
  {
    ...field('outcome', 1),
    text: (row, { messages }) => messages.reboot.outcome[row.outcome],
    tone: row => outcomeTones[row.outcome],
  },
  {
    ...data('outcome_reason'),
    text: ({ outcome, outcome_reason: reason }, { messages }) => reasonText({ outcome, reason }, messages),
  },
  data('customer_id'),
  data('customer_name'),
  field('customer_email', 5),
  { ...data('owner_signed_in'), text: (row, view) => signedInText(view, row.owner_signed_in) },
  field('requested_by', 4),
  field('reason', 2),
  field('host', 7),
  field('profile', 8),
  data('api_url'),
  moment('requested_at'),
  moment('booted_before'),
  moment('booted_at'),
  data('reboot_id'),
  field('request_id', 9),
  field('batch_id', 6),
  data('idempotency_key'),
  data('failure'),
];

/** How the history is listed. */
export const historyListing: Declared<HistoryRow> = { about: 'history', columns };
