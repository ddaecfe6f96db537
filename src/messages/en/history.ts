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
  },
  cut: (shown: number) =>
    shown === 1
      ? 'Shown: the newest. There are older ones; everything: without --limit.'
      : `Shown: the newest ${number(shown)}. There are older ones; everything: without --limit.`,
  noneSuch: 'No such reboot has been recorded on this computer.',
};
