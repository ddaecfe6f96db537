import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RemoError } from './errors.js';
import { writeFileAtomically } from './files.js';

export type Language = 'ja' | 'en';
export type OutputFormat = 'table' | 'json' | 'ndjson' | 'csv';
type StoreName = 'keychain' | 'file' | 'memory';

/** Environment variables as the process got them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The validated settings of one run. Durations are milliseconds. */
export interface Settings {
  profile: string;
  apiUrl: URL | undefined;
  clientId: string;
  credentialStore: StoreName;
  output: OutputFormat | undefined;
  lang: Language | undefined;
  input: boolean;
  color: boolean | undefined;
  quiet: boolean;
  debug: boolean;
  timeout: number;
}
export type SettingName = keyof Settings;
type Origin = 'flag' | 'environment' | 'profile' | 'default';

/** How one setting is written in each of the places it can come from. */
interface SettingRule<T> {
  env: string;
  profileKey?: string;
  parse: (text: string, name: string) => T;
  fallback: T;
}

/**
 * A length of time as a person writes it: `30s`, `5m`, `1.5h`, `250ms`; a bare number is seconds.
 * @returns milliseconds
 * @throws RemoError `invalid_value`
 */
export function parseDuration(text: string, name: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? 's'] ?? 1000;
  const ms = Math.round(Number(match?.[1]) * unit);
  // setTimeout turns anything above 2^31-1 ms into 1 ms.
  if (!match || ms <= 0 || ms > 2_147_483_647) {
    throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'duration' } });
  }
  return ms;
}

/** A whole number within bounds. @throws RemoError `invalid_value` */
export function parseInteger(text: string, name: string, min: number, max?: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min) || (max !== undefined && value > max)) {
    const expected = { kind: 'integer' as const, min, ...(max === undefined ? {} : { max }) };
    throw new RemoError('invalid_value', { name, value: text, expected });
  }
  return value;
}

function oneOf<T extends string>(...values: T[]): (text: string, name: string) => T {
  return (text, name) => {
    if ((values as string[]).includes(text)) return text as T;
    throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'one_of', values } });
  };
}

function boolean(text: string, name: string): boolean {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'boolean' } });
}

function profileName(text: string, name: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(text) && text !== '__proto__') return text;
  throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'name' } });
}

/** Whether a host is this machine: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

/**
 * The base URL of the API, without a trailing slash.
 * @throws RemoError `invalid_value`; `api_url_insecure` for plain HTTP to another machine
 */
function parseApiUrl(text: string, name: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new RemoError('invalid_value', { name, value: text, expected: { kind: 'url' } });
  }
  const plain = url.protocol === 'http:';
  if ((!plain && url.protocol !== 'https:') || url.username || url.password || url.search || url.hash) {
    // The password a URL may carry is not repeated on the screen.
    const shown = url.password ? text.replace(url.password, '***') : text;
    throw new RemoError('invalid_value', { name, value: shown, expected: { kind: 'url' } });
  }
  if (plain && !isLoopback(url.hostname)) throw new RemoError('api_url_insecure', { url: url.href });
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

function text(value: string, name: string): string {
  if (value !== '' && value.length <= 200 && !/\p{Cc}/u.test(value)) return value;
  throw new RemoError('invalid_value', { name, value, expected: { kind: 'text', max: 200 } });
}

const rules: { [K in SettingName]: SettingRule<Settings[K]> } = {
  profile: { env: 'REMO_PROFILE', parse: profileName, fallback: 'default' },
  apiUrl: { env: 'REMO_API_URL', profileKey: 'api_url', parse: parseApiUrl, fallback: undefined },
  clientId: { env: 'REMO_CLIENT_ID', profileKey: 'client_id', parse: text, fallback: 'remo-cli' },
  credentialStore: {
    env: 'REMO_CREDENTIAL_STORE',
    profileKey: 'credential_store',
    parse: oneOf('keychain', 'file'),
    fallback: 'keychain',
  },
  output: {
    env: 'REMO_OUTPUT',
    profileKey: 'output',
    parse: oneOf('table', 'json', 'ndjson', 'csv'),
    fallback: undefined,
  },
  lang: { env: 'REMO_LANG', profileKey: 'lang', parse: oneOf('ja', 'en'), fallback: undefined },
  input: { env: 'REMO_INPUT', parse: boolean, fallback: true },
  color: { env: 'REMO_COLOR', parse: boolean, fallback: undefined },
  quiet: { env: 'REMO_QUIET', parse: boolean, fallback: false },
  debug: { env: 'REMO_DEBUG', parse: boolean, fallback: false },
  timeout: { env: 'REMO_TIMEOUT', profileKey: 'timeout', parse: parseDuration, fallback: 30_000 },
};

/** Global flags as commander hands them over: text, or a boolean for a switch. */
export type Flags = Readonly<Partial<Record<SettingName, string | boolean>>>;

const flagNames: { [K in SettingName]: string } = {
  profile: '--profile',
  apiUrl: '--api-url',
  clientId: '--client-id',
  credentialStore: '--credential-store',
  output: '--output',
  lang: '--lang',
  input: '--no-input',
  color: '--no-color',
  quiet: '--quiet',
  debug: '--debug',
  timeout: '--timeout',
};

/** What the config file holds for one profile: setting name in the file -> text. */
type Profile = Record<string, string>;
interface ConfigFile {
  profiles: Record<string, Profile>;
}

/** The user's settings file: named profiles, each a few texts. */
export class Config {
  private content: ConfigFile | undefined;

  constructor(readonly path: string) {}

  /** @throws RemoError `config_broken` */
  private read(): ConfigFile {
    if (this.content) return this.content;
    let source: string;
    try {
      source = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        this.content = { profiles: {} };
        return this.content;
      }
      throw new RemoError('config_broken', { path: this.path, detail: (error as Error).message });
    }
    this.content = parseConfigFile(source, this.path);
    return this.content;
  }

  /**
   * Settles every setting: flag, else environment, else profile, else default.
   * @throws RemoError `invalid_value` naming the place the value came from, `config_broken`, `api_url_insecure`
   */
  settle(flags: Flags, env: Environment): Settings {
    const profile = this.settleOne('profile', flags, env, {}).value;
    const stored = this.profile(profile);
    const settled: Partial<Record<SettingName, unknown>> = { profile };
    for (const name of Object.keys(rules) as SettingName[]) {
      if (name !== 'profile') settled[name] = this.settleOne(name, flags, env, stored).value;
    }
    return settled as unknown as Settings;
  }

  private settleOne<K extends SettingName>(
    name: K,
    flags: Flags,
    env: Environment,
    stored: Profile,
  ): { value: Settings[K]; origin: Origin } {
    const rule = rules[name];
    const flag = flags[name];
    if (typeof flag === 'boolean') return { value: flag as Settings[K], origin: 'flag' };
    if (flag !== undefined) return { value: rule.parse(flag, flagNames[name]), origin: 'flag' };
    const variable = env[rule.env];
    // An empty variable counts as unset, as in most tools.
    if (variable) return { value: rule.parse(variable, rule.env), origin: 'environment' };
    const kept = rule.profileKey === undefined ? undefined : stored[rule.profileKey];
    if (kept !== undefined) {
      return { value: rule.parse(kept, `${this.path}: ${rule.profileKey}`), origin: 'profile' };
    }
    return { value: rule.fallback, origin: 'default' };
  }

  private profile(name: string): Profile {
    const { profiles } = this.read();
    return Object.hasOwn(profiles, name) ? (profiles[name] ?? {}) : {};
  }

  /**
   * Stores texts in a profile, atomically (written beside, then renamed); the rest of the file stays.
   * @throws RemoError `config_unwritable`, `config_broken` (a broken file is never overwritten)
   */
  async store(profile: string, values: { apiUrl?: string; clientId?: string; credentialStore?: string }) {
    const content = this.read();
    const kept: Profile = { ...this.profile(profile) };
    for (const [name, value] of Object.entries(values)) {
      kept[rules[name as SettingName].profileKey ?? name] = value;
    }
    content.profiles[profile] = kept;
    await writeFileAtomically(this.path, `${JSON.stringify(content, null, 2)}\n`).catch(error => {
      throw new RemoError('config_unwritable', { path: this.path, detail: (error as Error).message });
    });
  }
}

function parseConfigFile(source: string, file: string): ConfigFile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = (error as Error).message;
    const offset = /position (\d+)/.exec(detail)?.[1];
    const line = offset === undefined ? undefined : source.slice(0, Number(offset)).split('\n').length;
    throw new RemoError('config_broken', { path: file, detail, ...(line === undefined ? {} : { line }) });
  }
  const broken = (detail: string) => new RemoError('config_broken', { path: file, detail });
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord(parsed)) throw broken('not an object');
  const profiles = parsed['profiles'] ?? {};
  if (!isRecord(profiles)) throw broken('"profiles" is not an object');
  for (const [name, profile] of Object.entries(profiles)) {
    if (!isRecord(profile)) throw broken(`"profiles.${name}" is not an object`);
    for (const [key, value] of Object.entries(profile)) {
      if (typeof value !== 'string') throw broken(`"profiles.${name}.${key}" is not a text`);
    }
  }
  return { ...parsed, profiles: profiles as Record<string, Profile> };
}

/**
 * The folders for settings and for state, as each system has it (XDG base directories on Linux);
 * REMO_CONFIG_DIR and REMO_STATE_DIR win.
 */
export function directories(env: Environment, platform: NodeJS.Platform, home: string) {
  const base =
    platform === 'win32'
      ? {
          config: env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'),
          state: env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'),
        }
      : platform === 'darwin'
        ? {
            config: path.join(home, 'Library', 'Preferences'),
            state: path.join(home, 'Library', 'Application Support'),
          }
        : {
            config: env['XDG_CONFIG_HOME'] || path.join(home, '.config'),
            state: env['XDG_STATE_HOME'] || path.join(home, '.local', 'state'),
          };
  return {
    config: env['REMO_CONFIG_DIR'] || path.join(base.config, 'remo'),
    state: env['REMO_STATE_DIR'] || path.join(base.state, 'remo'),
  };
}

/**
 * Japanese or English, from the locale: LC_ALL, else LC_MESSAGES, else LANG (POSIX order); English when
 * none says Japanese.
 */
export function localeLanguage(env: Environment): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^ja([_.-]|$)/i.test(locale) ? 'ja' : 'en';
}
