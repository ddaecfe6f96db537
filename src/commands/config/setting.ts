import {
  flagSpellings,
  keptKeys,
  type Setting,
  type SettingName,
  settingNames,
  settingRules,
} from '../../config.js';
import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import type { Output } from '../../outputs.js';

const keys = settingNames.map(name => settingRules[name].key);

/** The setting of that key, if there is one; it may be written with hyphens, as its flag would be. */
export function settingOf(key: string): SettingName | undefined {
  const wanted = key.replaceAll('-', '_');
  return settingNames.find(name => settingRules[name].key === wanted);
}

/** The error for a key that no setting has. */
export function unknownSetting(key: string, known: readonly string[] = keys): RemoError {
  return new RemoError('unknown_setting', { setting: key, known, ...nearest(key, known) });
}

/**
 * The setting of that key that a profile can hold.
 * @throws RemoError `setting_not_kept`; `unknown_setting` unless there may be none
 */
export function keptSettingOf(key: string): SettingName {
  const name = settingOf(key);
  if (!name) throw unknownSetting(key, keptKeys);
  requireKept(name);
  return name;
}

/** @throws RemoError `setting_not_kept` */
export function requireKept(name: SettingName): void {
  const { key, env, kept } = settingRules[name];
  const flag = flagSpellings(name).at(-1) ?? '';
  if (!kept) throw new RemoError('setting_not_kept', { setting: key, flag, env });
}

/** What data formats hold of a setting: as one would write it, a switch as a truth value. */
export function dataOf({ value, text }: Setting<unknown>): Output<'config-list'>['value'] {
  return typeof value === 'boolean' ? value : (text ?? null);
}

/** A word to a person beside what was asked for; `--quiet` does without. */
export function hint(text: string, context: Context): void {
  if (!context.setting('quiet').value) context.io.err(text);
}

/** Says so when what was just stored has no effect here. */
export function warnOfEnvironment(name: SettingName, context: Context): void {
  const { env } = settingRules[name];
  if (context.host.env[env]) context.io.err(context.messages.config.environmentWins(env));
}
