import path from 'node:path';

export type Language = 'ja' | 'en';
/** Environment variables as the process got them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folders for settings, for state, and for what can be fetched again, as each system has it (XDG base
 * directories on Linux); REMO_CONFIG_DIR, REMO_STATE_DIR and REMO_CACHE_DIR win.
 */
export function directories(env: Environment, platform: NodeJS.Platform, home: string) {
  const base =
    platform === 'win32'
      ? {
          config: env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'),
          state: env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'),
          cache: path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'Temp'),
        }
      : platform === 'darwin'
        ? {
            config: path.join(home, 'Library', 'Preferences'),
            state: path.join(home, 'Library', 'Application Support'),
            cache: path.join(home, 'Library', 'Caches'),
          }
        : {
            config: env['XDG_CONFIG_HOME'] || path.join(home, '.config'),
            state: env['XDG_STATE_HOME'] || path.join(home, '.local', 'state'),
            cache: env['XDG_CACHE_HOME'] || path.join(home, '.cache'),
          };
  return {
    config: env['REMO_CONFIG_DIR'] || path.join(base.config, 'remo'),
    state: env['REMO_STATE_DIR'] || path.join(base.state, 'remo'),
    cache: env['REMO_CACHE_DIR'] || path.join(base.cache, 'remo'),
  };
}

/** Japanese or English by the locale: LC_ALL, else LC_MESSAGES, else LANG (POSIX order). */
export function locale(env: Environment): { text: Language; source: string } | undefined {
  const source = ['LC_ALL', 'LC_MESSAGES', 'LANG'].find(name => env[name]);
  if (source === undefined) return undefined;
  return { text: /^ja([_.-]|$)/i.test(env[source] ?? '') ? 'ja' : 'en', source };
}

/** The language of the locale; English where it names neither. */
export function localeLanguage(env: Environment): Language {
  return locale(env)?.text ?? 'en';
}

/** Whether the locale says that the terminal shows more than ASCII. Windows has no such variables; Node writes UTF-16 there. */
export function isUnicode(env: Environment, platform: NodeJS.Platform): boolean {
  const name = ['LC_ALL', 'LC_CTYPE', 'LANG'].find(variable => env[variable]);
  return platform === 'win32' || (name !== undefined && /utf-?8/i.test(env[name] ?? ''));
}

/** A terminal that can do nothing but show one line after the other. */
export function dumbTerminal(env: Environment): { text: string; source: string } | undefined {
  return env['TERM'] === 'dumb' ? { text: 'true', source: 'TERM' } : undefined;
}

/** Colour as NO_COLOR (no-color.org) and FORCE_COLOR have it. */
export function colorConvention(env: Environment): { text: string; source: string } | undefined {
  if (env['NO_COLOR']) return { text: 'false', source: 'NO_COLOR' };
  const forced = env['FORCE_COLOR'];
  return forced ? { text: String(forced !== '0'), source: 'FORCE_COLOR' } : undefined;
}
