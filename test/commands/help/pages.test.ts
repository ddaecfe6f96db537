import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { settingNames, settingRules } from '../../../src/config.js';
import { ExitCode } from '../../../src/errors.js';
import { en } from '../../../src/messages/en.js';
import { ja } from '../../../src/messages/ja.js';
import type { Lesson } from '../../../src/messages/lesson.js';
import { remo } from '../../support/run.js';

const languages = { en, ja };
type Lang = keyof typeof languages;
const both = ['en', 'ja'] as const;
const lessons = Object.entries(en.lessons) as [string, Lesson][];
const nouns = ['', 'customers', 'devices', 'batches', 'config', 'help'];

const helpOf = async (words: string, lang: Lang, columns = 80) =>
  (await remo([...words.split(' ').filter(Boolean), '--help', '--lang', lang], { tty: true, columns })).out;

/** The words of every command, as the program lists them. */
async function commands(words: readonly string[] = []): Promise<string[]> {
  const listed = (await helpOf(words.join(' '), 'en')).split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '';
  const names = [...listed.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
  const below = names
    .filter(name => words.length === 0 || name !== 'help')
    .map(name => (name === 'help' ? ['help'] : commands([...words, name])));
  return [words.join(' '), ...(await Promise.all(below)).flat()];
}

describe('the help of a command', () => {
  it('teaches something of every command, and of none that is not there', async () => {
    expect(lessons.map(([words]) => words).sort()).toEqual((await commands()).sort());
  });

  describe.each(lessons.map(([words, lesson]) => [words, lesson] as const))('remo %s', (words, lesson) => {
    it.each(both)('fits 80 columns, and says what to type (%s)', async lang => {
      const out = await helpOf(words, lang);
      const { titles } = languages[lang].help;
      expect(out).toMatch(new RegExp(`^${titles.usage} remo ${words}`));
      for (const line of out.split('\n')) expect([line, stringWidth(line) <= 80]).toEqual([line, true]);
      expect(lesson.examples.length).toBeGreaterThan(0);
      const own = languages[lang].lessons as Record<string, Lesson>;
      for (const { line } of own[words]?.examples ?? [])
        expect(out).toContain(`  ${line.replaceAll('\n', '\n  ')}\n`);
    });

    it.runIf(!nouns.includes(words))('tells exit codes, and where to find all of them', async () => {
      const out = await helpOf(words, 'en');
      expect(out).toMatch(/^Exit codes: .*remo help exit-codes/m);
      for (const [code, about] of Object.entries(lesson.exitCodes ?? {}))
        expect(out.replace(/\s+/g, ' ')).toContain(`${code} ${about}`);
    });

    it('shows examples of its own', () => {
      for (const { line } of lesson.examples) expect(line).toContain(`remo ${words.split(' ')[0]}`.trim());
    });
  });

  it('has the same examples in both languages, but for what is said to people', () => {
    const typed = (of: object) =>
      (Object.values(of) as Lesson[]).map(({ examples }) =>
        examples.map(({ line }) =>
          line.replace(/"[^"]*[^\x20-\x7e][^"]*"|"(frozen picture|Example Security Ltd\.)"/g, '""'),
        ),
      );
    expect(typed(ja.lessons)).toEqual(typed(en.lessons));
  });

  it('is as wide as the terminal up to 100 columns, and readable in 30', async () => {
    const widest = (out: string) => Math.max(...out.split('\n').map(line => stringWidth(line)));
    expect(widest(await helpOf('login', 'en', 300))).toBeLessThanOrEqual(100);
    expect(widest(await helpOf('login', 'en', 100))).toBeGreaterThan(85);
    const narrow = (await helpOf('login', 'en', 30)).split('\n\nExamples')[0] ?? '';
    expect(widest(narrow)).toBeLessThanOrEqual(32);
  });

  it.each(['devices reboot', 'batches resume'])('names all that can end %s', async words => {
    const codes = [...(await helpOf(words, 'en')).matchAll(/^ {2}(\d+) {2}/gm)].map(([, code]) => code);
    expect(codes).toEqual(expect.arrayContaining(['0', '2', '4', '6', '130', '143']));
  });

  it('names each value of --kind', async () => {
    expect(await helpOf('devices reboot', 'en')).toMatch(/camera, recorder,\s+other, unknown/);
  });

  it('names the variables of its own options', async () => {
    const out = await helpOf('login', 'en');
    const environment = out.split('\nEnvironment:')[1] ?? '';
    for (const name of ['clientId', 'scopes', 'credentialStore'] as const)
      expect(environment).toContain(settingRules[name].env);
  });
});

describe('remo help', () => {
  it('shows what --help shows, of commands with two words too', async () => {
    for (const words of ['', 'login', 'devices', 'devices reboot', 'help']) {
      const asked = ['help', ...words.split(' ').filter(Boolean)];
      const { code, out, err } = await remo(asked, { tty: true });
      expect({ code, out, err }).toEqual({ code: 0, out: await helpOf(words, 'en'), err: '' });
    }
    expect((await remo(['devices', 'help', 'reboot'])).out).toContain('Usage: remo devices reboot');
  });

  it('lists its topics', async () => {
    expect(await helpOf('help', 'en')).toMatch(/remo help exit-codes\n/);
    const { out } = await remo(['help']);
    for (const topic of ['exit-codes', 'environment', 'output']) expect(out).toContain(`  help ${topic} `);
  });

  it.each([
    [['help', 'exit-code'], 'exit-codes'],
    [['help', 'enviroment'], 'environment'],
    [['help', 'devcies'], 'devices'],
    [['help', 'devices', 'rebot'], 'reboot'],
    [['help', 'login', 'now'], undefined],
    [['help', 'devices', 'exit-codes'], undefined],
  ])('%j is refused, with the nearest (%s)', async (words, suggestion) => {
    const { code, out, err } = await remo(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`There is no command or topic "${words.slice(1).join(' ')}".`);
    expect(err).toContain(suggestion === undefined ? 'remo help' : `Did you mean "${suggestion}"?`);
  });

  it.each(both)('exit-codes has all of them (%s)', async lang => {
    const { code, out } = await remo(['help', 'exit-codes', '--lang', lang]);
    expect(code).toBe(0);
    const listed = [...out.matchAll(/^ {2}(\d+) /gm)].map(([, number]) => Number(number));
    expect(listed).toEqual(Object.values(ExitCode));
  });

  it.each(both)('environment has every variable that the program reads (%s)', async lang => {
    const { out } = await remo(['help', 'environment', '--lang', lang]);
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file =>
      /\.ts$/.test(file),
    );
    const sources = files
      .filter(file => !file.startsWith('messages'))
      .map(file => readFileSync(path.join('src', file), 'utf8'));
    const read = sources.flatMap(source => source.match(/(?<=')REMO_[A-Z_]*[A-Z](?=')/g) ?? []);
    const others = sources.flatMap(source => source.match(/(?<=\benv\[')[A-Z_]+(?='\])/g) ?? []);
    expect(others.filter(name => !new RegExp(`\\b${name}\\b`).test(out))).toEqual([]);
    expect(others).toContain('SSH_CONNECTION');
    expect(out).not.toContain('"en"');
    const listed = [...out.matchAll(/^ {2}(REMO_\w+)/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual([...new Set(read)].sort());
    for (const name of settingNames) {
      const { flag, kept, key } = settingRules[name];
      const [, long] = /(--[a-z-]+)/.exec(flag ?? '') ?? [];
      if (long) expect(out).toContain(long);
      if (kept) expect(out).toContain(key);
    }
    for (const line of out.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(80);
  });

  it.each(both)('output has every format (%s)', async lang => {
    const { out } = await remo(['help', 'output', '--lang', lang]);
    const { values } = settingRules.output.parse as unknown as { values: readonly string[] };
    const listed = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    expect(values.filter(value => !listed.includes(value))).toEqual([]);
  });

  it('works whatever is wrong with the settings', async () => {
    const { code } = await remo(['help', 'environment'], { env: { REMO_TIMEOUT: 'x', REMO_OUTPUT: 'x' } });
    expect(code).toBe(0);
  });
});

describe('what is mistyped', () => {
  it.each([
    [['devices', 'rebot', '--help'], 'Did you mean "reboot"?'],
    [['devices', 'help', 'rebot'], 'Did you mean "reboot"?'],
    [['cust'], 'Did you mean "customers"?'],
    [['reboot', 'dev_4f2cr961dj'], 'Did you mean "devices reboot"?'],
    // Several are called so.
    [['list'], 'See: remo --help'],
    [['config', 'frobnicate'], 'See: remo config --help'],
    [['customers', 'list', '-o', 'jsno'], 'Did you mean json?'],
    [['login', '--credential-store', 'keychian'], 'Did you mean keychain?'],
    [['devices', 'reboot', 'x', '--kind', 'camra'], 'Did you mean camera?'],
    [['batches', 'show', 'x', '--outcome', 'faild'], 'Did you mean failed?'],
    [['config', 'set', 'timout', '5s'], 'Did you mean "timeout"?'],
    [['completion', 'bsh'], 'Did you mean "bash"?'],
    [['config', 'set', 'lang', 'jp'], 'Did you mean ja?'],
  ])('%j', async (words, told) => {
    const { code, out, err } = await remo(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(told);
  });

  it('of a profile is answered with the nearest', async () => {
    const { folder } = await remo(['config', 'set', 'lang', 'en', '--profile', 'osaka']);
    const env = { REMO_CONFIG_DIR: folder };
    for (const words of [
      ['whoami', '--profile', 'osaak'],
      ['config', 'use', 'osak'],
    ])
      expect((await remo(words, { env })).err).toMatch(/Did you mean (the profile )?"osaka"\?/);
  });

  it('is not guessed at where nothing is near', async () => {
    expect((await remo(['customers', 'list', '--lang', 'fr'])).err).not.toContain('Did you mean');
  });
});
