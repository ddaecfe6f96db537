import type { Outcome } from '../../reboot/outcome.js';
import { duration } from './duration.js';
import { counted, devices, number } from './formats.js';

const seconds = (ms: number) => counted(Math.round(ms / 1000), { one: 'second', other: 'seconds' });
const outcome = {
  accepted: '✓ accepted',
  rebooted: '✓ rebooted',
  failed: '✗ failed',
  skipped: '- skipped',
  not_attempted: '- not attempted',
  unknown: '? unknown',
} satisfies Record<Outcome, string>;

/** Texts about rebooting. */
export const reboot = {
  columns: {
    device_id: 'ID',
    device_name: 'DEVICE',
    customer_id: 'CUSTOMER ID',
    customer_name: 'CUSTOMER',
    customer_email: 'E-MAIL',
    owner_signed_in: 'OWNER SIGNED IN',
    status: 'STATUS',
    action: 'WILL BE',
    outcome: 'OUTCOME',
    detail: 'DETAIL',
    reason: 'WHY',
    reboot_id: 'REBOOT ID',
    requested_at: 'REQUESTED',
    requested_by: 'REBOOTED BY',
    failure: 'FAILURE',
    booted_before: 'BOOTED BEFORE',
    booted_at: 'BOOTED',
    seconds: 'SECONDS',
    idempotency_key: 'KEY',
    request_id: 'REQUEST ID',
    batch_id: 'RUN',
  },
  outcome,
  outcomeCount: (of: Outcome, count: number) => `${outcome[of]} ${number(count)}`,
  action: { reboot: 'rebooted', skip: 'skipped' },

  warning: [
    'Video from a rebooted device may not be viewable from the service for a while.',
    'If the owner is signed in while it is rebooted, contact the owner and ask them to sign in again.',
  ],
  question: (count: number) => `Reboot ${devices(count)}?`,
  nothingToDo: 'No device to reboot; nothing was sent.',
  dryRun: 'Dry run: nothing was sent.',
  stdin: 'standard input',
  instructing: (device: string) => `${device}: sending the instruction…`,
  waiting: (device: string, status: string) => `${device}: waiting until it is back (${status})…`,

  accepted: 'The instruction was given.',
  waitInterrupted: 'The instruction was given; waiting was interrupted before the device was back.',
  rebooted: (ms: number) => `Back online after ${seconds(ms)}.`,
  completed: 'Online; the backend reports the reboot as completed, but the boot time does not confirm it.',
  offline: "Offline: the instruction can't reach it.",
  alreadyRebooting: (rebootId: string | undefined) =>
    rebootId ? `Already rebooting (reboot ${rebootId}).` : 'Already rebooting.',
  duplicate: 'Given more than once.',
  recentlyRebooted: (at: string, by: string, rebootId: string) =>
    `Rebooted a short while ago: ${at}, by ${by} (reboot ${rebootId}).`,
  gone: 'The backend does not know it (any more).',
  goneSince: 'The instruction may have been taken, but the backend no longer knows the device.',
  denied: 'You are not permitted to see it.',
  unreadable: 'The backend fails at it, while it answers for others.',
  changedHands: 'Belongs to another customer by now.',
  keyExpired:
    'The instruction may have been sent more than 23 hours ago, and the backend knows nothing of it; it was not sent again.',
  refused: (why: string) => `The reboot was not instructed: ${why}`,
  rebootFailed: (why: string | null) => `The reboot failed${why ? `: "${why}"` : '.'}`,
  interrupted: 'The run was interrupted before its turn.',
  stopped: (why: string) => `Not instructed: ${why}`,
  noAnswer: (why: string) => `The instruction was sent, and what became of it could not be learnt: ${why}`,
  notBack: (ms: number) => `The instruction was accepted, but the device was not back within ${seconds(ms)}.`,
  unwatched: (why: string) => `The instruction was accepted, but the device could not be watched: ${why}`,

  counts: (total: number, counts: readonly string[], tookMs: number) =>
    `${devices(total)} in ${duration(tookMs)}: ${counts.join(', ')}`,
  andMore: (device: string, more: number) =>
    more > 0 ? `${device} and ${counted(more, { one: 'other device', other: 'other devices' })}` : device,
  noticesHint: (batch: string) => `Messages to send to them: remo notices ${batch}`,
  lookAt: (device: string) => `See how it is now: remo devices status ${device}`,
  checkFirst: (device: string) => `Check before you reboot it again: remo devices status ${device}`,
  journal: (path: string) => `Recorded in ${path}`,
  contact: 'Please contact these customers and ask them to sign in again:',
  contactSignedIn: 'was signed in',
  contactUnknown: 'may have been signed in',
};
