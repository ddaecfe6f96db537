import type { Device, Reboot } from '../../api/schemas.js';

/** Texts about devices. */
export const devices = {
  columns: {
    id: 'ID',
    customer_id: 'CUSTOMER',
    name: 'NAME',
    kind: 'KIND',
    model: 'MODEL',
    status: 'STATUS',
    firmware_version: 'FIRMWARE',
    ip_address: 'IP',
    mac_address: 'MAC',
    serial_number: 'SERIAL',
    last_seen_at: 'LAST SEEN',
    booted_at: 'BOOTED',
    last_reboot_at: 'LAST REBOOT',
    last_reboot_status: 'REBOOT',
    last_reboot_by: 'BY',
  },
  kind: { camera: 'camera', recorder: 'recorder', other: 'other', unknown: 'unknown' } satisfies Record<
    Device['kind'],
    string
  >,
  status: {
    online: 'online',
    offline: 'offline',
    rebooting: 'rebooting',
    unknown: 'unknown',
  } satisfies Record<Device['status'], string>,
  rebootStatus: {
    accepted: 'accepted',
    in_progress: 'in progress',
    completed: 'completed',
    failed: 'failed',
    unknown: 'unknown',
  } satisfies Record<Reboot['status'], string>,
  of: (customer: string) => `Devices of ${customer}`,
  noneOf: (customer: string) => `${customer} has no devices.`,
};
