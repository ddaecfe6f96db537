import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { settingNames, settingRules, written } from '../../src/config.js';
import { remo as runProgram } from '../support/program.js';
import { temporaryFolder } from '../support/run.js';
import { loadedConfig as loaded, openConfig as open } from './open.js';

const contentOf = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

describe('a settings file', () => {
  it('that is not there has no profiles', async () => {
    const config = await loaded(path.join(await temporaryFolder(), 'config.json'));
    expect(config.profileNames).toEqual([]);
    expect(config.currentProfile).toBeUndefined();
    expect(config.profile('default')).toEqual({});
  });

  it('and its folder are for their owner alone', async () => {
    const file = path.join(await temporaryFolder(), 'deep', 'remo', 'config.json');
    await open(file).store('default', { lang: 'ja' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
    expect(readdirSync(path.dirname(file))).toEqual(['config.json']);
  });

  it('keeps what it does not know, at the top, in profiles and beside them', async () => {
    const file = path.join(await temporaryFolder(), 'config.json');
    const content = {
      $schema: 'https://example.jp/schema.json',
      profiles: { default: { lang: 'ja', future: { deep: [1, null] }, more: 3 }, other: { x: false } },
      later: [{}],
    };
    await writeFile(file, JSON.stringify(content));
    const config = await loaded(file);
    expect(config.profile('default')).toEqual({ lang: 'ja' });
    expect(config.unknownKeys('default')).toEqual([
      '$schema',
      'later',
      'profiles.default.future',
      'profiles.default.more',
    ]);
    await config.store('default', { lang: 'en' });
    await config.use('other');
    const { default: changed } = content.profiles;
    expect(contentOf(file)).toEqual({
      ...content,
      current_profile: 'other',
      profiles: { ...content.profiles, default: { ...changed, lang: 'en' } },
    });
  });

  it('is left as it is written when nothing changes', async () => {
    const file = path.join(await temporaryFolder(), 'config.json');
    const source = '{ "profiles": {\n\t"default": { "lang": "ja" } } }';
    await writeFile(file, source);
    const config = open(file);
    await config.store('default', { lang: 'ja' });
    expect(await config.remove('default', 'timeout')).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe(source);
  });

  it('with a byte order mark, and profiles called as what every object has, is no trap', async () => {
    const file = path.join(await temporaryFolder(), 'config.json');
    await writeFile(file, '\uFEFF{"profiles": {"__proto__": {"lang": "ja"}}}');
    const config = await loaded(file);
    expect(config.profile('constructor')).toEqual({});
    await config.store('constructor', { lang: 'en' });
    await config.store('toString', { lang: 'en' });
    const again = await loaded(file);
    expect(again.profileNames).toEqual(['__proto__', 'constructor', 'toString']);
    expect(again.profile('constructor')).toEqual({ lang: 'en' });
    expect(again.profile('valueOf')).toEqual({});
  });

  it.each([
    ['a link', async (folder: string) => writeFile(path.join(folder, 'real.json'), '{}')],
    ['a link to a file that is still to be made', async () => {}],
  ])('that is %s stays one', async (_what, prepare) => {
    const folder = await temporaryFolder();
    await prepare(folder);
    const file = path.join(folder, 'config.json');
    await symlink('real.json', file);
    await open(file).store('default', { lang: 'ja' });
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(contentOf(path.join(folder, 'real.json')).profiles).toEqual({ default: { lang: 'ja' } });
  });

  it('loses what killed writers left beside it, and nothing else', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'config.json');
    const others = ['config.json.bak', 'other.json.abc.tmp', 'config.json.my copy.tmp'];
    for (const name of [...others, 'config.json.1a2b3c.tmp', 'config.json.zz.tmp']) {
      await writeFile(path.join(folder, name), 'half');
    }
    await open(file).store('default', { lang: 'ja' });
    expect(readdirSync(folder).sort()).toEqual(['config.json', ...others].sort());
  });

  it('gives back whatever was stored in whatever profile', async () => {
    const kept = settingNames.filter(name => settingRules[name].kept);
    const acceptable = (key: 'profile' | (typeof kept)[number], text: string) => {
      try {
        settingRules[key].parse(text, key);
        return true;
      } catch {
        return false;
      }
    };
    const profile = fc
      .oneof(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
        fc.constantFrom('constructor', 'toString', '1', '01', '東京', 'profiles', 'current_profile'),
      )
      .filter(text => acceptable('profile', text));
    const value = fc.constantFrom(...kept).chain(name => {
      const texts = {
        apiUrl: fc.webUrl().map(url => url.replace(/^http:/, 'https:')),
        timeout: fc.integer({ min: 1, max: 9999 }).map(seconds => `${seconds}s`),
        credentialStore: fc.constantFrom('keychain', 'file'),
        output: fc.constantFrom('table', 'json', 'ndjson', 'csv'),
        lang: fc.constantFrom('ja', 'en'),
        historyDays: fc.integer({ min: 1, max: 36_500 }).map(String),
        plain: fc.constantFrom('true', '0', 'on'),
        wide: fc.constantFrom('true', '0', 'on'),
        signatureEmail: fc.emailAddress(),
      } as Partial<Record<typeof name, fc.Arbitrary<string>>>;
      const texted = texts[name] ?? fc.string({ unit: 'grapheme' });
      return texted
        .filter(text => acceptable(name, text))
        .map(text => ({ name, text: written(settingRules[name].parse(text, name), text) }));
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(profile, value), { minLength: 1, maxLength: 5 }), async entries => {
        const file = path.join(await temporaryFolder(), 'config.json');
        const expected: Record<string, Record<string, string>> = Object.create(null);
        for (const [name, { name: setting, text }] of entries) {
          expected[name] = { ...expected[name], [settingRules[setting].key]: text };
          await open(file).store(name, { [setting]: text });
        }
        const config = await loaded(file);
        expect(config.profileNames.sort()).toEqual(Object.keys(expected).sort());
        for (const name of Object.keys(expected)) expect(config.profile(name)).toEqual(expected[name]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('writers at the same time', () => {
  it('in one process lose nothing of each other', async () => {
    const file = path.join(await temporaryFolder(), 'config.json');
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
    await Promise.all([
      ...names.map(name => open(file).store(name, { clientId: name })),
      ...names.map(name =>
        open(file).store('shared', { [settingNames[names.indexOf(name) % 2 ? 1 : 2] as string]: name }),
      ),
    ]);
    const { profiles } = contentOf(file);
    for (const name of names) expect(profiles[name]).toEqual({ client_id: name });
    expect(Object.keys(profiles.shared).sort()).toEqual(['api_url', 'client_id']);
    expect(readdirSync(path.dirname(file))).toEqual(['config.json']);
  });

  it('in many processes lose nothing of each other, and no reader sees half a file', async () => {
    const folder = await temporaryFolder();
    const env = { REMO_CONFIG_DIR: folder };
    const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
    let reading = true;
    const reads = (async () => {
      while (reading) {
        const source = await readFile(path.join(folder, 'config.json'), 'utf8').catch(() => '{}');
        JSON.parse(source);
        await new Promise(resolve => setTimeout(resolve, 1));
      }
    })();
    const ended = await Promise.all(
      names.map(name => runProgram(['config', 'set', 'client_id', name, '--profile', name], { env })),
    );
    reading = false;
    await reads;
    expect(ended.map(({ code }) => code)).toEqual(names.map(() => 0));
    const { profiles } = contentOf(path.join(folder, 'config.json'));
    expect(profiles).toEqual(Object.fromEntries(names.map(name => [name, { client_id: name }])));
    expect(readdirSync(folder)).toEqual(['config.json']);
  });

  it('wait for each other no longer than it makes sense, and change nothing then', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'config.json');
    await mkdir(`${file}.lock`);
    let now = Date.now();
    const sleep = async () => {
      now += 1000;
    };
    const config = open(file, { ...systemClock, now: () => now, sleep });
    await expect(config.store('default', { lang: 'ja' })).rejects.toMatchObject({
      code: 'config_unwritable',
      params: { path: file, detail: '' },
    });
    expect(readdirSync(folder)).toEqual(['config.json.lock']);
  });

  it('are not held up by one that was killed', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'config.json');
    await mkdir(`${file}.lock`);
    await utimes(`${file}.lock`, 0, 0);
    await open(file).store('default', { lang: 'ja' });
    expect(readdirSync(folder)).toEqual(['config.json']);
  });
});
