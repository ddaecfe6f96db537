import type { Context } from '../../context.js';
import type { Output } from '../../outputs.js';
import { otherReboot, type SkipReason } from '../../reboot/outcome.js';
import { byCustomer, hasOwner, type Plan, type PlannedDevice } from '../../reboot/plan.js';
import type { RunSettings } from '../../reboot/record.js';
import type { Column } from '../../terminal/columns.js';
import { brief } from '../../terminal/width.js';
import { signedInText } from '../customers/columns.js';
import { statusText } from '../devices/columns.js';
import type { Declared } from '../listing.js';
import { describeSkip, deviceLabel, ownerLabel, whose } from './view.js';

/** So many devices of a plan are shown before the question; a thousand would push it off the screen. */
const mostShown = 20;

/** A plan's devices for the person who decides: each customer, whether they are signed in, and their devices. */
export function deviceLines(plan: Plan, context: Context): string[] {
  const lines: string[] = [];
  let left = mostShown;
  for (const [first, ...more] of byCustomer(plan.devices).values()) {
    if (left <= 0) break;
    if (hasOwner(first)) lines.push(ownerLine(first, context));
    lines.push(...[first, ...more].slice(0, left).map(planned => deviceLine(planned, context)));
    left -= more.length + 1;
  }
  const hidden = plan.devices.length - mostShown;
  if (hidden > 0) lines.push(`  ${context.messages.plan.more(hidden)}`);
  return lines;
}

/** Writes lines to stderr, if there are any. */
export function tell(lines: readonly string[], { io }: Context): void {
  if (lines.length > 0) io.err(lines.join('\n'));
}

function ownerLine({ customer }: PlannedDevice, { messages }: Context): string {
  const { labels, signedIn } = messages.customers;
  const { dash } = messages.symbols;
  const { yes, no, unknown } = signedIn;
  const state = customer.signed_in === null ? unknown : customer.signed_in ? yes : no;
  return `${labels.name}: ${ownerLabel(customer)} (${brief(customer.id)}) ${dash} ${state}`;
}

function deviceLine(planned: PlannedDevice, context: Context): string {
  const { devices, reboot, batches, symbols } = context.messages;
  const { kind, model } = planned.device;
  const status = statusText(planned.device, context.messages);
  const line = `  ${status}  ${deviceLabel(planned)}  ${devices.kind[kind]} ${brief(model)}`;
  if (planned.prior) return `${line}  ${symbols.leadsTo} ${batches.mayHaveBeenSent}`;
  return planned.skip
    ? `${line}  ${symbols.leadsTo} ${reboot.action.skip}: ${describeSkip(planned.skip, context)}`
    : line;
}

/**
 * How many, which not and why, whose owners are signed in, and how the run goes about it. All that has to be said of
 * a single one is when.
 */
export function summaryLines({ devices }: Plan, settings: RunSettings, { messages }: Context): string[] {
  const { plan } = messages;
  const todo = devices.filter(({ skip }) => !skip);
  if (devices.length < 2) return todo.length > 0 ? windowLines(settings, messages) : [];
  const owners = [...byCustomer(todo).values()].map(([{ customer }]) => customer);
  const skipped = new Map<SkipReason['code'], number>();
  for (const { skip } of devices) if (skip) skipped.set(skip.code, (skipped.get(skip.code) ?? 0) + 1);
  const signedIn = owners.filter(({ signed_in }) => signed_in);
  // Where the devices are all shown, so are their owners.
  const names = devices.length > mostShown ? signedIn.map(ownerLabel) : [];
  const unknown = owners.filter(({ signed_in }) => signed_in === null).length;
  const reasons = [...skipped].map(([code, count]) => plan.skip[code](count));
  return [
    plan.total(todo.length, owners.length),
    ...(reasons.length > 0 ? [plan.skipped(devices.length - todo.length, reasons)] : []),
    ...(todo.length > 0
      ? [plan.owners(signedIn.length, unknown, names), ...settingsLines(settings, messages)]
      : []),
  ];
}

function settingsLines(settings: RunSettings, { plan }: Context['messages']): string[] {
  const { wait_ms, canary, max_failures, max_failure_rate, min_interval_ms } = settings;
  return [
    plan.pace(settings.concurrency, settings.per_customer),
    wait_ms === null ? plan.waitsNot : plan.waits(wait_ms),
    ...(min_interval_ms > 0 ? [plan.minInterval(min_interval_ms)] : []),
    ...(canary > 0 ? [plan.canary(canary)] : []),
    ...(max_failures === null ? [] : [plan.maxFailures(max_failures)]),
    ...(max_failure_rate === null ? [] : [plan.maxFailureRate(max_failure_rate)]),
    ...windowLines(settings, { plan }),
  ];
}

function windowLines({ window }: RunSettings, { plan }: Pick<Context['messages'], 'plan'>): string[] {
  return window ? [plan.window(window.from, window.to, window.time_zone, window.stop)] : [];
}

const otherId = (skip: SkipReason | undefined) => (skip ? otherReboot(skip).reboot_id : null);

const columns: readonly Column<PlannedDevice>[] = [
  {
    name: 'device_id',
    header: m => m.reboot.columns.device_id,
    value: row => row.device.id,
    priority: 1,
    identifies: true,
  },
  {
    name: 'device_name',
    header: m => m.reboot.columns.device_name,
    value: row => whose(row).device_name,
    priority: 1,
    yields: true,
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
    value: row => whose(row).customer_id,
    priority: 9,
    dataOnly: true,
  },
  {
    name: 'customer_email',
    header: m => m.reboot.columns.customer_email,
    value: row => whose(row).customer_email,
    priority: 2,
  },
  {
    name: 'customer_name',
    header: m => m.reboot.columns.customer_name,
    value: row => whose(row).customer_name,
    priority: 4,
  },
  {
    name: 'owner_signed_in',
    header: m => m.reboot.columns.owner_signed_in,
    value: row => row.customer.signed_in,
    text: (row, view) => signedInText(view, row.customer.signed_in),
    priority: 3,
  },
  {
    name: 'action',
    header: m => m.reboot.columns.action,
    value: row => (row.skip ? 'skip' : 'reboot'),
    text: (row, view) => {
      const { action } = view.messages.reboot;
      return row.skip ? `${action.skip}: ${describeSkip(row.skip, view)}` : action.reboot;
    },
    priority: 1,
    tone: row => (row.skip ? 'warn' : undefined),
  },
  {
    name: 'reason',
    header: m => m.reboot.columns.reason,
    value: row => row.skip?.code ?? null,
    priority: 9,
    dataOnly: true,
  },
  {
    name: 'reboot_id',
    header: m => m.batches.columns.reboot_id,
    value: row => otherId(row.skip),
    priority: 9,
    dataOnly: true,
  },
];

function asData(planned: PlannedDevice): Output<'devices-reboot-dry-run'> {
  const { device, skip } = planned;
  const { device_name, ...owner } = whose(planned);
  return {
    device_id: device.id,
    device_name,
    status: device.status,
    ...owner,
    action: skip ? 'skip' : 'reboot',
    reason: skip?.code ?? null,
    reboot_id: otherId(skip),
  };
}

/** How a plan is listed (`--dry-run`, `--save-plan`). */
export const planListing: Declared<PlannedDevice> = { about: 'plan', columns, record: asData };
