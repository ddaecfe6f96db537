import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { writeFileAtomically } from '../../files.js';
import type { Written } from './columns.js';
import { type Notice, toText, type Wording } from './compose.js';

/** Where notices go, and as what. */
export interface Filing {
  batchId: string;
  /** The folder; made if it is missing. */
  out: string;
  format: 'text' | 'eml';
  /** Whether files that are there are written over. */
  force: boolean;
}

/**
 * Writes each notice to a file of its own, mode 0600, whole or not at all.
 * @throws RemoError `files_exist` before anything is written; `file_unwritable`; `interrupted` between two files
 */
export async function fileNotices(
  notices: readonly Notice[],
  { batchId, out, format, force }: Filing,
  wording: Wording,
  context: Context,
): Promise<Written[]> {
  const extension = { text: 'txt', eml: 'eml' }[format];
  const written = notices.map(notice => ({
    notice,
    path: path.join(out, fileName(batchId, notice.recipient.id, extension)),
  }));
  if (!force) await requireAbsent(written.map(one => one.path));
  const render = await renderer(format, wording, context);
  for (const { notice, path: file } of written) {
    context.signal.throwIfAborted();
    const content = await render(notice);
    await writeFileAtomically(file, content).catch(error => {
      throw unwritable(file, error);
    });
  }
  return written;
}

async function renderer(format: Filing['format'], { messages, signature }: Wording, { clock }: Context) {
  if (format === 'text') return (notice: Notice) => toText(notice, messages);
  // The mail library is large, and a text does without it.
  const { toEml } = await import('./eml.js');
  return (notice: Notice) => toEml(notice, signature, clock.now());
}

/**
 * A name for the notice to a customer that every system takes. An id that could be more than a plain name there
 * (a path, a device, another one where case does not count) is told by its hash.
 */
export function fileName(batchId: string, customerId: string, extension: string): string {
  const plain = /^[a-z0-9_-]{1,64}$/.test(customerId);
  return `${batchId}-${plain ? customerId : disguised(customerId)}.${extension}`;
}

/** No plain id has the `~`. Of UTF-16, as an id may hold what UTF-8 can't tell apart. */
function disguised(id: string): string {
  const legible = id.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 32);
  return `${legible}~${createHash('sha256').update(id, 'utf16le').digest('hex').slice(0, 16)}`;
}

async function requireAbsent(paths: readonly string[]): Promise<void> {
  const there: string[] = [];
  for (const file of paths) {
    const found = await lstat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw unwritable(file, error);
    });
    if (found) there.push(file);
  }
  const [first] = there;
  if (first !== undefined) throw new RemoError('files_exist', { path: first, count: there.length });
}

function unwritable(file: string, error: Error): RemoError {
  return new RemoError('file_unwritable', { path: file, detail: error.message }, { cause: error });
}
