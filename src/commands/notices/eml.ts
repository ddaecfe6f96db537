import MailComposer from 'nodemailer/lib/mail-composer';
import { inline } from '../../terminal/sanitise.js';
import { isEmailAddress } from '../../values.js';
import type { Notice } from './compose.js';
import type { Signature } from './signature.js';

/**
 * A notice as a draft for a mail program (RFC 5322, MIME), every byte of it ASCII. An address that is none, or
 * none of ours, is left out for the engineer to fill in.
 */
export async function toEml(
  { recipient, subject, body }: Notice,
  { company = '', name = '', email = '' }: Signature,
  now: number,
): Promise<string> {
  const mail = new MailComposer({
    // Outlook opens it to be written on and sent, not as one that was received.
    headers: { 'X-Unsent': '1' },
    ...mailbox('from', `${company} ${name}`.trim(), email),
    ...mailbox('to', recipient.name, recipient.email),
    subject,
    date: new Date(now),
    text: body.replaceAll('\n', '\r\n'),
    encoding: 'base64',
  });
  const bytes = await mail.compile().build();
  return bytes.toString('latin1');
}

function mailbox(header: 'from' | 'to', name: string, address: string) {
  return isEmailAddress(address) ? { [header]: { name: displayName(name), address } } : {};
}

/** Longer than any name, and short enough for one line of a header. */
const longestName = 100;

/** What looks like an encoded word would be decoded by mail programs, to whatever it says. */
function displayName(text: string): string {
  const characters = [...inline(text).replaceAll('=?', '= ?')];
  const cut = characters.length > longestName;
  return cut ? `${characters.slice(0, longestName - 1).join('')}…` : characters.join('');
}
