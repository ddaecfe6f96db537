import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import type { Plan } from '../../reboot/plan.js';
import { changedHands, readPlan, savePlan } from '../../reboot/plan-file.js';
import type { RunSettings } from '../../reboot/record.js';
import { inline } from '../../terminal/sanitise.js';
import type { RebootOptions } from './reboot.js';
import { requireText } from './select.js';
import { paceFlags } from './settings.js';

/** A plan that was saved, to be carried out as it is. */
export interface SavedRun {
  ids: readonly string[];
  settings: RunSettings;
  reason: string | null;
  /** @throws RemoError `plan_changed` when a device belongs to somebody else by now */
  requireSameOwners(plan: Plan): void;
}

/** A saved plan says all but the answer; and what is saved is not carried out. @throws RemoError `conflicting_options`, `invalid_value` */
export function checkPlanFile(options: RebootOptions): void {
  const conflict = (first: string, second: string | undefined) => {
    if (second) throw new RemoError('conflicting_options', { first, second });
  };
  if (options.plan !== undefined) {
    const pace = Object.entries(paceFlags).find(
      ([name]) => options[name as keyof typeof paceFlags] !== undefined,
    );
    conflict('--plan', options.wait === false ? '--no-wait' : pace?.[1]);
    conflict('--plan', options.reason === undefined ? undefined : '--reason');
    conflict('--plan', options.skipMissing ? '--skip-missing' : undefined);
    conflict('--plan', options.savePlan === undefined ? undefined : '--save-plan');
  }
  if (options.savePlan !== undefined) conflict('--save-plan', options.yes ? '--yes' : undefined);
  requireText('--save-plan', options.savePlan);
}

/** @throws RemoError `plan_file_broken`, `plan_other_backend`, `file_unreadable` */
export async function openSavedPlan(path: string, context: Context): Promise<SavedRun> {
  const saved = await readPlan(path);
  const { apiUrl } = context;
  if (saved.api_url !== apiUrl.href) {
    throw new RemoError('plan_other_backend', { path, madeFor: saved.api_url, wanted: apiUrl.href });
  }
  return {
    ids: saved.devices.map(({ device_id }) => device_id),
    settings: saved.options,
    reason: saved.reason,
    requireSameOwners({ devices }) {
      const changed = changedHands(
        saved,
        devices.map(({ device }) => device),
      );
      if (changed.length > 0) throw new RemoError('plan_changed', { path, devices: changed });
    },
  };
}

/** Keeps a plan for `--plan`, and says so. @throws RemoError `file_unwritable`, `plan_exists` */
export async function writePlan(
  path: string,
  plan: Plan,
  { settings, reason }: { settings: RunSettings; reason: string | null },
  context: Context,
): Promise<void> {
  const { apiUrl, clock, io, messages } = context;
  await savePlan(path, {
    type: 'remo-plan',
    version: 1,
    saved_at: new Date(clock.now()).toISOString(),
    remo_version: __VERSION__,
    profile: context.settings.profile,
    api_url: apiUrl.href,
    reason,
    options: settings,
    devices: plan.devices.flatMap(({ device: { id, name, customer_id }, customer: { email }, skip }) =>
      skip ? [] : [{ device_id: id, device_name: name, customer_id, customer_email: email }],
    ),
    skipped: plan.devices.flatMap(({ device, skip }) =>
      skip ? [{ device_id: device.id, reason: skip.code }] : [],
    ),
  });
  io.err(messages.plan.saved(inline(/\s/.test(path) ? `"${path}"` : path)));
}
