import type { PlannedDevice } from '../../src/reboot/plan.js';

/** A device of a plan, online, of a customer who is signed in. */
export function plannedDevice(id: string, name = `camera ${id}`): PlannedDevice {
  return {
    device: {
      id,
      customer_id: 'cus_1',
      name,
      kind: 'camera',
      model: 'WV-S1536LTN',
      serial_number: '1',
      mac_address: '00:00:5E:00:53:01',
      ip_address: null,
      firmware_version: null,
      status: 'online',
      last_seen_at: null,
      booted_at: '2026-11-01T00:00:00Z',
    },
    customer: {
      id: 'cus_1',
      name: 'さくら商店',
      email: 'sakura@example.jp',
      linked_at: '2026-01-01T00:00:00Z',
      device_count: 1,
      signed_in: true,
    },
    readAt: 0,
  };
}
