import { isUtf8 } from 'node:buffer';
import { lstat, readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { type PlanFileProblem, RemoError } from '../errors.js';
import { writeFileAtomically } from '../files.js';
import { isLine, longestReason } from '../values.js';
import { settingsSchema } from './record.js';

const text = z.string();
const version = 1;

const anyVersionSchema = z.object({ type: z.literal('remo-plan'), version: z.unknown() });
const planSchema = z.object({
  type: z.literal('remo-plan'),
  version: z.literal(version),
  /** RFC 3339. */
  saved_at: text,
  remo_version: text,
  profile: text,
  /** The backend that it was made for, and the only one that it is for. */
  api_url: text,
  reason: z.nullable(text.check(z.refine(reason => isLine(reason, longestReason)))),
  /** As in the header of a journal. */
  options: settingsSchema,
  /** What is to be rebooted, in this order, and whose it was. */
  devices: z.array(z.object({ device_id: text, device_name: text, customer_id: text, customer_email: text })),
  skipped: z.array(z.object({ device_id: text, reason: text })),
});
/** A plan in a file (JSON), to be looked at by somebody and carried out later. Unknown fields are ignored. */
export type SavedPlan = z.infer<typeof planSchema>;

/** To be asked before a plan is made, which may take long. @throws RemoError `plan_exists` */
export async function requireFree(path: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined);
  if (there) throw new RemoError('plan_exists', { path });
}

/**
 * Saves a plan for its owner alone (mode 0600): it names customers.
 * @throws RemoError `plan_exists` rather than write over anything; `file_unwritable`
 */
export async function savePlan(path: string, plan: SavedPlan): Promise<void> {
  await requireFree(path);
  await writeFileAtomically(path, `${JSON.stringify(plan, null, 2)}\n`).catch(error => {
    throw new RemoError('file_unwritable', { path, detail: error.message }, { cause: error });
  });
}

/**
 * Reads a plan that was saved.
 * @throws RemoError `file_unreadable`; `plan_file_broken` with the field, and its line where it has one
 */
export async function readPlan(path: string): Promise<SavedPlan> {
  const broken = (problem: PlanFileProblem, position: { line?: number; column?: number } = {}) =>
    new RemoError('plan_file_broken', { path, problem, ...position });
  const bytes = await readFile(path).catch(error => {
    throw new RemoError('file_unreadable', { path, detail: error.message }, { cause: error });
  });
  if (!isUtf8(bytes)) throw broken({ kind: 'encoding' });
  const source = new TextDecoder().decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    const { trouble, ...position } = (await import('../config/problem.js')).syntaxProblem(source);
    throw broken({ kind: 'syntax', trouble }, position);
  }
  const any = anyVersionSchema.safeParse(value);
  if (!any.success) throw broken({ kind: 'not_a_plan' });
  if (any.data.version !== version) throw broken({ kind: 'version', version: String(any.data.version) });
  const plan = planSchema.safeParse(value);
  if (plan.success) return plan.data;
  const at = (plan.error.issues[0]?.path ?? []) as (string | number)[];
  const { positionOf } = await import('../config/problem.js');
  throw broken({ kind: 'field', at: at.join('.') }, positionOf(source, at));
}

/** A device of a plan that is another customer's than when the plan was made. */
export interface ChangedHands {
  id: string;
  /** Ids of customers. */
  was: string;
  now: string;
}

/** The devices of a plan that have another owner by now. Those that are no longer there are not among them. */
export function changedHands(
  plan: SavedPlan,
  now: readonly { id: string; customer_id: string }[],
): ChangedHands[] {
  const owners = new Map(now.map(({ id, customer_id }) => [id, customer_id]));
  return plan.devices.flatMap(({ device_id: id, customer_id: was }) => {
    const owner = owners.get(id);
    return owner === undefined || owner === was ? [] : [{ id, was, now: owner }];
  });
}
