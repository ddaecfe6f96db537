import { counted, devices, number } from './formats.js';

/** Texts about the runs recorded on this computer. */
export const batches = {
  columns: {
    batch_id: 'RUN',
    started_at: 'STARTED',
    state: 'STATE',
    devices: 'DEVICES',
    accepted: 'ACCEPTED',
    rebooted: 'REBOOTED',
    failed: 'FAILED',
    skipped: 'SKIPPED',
    not_attempted: 'NOT ATTEMPTED',
    unknown: 'UNKNOWN',
    reason: 'REASON',
    requested_by: 'BY',
    device_id: 'ID',
    customer_id: 'CUSTOMER ID',
    outcome: 'OUTCOME',
    detail: 'WHY',
    requested_at: 'REQUESTED',
    booted_at: 'BOOTED',
    reboot_id: 'REBOOT ID',
  },
  state: { finished: 'finished', unfinished: 'unfinished', running: 'running', closed: 'closed' },
  none: 'No reboots have been recorded on this computer.',
  resumeHint: (batch: string) => `This run is not finished. Go on with it: remo batches resume ${batch}`,
  finished: (batch: string) => `The run ${batch} is finished; there is nothing to resume.`,
  closed: (batch: string) => `The run ${batch} is closed; nothing more will be done with it.`,
  closeHint: (batch: string) => `If nothing more is to be done with it: remo batches close ${batch}`,
  closeQuestion: (batch: string, count: number) => `Close the run ${batch} with ${devices(count)} left open?`,
  question: (count: number) => `Go on with ${devices(count)}?`,
  mayHaveBeenSent: 'may have been instructed already; the backend is asked first',
  unreadable: (path: string) => `Left out, as it can't be read: ${path}`,
  pruned: (runs: number, days: number) =>
    `Removed from the record: ${counted(runs, { one: 'run', other: 'runs' })} of more than ${days === 1 ? 'a day' : `${number(days)} days`} ago (history_days).`,
  notPruned: (path: string, why: string) => `Could not be removed (history_days): ${path}: ${why}`,
};
