import type { JournalEntry, JournalHeader } from '../../src/reboot/record.js';

/** Whether the lock is held still, where nobody else works on the run. */
export const held = async () => true;

/** The header of a run that instructs the devices of one customer and waits for none. */
export function journalHeader(
  changes: Partial<Omit<JournalHeader, 'options' | 'devices'>> & {
    options?: Partial<JournalHeader['options']>;
    devices?: readonly { device_id: string; customer_id?: string }[];
  } = {},
): JournalHeader {
  const { options, devices = [{ device_id: 'dev_1' }], ...rest } = changes;
  const owned = devices.map(({ device_id, customer_id = 'cus_1' }) => ({
    device_id,
    device_name: `camera ${device_id}`,
    customer_id,
  }));
  return {
    type: 'header',
    version: 1,
    batch_id: 'run-1',
    started_at: '2026-11-23T03:00:00.000Z',
    remo_version: '0.1.0',
    profile: 'default',
    api_url: 'https://host.example/partner/v1',
    host: 'desk',
    requested_by: 'hanako@partner.example',
    reason: null,
    options: {
      wait_ms: null,
      concurrency: 8,
      per_customer: 1,
      canary: 0,
      max_failures: null,
      max_failure_rate: null,
      min_interval_ms: 0,
      window: null,
      ...options,
    },
    customers: [...new Set(owned.map(({ customer_id }) => customer_id))].map(customer_id => ({
      customer_id,
      name: 'さくら商店',
      email: 'sakura@example.jp',
    })),
    devices: owned,
    ...rest,
  };
}

/** The line before an instruction leaves. */
export function intentLine(
  device_id: string,
  key: string,
  changes: Partial<Extract<JournalEntry, { type: 'intent' }>> = {},
): Extract<JournalEntry, { type: 'intent' }> {
  return {
    type: 'intent',
    at: '2026-11-23T03:00:01.000Z',
    device_id,
    customer_id: 'cus_1',
    key,
    booted_at: null,
    owner_signed_in: true,
    ...changes,
  };
}
