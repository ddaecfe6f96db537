import { number } from './formats.js';

/** Texts about the reboots that this computer asked for. */
export const history = {
  columns: {
    at: 'WHEN',
    device_id: 'ID',
    device_name: 'DEVICE',
    outcome: 'OUTCOME',
    customer_email: 'E-MAIL',
    requested_by: 'BY',
    reason: 'WHY',
    host: 'COMPUTER',
    profile: 'PROFILE',
    request_id: 'REQUEST ID',
    batch_id: 'RUN',
    outcome_reason: 'OUTCOME REASON',
    customer_id: 'CUSTOMER ID',
    customer_name: 'CUSTOMER',
    owner_signed_in: 'OWNER SIGNED IN',
    api_url: 'BACKEND',
    requested_at: 'REQUESTED',
    booted_before: 'BOOTED BEFORE',
    booted_at: 'BOOTED',
    reboot_id: 'REBOOT ID',
    idempotency_key: 'KEY',
  },
  cut: (shown: number) =>
    `Shown: the newest ${number(shown)}. There are older ones; everything: without --limit.`,
  /** Where they are sorted. */
  cutSorted: (shown: number) =>
    `Shown: the first ${number(shown)}. There are more; everything: without --limit.`,
  noneSuch: 'No such reboot has been recorded on this computer.',
};
