import { type FeltOutcome, mayHaveRebooted } from '../../reboot/outcome.js';
import type { DeviceRecord, RunRecord } from '../../reboot/record.js';

/** A customer of a run some of whose devices rebooted or may have. */
export interface Recipient {
  id: string;
  name: string;
  email: string;
  /** Whether the owner was signed in at one of the reboots; null when that was not known. */
  ownerSignedIn: boolean | null;
  devices: readonly FeltDevice[];
}
/** A device whose owner felt it, or may have. */
export type FeltDevice = DeviceRecord & { outcome: FeltOutcome };

/** The customers of a run who may miss video, in the order of the run. */
export function recipientsOf({ header, devices }: RunRecord): Recipient[] {
  const owned = new Map<string, FeltDevice[]>();
  for (const device of devices.filter(mayHaveRebooted)) {
    const others = owned.get(device.customerId);
    if (others) others.push(device);
    else owned.set(device.customerId, [device]);
  }
  const customers = new Map(header.customers.map(customer => [customer.customer_id, customer]));
  return [...owned].map(([id, felt]) => {
    const { name, email } = customers.get(id) ?? { name: '', email: '' };
    return { id, name, email, ownerSignedIn: signedIn(felt), devices: felt };
  });
}

function signedIn(devices: readonly FeltDevice[]): boolean | null {
  const known = devices.map(({ ownerSignedIn }) => ownerSignedIn);
  return known.includes(true) || (known.includes(null) ? null : false);
}
