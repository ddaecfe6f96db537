import type { Language } from '../../environment.js';
import type { Messages } from '../../messages/en.js';
import { inline } from '../../terminal/sanitise.js';
import type { FeltDevice, Recipient } from './recipients.js';
import { type Signature, signatureParts } from './signature.js';

/** A message to one customer. Its texts are harmless: what the backend named can't add a line or hide one. */
export interface Notice {
  recipient: Recipient;
  subject: string;
  /** Lines, the last one ended too. */
  body: string;
}

/** What all notices of a run have in common. */
export interface Wording {
  messages: Messages;
  lang: Language;
  /** Where the times are told for; this computer's zone unless told. */
  timeZone: string | undefined;
  signature: Signature;
  /** Why the devices were rebooted, if the customer is to know. */
  reason: string | null;
}

/** Puts a notice into words: what happened to which devices, what it means, what the customer has to do. */
export function compose(recipient: Recipient, wording: Wording): Notice {
  const { notices } = wording.messages;
  const { ownerSignedIn, devices } = recipient;
  const certain = devices.some(({ outcome }) => outcome !== 'unknown');
  const paragraphs = [
    [notices.salutation(inline(recipient.name))],
    [notices.introduction(part('name', wording), part('company', wording))],
    [certain ? notices.instructed : notices.attempted],
    devices.flatMap(device => deviceLines(device, wording)),
    wording.reason === null ? [] : [notices.reason(inline(wording.reason))],
    [notices.video],
    ownerSignedIn === false ? [] : [ownerSignedIn ? notices.signInAgain : notices.signInIfNeeded],
    notices.closing,
    [rule, ...signatureParts.map(name => notices.signature[name](part(name, wording)))],
  ];
  const subject = ownerSignedIn === false ? notices.subjectInform : notices.subjectSignIn;
  const body = paragraphs.filter(lines => lines.length > 0).map(lines => lines.join('\n'));
  return { recipient, subject, body: `${body.join('\n\n')}\n` };
}

/** A notice to be copied into a mail program, field by field. */
export function toText({ recipient, subject, body }: Notice, { notices }: Messages): string {
  return `${notices.to} ${inline(recipient.email)}\n${notices.subject} ${subject}\n\n${body}`;
}

/** Between message and signature. */
const rule = '-'.repeat(40);

/** A part of the signature, or what stands in for it until somebody fills it in. */
function part(name: keyof Signature, { signature, messages }: Wording): string {
  return inline(signature[name] ?? messages.notices.placeholders[name]);
}

function deviceLines(device: FeltDevice, wording: Wording): string[] {
  const { notices } = wording.messages;
  return [
    notices.device(inline(device.deviceName), inline(device.deviceId)),
    notices.happened[device.outcome](moment(momentOf(device), wording)),
  ];
}

/** When a device was instructed (RFC 3339): by the backend's clock, else by that of the journal. */
export function momentOf({ requestedAt, intendedAt }: FeltDevice): string {
  return requestedAt ?? intendedAt ?? '';
}

/** A moment (RFC 3339) as a customer reads it, with its time zone. */
function moment(iso: string, { lang, timeZone }: Wording): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return inline(iso);
  return new Intl.DateTimeFormat(lang === 'ja' ? 'ja-JP' : 'en-GB', {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
    timeZoneName: 'long',
  }).format(at);
}
