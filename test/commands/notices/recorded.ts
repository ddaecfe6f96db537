import path from 'node:path';
import { Journal } from '../../../src/reboot/journal.js';
import type { JournalEntry } from '../../../src/reboot/record.js';
import { held, intentLine, journalHeader } from '../../support/journal.js';
import { type RunOptions, remo, temporaryFolder } from '../../support/run.js';

/** What became of one device of a recorded run. */
interface RecordedDevice {
  device_id?: string;
  device_name?: string;
  outcome?: 'accepted' | 'rebooted' | 'unknown' | 'failed' | 'skipped' | 'not_attempted';
  owner_signed_in?: boolean | null;
}
export interface RecordedCustomer {
  customer_id?: string;
  name?: string;
  email?: string;
  devices?: readonly RecordedDevice[];
}

/** The signature of somebody who has set everything. */
export const signature = {
  REMO_SIGNATURE_COMPANY: '横浜セキュリティ株式会社',
  REMO_SIGNATURE_NAME: '山田 花子',
  REMO_SIGNATURE_PHONE: '045-000-0000',
  REMO_SIGNATURE_EMAIL: 'support@agency.example',
};

/** A run that is on record: `remo` runs commands on it, in a zone where it was noon. */
export async function recordedRun(customers: readonly RecordedCustomer[], reason: string | null = null) {
  const folder = await temporaryFolder();
  const numbered = customers.map((customer, index) => ({
    customer_id: `cus_${index + 1}`,
    name: 'さくら商店',
    email: 'sakura@example.jp',
    ...customer,
    devices: (customer.devices ?? [{}]).map((device, number) => ({
      device_id: `dev_${index + 1}_${number + 1}`,
      device_name: '正面入口',
      outcome: 'accepted' as const,
      owner_signed_in: true,
      ...device,
    })),
  }));
  const header = {
    ...journalHeader({ reason }),
    customers: numbered.map(({ customer_id, name, email }) => ({ customer_id, name, email })),
    devices: numbered.flatMap(({ customer_id, devices }) =>
      devices.map(({ device_id, device_name }) => ({ device_id, device_name, customer_id })),
    ),
  };
  const journal = await Journal.create(path.join(folder, 'batches'), header, held);
  for (const { devices } of numbered) {
    for (const device of devices) for (const line of linesOf(device)) await journal.append(line);
  }
  await journal.close();
  return {
    folder,
    remo: (argv: readonly string[], { env, ...options }: RunOptions = {}) =>
      remo(['notices', 'run-1', '--tz', 'Asia/Tokyo', ...argv], {
        ...options,
        env: { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder, ...env },
      }),
  };
}

/** What stands in the journal of a device that ended so. */
function linesOf({ device_id, outcome, owner_signed_in }: Required<RecordedDevice>): JournalEntry[] {
  if (outcome === 'not_attempted') return [];
  const of = { at: '2026-11-23T03:00:02.000Z', device_id, key: `key ${device_id}`, request_id: null };
  if (outcome === 'skipped') return [{ ...of, type: 'skipped', reason: 'offline', reboot_id: null }];
  const intent = intentLine(device_id, of.key, { owner_signed_in });
  const reboot = { reboot_id: `reb ${device_id}`, requested_at: '2026-11-23T03:00:00Z' };
  switch (outcome) {
    case 'unknown':
    case 'failed':
      return [intent, { ...of, type: outcome, reason: 'no_answer' }];
    case 'accepted':
      return [intent, { ...of, ...reboot, type: 'accepted' }];
    case 'rebooted':
      return [
        intent,
        { ...of, ...reboot, type: 'accepted' },
        { ...of, type: 'rebooted', booted_at: '2026-11-23T03:01:00Z' },
      ];
  }
}
