import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { inParallel } from '../../reboot/plan.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { writeList } from '../../terminal/output.js';
import { type DeviceStatus, statusListing } from './columns.js';

/** How many devices are asked about at once. */
const concurrency = 8;

/**
 * `remo devices status <id...>`: state, boot time and last reboot, in the order given, each once.
 * @throws RemoError `device_not_found` after the others have been shown
 */
export async function deviceStatus(
  ids: readonly string[],
  options: ListingOptions,
  context: Context,
): Promise<undefined> {
  requireIds(ids);
  const api = await context.api();
  const distinct = [...new Set(ids)];
  const found = new Map<string, DeviceStatus>();
  await inParallel(distinct, concurrency, async id => {
    const device = await api.getDevice(id).catch(error => {
      if (error instanceof RemoError && error.is('not_found')) return undefined;
      throw error;
    });
    if (device) found.set(id, { device, reboot: await api.latestReboot(id) });
  });
  const rows = distinct.flatMap(id => found.get(id) ?? []);
  await writeList(context, { ...statusListing, rows }, options);
  const missing = distinct.filter(id => !found.has(id));
  if (missing.length > 0) throw new RemoError('device_not_found', { ids: missing });
}

/** @throws RemoError `invalid_value` for an id that is empty (an unset variable in a script) */
export function requireIds(ids: readonly string[]): void {
  if (ids.includes('')) {
    throw new RemoError('invalid_value', { name: '<id>', value: '', expected: { kind: 'text', max: 200 } });
  }
}
