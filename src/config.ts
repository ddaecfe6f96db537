import { colorConvention, type Environment, type Language, locale } from './environment.js';
import {
  oneOf,
  parseApiUrl,
  parseBoolean,
  parseDuration,
  parseEmail,
  parseProfileName,
  parseScopes,
  parseText,
} from './values.js';

export type OutputFormat = 'table' | 'json' | 'ndjson' | 'csv' | 'yaml';
type StoreName = 'keychain' | 'file' | 'memory';

/** The validated settings of one run. Durations are milliseconds. */
export interface Settings {
  profile: string;
  apiUrl: URL | undefined;
  clientId: string;
  /** OAuth scopes, a space between two. */
  scopes: string;
  credentialStore: StoreName;
  output: OutputFormat | undefined;
  lang: Language;
  input: boolean;
  color: boolean | undefined;
  quiet: boolean;
  debug: boolean;
  timeout: number;
  signatureCompany: string | undefined;
  signatureName: string | undefined;
  signaturePhone: string | undefined;
  signatureEmail: string | undefined;
}
export type SettingName = keyof Settings;

/** Global flags as commander hands them over: text, or a boolean for a switch. */
export type Flags = Readonly<Partial<Record<SettingName, string | boolean>>>;

/** The settings that are kept: of each profile its texts by their keys, and which profile is in use. */
export interface StoredSettings {
  /** The file, for the messages. */
  readonly path: string;
  readonly currentProfile: string | undefined;
  profile(name: string): Readonly<Record<string, string | undefined>>;
}

/** Everything that settings are settled from. */
export interface Places {
  flags: Flags;
  env: Environment;
  file: StoredSettings;
}

/** One setting, and where its value comes from. */
export interface Setting<T> {
  value: T;
  /** The value as one would write it; absent where nothing decides it before the command runs. */
  text: string | undefined;
  origin: 'flag' | 'environment' | 'profile' | 'file' | 'default';
  /** The flag, the variable, or the path of the file. */
  source: string | undefined;
}

/** How one setting is written in each of the places it can come from. */
interface SettingRule<T> {
  /** Its name in `remo config` and in the file. */
  key: string;
  /** Its flag as commander declares it; without one it is set once and for all. */
  flag?: string;
  env: string;
  parse: (text: string, name: string) => T;
  /** What counts where nobody says anything, as one would write it. */
  fallback: undefined extends T ? undefined : string;
  /** Whether a profile can hold it. */
  kept?: true;
  /** Whether only `remo login` has the flag. */
  ofLogin?: true;
  /** What the conventions of the system say, if neither we nor the profile do. */
  ambient?: (env: Environment) => { text: string; source: string } | undefined;
}

/** A line of the agency's signature under a notice. */
function ofSignature(key: string, env: string, parse = parseText): SettingRule<string | undefined> {
  return { key, env, parse, fallback: undefined, kept: true };
}

/** Every setting: the one table that flags, variables, the file, `remo config` and the help are made from. */
export const settingRules: { readonly [K in SettingName]: SettingRule<Settings[K]> } = {
  profile: {
    key: 'profile',
    flag: '--profile <name>',
    env: 'REMO_PROFILE',
    parse: parseProfileName,
    fallback: 'default',
  },
  apiUrl: {
    key: 'api_url',
    flag: '--api-url <url>',
    env: 'REMO_API_URL',
    parse: parseApiUrl,
    fallback: undefined,
    kept: true,
  },
  clientId: {
    key: 'client_id',
    flag: '--client-id <id>',
    env: 'REMO_CLIENT_ID',
    parse: parseText,
    fallback: 'remo-cli',
    kept: true,
    ofLogin: true,
  },
  scopes: {
    key: 'scopes',
    flag: '--scopes <scopes>',
    env: 'REMO_SCOPES',
    parse: parseScopes,
    fallback: 'openid offline_access remo.read remo.reboot',
    kept: true,
    ofLogin: true,
  },
  credentialStore: {
    key: 'credential_store',
    flag: '--credential-store <store>',
    env: 'REMO_CREDENTIAL_STORE',
    parse: oneOf('keychain', 'file'),
    fallback: 'keychain',
    kept: true,
    ofLogin: true,
  },
  output: {
    key: 'output',
    flag: '-o, --output <format>',
    env: 'REMO_OUTPUT',
    parse: oneOf('table', 'json', 'ndjson', 'csv', 'yaml'),
    fallback: undefined,
    kept: true,
  },
  lang: {
    key: 'lang',
    flag: '--lang <lang>',
    env: 'REMO_LANG',
    parse: oneOf('ja', 'en'),
    fallback: 'en',
    kept: true,
    ambient: locale,
  },
  input: { key: 'input', flag: '--no-input', env: 'REMO_INPUT', parse: parseBoolean, fallback: 'true' },
  color: {
    key: 'color',
    flag: '--no-color',
    env: 'REMO_COLOR',
    parse: parseBoolean,
    fallback: undefined,
    ambient: colorConvention,
  },
  quiet: { key: 'quiet', flag: '--quiet', env: 'REMO_QUIET', parse: parseBoolean, fallback: 'false' },
  debug: { key: 'debug', flag: '--debug', env: 'REMO_DEBUG', parse: parseBoolean, fallback: 'false' },
  timeout: {
    key: 'timeout',
    flag: '--timeout <duration>',
    env: 'REMO_TIMEOUT',
    parse: parseDuration,
    fallback: '30s',
    kept: true,
  },
  signatureCompany: ofSignature('signature.company', 'REMO_SIGNATURE_COMPANY'),
  signatureName: ofSignature('signature.name', 'REMO_SIGNATURE_NAME'),
  signaturePhone: ofSignature('signature.phone', 'REMO_SIGNATURE_PHONE'),
  signatureEmail: ofSignature('signature.email', 'REMO_SIGNATURE_EMAIL', parseEmail),
};

/** The setting names, in the order they are listed in. */
export const settingNames = Object.keys(settingRules) as readonly SettingName[];

/** The keys of the settings that a profile can hold. */
export const keptKeys: readonly string[] = settingNames.flatMap(name =>
  settingRules[name].kept ? [settingRules[name].key] : [],
);

/** The spellings of a setting's flag: `-o` and `--output`; none where it has no flag. */
export function flagSpellings(name: SettingName): string[] {
  return settingRules[name].flag?.match(/(?<![\w-])--?[a-z-]+/g) ?? [];
}

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

/** A value as one would write it: what a parser has put in order stays so. */
export function written(value: Settings[SettingName], text: string): string {
  return value instanceof URL || typeof value === 'string' ? String(value) : text;
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
