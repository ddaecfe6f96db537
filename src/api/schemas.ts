import * as z from 'zod/mini';

// The shapes of openapi.yaml. A z.object drops fields it does not know, and `open` turns an enum value it
// does not know into "unknown": the contract asks both of a client.
const open = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.pipe(
    z.string(),
    z.transform((value): T[number] | 'unknown' =>
      values.includes(value) ? (value as T[number]) : 'unknown',
    ),
  );
// RFC 3339, 5.6: `T` and `Z` may be lower case, and there are leap seconds. Date knows none, nor do most readers
// of our output: such a moment becomes the last millisecond before it.
const leapSecond = /(?<=T\d\d:\d\d:)60(\.\d+)?/;
const dateTime = z.pipe(
  z.pipe(
    z.string().check(z.toUpperCase()),
    z.transform(time => time.replace(leapSecond, '59.999')),
  ),
  z.iso.datetime({ offset: true }),
);
const id = z.string().check(z.minLength(1));

export const accountSchema = z.object({
  id,
  name: z.string(),
  email: z.string(),
  partner_code: z.string(),
});
export type Account = z.infer<typeof accountSchema>;

export const customerSchema = z.object({
  id,
  name: z.string(),
  email: z.string(),
  linked_at: dateTime,
  device_count: z.int().check(z.minimum(0)),
  signed_in: z.nullable(z.boolean()),
});
export type Customer = z.infer<typeof customerSchema>;

export const deviceSchema = z.object({
  id,
  customer_id: id,
  name: z.string(),
  kind: open('camera', 'recorder', 'other'),
  model: z.string(),
  serial_number: z.string(),
  mac_address: z.string(),
  ip_address: z.nullable(z.string()),
  firmware_version: z.nullable(z.string()),
  status: open('online', 'offline', 'rebooting'),
  last_seen_at: z.nullable(dateTime),
  booted_at: z.nullable(dateTime),
});
export type Device = z.infer<typeof deviceSchema>;

export const rebootSchema = z.object({
  id,
  device_id: id,
  customer_id: id,
  status: open('accepted', 'in_progress', 'completed', 'failed'),
  reason: z.nullable(z.string()),
  requested_at: dateTime,
  requested_by: z.string(),
  completed_at: z.nullable(dateTime),
  failure: z.nullable(z.string()),
  idempotency_key: z.string(),
});
export type Reboot = z.infer<typeof rebootSchema>;

// RFC 9457, 3.1: a member whose type is not the specified one is ignored, and the status of the response itself
// counts. Only the code is needed.
const ignoredUnlessText = z.catch(z.optional(z.string()), undefined);
export const problemSchema = z.object({
  code: z.string().check(z.minLength(1)),
  title: ignoredUnlessText,
  detail: ignoredUnlessText,
  reboot_id: ignoredUnlessText,
});
export type Problem = z.infer<typeof problemSchema>;

/** One page of a listing, its items of the given shape. */
export const pageSchema = <T extends z.ZodMiniType>(item: T) =>
  z.object({
    items: z.array(item),
    page: z.int().check(z.minimum(1)),
    per_page: z.int().check(z.minimum(1)),
    total: z.int().check(z.minimum(0)),
  });
export interface Page<T> {
  items: T[];
  page: number;
  per_page: number;
  total: number;
}
