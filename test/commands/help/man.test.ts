import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { roffOf } from '../../../src/commands/help/roff.js';
import { ExitCode } from '../../../src/errors.js';
import { en } from '../../../src/messages/en.js';
import { ja } from '../../../src/messages/ja.js';
import type { Lesson } from '../../../src/messages/lesson.js';
import { remo } from '../../support/run.js';

const required = process.env['REMO_TEST_MAN'] === 'required';
const groff = required || spawnSync('groff', ['--version']).status === 0;

/** What groff makes of a page on a terminal of 80 columns, and what it has to say against it. */
function rendered(source: string, ...macros: string[]) {
  const { stdout, stderr, status } = spawnSync(
    'groff',
    ['-man', ...macros, '-ww', '-Kutf8', '-Tutf8', '-P-c', '-rLL=80n'],
    { input: source, encoding: 'utf8', maxBuffer: 10_000_000 },
  );
  // Bold and underlined as on an old printer.
  return { text: stdout.replace(/.\x08/g, ''), stderr, status };
}

const pageNames = (folder: string) => readdirSync(path.join(folder, 'man1')).sort();

describe('the man pages', () => {
  let pages: Record<'en' | 'ja', string>;
  const read = (lang: 'en' | 'ja', name: string) =>
    readFileSync(path.join(pages[lang], 'man1', name), 'utf8');

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'remo-man-'));
    pages = { en: folder, ja: path.join(folder, 'ja') };
    for (const lang of ['en', 'ja']) {
      const { code, out, err } = await remo(['__man', folder, '--lang', lang], {
        env: { REMO_CONFIG_DIR: folder },
      });
      expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' });
    }
  });
  afterAll(() => rmSync(pages.en, { recursive: true, force: true }));

  it('are there for each command, in both languages', () => {
    const names = Object.keys(en.lessons)
      .filter(words => words !== 'help')
      .map(words => `${['remo', ...words.split(' ').filter(Boolean)].join('-')}.1`);
    expect(pageNames(pages.en)).toEqual(names.sort());
    expect(pageNames(pages.ja)).toEqual(names.sort());
  });

  it('are all named in package.json, for npm to install', () => {
    expect(manifest.man.map(file => path.basename(file)).sort()).toEqual(pageNames(pages.en));
    expect(new Set(manifest.man.map(file => path.dirname(file)))).toEqual(new Set(['dist/man/man1']));
  });

  it.runIf(groff).each(['en', 'ja'] as const)(
    'are understood by groff without a warning (%s)',
    lang => {
      for (const name of pageNames(pages[lang])) {
        const { stderr, status, text } = rendered(read(lang, name), ...(lang === 'ja' ? ['-mja'] : []));
        expect([name, status, stderr]).toEqual([name, 0, '']);
        expect(text).toContain(name.replace('.1', '').toUpperCase());
      }
    },
    60_000,
  );

  it.runIf(groff)(
    'show every example as it is to be typed, also with quotes and dashes',
    () => {
      for (const [words, { examples }] of Object.entries(en.lessons) as [string, Lesson][]) {
        if (words === 'help') continue;
        const { text } = rendered(read('en', `${['remo', ...words.split(' ').filter(Boolean)].join('-')}.1`));
        for (const { line } of examples) for (const part of line.split('\n')) expect(text).toContain(part);
      }
    },
    60_000,
  );

  it.runIf(groff)('remo(1) has all exit codes and variables', () => {
    const { text } = rendered(read('en', 'remo.1'));
    for (const code of Object.values(ExitCode)) expect(text).toMatch(new RegExp(`^ +${code} `, 'm'));
    for (const name of Object.keys(en.topics.variables)) expect(text).toContain(name);
    expect(text).toContain('remo-devices(1)');
  });

  it('name the pages of the same noun', () => {
    const also = read('en', 'remo-devices-reboot.1').split('.SH SEE ALSO\n')[1];
    for (const name of ['remo', 'remo\\-devices', 'remo\\-devices\\-show', 'remo\\-devices\\-status'])
      expect(also).toContain(`.BR ${name} (1)`);
    expect(also).not.toContain('reboot');
  });

  it('of the other language are in that', () => {
    // Where a line may be broken is marked.
    expect(read('ja', 'remo-login.1').replaceAll('\\:', '')).toContain(ja.help.login.summary);
    expect(read('ja', 'remo-login.1')).not.toContain(en.help.login.summary);
  });
});

describe('roff', () => {
  it.runIf(groff)(
    'prints any text as it is',
    () => {
      const word = fc.string({
        unit: fc.constantFrom(...'.\'"\\-`^~%n(*$&aZ0'),
        minLength: 1,
        maxLength: 12,
      });
      fc.assert(
        fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), words => {
          const page = {
            name: 'remo x',
            usage: 'remo x',
            summary: 'x',
            sections: [
              { title: 'T', examples: [{ does: words[0] ?? '', line: words.join('\n') }] },
              { title: 'U', items: words.map(text => ({ term: text, about: text })), paragraphs: words },
            ],
          };
          const { text, stderr } = rendered(roffOf(page, en.topics.man, '1', []));
          expect(stderr).toBe('');
          const lines = text.split('\n').map(line => line.trim());
          for (const one of words) expect(lines).toContain(one);
        }),
        { numRuns: 15 },
      );
    },
    60_000,
  );
});
