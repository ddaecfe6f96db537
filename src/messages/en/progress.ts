import { duration } from './duration.js';
import { devices, number } from './formats.js';

/** Texts about how a run is going. */
export const progress = {
  duration,
  rate: (count: string, per: 'minute' | 'second') => `${count}/${per === 'minute' ? 'min' : 's'}`,
  elapsed: (ms: number) => `${duration(ms)} so far`,
  left: (ms: number) => `about ${duration(ms)} left`,
  inFlight: (count: number) => `${number(count)} in flight`,
  more: (count: number) => `and ${number(count)} more`,
  instructing: 'sending',
  accepted: 'accepted',
  waiting: (status: string) => `waiting (${status})`,
  line: (done: string, counts: readonly string[], facts: readonly string[]) =>
    [`${done} done${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`, ...facts].join('; '),

  sleeping: (time: string, zone: string) => `Outside the time window: waiting until ${time} (${zone})`,
  asked: (ms: number) => `waiting ${duration(ms)}, as the backend asked`,
  stopping: (why: string) => `No more devices are started: ${why}`,
  interrupted: (count: number) =>
    `Interrupted: finishing ${devices(count)} in flight; press Ctrl-C again to leave at once`,
};
