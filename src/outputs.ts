import * as z from 'zod/mini';
import type { Customer, Device, Reboot } from './api/schemas.js';
import type { Setting } from './config.js';
import type { Messages } from './messages/en.js';
import { type FeltOutcome, outcomes } from './reboot/outcome.js';

// What the commands write as data: the contract with scripts. The types of the program's records are inferred from
// it; the JSON Schemas and the documents are generated from it (`npm run docs`). Nothing loads it at run time.
// An enum is a promise that there will be no other value; where there may be, it is a text.

type Group = keyof Messages['fields'];

/** Where the messages say what the fields of an object mean. */
export const groups = new Map<unknown, Group>();

/** An object whose fields the messages describe under that name, and there are no others. */
function object<G extends Group, S extends { [K in keyof S]: z.ZodMiniType }>(
  group: G,
  shape: S & Record<Exclude<keyof S, keyof Messages['fields'][G]>, never>,
) {
  const schema = z.object(shape as S);
  groups.set(schema, group);
  return schema;
}

const text = z.string();
const id = z.string().check(z.minLength(1));
const time = z.iso.datetime({ offset: true });
const count = z.int().check(z.minimum(0));
const orNull = z.nullable;
const yes = z.boolean();
const outcome = z.enum(outcomes);

const customer = object('customer', {
  id,
  name: text,
  email: text,
  linked_at: time,
  device_count: count,
  signed_in: orNull(yes),
}) satisfies z.ZodMiniType<Customer>;

const ofDevice = {
  id,
  customer_id: id,
  name: text,
  kind: z.enum(['camera', 'recorder', 'other', 'unknown']),
  model: text,
  serial_number: text,
  mac_address: text,
  ip_address: orNull(text),
  firmware_version: orNull(text),
  status: z.enum(['online', 'offline', 'rebooting', 'unknown']),
  last_seen_at: orNull(time),
  booted_at: orNull(time),
};
const device = object('device', ofDevice) satisfies z.ZodMiniType<Device>;

const reboot = object('reboot', {
  id,
  device_id: id,
  customer_id: id,
  status: z.enum(['accepted', 'in_progress', 'completed', 'failed', 'unknown']),
  reason: orNull(text),
  requested_at: time,
  requested_by: text,
  completed_at: orNull(time),
  failure: orNull(text),
  idempotency_key: text,
}) satisfies z.ZodMiniType<Reboot>;

const deviceStatus = object('deviceStatus', { ...ofDevice, last_reboot: orNull(reboot) });

/** A device by its name and its owner; null where the backend did not show it. */
const whose = {
  device_name: orNull(text),
  customer_id: orNull(id),
  customer_name: orNull(text),
  customer_email: orNull(text),
  owner_signed_in: orNull(yes),
};

const plan = object('plan', {
  device_id: id,
  device_name: whose.device_name,
  status: ofDevice.status,
  customer_id: whose.customer_id,
  customer_name: whose.customer_name,
  customer_email: whose.customer_email,
  owner_signed_in: whose.owner_signed_in,
  action: z.enum(['reboot', 'skip']),
  reason: orNull(text),
  reboot_id: orNull(text),
});

const result = object('result', {
  device_id: id,
  outcome,
  reason: orNull(text),
  detail: text,
  ...whose,
  reboot_id: orNull(text),
  requested_at: orNull(time),
  booted_before: orNull(time),
  booted_at: orNull(time),
  seconds: orNull(z.number().check(z.minimum(0))),
  idempotency_key: orNull(text),
  request_id: orNull(text),
  batch_id: id,
});

const ofBatch = {
  batch_id: id,
  started_at: time,
  last_at: time,
  state: z.enum(['finished', 'unfinished', 'running', 'closed']),
  profile: text,
  api_url: text,
  host: text,
  requested_by: orNull(text),
  reason: orNull(text),
  stopped_by: orNull(text),
  devices: count,
  accepted: count,
  rebooted: count,
  failed: count,
  skipped: count,
  not_attempted: count,
  unknown: count,
};
const batchDevice = object('batchDevice', {
  device_id: id,
  outcome,
  reason: orNull(text),
  ...whose,
  reboot_id: orNull(text),
  requested_at: orNull(time),
  booted_before: orNull(time),
  booted_at: orNull(time),
  idempotency_key: orNull(text),
  request_id: orNull(text),
  requested_by: orNull(text),
  failure: orNull(text),
});

const historyRow = object('history', {
  at: orNull(time),
  device_id: id,
  device_name: whose.device_name,
  outcome,
  outcome_reason: orNull(text),
  customer_id: whose.customer_id,
  customer_name: whose.customer_name,
  customer_email: whose.customer_email,
  owner_signed_in: whose.owner_signed_in,
  requested_by: ofBatch.requested_by,
  reason: ofBatch.reason,
  host: ofBatch.host,
  profile: ofBatch.profile,
  api_url: ofBatch.api_url,
  requested_at: orNull(time),
  booted_before: orNull(time),
  booted_at: orNull(time),
  reboot_id: orNull(text),
  request_id: orNull(text),
  batch_id: id,
  idempotency_key: orNull(text),
  failure: orNull(text),
});

const noticeDevice = object('noticeDevice', {
  device_id: id,
  device_name: text,
  outcome: z.enum(['accepted', 'rebooted', 'unknown'] satisfies FeltOutcome[]),
  instructed_at: text,
});

/** The object of each output; a list has many of it. */
export const outputs = {
  whoami: object('whoami', {
    name: text,
    email: text,
    partner_code: text,
    profile: text,
    api_url: text,
    signed_in_by: z.enum(['environment', 'person', 'token', 'client']),
    credential_source: z.enum(['environment', 'keychain', 'file', 'memory']),
    credential_place: text,
    scopes: orNull(text),
    access_token_expires_at: orNull(time),
    session_ends_at: orNull(time),
    renews: yes,
  }),
  'customers-list': customer,
  'devices-show': device,
  'devices-status': deviceStatus,
  'devices-reboot': result,
  'devices-reboot-dry-run': plan,
  'batches-list': object('batch', ofBatch),
  'batches-show': object('batch', { ...ofBatch, results: z.array(batchDevice) }),
  /** With `-o ndjson`: the devices alone. */
  'batches-show-devices': batchDevice,
  history: historyRow,
  notices: object('notice', {
    customer_id: id,
    customer_name: text,
    customer_email: text,
    owner_signed_in: orNull(yes),
    subject: text,
    body: text,
    devices: z.array(noticeDevice),
    path: orNull(text),
  }),
  'config-list': object('setting', {
    name: id,
    value: orNull(z.union([text, yes])),
    origin: z.enum([
      'flag',
      'environment',
      'profile',
      'file',
      'default',
    ] satisfies Setting<unknown>['origin'][]),
    source: orNull(text),
  }),
  'config-profiles': object('profile', { in_use: yes, name: id, api_url: orNull(text) }),
  doctor: object('check', {
    check: text,
    status: z.enum(['ok', 'warn', 'fail', 'skipped']),
    detail: text,
    fix: orNull(text),
  }),
  columns: object('column', { name: id, meaning: text }),
  error: z.object({
    error: object('error', {
      code: id,
      exit_code: z.int(),
      message: text,
      devices: z.optional(text),
      next: z.optional(text),
      request_id: z.optional(text),
      params: z.record(z.string(), z.unknown()),
    }),
  }),
};
export type OutputName = keyof typeof outputs;
export type Output<N extends OutputName> = z.infer<(typeof outputs)[N]>;

/** The value of `config get`, which is no object. */
export const settingValue = orNull(z.union([text, yes]));

/** Outputs that are one object, not a list of them. */
export const single: readonly OutputName[] = ['whoami', 'batches-show', 'error'];
