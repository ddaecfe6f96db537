import { describe, expect, it } from 'vitest';
import {
  accountSchema,
  customerSchema,
  deviceSchema,
  pageSchema,
  problemSchema,
  rebootSchema,
} from '../../src/api/schemas.js';
import { account, customer, device, page, problem, reboot } from './support.js';

const schemas = [
  ['account', accountSchema, account],
  ['customer', customerSchema, customer('c1')],
  ['device', deviceSchema, device('d1')],
  ['reboot', rebootSchema, reboot()],
  ['page', pageSchema(deviceSchema), page([device('d1')])],
] as const;

describe.each(schemas)('%s', (_name, schema, sample) => {
  it('is taken as it is', () => expect(schema.parse(sample)).toEqual(sample));

  it('loses the fields it does not know', () => {
    expect(schema.parse({ ...sample, new_field: { deep: 1 } })).toEqual(sample);
  });

  it('needs each of its fields', () => {
    for (const field of Object.keys(sample)) {
      expect(schema.safeParse({ ...sample, [field]: undefined }).success, field).toBe(false);
    }
  });
});

describe('an enum value that is not known', () => {
  it('is "unknown"', () => {
    expect(deviceSchema.parse({ ...device('d1'), status: 'updating', kind: 'intercom' })).toMatchObject({
      status: 'unknown',
      kind: 'unknown',
    });
    expect(rebootSchema.parse({ ...reboot(), status: 'constructor' }).status).toBe('unknown');
  });

  it('has to be a text', () => {
    expect(deviceSchema.safeParse({ ...device('d1'), status: null }).success).toBe(false);
    expect(deviceSchema.safeParse({ ...device('d1'), status: 1 }).success).toBe(false);
  });
});

it('a time in lower case is one too (RFC 3339, 5.6)', () => {
  const { data } = customerSchema.safeParse({ ...customer('c1'), linked_at: '2026-01-01t00:00:00z' });
  expect(data?.linked_at).toBe('2026-01-01T00:00:00Z');
});

it.each([
  ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z'],
  ['2017-01-01T08:59:60.5+09:00', '2017-01-01T08:59:59.999+09:00'],
])('a leap second is one (%j), the last millisecond before it to all who know none', (time, taken) => {
  const { data } = customerSchema.safeParse({ ...customer('c1'), linked_at: time });
  expect(data?.linked_at).toBe(taken);
  expect(Date.parse(taken)).not.toBeNaN();
});

it.each([
  '2016-12-31T23:59:61Z',
  '2016-12-31T23:60:60Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '',
  0,
])('%j is no time', time => {
  expect(customerSchema.safeParse({ ...customer('c1'), linked_at: time }).success).toBe(false);
});

it.each([-1, 1.5, '3', null])('%j is no number of devices', count => {
  expect(customerSchema.safeParse({ ...customer('c1'), device_count: count }).success).toBe(false);
});

it('of a problem the code alone is needed', () => {
  expect(problemSchema.parse({ code: 'x' })).toEqual({ code: 'x' });
  expect(problemSchema.parse(problem(409, 'x', { reboot_id: 'r1' }))).toEqual({
    code: 'x',
    title: 'x',
    reboot_id: 'r1',
  });
  expect(problemSchema.safeParse({ code: '' }).success).toBe(false);
  expect(problemSchema.safeParse({ title: 'x' }).success).toBe(false);
});
