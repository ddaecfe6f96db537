import { settingRules } from '../../config.js';
import type { Context } from '../../context.js';
import { inline } from '../../terminal/sanitise.js';
import { hint, requireKept, settingOf, unknownSetting } from './setting.js';

/**
 * `remo config unset`: takes a setting out of the profile in use, or what a hand or another version wrote
 * there.
 * @throws RemoError `unknown_setting`, `setting_not_kept`, and as `ConfigFile.remove`
 */
export async function unsetSetting(key: string, context: Context): Promise<void> {
  const { config, messages } = context;
  const name = settingOf(key);
  if (name) requireKept(name);
  const held = name ? settingRules[name].key : key;
  const profile = context.setting('profile').value;
  const found = await config.remove(profile, held);
  if (!found && !name) throw unknownSetting(key);
  hint(messages.config[found ? 'removed' : 'notHeld'](inline(held), profile), context);
}
