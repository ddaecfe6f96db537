import type { Api } from '../../api/index.js';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { inParallel } from '../../reboot/plan.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { writeList } from '../../terminal/output.js';
import { requirePicking, tellAgain } from './again.js';
import { type DeviceStatus, statusListing } from './columns.js';

/** How many devices are asked about at once. */
const concurrency = 8;

/**
 * `remo devices status [id...]`: state, boot time and last reboot, in the order given, each once. Where none is
 * named, a person picks them.
 * @param typed the words of the command line, to tell how to do it again
 * @throws RemoError `missing_argument` where nobody can pick; `device_not_found` after the others have been shown
 */
export async function deviceStatus(
  named: readonly string[],
  options: ListingOptions,
  context: Context,
  typed: readonly string[],
): Promise<undefined> {
  requireIds(named);
  if (named.length === 0) requirePicking('id', context);
  const api = await context.api();
  const ids = named.length > 0 ? named : await pick(api, context);
  const distinct = [...new Set(ids)];
  const found = new Map<string, DeviceStatus>();
  await inParallel(distinct, concurrency, async id => {
    const device = await api.getDevice(id).catch(error => {
      if (error instanceof RemoError && error.is('not_found')) return undefined;
      throw error;
    });
    if (device) found.set(id, { device, reboot: (await api.recentReboots(id)).reboots[0] });
  });
  const rows = distinct.flatMap(id => found.get(id) ?? []);
  await writeList(context, { ...statusListing, rows }, options);
  if (named.length === 0) tellAgain(typed, ids, context);
  const missing = distinct.filter(id => !found.has(id));
  if (missing.length > 0) throw new RemoError('device_not_found', { ids: missing });
}

async function pick(api: Api, context: Context): Promise<string[]> {
  const { pickDevices } = await import('./pick.js');
  return pickDevices('toShow', api, context);
}

/** @throws RemoError `invalid_value` for an id that is empty (an unset variable in a script) */
export function requireIds(ids: readonly string[]): void {
  if (ids.includes('')) {
    throw new RemoError('invalid_value', { name: '<id>', value: '', expected: { kind: 'text', max: 200 } });
  }
}
