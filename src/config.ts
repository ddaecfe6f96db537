import { colorConvention, dumbTerminal, type Environment, type Language, locale } from './environment.js';
import {
  oneOf,
  parseApiUrl,
  parseBoolean,
  parseDuration,
  parseEmail,
  parseInteger,
  parsePager,
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
  /** One line after the other: nothing is drawn over, nothing moves. */
  plain: boolean;
  /** Whether tables are drawn whole, however narrow the terminal. */
  wide: boolean;
  /** The command that tables are shown with; true for the system's own, false for none. */
  pager: string | boolean;
  timeout: number;
  signatureCompany: string | undefined;
  signatureName: string | undefined;
  signaturePhone: string | undefined;
  signatureEmail: string | undefined;
  /** For how many days finished runs stay recorded. */
  historyDays: number | undefined;
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
  /** Which commands alone have the flag: `remo login`, or those that list. */
  of?: 'login' | 'listings';
  /** What the conventions of the system say, if neither we nor the profile do. */
  ambient?: (env: Environment) => { text: string; source: string } | undefined;
}

/** A century, in days. */
const longestHistory = 36_500;

/** A line of the agency's signature under a notice. */
function ofSignature(key: string, env: string, parse = parseText): SettingRule<string | undefined> {
  return { key, env, parse, fallback: undefined, kept: true };
}

/** Node's own `fetch` gives up after so long without headers, or without more of the body; milliseconds. */
const longestTimeout = 300_000;

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
    of: 'login',
  },
  scopes: {
    key: 'scopes',
    flag: '--scopes <scopes>',
    env: 'REMO_SCOPES',
    parse: parseScopes,
    fallback: 'openid offline_access remo.read remo.reboot',
    kept: true,
    of: 'login',
  },
  credentialStore: {
    key: 'credential_store',
    flag: '--credential-store <store>',
    env: 'REMO_CREDENTIAL_STORE',
    parse: oneOf('keychain', 'file'),
    fallback: 'keychain',
    kept: true,
    of: 'login',
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
  plain: {
    key: 'plain',
    env: 'REMO_PLAIN',
    parse: parseBoolean,
    fallback: 'false',
    kept: true,
    ambient: dumbTerminal,
  },
  wide: {
    key: 'wide',
    flag: '--wide',
    env: 'REMO_WIDE',
    parse: parseBoolean,
    fallback: 'false',
    kept: true,
    of: 'listings',
  },
  pager: {
    key: 'pager',
    flag: '--pager [command]',
    env: 'REMO_PAGER',
    parse: parsePager,
    fallback: 'false',
    kept: true,
    of: 'listings',
  },
  timeout: {
    key: 'timeout',
    flag: '--timeout <duration>',
    env: 'REMO_TIMEOUT',
    parse: (text, name) => parseDuration(text, name, longestTimeout),
    fallback: '30s',
    kept: true,
  },
  signatureCompany: ofSignature('signature.company', 'REMO_SIGNATURE_COMPANY'),
  signatureName: ofSignature('signature.name', 'REMO_SIGNATURE_NAME'),
  signaturePhone: ofSignature('signature.phone', 'REMO_SIGNATURE_PHONE'),
  signatureEmail: ofSignature('signature.email', 'REMO_SIGNATURE_EMAIL', parseEmail),
  historyDays: {
    key: 'history_days',
    env: 'REMO_HISTORY_DAYS',
    parse: (text, name) => parseInteger(text, name, 1, longestHistory),
    fallback: undefined,
    kept: true,
  },
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

/** A value as one would write it: what a parser has put in order stays so. */
export function written(value: Settings[SettingName], text: string): string {
  return value instanceof URL || typeof value === 'string' ? String(value) : text;
}
