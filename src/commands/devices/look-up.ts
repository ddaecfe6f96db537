import type { Api } from '../../api/index.js';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { makePlan, type Plan } from '../../reboot/plan.js';
import { spinner } from '../../terminal/progress.js';
import { inline } from '../../terminal/sanitise.js';
import type { RebootOptions, Task } from './reboot.js';
import type { Selection } from './select.js';

/**
 * Looks up all that was selected. @throws RemoError `device_not_found` with the lines of a list; `plan_changed`; whatever the API throws
 */
export async function lookUp(
  { selection, settingsFor, saved }: Task,
  { skipMissing = false }: RebootOptions,
  api: Api,
  context: Context,
): Promise<Plan> {
  const { ids, origin } = selection;
  const { concurrency, min_interval_ms: minIntervalMs } = settingsFor(ids.length);
  const options = { skipMissing, minIntervalMs, concurrency };
  const notFound = (missing: readonly string[]) => {
    if (!origin) return new RemoError('device_not_found', { ids: missing });
    const lines = Object.fromEntries(missing.map(id => [id, origin.lines.get(id) ?? 0]));
    return new RemoError('device_not_found', { ids: missing, path: origin.path, lines });
  };
  const shown = await spinner(context, context.messages.plan.lookingUp);
  const made = makePlan(ids, api, context.clock, options).finally(() => shown.stop());
  const plan = await made.catch(error => {
    tellFailedAt(error, origin, context);
    throw error instanceof RemoError && error.is('device_not_found') ? notFound(error.params.ids) : error;
  });
  // Who leaves some out does not mean all of them: it is the wrong list, or the wrong backend.
  const none = plan.devices.length > 0 && plan.devices.every(({ skip }) => skip?.code === 'gone');
  if (none) throw notFound([...new Set(ids)]);
  saved?.requireSameOwners(plan);
  return plan;
}

/** Names the device of many that an error is about: the error itself tells of a request. */
function tellFailedAt(error: unknown, origin: Selection['origin'], { io, messages }: Context): void {
  const device = error instanceof RemoError && 'device' in error.params ? error.params.device : undefined;
  if (device === undefined) return;
  io.err(messages.plan.failedAt(inline(device), origin && inline(origin.path), origin?.lines.get(device)));
}
