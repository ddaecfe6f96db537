import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { isFinished } from '../../reboot/record.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { writeList } from '../../terminal/output.js';
import { inline } from '../../terminal/sanitise.js';
import { isEmailAddress } from '../../values.js';
import { openRecord } from '../batches/records.js';
import { noticeListing, type Written } from './columns.js';
import { compose, toText, type Wording } from './compose.js';
import type { Filing } from './files.js';
import { recipientsOf } from './recipients.js';
import { missingOf, signatureOf } from './signature.js';

export interface NoticesOptions extends Partial<Omit<Filing, 'batchId'>>, ListingOptions {
  /** Also the customers whose owners were not signed in. */
  all?: boolean;
  /** The zone of the times; this computer's unless told. */
  tz?: string;
  withReason?: boolean;
}

/**
 * `remo notices <run>`: a message to each customer who may miss video or has to sign in again, ready to be sent.
 * @throws RemoError `option_needs`, `files_exist`, `file_unwritable`, and as `openRecord`
 */
export async function writeNotices(
  batchId: string,
  { all, tz, withReason, out, format = 'text', force = false, ...listing }: NoticesOptions,
  context: Context,
): Promise<void> {
  if (format === 'eml' && out === undefined) {
    throw new RemoError('option_needs', { option: '--format eml', needs: '--out DIR' });
  }
  const { messages, lang, settings } = context;
  const { record } = await openRecord(batchId, context);
  const reason = withReason ? record.header.reason : null;
  const wording = { messages, lang, timeZone: tz, signature: signatureOf(settings), reason };
  const affected = recipientsOf(record);
  const notices = affected
    .filter(({ ownerSignedIn }) => all || ownerSignedIn !== false)
    .map(recipient => compose(recipient, wording));
  let written = notices.map((notice): Written => ({ notice, path: null }));
  if (out !== undefined && notices.length > 0) {
    const { fileNotices } = await import('./files.js');
    written = await fileNotices(notices, { batchId, out, format, force }, wording, context);
  }
  await show(written, listing, context);
  warn(written, wording, context);
  if (settings.quiet) return;
  if (notices.length === 0) context.io.err(messages.notices.nobody);
  const leftOut = affected.length - notices.length;
  if (leftOut > 0) context.io.err(messages.notices.notSignedIn(leftOut));
  if (!isFinished(record)) context.io.err(messages.batches.resumeHint(inline(batchId)));
}

/** Between two notices on stdout. */
const divider = `\n${'='.repeat(72)}\n\n`;

/** Lists what was written to files; without any, the notices themselves unless data was asked for. */
async function show(written: readonly Written[], listing: ListingOptions, context: Context): Promise<void> {
  const toRead = !listing.columns && (context.format === 'table' || context.format === 'tsv');
  if (toRead && written.every(({ path }) => path === null)) {
    return context.io.out(written.map(({ notice }) => toText(notice, context.messages)).join(divider));
  }
  await writeList(context, { ...noticeListing, rows: written }, listing);
}

/** What has to be put right by hand before the notices are sent. */
function warn(written: readonly Written[], { signature }: Wording, { io, messages }: Context): void {
  const { labels, notices } = messages;
  if (written.length === 0) return;
  const missing = missingOf(signature);
  if (missing.length > 0) io.err(`${labels.warning} ${notices.placeholdersLeft(missing)}`);
  for (const { notice } of written) {
    const { id, email } = notice.recipient;
    if (!isEmailAddress(email)) {
      io.err(`${labels.warning} ${notices.badAddress(inline(`${email} (${id})`))}`);
    }
  }
}
