import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { remo, temporaryFolder } from '../../support/run.js';

/** One person's settings: what is stored stays between commands. */
async function person(content?: unknown, own: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'config.json');
  if (content !== undefined) {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return {
    file,
    remo: (argv: string[], env: Record<string, string> = {}) =>
      remo(argv, { env: { REMO_CONFIG_DIR: folder, ...own, ...env } }),
    stored: () => JSON.parse(readFileSync(file, 'utf8')),
  };
}

describe('config set', () => {
  it('stores in the profile in use, and says where', async () => {
    const { remo, stored } = await person({ current_profile: 'lab', profiles: { lab: { lang: 'en' } } });
    const set = await remo(['config', 'set', 'api_url', 'https://lab.example/v1/']);
    expect(set).toMatchObject({ code: 0, out: '' });
    expect(set.err).toBe('Stored in the profile "lab": api_url = https://lab.example/v1\n');
    const other = await remo(['config', 'set', 'scopes', 'openid  remo.read', '--profile', '東京']);
    expect(other.err).toBe('Stored in the new profile "東京": scopes = openid remo.read\n');
    await remo(['config', 'set', 'timeout', '1.5m', '--quiet'], { REMO_PROFILE: '東京' });
    expect(stored()).toEqual({
      current_profile: 'lab',
      profiles: {
        lab: { lang: 'en', api_url: 'https://lab.example/v1' },
        東京: { scopes: 'openid remo.read', timeout: '1.5m' },
      },
    });
  });

  it.each([
    ['api_url', 'https://x.example/v1'],
    ['client_id', 'me & co'],
    ['scopes', 'openid'],
    ['credential_store', 'file'],
    ['output', 'csv'],
    ['lang', 'ja'],
    ['timeout', '250ms'],
    ['signature.company', '横浜セキュリティ株式会社'],
    ['signature.email', 'support@agency.example'],
    ['history_days', '90'],
  ])('%s: what was set is what counts and what is shown, and unset it is gone', async (key, value) => {
    const { remo, stored } = await person();
    expect(await remo(['config', 'set', key, value])).toMatchObject({ code: 0 });
    expect((await remo(['config', 'get', key])).out).toBe(`${value}\n`);
    const unset = await remo(['config', 'unset', key]);
    expect(unset).toMatchObject({ code: 0, out: '' });
    expect(unset.err).toMatch(/"default".*: |「default」.*: /);
    expect(stored()).toEqual({ profiles: {} });
  });

  it.each([
    ['timeout', 'soon', 'timeout: "soon" is not usable.'],
    ['lang', 'fr', 'ja or en'],
    ['output', 'xml', 'table, json, ndjson, csv or yaml'],
    ['credential_store', 'memory', 'keychain or file'],
    ['scopes', 'a"b', 'scopes, one space between two'],
    ['scopes', '', 'scopes, one space between two'],
    ['client_id', '', 'client_id: "" is not usable.'],
    ['api_url', 'nonsense', 'https://'],
    ['api_url', 'http://remo.example/v1', 'Plain http is allowed to this machine only'],
    ['api_url', 'https://me:hunter2x@host.example/v1', 'https://***@host.example/v1'],
    ['signature.name', 'a\nb', 'a text of 1 to 200 characters on one line'],
    ['signature.email', 'support', 'an e-mail address such as'],
    ['history_days', '0', 'a whole number from 1 to 36500'],
    ['history-days', '1.5', 'history-days: "1.5" is not usable.'],
    ['tiemout', '3s', 'Did you mean "timeout"?'],
    [
      'banana',
      '3s',
      'Settings: api_url, client_id, scopes, credential_store, output, lang, plain, wide, pager, timeout',
    ],
    ['profile', 'lab', 'remo config use NAME'],
    ['quiet', '1', '--quiet, or for a session with REMO_QUIET'],
    ['color', '0', '--no-color, or for a session with REMO_COLOR'],
    ['__proto__', 'x', 'Unknown setting: __proto__'],
  ])('%s = %s is bad usage, and stores nothing', async (key, value, told) => {
    const { remo, file } = await person();
    const { code, out, err } = await remo(['config', 'set', key, value]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(told);
    expect(err).not.toContain('hunter2x');
    expect(existsSync(file)).toBe(false);
  });

  it('and get and unset take hyphens as well, and call the setting by its name', async () => {
    const { remo, stored } = await person();
    const set = await remo(['config', 'set', 'api-url', 'https://x.example/v1']);
    expect(set.err).toBe('Stored in the new profile "default": api_url = https://x.example/v1\n');
    expect(stored()).toEqual({ profiles: { default: { api_url: 'https://x.example/v1' } } });
    expect((await remo(['config', 'get', 'api-url'])).out).toBe('https://x.example/v1\n');
    const unset = await remo(['config', 'unset', 'api-url']);
    expect(unset.err).toBe('Removed from the profile "default": api_url\n');
    expect(stored()).toEqual({ profiles: {} });
  });

  it('of what the environment says otherwise tells so', async () => {
    const { remo, stored } = await person();
    const { code, err } = await remo(['config', 'set', 'timeout', '3s'], { REMO_TIMEOUT: '5s' });
    expect(code).toBe(0);
    expect(err).toContain('REMO_TIMEOUT is set in the environment and wins');
    expect(stored().profiles.default).toEqual({ timeout: '3s' });
  });

  it('mends a value that can’t be used, while other commands refuse it', async () => {
    const { remo } = await person({ profiles: { default: { timeout: 'soon', lang: 'fr' } } });
    expect(await remo(['whoami'])).toMatchObject({ code: 2 });
    expect(await remo(['config', 'set', 'timeout', '3s'])).toMatchObject({ code: 0 });
    expect(await remo(['config', 'unset', 'lang'])).toMatchObject({ code: 0 });
    expect(await remo(['config', 'list'])).toMatchObject({ code: 0 });
  });

  it('in the language of the environment, whatever else there can’t be used', async () => {
    const { remo } = await person({ profiles: { default: { lang: 'ja' } } });
    const { err } = await remo(['whoami'], { REMO_TIMEOUT: 'soon' });
    expect(err).toContain('エラー: REMO_TIMEOUT');
    const json = await remo(['whoami', '-o', 'json'], { REMO_TIMEOUT: 'soon' });
    expect(JSON.parse(json.err.trim().split('\n').at(-1) ?? '')).toMatchObject({
      error: { code: 'invalid_value', exit_code: 2 },
    });
  });
});

describe('config unset', () => {
  it('takes out what is no setting, too', async () => {
    const { remo, stored } = await person({ profiles: { default: { old: { x: 1 }, lang: 'en' } }, more: 1 });
    expect(await remo(['config', 'unset', 'old'])).toMatchObject({ code: 0 });
    expect(stored()).toEqual({ profiles: { default: { lang: 'en' } }, more: 1 });
    const again = await remo(['config', 'unset', 'old']);
    expect(again.code).toBe(2);
    expect(again.err).toContain('Unknown setting: old');
  });

  it('of what is not set has nothing to do; of what is never set is bad usage', async () => {
    const { remo, file } = await person();
    const { code, err } = await remo(['config', 'unset', 'timeout', '--lang', 'ja']);
    expect(code).toBe(0);
    expect(err).toContain('処理は不要です');
    expect(existsSync(file)).toBe(false);
    expect(await remo(['config', 'unset', 'debug'])).toMatchObject({ code: 2 });
  });
});

describe('config use', () => {
  const profiles = { work: { api_url: 'https://work.example/v1' }, lab: {} };

  it('chooses the profile of the commands that name none', async () => {
    const { remo, stored } = await person({ profiles });
    const used = await remo(['config', 'use', 'work']);
    expect(used).toMatchObject({ code: 0, out: '', err: 'Profile in use from now on: work\n' });
    expect(stored()).toEqual({ profiles, current_profile: 'work' });
    expect((await remo(['config', 'get', 'api_url'])).out).toBe('https://work.example/v1\n');
    expect((await remo(['config', 'get', 'api_url', '--profile', 'lab'])).out).toBe('\n');
    expect((await remo(['config', 'use', 'default'])).code).toBe(0);
    expect((await remo(['config', 'get', 'profile'])).out).toBe('default\n');
  });

  it('says when REMO_PROFILE wins all the same', async () => {
    const { remo } = await person({ profiles });
    const { code, err } = await remo(['config', 'use', 'work'], { REMO_PROFILE: 'lab' });
    expect(code).toBe(0);
    expect(err).toContain('REMO_PROFILE is set in the environment and wins');
  });

  it.each([
    ['wrok', 'Did you mean "work"?'],
    ['nothing-like-it', 'Existing profiles: work and lab.'],
    ['../x', '<name>: "../x" is not usable.'],
    ['constructor', 'There is no profile "constructor".'],
  ])('of %s, which is not there, is bad usage', async (name, told) => {
    const { remo, stored } = await person({ profiles });
    const { code, out, err } = await remo(['config', 'use', name]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(told);
    expect(stored()).toEqual({ profiles });
  });

  it('where there are no profiles says how one is made', async () => {
    const { remo } = await person();
    expect((await remo(['config', 'use', 'lab'])).err).toContain('remo login --profile lab');
    expect((await remo(['config', 'use', 'lab', '--lang', 'ja'])).err).toContain(
      'プロファイル「lab」はありません。',
    );
  });

  it('of a bad name by hand in the file can be put right', async () => {
    const { remo } = await person({ profiles, current_profile: '../x' });
    const { code, err } = await remo(['whoami']);
    expect(code).toBe(2);
    expect(err).toContain('config.json: current_profile: "../x"');
    expect(await remo(['config', 'use', 'work'])).toMatchObject({ code: 0 });
    expect((await remo(['config', 'get', 'profile'])).out).toBe('work\n');
  });
});

describe('a profile that has no backend', () => {
  const profiles = { production: { api_url: 'https://x.example/v1' }, lab: {} };

  it.each([
    ['prodction', 'There is no profile "prodction". Did you mean "production"?'],
    ['elsewhere', 'Existing profiles: production and lab.'],
    ['lab', 'Existing profiles: production.'],
  ])('%s: the error names it, and the one that was meant', async (profile, told) => {
    const { remo } = await person({ profiles });
    const { code, err } = await remo(['customers', 'list', '--profile', profile]);
    expect(code).toBe(2);
    expect(err).toContain(`No backend is configured for the profile "${profile}".`);
    expect(err).toContain(told);
    const japanese = await remo(['customers', 'list', '--lang', 'ja'], { REMO_PROFILE: profile });
    expect(japanese.err).toContain(`プロファイル「${profile}」には接続先が設定されていません。`);
    expect(japanese.err).toMatch(/「production」|登録済みのプロファイル: production/);
  });
});

describe('a mistyped profile', () => {
  const profiles = { lab: { api_url: 'https://x.example/v1' } };
  const told = 'Warning: There is no profile "lba". Did you mean "lab"? See: remo config profiles\n';

  it('is told of by every command, wherever the backend comes from', async () => {
    const { remo } = await person({ profiles });
    const env = { REMO_API_URL: 'https://y.example/v1', REMO_CREDENTIAL_STORE: 'file' };
    expect((await remo(['whoami', '--profile', 'lba'], env)).err).toMatch(told);
    const history = await remo(['history', '--quiet'], { REMO_PROFILE: 'lba' });
    expect(history).toMatchObject({ code: 0, err: told });
    expect((await remo(['history', '--profile', 'defualt'])).err).toContain('Did you mean "default"?');
    for (const name of ['lab', 'default', 'elsewhere'])
      expect((await remo(['history', '--quiet', '--profile', name])).err).toBe('');
  });

  it('of config set is made all the same, with the way to undo that', async () => {
    const { remo, stored } = await person({ profiles });
    const { code, err } = await remo(['config', 'set', 'lang', 'ja', '--profile', 'lba', '--lang', 'en']);
    expect(code).toBe(0);
    expect(err).toBe(
      `${told}Stored in the new profile "lba": lang = ja\nTo undo that: remo config unset lang --profile lba\n`,
    );
    expect(Object.keys(stored().profiles)).toEqual(['lab', 'lba']);
    await remo(['config', 'unset', 'lang', '--profile', 'lba']);
    expect(stored()).toEqual({ profiles });
  });
});

describe('a broken settings file', () => {
  const broken = '{"profiles": {\n  "lab": {"lang": "ja",}\n}}';

  it.each([
    ['config', 'list'],
    ['config', 'get', 'timeout'],
    ['config', 'set', 'lang', 'ja'],
    ['config', 'unset', 'lang'],
    ['config', 'profiles'],
    ['config', 'use', 'lab'],
    ['login', '--api-url', 'https://x.example/v1'],
    ['whoami'],
  ])('is told by remo %s %s with its line, and stays as it is', async (...argv) => {
    const { remo, file } = await person(broken);
    const { code, out, err } = await remo(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`The settings file ${file}, line 2, column 24, can't be used: a name in double`);
    expect(readFileSync(file, 'utf8')).toBe(broken);
    const json = await remo([...argv, '-o', 'json', '--lang', 'ja']);
    expect(json.err).toContain(`設定ファイル ${file}(2行目の24文字目)を使用できません`);
    expect(JSON.parse(json.err.trim().split('\n').at(-1) ?? '')).toMatchObject({
      error: {
        code: 'config_broken',
        params: { path: file, line: 2, column: 24, problem: { kind: 'syntax', trouble: 'name' } },
      },
    });
  });

  it('does not stand in the way of help', async () => {
    const { remo } = await person(broken);
    expect(await remo(['config', '--help'])).toMatchObject({ code: 0 });
    expect(await remo(['--version'])).toMatchObject({ code: 0 });
  });
});
