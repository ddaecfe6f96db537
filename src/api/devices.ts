import type { Client, Look } from './client.js';
import { allPages, type PageRequest, pageAsked } from './paging.js';
import { badResponse } from './response.js';
import { type Device, deviceSchema, type Page, pageSchema } from './schemas.js';

const devicePage = pageSchema(deviceSchema);

/** One page of the devices that a customer owns. @throws RemoError `not_found` for the customer */
export async function devicesPage(
  request: Client,
  customerId: string,
  asked: PageRequest,
  signal?: AbortSignal,
): Promise<Page<Device>> {
  const answer = await request({
    operation: 'listDevices',
    path: ['customers', customerId, 'devices'],
    query: { page: asked.page, per_page: asked.perPage },
    schema: devicePage,
    ...(signal ? { signal } : {}),
  });
  const page = pageAsked(answer, asked);
  // Shown under the wrong customer, a device would be rebooted at the wrong site.
  const stray = page.items.findIndex(device => device.customer_id !== customerId);
  if (stray !== -1)
    throw badResponse(answer.facts, `items[${stray}].customer_id`, { kind: 'another', what: 'customer' });
  return page;
}

/** All devices of a customer, see `allPages`. */
export function allDevices(request: Client, customerId: string): AsyncIterable<Page<Device>> {
  return allPages((asked, signal) => devicesPage(request, customerId, asked, signal), {
    operation: 'listDevices',
  });
}

/** One device of a linked customer. @throws RemoError `not_found` */
export async function getDevice(request: Client, id: string, look: Look = {}): Promise<Device> {
  const { value, facts } = await request({
    operation: 'getDevice',
    path: ['devices', id],
    schema: deviceSchema,
    ...look,
  });
  if (value.id !== id) throw badResponse(facts, 'id', { kind: 'another', what: 'device' });
  return value;
}
