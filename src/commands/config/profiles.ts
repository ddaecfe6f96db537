import type { Context } from '../../context.js';
import type { Output } from '../../outputs.js';
import type { Column } from '../../terminal/columns.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { writeList } from '../../terminal/output.js';
import type { Declared } from '../listing.js';
import { hint } from './setting.js';

type Row = Output<'config-profiles'>;

const columns: readonly Column<Row>[] = [
  {
    name: 'in_use',
    header: m => m.config.profileColumns.in_use,
    value: row => row.in_use,
    text: row => (row.in_use ? '*' : ''),
    priority: 1,
  },
  { name: 'name', header: m => m.config.profileColumns.name, value: row => row.name, priority: 1 },
  { name: 'api_url', header: m => m.config.profileColumns.api_url, value: row => row.api_url, priority: 2 },
];

/** How profiles are listed. */
export const profileListing: Declared<Row> = { about: 'profile', columns };

/** `remo config profiles`: the profiles there are, and which of them is in use. */
export async function listProfiles(options: ListingOptions, context: Context): Promise<void> {
  const { config, messages } = context;
  const inUse = context.setting('profile').value;
  const rows = config.profileNames.map(name => ({
    in_use: name === inUse,
    name,
    api_url: config.profile(name)['api_url'] ?? null,
  }));
  await writeList(context, { ...profileListing, rows }, options);
  if (rows.length === 0) hint(messages.config.noProfiles, context);
  else if (!rows.some(row => row.in_use)) hint(messages.config.notThereYet(inUse), context);
}
