import type { Context } from '../../context.js';
import { type Known, lastAttempt, recall, type Subject } from './remembered.js';

/** When a completion has to be on its way out, milliseconds after its process began. */
export const deadline = 180;
/** Between two looks at whether what is fetched is there. */
const step = 15;

/**
 * What is remembered of the backend. Where it is old or nothing is there, another process is started that
 * fetches it, one at a time: that one may renew the sign-in, which must not be cut short, while this one leaves at
 * the deadline, or once that has come to nothing.
 * @throws RemoError where no backend is configured, or a setting can't be used
 */
export async function live(subject: Subject, context: Context): Promise<Known[]> {
  const { clock, host, signal } = context;
  const known = recall(subject, context);
  if (known?.isFresh) return known.entries;
  await startFetching(subject, context);
  if (known) return known.entries;
  while (host.age() < deadline && lastAttempt(subject, context) !== 'failed') {
    await clock.sleep(step, signal);
    const fetched = recall(subject, context);
    if (fetched) return fetched.entries;
  }
  return [];
}

async function startFetching(subject: Subject, context: Context): Promise<void> {
  const { apiUrl, host, settings } = context;
  if (lastAttempt(subject, context) !== 'none') return;
  const flags = ['--profile', settings.profile, '--api-url', apiUrl.href];
  await host.inBackground(['__fetch', subject, ...flags]);
}

/** Has customers fetched that somebody is about to want. Never throws. */
export async function prepare(context: Context): Promise<void> {
  try {
    if (!recall('customers', context)?.isFresh) await startFetching('customers', context);
  } catch {
    // Without a backend there is nothing to fetch.
  }
}
