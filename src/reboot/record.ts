import * as z from 'zod/mini';
import { RemoError } from '../errors.js';
import { openJournal } from './journals.js';
import { nothingToFindOut, type Outcome } from './outcome.js';
import { windowSchema } from './window.js';

// The lines of a journal. Readers ignore fields and line types they do not know, so that a newer remo may
// add some.
const text = z.string();
const textOrNull = z.nullable(text);
const time = z.iso.datetime({ offset: true });
const timeOrNull = z.nullable(time);

const atLeast = (min: number) => z.int().check(z.gte(min));

/**
 * How a run goes about it: durations in milliseconds, shares from 0 to 1. A saved plan has it as well, which
 * people can edit: with other numbers a run would do nothing, or never end.
 */
export const settingsSchema = z.object({
  wait_ms: z.nullable(atLeast(1)),
  concurrency: atLeast(1),
  per_customer: atLeast(1),
  canary: atLeast(0),
  max_failures: z.nullable(atLeast(0)),
  max_failure_rate: z.nullable(z.number().check(z.gte(0), z.lte(1))),
  min_interval_ms: atLeast(0),
  window: z.nullable(windowSchema),
});
export type RunSettings = z.infer<typeof settingsSchema>;

const headerSchema = z.object({
  type: z.literal('header'),
  version: z.literal(1),
  batch_id: text,
  started_at: time,
  remo_version: text,
  profile: text,
  api_url: text,
  host: text,
  requested_by: textOrNull,
  reason: textOrNull,
  options: settingsSchema,
  customers: z.array(z.object({ customer_id: text, name: text, email: text })),
  devices: z.array(z.object({ device_id: text, device_name: text, customer_id: text })),
  process: z.optional(text),
});
/** The first line of a journal: who reboots what, where and why. */
export type JournalHeader = z.infer<typeof headerSchema>;

/** `process` is who wrote it, in the journal's own names for the processes of its run. */
const stamped = { at: time, process: z.optional(text) };
const ofDevice = { ...stamped, device_id: text };
const entrySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('intent'),
    ...ofDevice,
    customer_id: text,
    key: text,
    booted_at: timeOrNull,
    owner_signed_in: z.nullable(z.boolean()),
  }),
  z.object({
    type: z.literal('accepted'),
    ...ofDevice,
    key: text,
    reboot_id: text,
    requested_at: time,
    request_id: textOrNull,
  }),
  z.object({ type: z.literal('rebooted'), ...ofDevice, key: text, booted_at: timeOrNull }),
  // `failure` is what the backend says of why.
  z.object({
    type: z.literal('failed'),
    ...ofDevice,
    key: text,
    reason: text,
    failure: z.optional(textOrNull),
    request_id: textOrNull,
  }),
  z.object({ type: z.literal('unknown'), ...ofDevice, key: text, reason: text, request_id: textOrNull }),
  // The last three tell of somebody else's reboot.
  z.object({
    type: z.literal('skipped'),
    ...ofDevice,
    key: textOrNull,
    reason: text,
    reboot_id: textOrNull,
    requested_at: z.optional(timeOrNull),
    requested_by: z.optional(textOrNull),
  }),
  // The intent is taken back: no attempt at it has left.
  z.object({ type: z.literal('not_sent'), ...ofDevice, key: text, reason: text }),
  // `after` is the process that had the run before.
  z.object({
    type: z.literal('resumed'),
    ...stamped,
    host: text,
    profile: z.optional(text),
    requested_by: z.optional(textOrNull),
    after: z.optional(text),
  }),
  z.object({ type: z.literal('end'), ...stamped, stopped_by: textOrNull }),
  // A person has said that nothing more is to be done with it.
  z.object({ type: z.literal('closed'), ...stamped, host: text }),
]);
/** What happened, a line each, in the order it happened. `at` is RFC 3339, our clock. */
export type JournalEntry = z.infer<typeof entrySchema>;

/** What a journal says of one device of its run. */
export interface DeviceRecord {
  deviceId: string;
  deviceName: string;
  customerId: string;
  /** Whether the owner was signed in right before the instruction; null when that was not known. */
  ownerSignedIn: boolean | null;
  outcome: Outcome;
  /** The machine's word for why, where there is one. */
  reason: string | null;
  key?: string;
  /** When the instruction was about to leave under the key, for the first time and for the last (RFC 3339). */
  intendedAt?: string;
  lastIntendedAt?: string;
  /** Start of the boot before the instruction; null when it was not known. */
  bootedBefore: string | null;
  /** Of a device that was left out: those of the reboot of somebody else, and who that was. */
  rebootId?: string;
  requestedAt?: string;
  requestedBy?: string;
  bootedAt?: string | null;
  requestId?: string;
  /** Why the reboot failed, in the backend's words. */
  failure?: string;
  /** Whether there is nothing left to do or to find out. */
  settled: boolean;
  /** Who gave the instruction, for the last time; absent where none may have left. */
  instructedBy?: Instructor;
}

/** Who is at work on a run, on which computer, with which profile; null where a journal does not tell who. */
type Instructor = Pick<JournalHeader, 'requested_by' | 'host' | 'profile'>;

/** A run as its journal tells it. */
export interface RunRecord {
  header: JournalHeader;
  devices: readonly DeviceRecord[];
  /** When the last line was written (RFC 3339). */
  lastAt: string;
  /** The code of the error that stopped it, if one did and nothing has been done with a device since. */
  stoppedBy: string | null;
  /** Whether a person has said that nothing more is to be done with it. */
  closed: boolean;
  /** The process that had the run last. */
  process: string | undefined;
  /** How many bytes of the file are whole lines; what follows was torn off by a kill and never acted on. */
  wholeBytes: number;
}

/**
 * Reads a journal. A torn last line is left out: it was not on disk, so nothing was sent on it.
 * @throws RemoError `journal_broken` naming the line; NodeJS.ErrnoException
 */
export async function readRecord(file: string): Promise<RunRecord> {
  const handle = await openJournal(file);
  const content = await handle.readFile().finally(() => handle.close());
  const wholeBytes = content.lastIndexOf(0x0a) + 1;
  const lines = content.subarray(0, wholeBytes).toString('utf8').split('\n').slice(0, -1);
  const broken = (line: number) => new RemoError('journal_broken', { path: file, line });
  const [first = '', ...rest] = lines.map((line, index) => {
    try {
      return lineOf(line);
    } catch {
      throw broken(index + 1);
    }
  });
  const header = headerSchema.safeParse(first);
  if (!header.success) throw broken(1);
  const entries = rest.flatMap((value, index) => {
    const entry = entrySchema.safeParse(value);
    if (entry.success) return [entry.data];
    if (isOfUnknownType(value)) return [];
    throw broken(index + 2);
  });
  const { counted, process } = withoutLate(entries, header.data.process);
  return {
    header: header.data,
    devices: devicesOf(header.data, counted),
    lastAt: counted.at(-1)?.at ?? header.data.started_at,
    stoppedBy: stoppedByOf(counted),
    closed: counted.some(({ type }) => type === 'closed'),
    process,
    wholeBytes,
  };
}

function stoppedByOf(entries: readonly JournalEntry[]): string | null {
  const last = entries.findLast(entry => entry.type === 'end' || 'device_id' in entry);
  return last?.type === 'end' ? last.stopped_by : null;
}

/**
 * A line as JSON. Behind what a kill tore off, a process that was stopped in the middle of a write may write on when
 * it wakes: what was torn off was never acted on, and its own line is whole. Within a text no quote stands like that.
 * @throws SyntaxError
 */
function lineOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const start = Math.max(...['{"at":"', '{"type":"'].map(opening => line.lastIndexOf(opening)));
    if (start <= 0) throw error;
    return JSON.parse(line.slice(start));
  }
}

/** The first line of a journal alone. @returns nothing for what is no journal @throws as `openJournal` */
export async function readHeader(file: string): Promise<JournalHeader | undefined> {
  const handle = await openJournal(file);
  try {
    for await (const line of handle.readLines({ autoClose: false })) {
      return headerSchema.safeParse(JSON.parse(line)).data;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  } finally {
    await handle.close();
  }
  return undefined;
}

/**
 * Leaves out what a process wrote after another had gone on with the run: that one did not know of it, and an
 * intent among it was never acted on, as the lock is asked again between an intent and its instruction.
 * @param first the process that began the run
 * @returns also the process that had the run last
 */
function withoutLate(entries: readonly JournalEntry[], first: string | undefined) {
  let process = first;
  const counted = entries.filter(entry => {
    // Two may have read the same: the first to say so has the run.
    if (entry.type === 'resumed' && entry.after === process) process = entry.process ?? process;
    return (entry.process ?? process) === process;
  });
  return { counted, process };
}

const knownTypes = new Set(
  entrySchema._zod.def.options.map(option => option._zod.def.shape.type._zod.def.values[0]),
);

function isOfUnknownType(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'type' in value && !knownTypes.has(value.type as never)
  );
}

function devicesOf(header: JournalHeader, entries: readonly JournalEntry[]): DeviceRecord[] {
  const records = new Map<string, DeviceRecord>();
  for (const { device_id: deviceId, device_name: deviceName, customer_id: customerId } of header.devices) {
    const outcome = 'not_attempted';
    if (records.has(deviceId)) continue;
    records.set(deviceId, {
      deviceId,
      deviceName,
      customerId,
      ownerSignedIn: null,
      outcome,
      reason: null,
      bootedBefore: null,
      settled: false,
    });
  }
  let instructor: Instructor = header;
  for (const entry of entries) {
    if (entry.type === 'resumed') instructor = instructorOf(entry, header);
    const record = 'device_id' in entry ? records.get(entry.device_id) : undefined;
    if (!record) continue;
    if (entry.type === 'intent') record.instructedBy = instructor;
    apply(entry, record, header.options.wait_ms !== null);
  }
  return [...records.values()];
}

/** Journals of before say nothing of who went on with a run; the header's person is not known to have. */
function instructorOf(
  { host, profile, requested_by = null }: Extract<JournalEntry, { type: 'resumed' }>,
  header: JournalHeader,
): Instructor {
  return { requested_by, host, profile: profile ?? header.profile };
}

/** Takes one line into the record of its device. */
function apply(entry: JournalEntry, record: DeviceRecord, waits: boolean): void {
  switch (entry.type) {
    case 'intent':
      Object.assign(record, {
        outcome: 'unknown',
        reason: 'in_flight',
        intendedAt: entry.key === record.key ? record.intendedAt : entry.at,
        lastIntendedAt: entry.at,
        key: entry.key,
      });
      record.settled = false;
      record.bootedBefore = entry.booted_at;
      record.ownerSignedIn = entry.owner_signed_in;
      return;
    case 'accepted':
      Object.assign(record, { outcome: 'accepted', reason: null, key: entry.key, settled: !waits });
      Object.assign(record, { rebootId: entry.reboot_id, requestedAt: entry.requested_at });
      if (entry.request_id !== null) record.requestId = entry.request_id;
      return;
    case 'not_sent':
      Object.assign(record, { outcome: 'not_attempted', reason: entry.reason });
      delete record.key;
      delete record.instructedBy;
      return;
    case 'rebooted':
      Object.assign(record, { outcome: 'rebooted', reason: null, bootedAt: entry.booted_at, settled: true });
      return;
    case 'skipped':
      // A device given twice is told of twice; the first time counts.
      if (entry.reason === 'duplicate') return;
      Object.assign(record, { outcome: 'skipped', reason: entry.reason, settled: true });
      if (entry.reboot_id !== null) record.rebootId = entry.reboot_id;
      if (entry.requested_at) record.requestedAt = entry.requested_at;
      if (entry.requested_by) record.requestedBy = entry.requested_by;
      return;
    case 'failed':
    case 'unknown':
      if ('failure' in entry && entry.failure) record.failure = entry.failure;
      Object.assign(record, { outcome: entry.type, reason: entry.reason });
      record.settled = entry.type === 'failed' || nothingToFindOut.has(entry.reason);
      if (entry.request_id !== null) record.requestId = entry.request_id;
      return;
    default:
  }
}

/** Whether `remo batches resume` has anything left to do. */
export function isFinished({ closed, devices }: RunRecord): boolean {
  return closed || devices.every(({ settled }) => settled);
}
