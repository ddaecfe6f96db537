import { listed, number } from './formats.js';

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
    failure: 'FAILURE',
    idempotency_key: 'KEY',
  },
  cut: (shown: number) =>
    `Shown: the newest ${number(shown)}. There are older ones; everything: without --limit.`,
  /** Where they are sorted. */
  cutSorted: (shown: number) =>
    `Shown: the first ${number(shown)}. There are more; everything: without --limit.`,
  /** Some of those that hold what was asked for. */
  near: {
    customer: (emails: readonly string[]) =>
      `--customer takes an id or the whole e-mail address. On record, for example: ${listed(emails)}`,
    device: (ids: readonly string[]) => `--device takes the whole id. On record, for example: ${listed(ids)}`,
  },
  noneSuch: 'No such reboot has been recorded on this computer.',
};
