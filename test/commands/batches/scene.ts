import type { FleetDevice } from '../../../src/sandbox/fleet.js';
import type { Sandbox } from '../../../src/sandbox/server.js';
import { fakeClock } from '../../support/clock.js';
import { ofDifferentOwners } from '../../support/fleet.js';
import { remo } from '../../support/run.js';
import { sandboxForTest } from '../../support/sandbox.js';

/** What these tests look at of a result on stdout. */
export interface Result {
  device_id: string;
  outcome: string;
  reason: string | null;
  batch_id: string;
  reboot_id: string | null;
  requested_at: string | null;
}
/** Requests of a kind, for `faults.add`: the instructions to one device. */
export const instructionTo = (id: string) =>
  ({ method: 'POST', path: new RegExp(`/devices/${id}/reboots$`) }) as const;

/** Devices of different owners, none of them signed in, in a world where waiting takes no time. */
export async function scene(count: number) {
  const clock = fakeClock(Date.parse('2026-11-23T03:00:00Z'));
  const sandbox = await sandboxForTest({ now: () => clock.now() });
  const devices = ofDifferentOwners(sandbox, count);
  for (const device of devices) ownerOf(sandbox, device).signed_in = false;
  const at = { sandbox, replacements: { clock } };
  const reboot = (...words: string[]) =>
    remo(['devices', 'reboot', ...devices.map(({ id }) => id), '--yes', '-o', 'json', ...words], at);
  return { sandbox, devices, at, reboot };
}

/** @throws Error when there is none */
export function ownerOf({ fleet }: Sandbox, { customer_id }: FleetDevice) {
  const owner = fleet.byId.get(customer_id);
  if (!owner) throw new Error(`nobody owns ${customer_id}`);
  return owner;
}
