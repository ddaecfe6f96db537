import type { Customer, Device } from '../api/schemas.js';
import {
  businesses,
  cameraFirmware,
  cameraModels,
  encoderModels,
  encoderNames,
  owners,
  places,
  recorderFirmware,
  recorderModels,
  recorderNames,
} from './catalogue.js';
import { SeededRandom } from './random.js';

/**
 * A device as the sandbox keeps it; its answers lay the latest reboot over this. `behavior` is what a reboot
 * does: `normal` comes back, `fails` ends in a failure and changes nothing, `stuck` never comes back.
 */
export interface FleetDevice extends Device {
  behavior: 'normal' | 'fails' | 'stuck';
}
/** A customer as the sandbox keeps it. Everything may be changed while it runs. */
export interface FleetCustomer extends Omit<Customer, 'device_count'> {
  devices: FleetDevice[];
}

/** All customers with their devices, both ordered by id as the contract lists them. */
export class Fleet {
  readonly customers: FleetCustomer[];
  readonly byId: Map<string, FleetCustomer>;
  readonly devices: Map<string, FleetDevice>;

  constructor(customers: FleetCustomer[]) {
    this.customers = customers.sort(byId);
    this.byId = new Map(customers.map(customer => [customer.id, customer]));
    this.devices = new Map(
      customers.flatMap(customer => customer.devices.sort(byId)).map(device => [device.id, device]),
    );
  }

  /** The customer with this e-mail address. @throws RangeError when there is none */
  customer(email: string): FleetCustomer {
    return found(
      this.customers.find(customer => customer.email === email),
      email,
    );
  }

  /** The first device with all of these properties. @throws RangeError when there is none */
  device(wanted: Partial<FleetDevice> = {}): FleetDevice {
    const properties = Object.entries(wanted) as [keyof FleetDevice, unknown][];
    const matches = (device: FleetDevice) => properties.every(([key, value]) => device[key] === value);
    return found([...this.devices.values()].find(matches), JSON.stringify(wanted));
  }
}

function found<T>(value: T | undefined, wanted: string): T {
  if (value === undefined) throw new RangeError(`not in the fleet: ${wanted}`);
  return value;
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

/** What is particular about one customer; the generator fills in the rest. */
interface Particulars {
  language: 'ja' | 'en';
  name: string;
  email: string;
  signedIn: boolean | null;
  devices: number;
}

/** Customers every fleet begins with, so that documents and tests have something to point at. */
const wellKnown: readonly Particulars[] = [
  { language: 'ja', name: 'さくら商店', email: 'sakura@example.jp', signedIn: true, devices: 4 },
  {
    language: 'ja',
    name: 'さくら商店 梅田店',
    email: 'sakura-umeda@example.jp',
    signedIn: false,
    devices: 3,
  },
  { language: 'ja', name: '川合文具', email: 'kawai@example.jp', signedIn: false, devices: 0 },
  { language: 'en', name: 'Minato Logistics', email: 'minato@example.com', signedIn: null, devices: 128 },
  { language: 'ja', name: '北浜クリニック', email: 'kitahama@example.jp', signedIn: true, devices: 3 },
  {
    language: 'en',
    name: 'O\'Brien & Sons, "The Corner"',
    email: 'OBrien@example.com',
    signedIn: true,
    devices: 2,
  },
  // One address is a part of the other.
  { language: 'ja', name: '森珈琲', email: 'mori@example.jp', signedIn: false, devices: 2 },
  { language: 'ja', name: '大森青果', email: 'omori@example.jp', signedIn: null, devices: 2 },
  // A search is for literal text: neither of these is a pattern.
  { language: 'en', name: 'Fifty Off', email: '50%off@example.com', signedIn: false, devices: 1 },
  { language: 'en', name: 'Under Score', email: 'under_score@example.com', signedIn: false, devices: 1 },
];

const day = 86_400_000;

class FleetGenerator {
  private readonly random: SeededRandom;
  private readonly usedIds = new Set<string>();

  constructor(
    seed: number,
    private readonly anchor: number,
  ) {
    this.random = new SeededRandom(seed);
  }

  customer(index: number): FleetCustomer {
    const { language, name, email, signedIn, devices } = wellKnown[index] ?? this.particulars(index);
    const customer: FleetCustomer = {
      id: this.id('cus'),
      name,
      email,
      linked_at: this.before(30, 1500),
      signed_in: signedIn,
      devices: [],
    };
    for (let number = 0; number < devices; number += 1) {
      customer.devices.push(this.device(customer.id, language, number));
    }
    if (email === 'sakura@example.jp') this.settleDemo(customer.devices);
    const [first] = customer.devices;
    if (email === 'kitahama@example.jp' && first)
      Object.assign(first, this.reached(first), { behavior: 'fails' });
    return customer;
  }

  /** The customer of the documents: an entrance camera, a till, a car park that is offline, a recorder. */
  private settleDemo(devices: FleetDevice[]): void {
    const settled: Partial<FleetDevice>[] = [
      { name: '正面入口', kind: 'camera', model: 'WV-S1536LTN', firmware_version: '3.20' },
      { name: 'レジ', kind: 'camera', model: 'WV-U1142A', firmware_version: '2.42' },
      { name: '駐車場', kind: 'camera', model: 'WV-X2571LN', firmware_version: '3.11', status: 'offline' },
      { name: '録画機', kind: 'recorder', model: 'WJ-NX400K', firmware_version: '5.70' },
    ];
    for (const [index, device] of devices.entries())
      Object.assign(device, this.reached(device), settled[index]);
  }

  /** What makes a drawn device one that is online, whatever was drawn. */
  private reached(device: FleetDevice): Partial<FleetDevice> {
    const yesterday = new Date(this.anchor - day).toISOString();
    return {
      status: 'online',
      ip_address: device.ip_address ?? '192.168.0.200',
      firmware_version: device.firmware_version ?? '3.20',
      last_seen_at: device.last_seen_at ?? yesterday,
      booted_at: device.booted_at ?? yesterday,
    };
  }

  private particulars(index: number): Particulars {
    const language = this.random.chance(0.7) ? 'ja' : 'en';
    const [owner, spelled] = this.random.pick<readonly [string, string]>(owners[language]);
    const business = this.random.pick<string>(businesses[language]);
    // Some people write their address with a capital letter.
    const local = this.random.chance(0.1) ? `${spelled[0]?.toUpperCase()}${spelled.slice(1)}` : spelled;
    const domain =
      language === 'ja' ? 'example.jp' : this.random.pick(['example.com', 'example.net', 'example.org']);
    return {
      language,
      name: language === 'ja' ? `${owner}${business}` : `${owner} ${business}`,
      email: `${local}${this.random.pick(['', '.', '-', '_'])}${index}@${domain}`,
      signedIn: this.random.chance(0.1) ? null : this.random.chance(0.35),
      // A fleet for a load test is about customers; with all their devices it would take long to make.
      devices: index < 1000 ? this.random.integer(1, 8) : 1,
    };
  }

  private device(customerId: string, language: 'ja' | 'en', number: number): FleetDevice {
    const { random } = this;
    // A recorder for every dozen cameras; a few encoders for analogue ones.
    const kind = number % 12 === 3 ? 'recorder' : random.chance(0.03) ? 'other' : 'camera';
    const recorder = kind === 'recorder';
    const place = random.pick<string>(places[language]);
    const name = { camera: place, recorder: recorderNames[language], other: encoderNames[language] }[kind];
    const offline = random.chance(0.1);
    // An offline device now and then was never reached at all.
    const known = !offline || random.chance(0.7);
    const seen = this.before(1, 40);
    return {
      id: this.id('dev'),
      customer_id: customerId,
      name: `${name}${language === 'en' ? ' ' : ''}${number + 1}`,
      kind,
      model: random.pick<string>(
        { camera: cameraModels, recorder: recorderModels, other: encoderModels }[kind],
      ),
      serial_number: `${random.text(3, 'ABCDEFGHJKLMNPQRSTUVWXYZ')}${random.text(6, '0123456789')}`,
      mac_address: `BC:C3:42:${[0, 0, 0].map(() => random.text(2, '0123456789ABCDEF')).join(':')}`,
      ip_address: known ? `192.168.${random.integer(0, 9)}.${(number % 240) + 10}` : null,
      firmware_version: known ? random.pick<string>(recorder ? recorderFirmware : cameraFirmware) : null,
      status: offline ? 'offline' : 'online',
      last_seen_at: known ? seen : null,
      booted_at: known ? new Date(Date.parse(seen) - random.integer(1, 200 * day)).toISOString() : null,
      behavior: 'normal',
    };
  }

  private before(minDays: number, maxDays: number): string {
    const ago = this.random.integer(minDays * day, maxDays * day);
    return new Date(this.anchor - ago).toISOString();
  }

  private id(prefix: string): string {
    for (;;) {
      const id = `${prefix}_${this.random.text(10, '0123456789abcdefghjkmnpqrstvwxyz')}`;
      if (!this.usedIds.has(id)) {
        this.usedIds.add(id);
        return id;
      }
    }
  }
}

/** All times of a fleet lie before this moment, so that it depends on its seed and not on the day. */
export const fleetAnchor = Date.parse('2026-01-01T00:00:00Z');

/**
 * The same seed and number of customers always give the same fleet, on every machine. `anchor` is the moment
 * before which all its times lie; another is needed only where the clock has not come so far.
 */
export function generateFleet(seed: number, customers: number, anchor = fleetAnchor): Fleet {
  const generator = new FleetGenerator(seed, anchor);
  return new Fleet(Array.from({ length: customers }, (_, index) => generator.customer(index)));
}
