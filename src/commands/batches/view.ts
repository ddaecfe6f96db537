import type { Context } from '../../context.js';
import type { DeviceResult, Ending, SkipReason } from '../../reboot/outcome.js';
import { byCustomer, type Plan, type PlannedDevice } from '../../reboot/plan.js';
import { type Column, yesNo } from '../../terminal/columns.js';
import { errorText } from '../../terminal/errors.js';
import { inline } from '../../terminal/sanitise.js';
import type { Tone } from '../../terminal/style.js';
import { statusText } from '../devices/columns.js';

/** How good an outcome is. */
export const outcomeTones: Record<Ending['outcome'], Tone> = {
  accepted: 'good',
  rebooted: 'good',
  failed: 'bad',
  skipped: 'warn',
  not_attempted: 'warn',
  unknown: 'bad',
};

/** A device by its name and id, harmless to print. */
export function deviceLabel({ device }: PlannedDevice): string {
  return inline(`${device.name} (${device.id})`);
}

/** How an ending came about, in the user's language. */
export function describe(ending: Ending, context: Context): string {
  const { reboot } = context.messages;
  const why = (reason: { error: Parameters<typeof errorText>[0] }) => errorText(reason.error, context).what;
  switch (ending.outcome) {
    case 'accepted':
      return ending.reason ? reboot.waitInterrupted : reboot.accepted;
    case 'rebooted':
      return reboot.rebooted(ending.tookMs);
    case 'failed':
      return ending.reason.code === 'refused'
        ? reboot.refused(why(ending.reason))
        : reboot.rebootFailed(ending.reason.failure);
    case 'skipped':
      return describeSkip(ending.reason, context);
    case 'not_attempted':
      return ending.reason.code === 'interrupted' ? reboot.interrupted : reboot.stopped(why(ending.reason));
    case 'unknown':
      if (ending.reason.code === 'not_back') return reboot.notBack(ending.reason.waitedMs);
      if (ending.reason.code === 'key_expired') return reboot.keyExpired;
      return ending.reason.code === 'no_answer'
        ? reboot.noAnswer(why(ending.reason))
        : reboot.unwatched(why(ending.reason));
  }
}

function describeSkip(reason: SkipReason, context: Context): string {
  const { reboot } = context.messages;
  switch (reason.code) {
    case 'offline':
      return reboot.offline;
    case 'already_rebooting':
      return reboot.alreadyRebooting(reason.rebootId);
    case 'duplicate':
      return reboot.duplicate;
    case 'changed_hands':
      return reboot.changedHands;
  }
}

/** The machine's word for how an ending came about; null where the outcome says it all. */
function reasonCode(ending: Ending): string | null {
  if (!('reason' in ending) || !ending.reason) return null;
  return 'error' in ending.reason ? ending.reason.error.code : ending.reason.code;
}

/** A plan for the person who decides: each customer, whether they are signed in, and their devices. */
export function planLines(plan: Plan, context: Context): string[] {
  const { customers, devices, reboot } = context.messages;
  return [...byCustomer(plan).values()].flatMap(planned => {
    const [{ customer }] = planned;
    const { yes, no, unknown } = customers.signedIn;
    const signedIn = customer.signed_in === null ? unknown : customer.signed_in ? yes : no;
    return [
      inline(`${customers.labels.name}: ${customer.name} <${customer.email}> (${customer.id}) — ${signedIn}`),
      ...planned.map(one => {
        const { kind, model } = one.device;
        const line = inline(
          `  ${statusText(one.device, context.messages)}  ${deviceLabel(one)}  ${devices.kind[kind]} ${model}`,
        );
        if (one.prior) return `${line}  → ${context.messages.batches.mayHaveBeenSent}`;
        return one.skip ? `${line}  → ${reboot.action.skip}: ${describeSkip(one.skip, context)}` : line;
      }),
    ];
  });
}

/** How a plan is listed as data (`--dry-run`). */
export function planColumns(context: Context): readonly Column<PlannedDevice>[] {
  return [
    { name: 'device_id', header: m => m.reboot.columns.device_id, value: row => row.device.id, priority: 1 },
    {
      name: 'device_name',
      header: m => m.reboot.columns.device_name,
      value: row => row.device.name,
      priority: 1,
    },
    {
      name: 'status',
      header: m => m.reboot.columns.status,
      value: row => row.device.status,
      text: (row, { messages }) => statusText(row.device, messages),
      priority: 2,
    },
    {
      name: 'customer_id',
      header: m => m.reboot.columns.customer_id,
      value: row => row.customer.id,
      priority: 9,
      dataOnly: true,
    },
    {
      name: 'customer_email',
      header: m => m.reboot.columns.customer_email,
      value: row => row.customer.email,
      priority: 2,
    },
    {
      name: 'customer_name',
      header: m => m.reboot.columns.customer_name,
      value: row => row.customer.name,
      priority: 4,
    },
    {
      name: 'owner_signed_in',
      header: m => m.reboot.columns.owner_signed_in,
      value: row => row.customer.signed_in,
      text: (row, view) => yesNo(view, row.customer.signed_in),
      priority: 3,
    },
    {
      name: 'action',
      header: m => m.reboot.columns.action,
      value: row => (row.skip ? 'skip' : 'reboot'),
      text: row => {
        const { action } = context.messages.reboot;
        return row.skip ? `${action.skip}: ${describeSkip(row.skip, context)}` : action.reboot;
      },
      priority: 1,
      tone: row => (row.skip ? 'warn' : undefined),
    },
    {
      name: 'reason',
      header: m => m.reboot.columns.detail,
      value: row => row.skip?.code ?? null,
      priority: 9,
      dataOnly: true,
    },
  ];
}

/** A plan's line as data. */
export function planRecord({ device, customer, skip }: PlannedDevice) {
  return {
    device_id: device.id,
    device_name: device.name,
    status: device.status,
    customer_id: customer.id,
    customer_name: customer.name,
    customer_email: customer.email,
    owner_signed_in: customer.signed_in,
    action: skip ? 'skip' : 'reboot',
    reason: skip?.code ?? null,
  };
}

/** A result as data: the same fields in JSON, CSV and TSV. */
export function resultRecord(result: DeviceResult, batchId: string, context: Context) {
  const { device, customer } = result.planned;
  const { ending } = result;
  return {
    device_id: device.id,
    outcome: ending.outcome,
    reason: reasonCode(ending),
    detail: describe(ending, context),
    device_name: device.name,
    customer_id: customer.id,
    customer_name: customer.name,
    customer_email: customer.email,
    owner_signed_in: customer.signed_in,
    reboot_id: result.rebootId ?? null,
    requested_at: result.requestedAt ?? null,
    booted_before: device.booted_at,
    booted_at: ending.outcome === 'rebooted' ? ending.bootedAt : null,
    seconds: ending.outcome === 'rebooted' ? Math.round(ending.tookMs / 100) / 10 : null,
    idempotency_key: result.key ?? null,
    request_id: result.requestId ?? null,
    batch_id: batchId,
  };
}
type ResultRecord = ReturnType<typeof resultRecord>;

/** A field that data formats have and tables leave out. */
const data = (name: keyof ResultRecord): Column<ResultRecord> => ({
  name,
  header: () => name,
  value: row => row[name],
  priority: 9,
  dataOnly: true,
});

/** How results are listed: a table shows what a person asks first, CSV and TSV have every field. */
export const resultColumns: readonly Column<ResultRecord>[] = [
  { name: 'device_id', header: m => m.reboot.columns.device_id, value: row => row.device_id, priority: 1 },
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
  ...(
    [
      'owner_signed_in',
      'reboot_id',
      'requested_at',
      'booted_before',
      'booted_at',
      'seconds',
      'idempotency_key',
      'request_id',
      'batch_id',
    ] as const
  ).map(data),
];
