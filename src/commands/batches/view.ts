import type { Customer } from '../../api/schemas.js';
import type { Context } from '../../context.js';
import type { Messages } from '../../messages/en.js';
import type { Output } from '../../outputs.js';
import { type DeviceResult, type Ending, otherReboot, type SkipReason } from '../../reboot/outcome.js';
import { hasOwner, type PlannedDevice } from '../../reboot/plan.js';
import { type Column, dateTime, type View } from '../../terminal/columns.js';
import { errorText } from '../../terminal/errors.js';
import { brief } from '../../terminal/width.js';
import { signedInText } from '../customers/columns.js';
import type { Declared } from '../listing.js';
import { outcomeTones } from './outcome-tones.js';
import type { RunState } from './records.js';

/** How far a run is, by its shape as well. */
export function stateText(state: RunState, { batches, symbols }: Messages): string {
  const shape = {
    finished: symbols.ok,
    unfinished: symbols.warning,
    running: symbols.rebooting,
    closed: symbols.none,
  };
  return `${shape[state]} ${batches.state[state]}`;
}

/** A device by its name and id, harmless to print. */
export function deviceLabel({ device }: PlannedDevice): string {
  return device.name === '' ? brief(device.id) : `${brief(device.name)} (${brief(device.id)})`;
}

/** A customer by name and address, harmless to print. */
export function ownerLabel({ name, email }: Pick<Customer, 'name' | 'email'>): string {
  return `${brief(name)} <${brief(email, longestAddress)}>`;
}

/** Nearly every address is shorter (cells); one has to be whole to be written to. */
const longestAddress = 100;
/** A sentence of the backend's (cells). */
export const longestSentence = 300;

/** How an ending came about, in the user's language. */
export function describe(ending: Ending, context: Context): string {
  const { reboot } = context.messages;
  const why = (reason: { error: Parameters<typeof errorText>[0] }) => errorText(reason.error, context).what;
  switch (ending.outcome) {
    case 'accepted':
      return ending.reason ? reboot.waitInterrupted : reboot.accepted;
    case 'rebooted':
      return ending.bootedAt === null ? reboot.completed : reboot.rebooted(ending.tookMs);
    case 'failed':
      return ending.reason.code === 'refused'
        ? reboot.refused(why(ending.reason))
        : reboot.rebootFailed(ending.reason.failure && brief(ending.reason.failure, longestSentence));
    case 'skipped':
      return describeSkip(ending.reason, context);
    case 'not_attempted':
      return ending.reason.code === 'interrupted' ? reboot.interrupted : reboot.stopped(why(ending.reason));
    case 'unknown':
      if (ending.reason.code === 'not_back') return reboot.notBack(ending.reason.waitedMs);
      if (ending.reason.code === 'key_expired') return reboot.keyExpired;
      if (ending.reason.code === 'gone') return reboot.goneSince;
      return ending.reason.code === 'no_answer'
        ? reboot.noAnswer(why(ending.reason))
        : reboot.unwatched(why(ending.reason));
  }
}

/** Why a device is left out, in the user's language. */
export function describeSkip(reason: SkipReason, view: Pick<View, 'messages' | 'lang'>): string {
  const { reboot } = view.messages;
  switch (reason.code) {
    case 'offline':
      return reboot.offline;
    case 'already_rebooting':
      return reboot.alreadyRebooting(reason.rebootId && brief(reason.rebootId));
    case 'duplicate':
      return reboot.duplicate;
    case 'changed_hands':
      return reboot.changedHands;
    case 'gone':
      return reboot.gone;
    case 'denied':
      return reboot.denied;
    case 'unreadable':
      return reboot.unreadable;
    case 'recently_rebooted':
      return reboot.recentlyRebooted(
        dateTime(view, reason.at),
        brief(reason.by, longestAddress),
        brief(reason.rebootId),
      );
  }
}

/** The machine's word for how an ending came about; null where the outcome says it all. */
function reasonCode(ending: Ending): string | null {
  if (!('reason' in ending) || !ending.reason) return null;
  return 'error' in ending.reason ? ending.reason.error.code : ending.reason.code;
}

/** A device by its name and its owner, as data; null where the backend did not show it. */
export function whose(planned: PlannedDevice) {
  const { device, customer } = planned;
  const known = hasOwner(planned);
  return {
    device_name: known ? device.name : null,
    customer_id: known ? customer.id : null,
    customer_name: known ? customer.name : null,
    customer_email: known ? customer.email : null,
    owner_signed_in: customer.signed_in,
  };
}

/** A result as data: the same fields in JSON, CSV and TSV. */
export function resultRecord(
  result: DeviceResult,
  batchId: string,
  context: Context,
): Output<'devices-reboot'> {
  const { device } = result.planned;
  const { ending } = result;
  const other = ending.outcome === 'skipped' ? otherReboot(ending.reason) : undefined;
  return {
    device_id: device.id,
    outcome: ending.outcome,
    reason: reasonCode(ending),
    detail: describe(ending, context),
    ...whose(result.planned),
    reboot_id: result.rebootId ?? other?.reboot_id ?? null,
    requested_at: result.requestedAt ?? other?.requested_at ?? null,
    booted_before: device.booted_at,
    booted_at: ending.outcome === 'rebooted' ? ending.bootedAt : null,
    seconds: ending.outcome === 'rebooted' ? Math.round(ending.tookMs / 100) / 10 : null,
    idempotency_key: result.key ?? null,
    request_id: result.requestId ?? null,
    batch_id: batchId,
  };
}
type ResultRecord = Output<'devices-reboot'>;

/** A field that data formats have and tables leave out. */
const data = (name: keyof ResultRecord): Column<ResultRecord> => ({
  name,
  header: m => m.reboot.columns[name],
  value: row => row[name],
  priority: 9,
  dataOnly: true,
});
const moment = (name: 'requested_at' | 'booted_before' | 'booted_at'): Column<ResultRecord> => ({
  ...data(name),
  type: 'time',
  text: (row, view) => dateTime(view, row[name]),
});

/** A table shows what a person asks first, CSV and TSV have every field. */
const columns: readonly Column<ResultRecord>[] = [
  {
    name: 'device_id',
    header: m => m.reboot.columns.device_id,
    value: row => row.device_id,
    priority: 1,
    identifies: true,
  },
  {
    name: 'outcome',
    header: m => m.reboot.columns.outcome,
    value: row => row.outcome,
    text: (row, { messages }) => messages.reboot.outcome[row.outcome],
    priority: 1,
    tone: row => outcomeTones[row.outcome],
  },
  data('reason'),
  { name: 'detail', header: m => m.reboot.columns.detail, value: row => row.detail, priority: 2 },
  {
    name: 'device_name',
    header: m => m.reboot.columns.device_name,
    value: row => row.device_name,
    priority: 3,
  },
  data('customer_id'),
  data('customer_name'),
  {
    name: 'customer_email',
    header: m => m.reboot.columns.customer_email,
    value: row => row.customer_email,
    priority: 4,
  },
  { ...data('owner_signed_in'), text: (row, view) => signedInText(view, row.owner_signed_in) },
  data('reboot_id'),
  moment('requested_at'),
  moment('booted_before'),
  moment('booted_at'),
  data('seconds'),
  data('idempotency_key'),
  data('request_id'),
  data('batch_id'),
];

/** How results are listed. */
export const resultListing: Declared<ResultRecord> = { about: 'result', columns };
