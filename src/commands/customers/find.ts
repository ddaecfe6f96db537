import type { Api } from '../../api/index.js';
import type { Customer } from '../../api/schemas.js';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { choose } from '../../terminal/prompts.js';
import { longestEmail } from '../../values.js';

/** So many candidates are offered, or named in the error. */
const mostCandidates = 20;

/**
 * The one customer that an id, an e-mail address, or a part of one names. Of several, a person on a
 * terminal chooses. A whole address wins over those that merely contain it.
 * @throws RemoError `customer_not_found`, `customer_ambiguous` with the candidates
 */
export async function findCustomer(query: string, api: Api, context: Context): Promise<Customer> {
  if (query === '') {
    throw new RemoError('invalid_value', {
      name: '<customer>',
      value: query,
      expected: { kind: 'text', max: longestEmail },
    });
  }
  // An address is looked for as one first, an id as an id: one request where the guess is right.
  const looksLikeAddress = query.includes('@');
  if (!looksLikeAddress) {
    const customer = await byId(query, api);
    if (customer) return customer;
  }
  const { candidates, total } = await byEmail(query, api);
  const [first, second] = candidates;
  if (first && !second) return first;
  if (!first) {
    const customer = looksLikeAddress ? await byId(query, api) : undefined;
    if (customer) return customer;
    throw new RemoError('customer_not_found', { query });
  }
  if (!context.canAsk)
    throw new RemoError('customer_ambiguous', { query, candidates: candidates.map(candidate), total });
  return choose(
    context,
    context.messages.customers.choose(query, total, total - candidates.length),
    candidates.map(customer => ({
      value: customer,
      label: `${customer.email}  ${customer.name}  (${customer.id})`,
    })),
    '<customer>',
  );
}

async function byId(id: string, api: Api): Promise<Customer | undefined> {
  return api.getCustomer(id).catch(error => {
    if (error instanceof RemoError && error.is('not_found')) return undefined;
    throw error;
  });
}

/** Only such a text has to be looked for among all that contain it: a part can name no one alone but by its total. */
const couldBeAddress = /.@./;

/** Those whose address is the text, else the first of those whose address contains it. */
async function byEmail(text: string, api: Api): Promise<{ candidates: Customer[]; total: number }> {
  if ([...text].length > longestEmail) return { candidates: [], total: 0 };
  if (!couldBeAddress.test(text)) {
    const { items, total } = await api.customersPage({ email: text, page: 1, perPage: mostCandidates });
    if (items.every(customer => contains(customer, text))) return { candidates: items, total };
  }
  const exact: Customer[] = [];
  const partial: Customer[] = [];
  let total = 0;
  for await (const page of api.allCustomers({ email: text })) {
    // A backend that does not filter must not lead to somebody else's devices.
    const found = page.items.filter(customer => contains(customer, text));
    total += found.length;
    exact.push(...found.filter(({ email }) => email.toLowerCase() === text.toLowerCase()));
    partial.push(...found.slice(0, mostCandidates - partial.length));
  }
  return exact.length > 0 ? { candidates: exact, total: exact.length } : { candidates: partial, total };
}

function contains({ email }: Customer, text: string): boolean {
  return email.toLowerCase().includes(text.toLowerCase());
}

function candidate({ id, name, email }: Customer) {
  return { id, name, email };
}
