import type { SkipReason } from '../../reboot/outcome.js';
import { duration } from './duration.js';
import { customers, devices, listed, number, percent } from './formats.js';

const someOf = (names: readonly string[]) =>
  listed([...names.slice(0, 10), ...(names.length > 10 ? [`${number(names.length - 10)} more`] : [])]);
const atOnce = (count: number) => (count === 1 ? 'one device' : devices(count));

/** Texts about what a run is going to do. */
export const plan = {
  total: (count: number, owners: number) =>
    `Plan: ${devices(count)} of ${customers(owners)} (a customer is taken as one site).`,
  skipped: (count: number, reasons: readonly string[]) => `Skipped: ${devices(count)} (${listed(reasons)}).`,
  skip: {
    offline: count => `${number(count)} offline`,
    already_rebooting: count => `${number(count)} already rebooting`,
    duplicate: count => `${number(count)} given more than once`,
    changed_hands: count => `${number(count)} of another customer by now`,
    gone: count => `${number(count)} not known to the backend`,
    denied: count => `${number(count)} that you are not permitted to see`,
    unreadable: count => `${number(count)} that the backend fails at`,
    recently_rebooted: count => `${number(count)} rebooted a short while ago`,
  } satisfies Record<SkipReason['code'], (count: number) => string> as Record<
    SkipReason['code'],
    (count: number) => string
  >,
  owners: (signedIn: number, unknown: number, names: readonly string[]) => {
    const which = names.length > 0 ? ` (${someOf(names)})` : '';
    return `Owners signed in: ${number(signedIn)}${which}${unknown > 0 ? `; not known for ${number(unknown)}` : ''}.`;
  },
  pace: (concurrency: number, perCustomer: number) =>
    `Up to ${customers(concurrency)} at once, ${atOnce(perCustomer)} of a customer at a time, recorders last.`,
  waits: (ms: number) => `Each is waited for until it is back, at most ${duration(ms)}.`,
  waitsNot: 'They are instructed only; nobody waits until they are back.',
  canary: (count: number) => `${devices(count)} first; the others only if all of these come back.`,
  maxFailures: (count: number) =>
    count === 0 ? 'Stops at the first one that fails.' : `Stops once more than ${number(count)} failed.`,
  maxFailureRate: (share: number) =>
    share === 0 ? 'Stops at the first one that fails.' : `Stops once more than ${percent(share)} failed.`,
  window: (from: string, to: string, zone: string, stop: boolean) =>
    stop
      ? `Only from ${from} to ${to} (${zone}); what is left then can be resumed.`
      : `Only from ${from} to ${to} (${zone}); outside, the run waits.`,
  minInterval: (ms: number) => `A device that anyone rebooted in the last ${duration(ms)} is skipped.`,
  more: (count: number) => `… and ${number(count)} more.`,
  lookingUp: 'Looking the devices up…',
  failedAt: (id: string, path?: string, line?: number) =>
    `The device that could not be looked up: ${id}${path === undefined || line === undefined ? '' : ` (${path}, line ${line})`}`,
  saved: (path: string) => `Saved; nothing was sent. Run it with: remo devices reboot --plan ${path}`,
  typeCount: (count: number) => `Type ${count} to reboot ${devices(count)}; Enter alone declines.`,
  notTheCount: (count: number) => `That is not ${count}.`,
};
