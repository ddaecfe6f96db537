import type { Customer, Device, Page } from '../../api/schemas.js';
import type { Context } from '../../context.js';
import { date, viewOf } from '../../terminal/columns.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { writeList, writeRecord } from '../../terminal/output.js';
import { findCustomer } from '../customers/find.js';
import { deviceListing } from './columns.js';

/** `remo devices show <customer>`: who the customer is (in a table), and their devices. */
export async function showDevices(
  query: string,
  options: ListingOptions,
  context: Context,
): Promise<undefined> {
  const api = await context.api();
  const customer = await findCustomer(query, api, context);
  if (context.format === 'table') await writeCustomer(customer, context);
  const rows = items(api.allDevices(customer.id));
  const shown = await writeList(context, { ...deviceListing, rows }, options);
  if (shown === 0 && !context.settings.quiet) context.io.err(context.messages.devices.none);
}

async function* items(pages: AsyncIterable<Page<Device>>) {
  for await (const page of pages) yield page.items;
}

async function writeCustomer(customer: Customer, context: Context): Promise<void> {
  const { labels, signedIn } = context.messages.customers;
  const { id, name, email, signed_in, linked_at } = customer;
  const state = signed_in === null ? signedIn.unknown : signed_in ? signedIn.yes : signedIn.no;
  await writeRecord(context, [
    { name: 'name', label: labels.name, value: name },
    { name: 'email', label: labels.email, value: email },
    { name: 'id', label: labels.id, value: id },
    { name: 'signed_in', label: labels.signed_in, value: signed_in, text: state },
    { name: 'linked_at', label: labels.linked_at, value: linked_at, text: date(viewOf(context), linked_at) },
  ]);
  await context.io.out('\n');
}
