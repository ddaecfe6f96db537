import { readFile } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import type { Api } from '../../api/index.js';
import type { Device } from '../../api/schemas.js';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { findCustomer } from '../customers/find.js';
import { requireIds } from './status.js';

/** Where the devices to reboot are named: at most one of the first three, or the ids as arguments. */
export interface Sources {
  /** A file of ids; `-` is stdin. */
  file?: string;
  /** An id, or an e-mail address that names just one. */
  customer?: string;
  /** A saved plan. */
  plan?: string;
  status?: Device['status'];
  kind?: Device['kind'];
  model?: string;
}

/** The ids named, in order, duplicates included. */
export interface Selection {
  ids: readonly string[];
  /** Where the first of each stands, of ids that were read. */
  origin?: { path: string; lines: ReadonlyMap<string, number> };
  /** The same, where a person picked them. */
  picked?: readonly string[];
}

/** What a path can have at most, and any other text. */
const longestText = 4096;

/** What narrows a customer's devices. */
const filters = ['status', 'kind', 'model'] as const;

/**
 * Settles that the devices are named in one way, and only that, or are to be picked.
 * @param mayPick whether a person can be asked for those that are not named
 * @throws RemoError `missing_argument`, `conflicting_options`, `invalid_value` for an empty text
 */
export function checkSources(ids: readonly string[], sources: Sources, mayPick: boolean): void {
  const given = [
    ...(ids.length > 0 ? ['<id...>'] : []),
    ...(['file', 'customer', 'plan'] as const).filter(name => sources[name] !== undefined).map(flag),
  ];
  const [first, second] = given;
  if (first && second) throw new RemoError('conflicting_options', { first, second });
  const narrowed = filters.find(name => sources[name] !== undefined);
  if (narrowed && sources.customer === undefined) {
    throw new RemoError('option_needs', { option: flag(narrowed), needs: '--customer' });
  }
  if (!first && !mayPick) throw new RemoError('missing_argument', { argument: 'id' });
  requireIds(ids);
  for (const name of ['file', 'customer', 'plan', 'model'] as const) requireText(flag(name), sources[name]);
}

/** @throws RemoError `invalid_value` for a text that is empty (an unset variable in a script) */
export function requireText(name: string, value: string | undefined): void {
  if (value !== '') return;
  throw new RemoError('invalid_value', { name, value, expected: { kind: 'text', max: longestText } });
}

function flag(name: string): string {
  return `--${name}`;
}

/**
 * The ids of the devices that the command line, a file or a customer's devices name; where nothing does, those
 * that the person picks.
 * @throws RemoError `device_list_broken`, `file_unreadable`, `nothing_selected`, those of `findCustomer` and
 * `pickDevices`
 */
export async function selectDevices(
  ids: readonly string[],
  sources: Sources,
  context: Context,
): Promise<Selection> {
  const { file, customer } = sources;
  if (file !== undefined) return listed(file, context);
  if (customer !== undefined) return ofCustomer(customer, sources, await context.api(), context);
  if (ids.length > 0) return { ids };
  const { pickDevices } = await import('./pick.js');
  const picked = await pickDevices('toReboot', await context.api(), context);
  return { ids: picked, picked };
}

async function listed(file: string, context: Context): Promise<Selection> {
  const { parseDeviceList } = await import('../../reboot/device-list.js');
  const path = file === '-' ? context.messages.reboot.stdin : file;
  const named = await parseDeviceList(file === '-' ? await readStdin(context) : await readPath(file), path);
  const lines = new Map<string, number>();
  for (const { id, line } of named) if (!lines.has(id)) lines.set(id, line);
  return { ids: named.map(({ id }) => id), origin: { path, lines } };
}

async function readPath(path: string): Promise<Buffer> {
  return readFile(path).catch(error => {
    throw new RemoError('file_unreadable', { path, detail: error.message }, { cause: error });
  });
}

async function readStdin({ io, signal }: Context): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of addAbortSignal(signal, io.stdin as Readable)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function ofCustomer(
  query: string,
  { status, kind, model }: Sources,
  api: Api,
  context: Context,
): Promise<Selection> {
  const customer = await findCustomer(query, api, context);
  // One that is added meanwhile moves the others on: a device may come again on a later page.
  const ids = new Set<string>();
  const models = new Set<string>();
  for await (const page of api.allDevices(customer.id)) {
    for (const device of page.items) {
      models.add(device.model);
      const wanted =
        (status === undefined || device.status === status) &&
        (kind === undefined || device.kind === kind) &&
        // Whole: part of a name would take in models that nobody thought of.
        (model === undefined || device.model.toLowerCase() === model.toLowerCase());
      if (wanted) ids.add(device.id);
    }
  }
  if (ids.size === 0) {
    throw new RemoError('nothing_selected', { customer: customer.id, models: [...models].sort() });
  }
  return { ids: [...ids] };
}
