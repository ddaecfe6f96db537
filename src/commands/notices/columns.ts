import type { Output } from '../../outputs.js';
import type { Column } from '../../terminal/columns.js';
import { yesNo } from '../../terminal/columns.js';
import type { Declared } from '../listing.js';
import { momentOf, type Notice } from './compose.js';

/** A notice, and the file it was written to if it was. */
export interface Written {
  notice: Notice;
  path: string | null;
}

/** A notice as data. */
function asData({ notice, path }: Written): Output<'notices'> {
  const { recipient, subject, body } = notice;
  return {
    customer_id: recipient.id,
    customer_name: recipient.name,
    customer_email: recipient.email,
    owner_signed_in: recipient.ownerSignedIn,
    subject,
    body,
    devices: recipient.devices.map(device => ({
      device_id: device.deviceId,
      device_name: device.deviceName,
      outcome: device.outcome,
      instructed_at: momentOf(device),
    })),
    path,
  };
}

const onRequest = (name: 'subject' | 'body'): Column<Written> => ({
  name,
  header: m => m.notices.columns[name],
  value: ({ notice }) => notice[name],
  priority: 9,
  onRequest: true,
});

const columns: readonly Column<Written>[] = [
  {
    name: 'customer_id',
    header: m => m.notices.columns.customer_id,
    value: ({ notice }) => notice.recipient.id,
    priority: 5,
  },
  {
    name: 'customer_name',
    header: m => m.notices.columns.customer_name,
    value: ({ notice }) => notice.recipient.name,
    priority: 1,
  },
  {
    name: 'customer_email',
    header: m => m.notices.columns.customer_email,
    value: ({ notice }) => notice.recipient.email,
    priority: 2,
  },
  {
    name: 'owner_signed_in',
    header: m => m.notices.columns.owner_signed_in,
    value: ({ notice }) => notice.recipient.ownerSignedIn,
    text: ({ notice }, view) => yesNo(view, notice.recipient.ownerSignedIn),
    priority: 3,
  },
  {
    name: 'device_ids',
    header: m => m.notices.columns.device_ids,
    value: ({ notice }) => notice.recipient.devices.map(({ deviceId }) => deviceId).join(' '),
    text: ({ notice }) => notice.recipient.devices.map(({ deviceName }) => deviceName).join(', '),
    priority: 4,
  },
  { name: 'path', header: m => m.notices.columns.path, value: ({ path }) => path, priority: 1 },
  onRequest('subject'),
  onRequest('body'),
];

/** How notices are listed; the texts themselves are in the files, and in JSON. */
export const noticeListing: Declared<Written> = { about: 'notice', columns, record: asData };
