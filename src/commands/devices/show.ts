import type { Api } from '../../api/index.js';
import type { Customer, Device, Page } from '../../api/schemas.js';
import type { Context } from '../../context.js';
import { date, viewOf } from '../../terminal/columns.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { writeList, writeRecord } from '../../terminal/output.js';
import { inline } from '../../terminal/sanitise.js';
import { noteCustomer } from '../completion/remembered.js';
import { findCustomer } from '../customers/find.js';
import { requirePicking, tellAgain } from './again.js';
import { deviceListing } from './columns.js';

/**
 * `remo devices show [customer]`: who the customer is (in a table), and their devices. Where none is named, a
 * person picks one.
 * @param typed the words of the command line, to tell how to do it again
 * @throws RemoError `missing_argument` where nobody can pick; those of `findCustomer` and `pickCustomer`
 */
export async function showDevices(
  query: string | undefined,
  options: ListingOptions,
  context: Context,
  typed: readonly string[],
): Promise<undefined> {
  if (query === undefined) requirePicking('customer', context);
  const api = await context.api();
  const customer = query === undefined ? await pick(api, context) : await findCustomer(query, api, context);
  if (context.format === 'table') await writeCustomer(customer, context);
  const rows = items(api.allDevices(customer.id));
  const shown = await writeList(context, { ...deviceListing, rows }, options);
  await noteCustomer(customer.id, context);
  const { of, noneOf } = context.messages.devices;
  // Rows don't say by name whose they are, nor does a part of an address.
  const named = context.format === 'table' || query === customer.id || query === customer.email;
  if (shown === 0) hint(noneOf(label(customer)), context);
  else if (!named) hint(of(label(customer)), context);
  if (query === undefined) tellAgain(typed, [customer.id], context);
}

async function pick(api: Api, context: Context): Promise<Customer> {
  const { pickCustomer } = await import('../customers/pick.js');
  return pickCustomer(api, context);
}

/** A customer by all that tells them apart, harmless to print. */
function label({ id, name, email }: Customer): string {
  return inline(`${name} <${email}> (${id})`);
}

/** A word to a person beside the data; `--quiet` does without. */
function hint(text: string, context: Context): void {
  if (!context.settings.quiet) context.io.err(text);
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
