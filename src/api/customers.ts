import type { Client } from './client.js';
import { allPages, type PageRequest, pageAsked } from './paging.js';
import { badResponse } from './response.js';
import { type Customer, customerSchema, type Page, pageSchema } from './schemas.js';

const customerPage = pageSchema(customerSchema);

/** One page of the linked customers, those whose e-mail address contains a text. @throws RemoError */
export async function customersPage(
  request: Client,
  { email, ...asked }: PageRequest & { email?: string },
  signal?: AbortSignal,
): Promise<Page<Customer>> {
  const answer = await request({
    operation: 'listCustomers',
    path: ['customers'],
    query: { email, page: asked.page, per_page: asked.perPage },
    schema: customerPage,
    ...(signal ? { signal } : {}),
  });
  return pageAsked(answer, asked);
}

/** All linked customers, see `allPages`. */
export function allCustomers(request: Client, query: { email?: string }): AsyncIterable<Page<Customer>> {
  return allPages((asked, signal) => customersPage(request, { ...query, ...asked }, signal), {
    operation: 'listCustomers',
  });
}

/** One linked customer. @throws RemoError `not_found` */
export async function getCustomer(request: Client, id: string): Promise<Customer> {
  const { value, facts } = await request({
    operation: 'getCustomer',
    path: ['customers', id],
    schema: customerSchema,
  });
  if (value.id !== id) throw badResponse(facts, 'id', { kind: 'another', what: 'customer' });
  return value;
}
