import type { Device, Reboot } from '../../api/schemas.js';
import type { Messages } from '../../messages/en.js';
import type { Output } from '../../outputs.js';
import { ago, type Column } from '../../terminal/columns.js';
import type { Tone } from '../../terminal/style.js';
import type { Declared } from '../listing.js';

const tones: Record<Device['status'], Tone> = {
  online: 'good',
  offline: 'bad',
  rebooting: 'warn',
  unknown: 'dim',
};

/** The state of a device for people. It is told by its shape as well: colours are not for everybody. */
export function statusText({ status }: Device, { devices, symbols }: Messages): string {
  return `${symbols[status]} ${devices.status[status]}`;
}

/** The order is the issue's, the priority what an engineer needs on the phone. */
const deviceColumns: readonly Column<Device>[] = [
  { name: 'id', header: m => m.devices.columns.id, value: row => row.id, priority: 1, identifies: true },
  { name: 'name', header: m => m.devices.columns.name, value: row => row.name, priority: 1, yields: true },
  {
    name: 'kind',
    header: m => m.devices.columns.kind,
    value: row => row.kind,
    text: (row, { messages }) => messages.devices.kind[row.kind],
    priority: 3,
  },
  { name: 'model', header: m => m.devices.columns.model, value: row => row.model, priority: 4 },
  {
    name: 'status',
    header: m => m.devices.columns.status,
    value: row => row.status,
    text: (row, { messages }) => statusText(row, messages),
    priority: 1,
    tone: row => tones[row.status],
  },
  {
    name: 'firmware_version',
    header: m => m.devices.columns.firmware_version,
    value: row => row.firmware_version,
    priority: 6,
  },
  {
    name: 'ip_address',
    header: m => m.devices.columns.ip_address,
    value: row => row.ip_address,
    priority: 5,
  },
  {
    name: 'mac_address',
    header: m => m.devices.columns.mac_address,
    value: row => row.mac_address,
    priority: 8,
  },
  {
    name: 'serial_number',
    header: m => m.devices.columns.serial_number,
    value: row => row.serial_number,
    priority: 7,
  },
  {
    name: 'last_seen_at',
    type: 'time',
    header: m => m.devices.columns.last_seen_at,
    value: row => row.last_seen_at,
    text: (row, view) => ago(view, row.last_seen_at),
    priority: 3,
  },
  {
    name: 'booted_at',
    type: 'time',
    header: m => m.devices.columns.booted_at,
    value: row => row.booted_at,
    text: (row, view) => ago(view, row.booted_at),
    priority: 2,
  },
  {
    name: 'customer_id',
    header: m => m.devices.columns.customer_id,
    value: row => row.customer_id,
    priority: 9,
    dataOnly: true,
  },
];

/** How devices are listed. */
export const deviceListing: Declared<Device> = { about: 'device', columns: deviceColumns };

/** A device and the newest reboot of it, if any. */
export interface DeviceStatus {
  device: Device;
  reboot: Reboot | undefined;
}

const ofDevice = (name: string, priority = 9): Column<DeviceStatus> => {
  const column = deviceColumns.find(one => one.name === name);
  if (!column) throw new Error(`no column ${name}`);
  const { text, tone } = column;
  return {
    ...column,
    priority,
    value: row => column.value(row.device),
    ...(text
      ? { text: (row: DeviceStatus, view: Parameters<typeof text>[1]) => text(row.device, view) }
      : {}),
    ...(tone ? { tone: (row: DeviceStatus) => tone(row.device) } : {}),
  } as Column<DeviceStatus>;
};

const statusColumns: readonly Column<DeviceStatus>[] = [
  ofDevice('id', 1),
  ofDevice('name', 2),
  ofDevice('status', 1),
  { ...ofDevice('booted_at', 1), yields: true },
  ofDevice('last_seen_at', 4),
  {
    name: 'last_reboot_at',
    type: 'time',
    header: m => m.devices.columns.last_reboot_at,
    value: row => row.reboot?.requested_at ?? null,
    text: (row, view) => ago(view, row.reboot?.requested_at ?? null),
    priority: 2,
  },
  {
    name: 'last_reboot_status',
    header: m => m.devices.columns.last_reboot_status,
    value: row => row.reboot?.status ?? null,
    text: (row, { messages }) => (row.reboot ? messages.devices.rebootStatus[row.reboot.status] : ''),
    priority: 3,
  },
  {
    name: 'last_reboot_by',
    header: m => m.devices.columns.last_reboot_by,
    value: row => row.reboot?.requested_by ?? null,
    priority: 5,
  },
  ...(
    [
      'kind',
      'model',
      'firmware_version',
      'ip_address',
      'mac_address',
      'serial_number',
      'customer_id',
    ] as const
  ).map(name => ({ ...ofDevice(name), onRequest: true as const })),
];

/** How the state of devices is listed. */
export const statusListing: Declared<DeviceStatus> = {
  about: 'deviceStatus',
  columns: statusColumns,
  record: ({ device, reboot }): Output<'devices-status'> => ({
    ...device,
    last_reboot: reboot ?? null,
  }),
};
