import type { Api } from '../../api/index.js';
import type { Customer } from '../../api/schemas.js';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { inParallel } from '../../reboot/plan.js';
import { type Attempt, attempt, type Known, recall, recentCustomers, type Subject } from './remembered.js';

/** So much is asked of the backend at most, and for so long (milliseconds). */
const mostCustomers = 1000;
const mostOwners = 30;
const mostDevices = 2000;
const concurrency = 4;
const patience = 20_000;
/** How long a process that was told to end may still take, as to store a renewed sign-in. */
const grace = 10_000;

/**
 * `remo __fetch`: fetches what completion offers, in a process of its own that asks nobody anything. It does
 * nothing where another one is at it, and where the credential could not be read without asking a person.
 * @throws RemoError as the API does; NodeJS.ErrnoException
 */
export async function fetchFor(subject: Subject, context: Context): Promise<void> {
  const { clock, host } = context;
  // Nobody would ever end one that hangs, and each TAB would start another.
  host.endWithin(patience + grace);
  const done = new AbortController();
  clock.sleep(patience, done.signal).then(
    () => context.interrupt('SIGTERM'),
    () => {},
  );
  try {
    const begun = await attempt(subject, context);
    const work = subject === 'customers' ? customers : devices;
    const fetching = async () => ((await isAtHand(context)) ? work(await context.api(), context) : undefined);
    if (begun) await remembered(begun, fetching);
  } finally {
    done.abort();
  }
}

/** Does some fetching, and remembers what it brings, or that it brought nothing. */
async function remembered<T extends Known[] | undefined>(
  begun: Attempt | undefined,
  fetching: () => Promise<T>,
): Promise<T> {
  let found: T | undefined;
  try {
    found = await fetching();
    return found;
  } finally {
    await (found ? begun?.keep(found) : begun?.fail());
  }
}

/** Whether the sign-in can be had without a dialog. */
async function isAtHand(context: Context): Promise<boolean> {
  return context.host.env['REMO_TOKEN'] ? true : (await context.credentialStore()).isOpen();
}

const known = ({ id, name, email }: Customer): Known => ({ id, name, email });

async function customers(api: Api): Promise<Known[]> {
  const found: Known[] = [];
  for await (const page of api.allCustomers({})) {
    found.push(...page.items.map(known));
    if (found.length >= mostCustomers) break;
  }
  return found.slice(0, mostCustomers);
}

/** The customers, who are remembered by the way. */
async function keptCustomers(api: Api, context: Context): Promise<Known[]> {
  return remembered(await attempt('customers', context), () => customers(api));
}

/** The devices of those who were looked at, then of others, as far as the bounds go. */
async function devices(api: Api, context: Context): Promise<Known[]> {
  const all = recall('customers', context)?.entries ?? (await keptCustomers(api, context));
  const byId = new Map(all.map(customer => [customer.id, customer]));
  const ids = [...new Set([...recentCustomers(context), ...byId.keys()])].slice(0, mostOwners);
  const found = new Map<string, Known[]>();
  await inParallel(ids, concurrency, async id => {
    const email = byId.get(id)?.email ?? id;
    found.set(id, await devicesOf(id, email, api));
  });
  return ids.flatMap(id => found.get(id) ?? []).slice(0, mostDevices);
}

async function devicesOf(customerId: string, email: string, api: Api): Promise<Known[]> {
  try {
    const found: Known[] = [];
    for await (const page of api.allDevices(customerId)) {
      found.push(...page.items.map(({ id, name }) => ({ id, name, email })));
      if (found.length >= mostDevices) break;
    }
    return found;
  } catch (error) {
    // Who was looked at once may have left the agency since.
    if (error instanceof RemoError && error.is('not_found')) return [];
    throw error;
  }
}
