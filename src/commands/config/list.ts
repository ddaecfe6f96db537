import { settingNames, settingRules } from '../../config.js';
import type { Context } from '../../context.js';
import type { Output } from '../../outputs.js';
import type { Column } from '../../terminal/columns.js';
import type { ListingOptions } from '../../terminal/listing.js';
import { writeList } from '../../terminal/output.js';
import { inline } from '../../terminal/sanitise.js';
import type { Declared } from '../listing.js';
import { dataOf } from './setting.js';

type Row = Output<'config-list'>;

const columns: readonly Column<Row>[] = [
  { name: 'name', header: m => m.config.columns.name, value: row => row.name, priority: 1 },
  {
    name: 'value',
    header: m => m.config.columns.value,
    value: row => row.value,
    text: ({ name, value }, { messages }) =>
      value === null ? (messages.config.undecided[name] ?? '') : String(value),
    priority: 1,
  },
  {
    name: 'origin',
    header: m => m.config.columns.origin,
    value: row => row.origin,
    text: ({ origin }, { messages }) => messages.config.origins[origin],
    priority: 2,
  },
  { name: 'source', header: m => m.config.columns.source, value: row => row.source, priority: 3 },
];

/** How settings are listed. */
export const settingListing: Declared<Row> = { about: 'setting', columns };

/** `remo config list`: every setting of this run, its value and where that comes from. */
export async function listSettings(options: ListingOptions, context: Context): Promise<void> {
  const { config, io, messages } = context;
  const rows = settingNames.map(name => {
    const setting = context.setting(name);
    const { origin, source = null } = setting;
    return { name: settingRules[name].key, value: dataOf(setting), origin, source };
  });
  await writeList(context, { ...settingListing, rows }, options);
  const unknown = config.unknownKeys(context.settings.profile);
  if (unknown.length > 0) {
    io.err(
      `${messages.labels.warning} ${messages.config.unknownKeys(inline(config.path), unknown.map(inline))}`,
    );
  }
}
