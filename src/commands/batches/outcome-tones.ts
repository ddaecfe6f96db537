import type { Outcome } from '../../reboot/outcome.js';
import type { Tone } from '../../terminal/style.js';

/** How good an outcome is. */
export const outcomeTones: Record<Outcome, Tone> = {
  accepted: 'good',
  rebooted: 'good',
  failed: 'bad',
  skipped: 'warn',
  not_attempted: 'warn',
  unknown: 'bad',
};
