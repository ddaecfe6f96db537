import type { Customer } from '../../api/schemas.js';
import { type Column, date, type View, yesNo } from '../../terminal/columns.js';
import type { Declared } from '../listing.js';

/** Whether an owner is signed in, for people; by its shape as well, which is seen before it is read. */
export function signedInText(view: View, signedIn: boolean | null): string {
  const { no, unknown, yes } = view.messages.symbols;
  return `${signedIn === null ? unknown : signedIn ? yes : no} ${yesNo(view, signedIn)}`;
}

const columns: readonly Column<Customer>[] = [
  { name: 'id', header: m => m.customers.columns.id, value: row => row.id, priority: 1, identifies: true },
  { name: 'name', header: m => m.customers.columns.name, value: row => row.name, priority: 2 },
  { name: 'email', header: m => m.customers.columns.email, value: row => row.email, priority: 1 },
  {
    name: 'device_count',
    header: m => m.customers.columns.device_count,
    value: row => row.device_count,
    priority: 4,
    align: 'right',
  },
  {
    name: 'signed_in',
    header: m => m.customers.columns.signed_in,
    value: row => row.signed_in,
    text: (row, view) => signedInText(view, row.signed_in),
    priority: 3,
    tone: row => (row.signed_in ? 'good' : 'dim'),
  },
  {
    name: 'linked_at',
    type: 'time',
    header: m => m.customers.columns.linked_at,
    value: row => row.linked_at,
    text: (row, view) => date(view, row.linked_at),
    priority: 5,
    tone: () => 'dim',
  },
];

/** How customers are listed. */
export const customerListing: Declared<Customer> = { about: 'customer', columns };
