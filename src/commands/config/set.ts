import { settingRules, written } from '../../config.js';
import type { Context } from '../../context.js';
import { inline } from '../../terminal/sanitise.js';
import { mistypedProfile } from './near-profile.js';
import { hint, keptSettingOf, warnOfEnvironment } from './setting.js';

/**
 * `remo config set`: stores a setting in the profile in use, which is made if it is not there. How long runs stay
 * recorded has its effect at once.
 * @throws RemoError `unknown_setting`, `setting_not_kept`, and as the setting's parser and `ConfigFile.store`
 */
export async function setSetting(key: string, text: string, context: Context): Promise<void> {
  const { config, messages } = context;
  const name = keptSettingOf(key);
  const rule = settingRules[name];
  const value = written(rule.parse(text, key), text);
  const profile = context.setting('profile').value;
  const isNew = !config.profileNames.includes(profile);
  const isMistyped = mistypedProfile(context) !== undefined;
  await config.store(profile, { [name]: value });
  hint(messages.config.stored(rule.key, inline(value), profile, isNew), context);
  if (isMistyped) hint(messages.config.undo(rule.key, profile), context);
  warnOfEnvironment(name, context);
  if (name === 'historyDays') await (await import('../batches/prune.js')).pruneHistory(context);
}
