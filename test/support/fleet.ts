import type { FleetDevice } from '../../src/sandbox/fleet.js';
import type { Sandbox } from '../../src/sandbox/server.js';

/** So many devices that are online and reboot as they should, each of another customer. */
export function ofDifferentOwners({ fleet }: Sandbox, count: number): FleetDevice[] {
  return fleet.customers.flatMap(({ devices }) => devices.filter(isFine).slice(0, 1)).slice(0, count);
}

/** So many devices of one customer that are online and reboot as they should. */
export function ofOneOwner({ fleet }: Sandbox, count: number, email = 'minato@example.com'): FleetDevice[] {
  return fleet.customer(email).devices.filter(isFine).slice(0, count);
}

function isFine({ status, behavior }: FleetDevice): boolean {
  return status === 'online' && behavior === 'normal';
}

/** The instructions that were sent. */
export function instructions({ requests }: Sandbox) {
  return requests.filter(({ method }) => method === 'POST');
}
