import type { Api } from '../../api/index.js';
import type { Device } from '../../api/schemas.js';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { inline } from '../../terminal/sanitise.js';
import { pad, truncate, widthOf } from '../../terminal/width.js';
import { pickCustomer } from '../customers/pick.js';
import { statusText } from './columns.js';

/** So many cells of a name are shown, so that the id stays in sight. */
const longestName = 40;
const longestEmail = 60;

/** What devices are picked for. */
type Purpose = 'toReboot' | 'toShow';

/**
 * The ids of the devices that the person ticks, of a customer they choose. For a reboot those that can't take
 * the instruction are shown, but not to be ticked.
 * @throws RemoError `nothing_selected` for a customer without devices; as `search` and `tick` of terminal/pick.ts
 */
export async function pickDevices(purpose: Purpose, api: Api, context: Context): Promise<string[]> {
  const { name, email, id: customer } = await pickCustomer(api, context);
  const devices: Device[] = [];
  for await (const page of api.allDevices(customer)) devices.push(...page.items);
  if (devices.length === 0) throw new RemoError('nothing_selected', { customer, models: [] });
  const { tick } = await import('../../terminal/pick.js');
  const { messages } = context;
  const { cut } = messages.symbols;
  const statuses = devices.map(device => statusText(device, messages));
  const width = Math.max(...statuses.map(widthOf));
  const items = devices.map((device, index) => ({
    value: device.id,
    before: { whole: pad(statuses[index] ?? '', width), brief: messages.symbols[device.status] },
    label: `${truncate(inline(device.name), longestName, cut)} (${device.id})`,
    after: `${messages.devices.kind[device.kind]} ${device.model}`,
    ...(purpose === 'toReboot' ? barrier(device, context) : {}),
  }));
  const owner = `${truncate(inline(name), longestName, cut)} <${truncate(inline(email), longestEmail, cut)}>`;
  return tick(context, messages.pick[purpose](owner), items, '<id...>');
}

function barrier({ status }: Device, { messages: { reboot } }: Context): { barred?: string } {
  if (status === 'offline') return { barred: reboot.offline };
  return status === 'rebooting' ? { barred: reboot.alreadyRebooting(undefined) } : {};
}
