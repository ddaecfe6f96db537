import { RemoError } from '../../errors.js';
import type { RunSettings } from '../../reboot/record.js';
import { localTimeZone } from '../../reboot/window.js';
import { parseTimeZone, parseWindow } from '../../values.js';

/** The options of `remo devices reboot` that say how a run goes about it. Durations are milliseconds. */
export interface PaceOptions {
  /** How long to wait for each device; true: as long as is usual; false: not at all. */
  wait?: number | boolean;
  concurrency?: number;
  perCustomer?: number;
  canary?: number;
  maxFailures?: number;
  maxFailureRate?: number;
  /** 0 lets a device be rebooted again at once. */
  minInterval?: number;
  /** `01:00-05:00`, and the time zone it is meant in. */
  window?: string;
  tz?: string;
  windowStop?: boolean;
}

const defaults = { wait: 300_000, concurrency: 8, perCustomer: 1, minInterval: 600_000 };

/** The options above by their flags: what a saved plan has already. */
export const paceFlags = {
  wait: '--wait',
  concurrency: '--concurrency',
  perCustomer: '--per-customer',
  canary: '--canary',
  maxFailures: '--max-failures',
  maxFailureRate: '--max-failure-rate',
  minInterval: '--min-interval',
  window: '--window',
  tz: '--tz',
  windowStop: '--window-stop',
} as const satisfies Record<keyof PaceOptions, string>;

/**
 * How a run goes about it.
 * @returns the settings for a number of devices: several are waited for unless `--no-wait` says otherwise
 * @throws RemoError `conflicting_options`, `option_needs`, `invalid_value`
 */
export function runSettings(options: PaceOptions): (devices: number) => RunSettings {
  const { wait, canary = 0, maxFailures = null, maxFailureRate = null } = options;
  if (wait === false && canary > 0) {
    throw new RemoError('conflicting_options', { first: '--no-wait', second: '--canary' });
  }
  const settings = {
    concurrency: options.concurrency ?? defaults.concurrency,
    per_customer: options.perCustomer ?? defaults.perCustomer,
    canary,
    max_failures: maxFailures,
    max_failure_rate: maxFailureRate,
    min_interval_ms: options.minInterval ?? defaults.minInterval,
    window: windowOf(options),
  };
  return devices => {
    const waits = wait ?? (devices > 1 || canary > 0);
    return { wait_ms: waits === true ? defaults.wait : waits || null, ...settings };
  };
}

function windowOf({ window, tz, windowStop = false }: PaceOptions): RunSettings['window'] {
  if (window === undefined) {
    const alone = tz !== undefined ? paceFlags.tz : windowStop ? paceFlags.windowStop : undefined;
    if (alone) throw new RemoError('option_needs', { option: alone, needs: paceFlags.window });
    return null;
  }
  const { from, to } = parseWindow(window, paceFlags.window);
  const time_zone = tz === undefined ? localTimeZone() : parseTimeZone(tz, paceFlags.tz);
  return { from, to, time_zone, stop: windowStop };
}
