import type { Context } from '../../context.js';
import { inline, jsonText } from '../../terminal/sanitise.js';
import { dataOf, settingOf, unknownSetting } from './setting.js';

/**
 * `remo config get`: the value alone; an empty line (JSON: null) where there is none.
 * @throws RemoError `unknown_setting`
 */
export async function getSetting(key: string, context: Context): Promise<void> {
  const name = settingOf(key);
  if (!name) throw unknownSetting(key);
  const value = dataOf(context.setting(name));
  const isJson = context.format === 'json' || context.format === 'ndjson';
  await context.io.out(`${isJson ? jsonText(value) : inline(String(value ?? ''))}\n`);
}
