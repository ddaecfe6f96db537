import type { FeltOutcome } from '../../reboot/outcome.js';
import { listed, number } from './formats.js';

/** The words of the notices to the owners, and what the engineer is told about them. */
export const notices = {
  columns: {
    customer_id: 'CUSTOMER ID',
    customer_name: 'CUSTOMER',
    customer_email: 'E-MAIL',
    owner_signed_in: 'WAS SIGNED IN',
    device_ids: 'DEVICES',
    path: 'FILE',
    subject: 'SUBJECT',
    body: 'MESSAGE',
  },

  to: 'To:',
  subject: 'Subject:',
  subjectSignIn: 'Reboot of your security camera equipment: please sign in again',
  subjectInform: 'Reboot of your security camera equipment',

  salutation: (name: string) => `Dear ${name || 'customer'},`,
  introduction: (name: string, company: string) => `This is ${name} of ${company}.`,
  instructed: 'We have remotely instructed a reboot of the following equipment of yours.',
  attempted:
    'We have tried to reboot the following equipment of yours remotely, and could not make sure whether it was rebooted.',
  device: (name: string, id: string) => `- ${name} (device ID: ${id})`,
  happened: {
    accepted: (moment: string) => `  Reboot instructed: ${moment}`,
    rebooted: (moment: string) => `  Reboot instructed: ${moment}. It is back online.`,
    unknown: (moment: string) => `  May have been rebooted: ${moment}`,
  } satisfies Record<FeltOutcome, unknown>,
  reason: (reason: string) => `Reason: ${reason}`,
  video:
    'Video from a device that was rebooted may not be viewable from the i-PRO Remo. Service for a while.',
  signInAgain:
    'You were signed in to the service at that time. We are sorry for the trouble: please sign in to the service again.',
  signInIfNeeded:
    'You may have been signed in to the service at that time. If you cannot see video, please sign in to the service again.',
  closing: ['If you have any questions, please contact us.', 'Thank you for your understanding.'],
  signature: {
    company: (text: string) => text,
    name: (text: string) => text,
    phone: (text: string) => `Phone: ${text}`,
    email: (text: string) => `E-mail: ${text}`,
  },
  placeholders: {
    company: '[Your company]',
    name: '[Your name]',
    phone: '[Your phone number]',
    email: '[Your e-mail address]',
  },

  nobody:
    'There is nobody to write to: no device of an owner who was or may have been signed in was rebooted.',
  notSignedIn: (count: number) =>
    count === 1
      ? '1 customer who was not signed in is left out; to write to them too: --all'
      : `${number(count)} customers who were not signed in are left out; to write to them too: --all`,
  placeholdersLeft: (keys: readonly string[]) =>
    `The notices have placeholders in [ ], as these settings are missing: ${listed(keys)}\nTo set one: remo config set ${keys[0]} TEXT`,
  badAddress: (customer: string) =>
    `This customer's e-mail address can't be used; find out the right one, and put it in by hand: ${customer}`,
};
