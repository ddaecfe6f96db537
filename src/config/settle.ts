import {
  flagSpellings,
  type Places,
  type Setting,
  type SettingName,
  type Settings,
  settingNames,
  settingRules,
  written,
} from '../config.js';

/**
 * Settles one setting: flag, else environment, else profile, else the system's conventions, else default.
 * @throws RemoError `invalid_value` naming the place the value came from, `api_url_insecure`, and what the
 * stored settings throw
 */
export function settleOne<K extends SettingName>(name: K, places: Places): Setting<Settings[K]> {
  const { text, place, ...from } = find(name, places);
  if (text === undefined) return { value: undefined as Settings[K], text, ...from };
  const value = settingRules[name].parse(text, place ?? name);
  return { value, text: written(value, text), ...from };
}

/** Settles every setting. @throws as `settleOne` */
export function settle(places: Places): Settings {
  const settled = settingNames.map(name => [name, settleOne(name, places).value]);
  return Object.fromEntries(settled) as Settings;
}

/** The text that counts for a setting; `place` is what to call it when it can't be used. */
function find(name: SettingName, { flags, env, file }: Places) {
  const rule = settingRules[name];
  const flag = flags[name];
  if (flag !== undefined) {
    const source = flagSpellings(name).at(-1);
    return { text: String(flag), origin: 'flag' as const, source, place: source };
  }
  const variable = env[rule.env];
  // An empty variable counts as unset, as in most tools.
  if (variable) return { text: variable, origin: 'environment' as const, source: rule.env, place: rule.env };
  const stored = findStored(name, { flags, env, file });
  if (stored) return { ...stored, source: file.path };
  const ambient = rule.ambient?.(env);
  if (ambient) return { ...ambient, origin: 'environment' as const, place: ambient.source };
  return { text: rule.fallback, origin: 'default' as const, source: undefined, place: undefined };
}

function findStored(name: SettingName, places: Places) {
  const { file } = places;
  const { kept, key } = settingRules[name];
  if (name === 'profile') {
    const text = file.currentProfile;
    return text === undefined
      ? undefined
      : { text, origin: 'file' as const, place: `${file.path}: current_profile` };
  }
  if (!kept) return undefined;
  const profile = settleOne('profile', places).value;
  const text = file.profile(profile)[key];
  return text === undefined
    ? undefined
    : { text, origin: 'profile' as const, place: `${file.path}: profiles.${profile}.${key}` };
}
