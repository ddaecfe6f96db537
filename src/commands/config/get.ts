import type { Context } from '../../context.js';
import { writeValue } from '../../terminal/output.js';
import { inline } from '../../terminal/sanitise.js';
import { dataOf, settingOf, unknownSetting } from './setting.js';

/**
 * `remo config get`: the value alone; an empty line (JSON: null) where there is none.
 * @throws RemoError `unknown_setting`
 */
export async function getSetting(key: string, context: Context): Promise<void> {
  const name = settingOf(key);
  if (!name) throw unknownSetting(key);
  const value = dataOf(context.setting(name));
  if (['json', 'ndjson', 'yaml'].includes(context.format)) return writeValue(context, value);
  await context.io.out(`${inline(String(value ?? ''))}\n`);
}
