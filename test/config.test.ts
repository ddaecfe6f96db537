import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settle, settleOne } from '../src/config/settle.js';
import {
  type Flags,
  flagSpellings,
  keptKeys,
  type SettingName,
  type StoredSettings,
  settingNames,
  settingRules,
} from '../src/config.js';
import { directories } from '../src/environment.js';

/** For each setting what it is given in each place, as a person writes it. */
const samples: Record<SettingName, { flag?: string | boolean; env: string; stored?: string }> = {
  profile: { flag: 'by-flag', env: 'by-env', stored: 'by-file' },
  apiUrl: {
    flag: 'https://flag.example/v1',
    env: 'https://env.example/v1',
    stored: 'https://file.example/v1',
  },
  clientId: { flag: 'flag', env: 'env', stored: 'file' },
  scopes: { flag: 'openid a', env: 'openid b', stored: 'openid c' },
  credentialStore: { flag: 'file', env: 'file', stored: 'file' },
  output: { flag: 'json', env: 'csv', stored: 'ndjson' },
  lang: { flag: 'ja', env: 'ja', stored: 'ja' },
  input: { flag: false, env: '0' },
  color: { flag: false, env: '1' },
  quiet: { flag: true, env: '1' },
  debug: { flag: true, env: '1' },
  plain: { env: '1', stored: 'true' },
  wide: { flag: true, env: '1', stored: 'true' },
  pager: { flag: 'more', env: 'less -S', stored: 'true' },
  timeout: { flag: '1s', env: '2s', stored: '3s' },
  signatureCompany: { env: 'env', stored: 'file' },
  signatureName: { env: 'env', stored: 'file' },
  signaturePhone: { env: 'env', stored: 'file' },
  signatureEmail: { env: 'env@agency.example', stored: 'file@agency.example' },
  historyDays: { env: '30', stored: '90' },
};

/** A settings file with one profile. */
function file(profile: string, values: Record<string, string>, currentProfile?: string): StoredSettings {
  return {
    path: '/file',
    currentProfile,
    profile: name => (name === profile ? values : {}),
  };
}

/** A setting given in some of the places. */
function places(name: SettingName, where: { flag?: boolean; env?: boolean; stored?: boolean }) {
  const { flag, env, stored = '' } = samples[name];
  const { key, env: variable } = settingRules[name];
  const kept = where.stored ? { [key]: stored } : {};
  return {
    flags: where.flag && flag !== undefined ? { [name]: flag } : {},
    env: where.env ? { [variable]: env } : {},
    file: name === 'profile' && where.stored ? file('', {}, stored) : file('default', kept),
  };
}

describe('every setting', () => {
  it.each(settingNames)('%s: the flag wins, then the environment, then the file, then the default', name => {
    const { key, env, kept, fallback } = settingRules[name];
    const all = { flag: true, env: true, stored: true };
    const written = (value: string | boolean | undefined) => (value === undefined ? value : String(value));
    const given = samples[name];
    if (given.flag !== undefined) {
      expect(settleOne(name, places(name, all))).toMatchObject({
        text: written(given.flag),
        origin: 'flag',
        source: expect.stringMatching(/^--/),
      });
    }
    expect(settleOne(name, places(name, { ...all, flag: false }))).toMatchObject({
      text: given.env,
      origin: 'environment',
      source: env,
    });
    expect(Boolean(kept) || name === 'profile').toBe(given.stored !== undefined);
    const stored = settleOne(name, places(name, { stored: true }));
    if (given.stored === undefined) expect(stored.origin).toBe('default');
    else {
      const origin = name === 'profile' ? 'file' : 'profile';
      expect(stored).toMatchObject({ text: given.stored, origin, source: '/file' });
    }
    const unset = settleOne(name, places(name, {}));
    expect(unset).toMatchObject({ text: fallback, origin: 'default', source: undefined });
    expect(key).toMatch(/^[a-z_.]+$/);
  });

  it.each(settingNames)('%s: an empty variable counts as unset', name => {
    const given = places(name, { stored: true });
    expect(settleOne(name, { ...given, env: { [settingRules[name].env]: '' } })).toEqual(
      settleOne(name, given),
    );
  });

  it.each(settingNames)('%s is called the same everywhere', name => {
    const { key, env, flag } = settingRules[name];
    expect(env).toBe(`REMO_${key.toUpperCase().replace('.', '_')}`);
    const spelling = `--${key.replaceAll('_', '-')}`;
    if (flag === undefined) expect(flagSpellings(name)).toEqual([]);
    else expect([spelling, spelling.replace('--', '--no-')]).toContain(flagSpellings(name).at(-1));
  });

  it('is kept by a profile or not', () => {
    const kept = ['api_url', 'client_id', 'scopes', 'credential_store', 'output', 'lang'];
    const shown = ['plain', 'wide', 'pager', 'timeout'];
    const signature = ['signature.company', 'signature.name', 'signature.phone', 'signature.email'];
    expect(keptKeys).toEqual([...kept, ...shown, ...signature, 'history_days']);
  });

  it('come together as settings, from the profile that the flag names', () => {
    const stored = file('lab', { api_url: 'https://lab.example/v1/', timeout: '1.5m', lang: 'ja' }, 'other');
    const flags: Flags = { profile: 'lab', quiet: true };
    const settings = settle({ flags, env: { REMO_SCOPES: ' openid   remo.read ' }, file: stored });
    expect(settings).toEqual({
      profile: 'lab',
      apiUrl: new URL('https://lab.example/v1'),
      clientId: 'remo-cli',
      scopes: 'openid remo.read',
      credentialStore: 'keychain',
      output: undefined,
      lang: 'ja',
      input: true,
      color: undefined,
      quiet: true,
      debug: false,
      plain: false,
      wide: false,
      pager: false,
      timeout: 90_000,
      signatureCompany: undefined,
      signatureName: undefined,
      signaturePhone: undefined,
      signatureEmail: undefined,
    });
  });
});

describe('the conventions of the system', () => {
  it.each([
    [{ LANG: 'ja_JP.UTF-8' }, 'ja', 'LANG'],
    [{ LANG: 'ja_JP.UTF-8', LC_ALL: 'C' }, 'en', 'LC_ALL'],
    [{ LC_MESSAGES: 'ja', LANG: 'C' }, 'ja', 'LC_MESSAGES'],
  ])('%j is the language where nobody chose one', (env, value, source) => {
    const found = settleOne('lang', { flags: {}, env, file: file('', {}) });
    expect(found).toMatchObject({ value, origin: 'environment', source });
    const chosen = settleOne('lang', { flags: {}, env, file: file('default', { lang: 'en' }) });
    expect(chosen).toMatchObject({ value: 'en', origin: 'profile' });
  });

  it.each([
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false, 'NO_COLOR'],
    [{ FORCE_COLOR: '1' }, true, 'FORCE_COLOR'],
    [{ FORCE_COLOR: '0' }, false, 'FORCE_COLOR'],
    [{ NO_COLOR: '1', REMO_COLOR: '1' }, true, 'REMO_COLOR'],
  ])('%j is about colour', (env, value, source) => {
    const found = settleOne('color', { flags: {}, env, file: file('', {}) });
    expect(found).toMatchObject({ value, origin: 'environment', source });
  });

  it.each([
    ['linux', {}, '/home/me/.config/remo', '/home/me/.local/state/remo', '/home/me/.cache/remo'],
    [
      'linux',
      { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/k' },
      '/c/remo',
      '/s/remo',
      '/k/remo',
    ],
    [
      'darwin',
      {},
      '/home/me/Library/Preferences/remo',
      '/home/me/Library/Application Support/remo',
      '/home/me/Library/Caches/remo',
    ],
    ['linux', { REMO_CONFIG_DIR: '/c', REMO_STATE_DIR: '/s', REMO_CACHE_DIR: '/k' }, '/c', '/s', '/k'],
  ] as const)('on %s with %j have their folders', (platform, env, config, state, cache) => {
    expect(directories(env, platform, '/home/me')).toEqual({ config, state, cache });
  });
});

describe('a value that can’t be used', () => {
  const failure = (name: SettingName, where: Parameters<typeof settle>[0]) => {
    try {
      settleOne(name, where);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it('is reported with the place it came from', () => {
    const stored = file('lab', { timeout: 'soon' }, 'lab');
    const params = { value: 'soon', expected: { kind: 'duration' } };
    const at = (flags: Flags, env: Record<string, string>) =>
      failure('timeout', { flags, env, file: stored });
    expect(at({ timeout: 'soon' }, {})).toMatchObject({ params: { name: '--timeout', ...params } });
    expect(at({}, { REMO_TIMEOUT: 'soon' })).toMatchObject({ params: { name: 'REMO_TIMEOUT', ...params } });
    expect(at({}, {})).toMatchObject({ params: { name: '/file: profiles.lab.timeout', ...params } });
    const current = { flags: {}, env: {}, file: file('', {}, '../x') };
    expect(failure('profile', current)).toMatchObject({ params: { name: '/file: current_profile' } });
  });

  it.each(['', ' ', 'a"b', 'a\\b', 'openid\tx', 'openid,\n', 'öffnen', 'x'.repeat(1001)])(
    '%j is no scope',
    text => {
      expect(failure('scopes', { flags: { scopes: text }, env: {}, file: file('', {}) })).toMatchObject({
        code: 'invalid_value',
        params: { expected: { kind: 'scopes' } },
      });
    },
  );

  it.each([
    'https://me:hunter2x@host.example/v1',
    'https://hunter2x@host.example/v1',
    'ftp://me:hunter2x@host.example/v1',
    'https:me:hunter2x@host.example/v1',
    'https://me:hunter2x@ho st.example/v1',
    'https://me:h%20hunter2x@host.example/v1',
    'https://me:pass wörd hunter2x@host.example/v1',
    'https://me:hunter2x@x@host.example/v1',
    '//me:hunter2x@host.example',
  ])('does not show the password of %s', text => {
    const error = failure('apiUrl', { flags: { apiUrl: text }, env: {}, file: file('', {}) });
    expect(error).toMatchObject({
      code: 'invalid_value',
      params: { value: expect.stringContaining('***@') },
    });
    expect(JSON.stringify(error)).not.toContain('hunter2x');
  });

  it('whatever it is, is accepted or refused as bad usage, and accepted again as it was put in order', () => {
    fc.assert(
      fc.property(fc.constantFrom(...settingNames), fc.string({ unit: 'grapheme' }), (name, text) => {
        const flags = { [name]: text };
        const first = failure(name, { flags, env: {}, file: file('', {}) });
        if (first) {
          expect(first).toMatchObject({ exitCode: 2 });
          return;
        }
        const once = settleOne(name, { flags, env: {}, file: file('', {}) });
        const again = settleOne(name, { flags: { [name]: once.text }, env: {}, file: file('', {}) });
        expect(again).toEqual(once);
      }),
    );
  });
});
