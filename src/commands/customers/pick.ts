import type { Api } from '../../api/index.js';
import type { Customer } from '../../api/schemas.js';
import type { Context } from '../../context.js';
import type { Found } from '../../terminal/pick.js';
import { longestEmail } from '../../values.js';

/** As many as the portal shows on a page. */
const perPage = 20;

/**
 * The customer that the person chooses, searched for by a part of the e-mail address as they type it.
 * @throws RemoError as `search` of terminal/pick.ts
 */
export async function pickCustomer(api: Api, context: Context): Promise<Customer> {
  const { search } = await import('../../terminal/pick.js');
  const find = (text: string, signal: AbortSignal) => findPage(text, signal, api, context);
  return search(context, context.messages.pick.customer, find, '<customer>');
}

async function findPage(
  typed: string,
  signal: AbortSignal,
  api: Api,
  { messages: { customers, pick } }: Context,
): Promise<Found<Customer>> {
  // A Japanese input method types ａ＠ｂ.
  const text = typed.normalize('NFKC').trim();
  const none = {
    options: [],
    notes: [text === '' ? customers.none : customers.noneFor(text), customers.whyMissing],
  };
  if ([...text].length > longestEmail) return none;
  const query = text === '' ? {} : { email: text };
  const { items, total } = await api.customersPage({ ...query, page: 1, perPage }, signal);
  // A backend that does not filter must not lead to somebody else's devices.
  const found = items.filter(({ email }) => email.toLowerCase().includes(text.toLowerCase()));
  if (found.length === 0) return none;
  const options = found.map(customer => ({
    value: customer,
    label: `${customer.email}  ${customer.name}  (${pick.deviceCount(customer.device_count)})`,
  }));
  return { options, notes: total > found.length ? [pick.more(found.length, total)] : [] };
}
