import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ended, type RunOptions, remo, temporaryFolder } from '../../support/run.js';

/** A folder with a settings file. */
async function folderWith(content: unknown): Promise<string> {
  const folder = await temporaryFolder();
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(content));
  return folder;
}

const twoProfiles = {
  current_profile: 'lab',
  profiles: {
    lab: { api_url: 'https://lab.example/v1', lang: 'ja', timeout: '90s' },
    work: { api_url: 'https://work.example/v1', client_id: 'work-cli' },
  },
};

interface Row {
  name: string;
  value: string | boolean | null;
  origin: string;
  source: string | null;
}

const rowOf = (ended: Ended, name: string) => ended.json<Row[]>().find(row => row.name === name);

describe('config list', () => {
  it('tells of every setting where it comes from', async () => {
    const folder = await folderWith(twoProfiles);
    const file = path.join(folder, 'config.json');
    const env = { REMO_CONFIG_DIR: folder, REMO_TIMEOUT: '5s', REMO_QUIET: '0', NO_COLOR: '1' };
    const ended = await remo(['config', 'list', '-o', 'json', '--api-url', 'https://flag.example/v1/'], {
      env,
    });
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.json()).toEqual([
      { name: 'profile', value: 'lab', origin: 'file', source: file },
      { name: 'api_url', value: 'https://flag.example/v1', origin: 'flag', source: '--api-url' },
      { name: 'client_id', value: 'remo-cli', origin: 'default', source: null },
      {
        name: 'scopes',
        value: 'openid offline_access remo.read remo.reboot',
        origin: 'default',
        source: null,
      },
      { name: 'credential_store', value: 'keychain', origin: 'default', source: null },
      { name: 'output', value: 'json', origin: 'flag', source: '--output' },
      { name: 'lang', value: 'ja', origin: 'profile', source: file },
      { name: 'input', value: true, origin: 'default', source: null },
      { name: 'color', value: false, origin: 'environment', source: 'NO_COLOR' },
      { name: 'quiet', value: false, origin: 'environment', source: 'REMO_QUIET' },
      { name: 'debug', value: false, origin: 'default', source: null },
      { name: 'plain', value: false, origin: 'default', source: null },
      { name: 'wide', value: false, origin: 'default', source: null },
      { name: 'pager', value: false, origin: 'default', source: null },
      { name: 'timeout', value: '5s', origin: 'environment', source: 'REMO_TIMEOUT' },
      { name: 'signature.company', value: null, origin: 'default', source: null },
      { name: 'signature.name', value: null, origin: 'default', source: null },
      { name: 'signature.phone', value: null, origin: 'default', source: null },
      { name: 'signature.email', value: null, origin: 'default', source: null },
      { name: 'history_days', value: null, origin: 'default', source: null },
    ]);
  });

  it.each<[string[], Record<string, string>, string, string]>([
    [['--profile', 'work'], { REMO_PROFILE: 'lab' }, 'flag', 'https://work.example/v1'],
    [[], { REMO_PROFILE: 'work' }, 'environment', 'https://work.example/v1'],
    [[], {}, 'file', 'https://lab.example/v1'],
  ])('with %j and %j is of that profile', async (flags, env, origin, apiUrl) => {
    const folder = await folderWith(twoProfiles);
    const ended = await remo(['config', 'list', '-o', 'json', ...flags], {
      env: { REMO_CONFIG_DIR: folder, ...env },
    });
    expect(rowOf(ended, 'profile')).toMatchObject({ origin });
    expect(rowOf(ended, 'api_url')).toMatchObject({ value: apiUrl, origin: 'profile' });
  });

  it('is a table for people, in both languages', async () => {
    const env = { REMO_CONFIG_DIR: await folderWith({ profiles: { default: { timeout: '90s' } } }) };
    const options: RunOptions = { env, tty: true, columns: 200 };
    const english = await remo(['config', 'list', '--no-color'], options);
    expect(english.out).toMatch(/^Setting +Value +From +Where$/m);
    expect(english.out).toMatch(/^api_url +not set +default *$/m);
    expect(english.out).toMatch(/^output +table on a terminal, TSV in a pipe +default *$/m);
    expect(english.out).toMatch(/^timeout +90s +profile +\/.*config\.json$/m);
    expect(english.out).toMatch(/^color +false +flag +--no-color$/m);
    const japanese = await remo(['config', 'list', '--no-color', '--lang', 'ja'], options);
    expect(japanese.out).toMatch(/^設定 +値 +設定元 +場所$/m);
    expect(japanese.out).toMatch(/^api_url +未設定 +既定値 *$/m);
    expect(japanese.out).toMatch(/^timeout +90s +プロファイル +\/.*config\.json$/m);
    expect(japanese.out).toMatch(/^lang +ja +オプション +--lang$/m);
  });

  it('is the same data in every format', async () => {
    const env = { REMO_CONFIG_DIR: await folderWith(twoProfiles) };
    const file = path.join(env.REMO_CONFIG_DIR, 'config.json');
    const all = await Promise.all(
      ['json', 'ndjson', 'csv'].map(format => remo(['config', 'list', '-o', format], { env })),
    );
    const [json, ndjson, csv] = all.map(({ out }) => out);
    const lines = ndjson
      ?.trim()
      .split('\n')
      .map(line => JSON.parse(line));
    const ofOthers = (rows: Row[] | undefined) => rows?.filter(({ name }) => name !== 'output');
    expect(ofOthers(lines)).toEqual(ofOthers(JSON.parse(json ?? '')));
    expect(csv).toMatch(/^name,value,origin,source\r\nprofile,lab,file,/);
    const tsv = await remo(['config', 'list'], { env });
    expect(tsv.out).toContain(`timeout\t90s\tprofile\t${file}\n`);
    expect(tsv.out).toContain('output\t\tdefault\t\n');
  });

  it('warns of what is no setting, without its value', async () => {
    const content = {
      colour: 1,
      profiles: { default: { client_secret: 'hush-hush', lang: 'en' }, other: { x: 1 } },
    };
    const env = { REMO_CONFIG_DIR: await folderWith(content) };
    const { code, out, err } = await remo(['config', 'list', '-o', 'json'], { env });
    expect(code).toBe(0);
    expect(err).toMatch(/^Warning: .*config\.json holds .*: colour and profiles\.default\.client_secret\n$/);
    expect(`${out}${err}`).not.toContain('hush-hush');
    const japanese = await remo(['config', 'list', '--lang', 'ja'], { env });
    expect(japanese.err).toMatch(/^注意: .*: colour、profiles\.default\.client_secret\n$/);
  });

  it('says which value can’t be used, and where it stands', async () => {
    const env = { REMO_CONFIG_DIR: await folderWith({ profiles: { default: { timeout: 'soon' } } }) };
    const { code, out, err } = await remo(['config', 'list'], { env });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('config.json: profiles.default.timeout: "soon" is not usable.');
  });
});

describe('config get', () => {
  const get = async (argv: string[], env: Record<string, string> = {}) =>
    remo(['config', 'get', ...argv], { env: { REMO_CONFIG_DIR: await folderWith(twoProfiles), ...env } });

  it.each<[string[], string]>([
    [['api_url'], 'https://lab.example/v1\n'],
    [['api_url', '--profile', 'work'], 'https://work.example/v1\n'],
    [['profile'], 'lab\n'],
    [['timeout'], '90s\n'],
    [['timeout', '--timeout', '1.5m'], '1.5m\n'],
    [['quiet'], 'false\n'],
    [['output'], '\n'],
    [['color', '-o', 'json'], 'null\n'],
    [['api_url', '-o', 'json'], '"https://lab.example/v1"\n'],
    [['input', '-o', 'ndjson', '--no-input'], 'false\n'],
    [['lang', '-o', 'table'], 'ja\n'],
    [['lang', '-o', 'csv'], 'ja\n'],
  ])('%j is %j and nothing else', async (argv, out) => {
    expect(await get(argv)).toMatchObject({ code: 0, out, err: '' });
  });

  it('of what there is not suggests what there is', async () => {
    const { code, out, err } = await get(['apiurl', '--lang', 'en']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe('Error: Unknown setting: apiurl\nDid you mean "api_url"?\n');
    expect((await get(['apiurl'])).err).toBe(
      'エラー: 不明な設定です: apiurl\n「api_url」ではありませんか。\n',
    );
    expect((await get(['banana', '--lang', 'en'])).err).toContain('Settings: profile, api_url, client_id,');
  });

  it('works although another setting can’t be used', async () => {
    expect(await get(['api_url'], { REMO_TIMEOUT: 'soon' })).toMatchObject({ code: 0 });
    expect(await get(['timeout'], { REMO_TIMEOUT: 'soon' })).toMatchObject({ code: 2 });
  });
});

describe('config profiles', () => {
  it('shows the profiles, and which one is in use', async () => {
    const env = { REMO_CONFIG_DIR: await folderWith(twoProfiles) };
    const ended = await remo(['config', 'profiles', '-o', 'json'], { env });
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.json()).toEqual([
      { name: 'lab', in_use: true, api_url: 'https://lab.example/v1' },
      { name: 'work', in_use: false, api_url: 'https://work.example/v1' },
    ]);
    const other = await remo(['config', 'profiles', '-o', 'table', '--profile', 'work', '--lang', 'ja'], {
      env,
    });
    expect(other.out).toMatch(/^使用中 +プロファイル +接続先$/m);
    expect(other.out).toMatch(/^\* +work +https/m);
    expect(other.out).toMatch(/^ +lab +https/m);
  });

  it('says that there are none, or that the one in use is none of them', async () => {
    const none = await remo(['config', 'profiles', '-o', 'json']);
    expect(none).toMatchObject({ code: 0, out: '[]\n' });
    expect(none.err).toContain('no profiles yet');
    const env = { REMO_CONFIG_DIR: await folderWith(twoProfiles), REMO_LANG: 'en' };
    const stranger = await remo(['config', 'profiles', '--profile', 'new'], { env });
    expect(stranger.err).toContain('The profile in use, "new", holds no settings yet');
    const quiet = await remo(['config', 'profiles', '--profile', 'new', '--quiet'], { env });
    expect(quiet).toMatchObject({ code: 0, err: '' });
  });
});
