import type { Outcome } from '../../reboot/outcome.js';
import type { RunRecord } from '../../reboot/record.js';
import { asRow, type HistoryRow } from './columns.js';

/** Which reboots are wanted; without anything all that were asked for. */
export interface Selection {
  /** From this moment on, and before that one (milliseconds, our clock). */
  since?: number;
  until?: number;
  device?: string;
  /** A customer's id or whole e-mail address. */
  customer?: string;
  outcomes?: readonly Outcome[];
  /** Also the devices that no instruction was sent to; who names an outcome means these too. */
  all?: boolean;
}

/** A reboot, and when it was asked for (milliseconds): one that was never sent, with its run. */
export interface Dated {
  row: HistoryRow;
  moment: number;
}

/** The wanted reboots of one run, the last device of it first. */
export function select(record: RunRecord, selection: Selection): Dated[] {
  const { device, customer, outcomes, all = outcomes !== undefined } = selection;
  const begun = Date.parse(record.header.started_at);
  const owners = new Map(record.header.customers.map(owner => [owner.customer_id, owner]));
  const address = customer?.toLowerCase();
  return record.devices
    .filter(({ key, deviceId }) => (all || key !== undefined) && (device ?? deviceId) === deviceId)
    .filter(one => outcomes?.includes(one.outcome) ?? true)
    .map(one => asRow(one, record.header, owners.get(one.customerId)))
    .filter(
      row =>
        customer === undefined ||
        row.customer_id === customer ||
        row.customer_email?.toLowerCase() === address,
    )
    .map(row => ({ row, moment: row.at === null ? begun : Date.parse(row.at) }))
    .filter(({ moment }) => isWithin(moment, selection))
    .reverse();
}

function isWithin(
  moment: number,
  { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY }: Selection,
): boolean {
  return moment >= since && moment < until;
}
