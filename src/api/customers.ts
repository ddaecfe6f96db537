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

/** Which customers, so many a page, and no more pages than so many of them need. */
export interface CustomersQuery {
  email?: string;
  perPage?: number | undefined;
  limit?: number | undefined;
}

/** All linked customers, see `allPages`. */
export function allCustomers(
  request: Client,
  { perPage, limit, ...query }: CustomersQuery,
): AsyncIterable<Page<Customer>> {
  return allPages((asked, signal) => customersPage(request, { ...query, ...asked }, signal), {
    operation: 'listCustomers',
    perPage,
    limit,
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
