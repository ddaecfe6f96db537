import { readdirSync } from 'node:fs';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/run.js';
import { loadedConfig as loaded, openConfig as open } from './open.js';

describe('a broken settings file', () => {
  it.each<[string, string | Buffer, object]>([
    ['nothing', '', { line: 1, column: 1, problem: { kind: 'syntax', trouble: 'value' } }],
    [
      'a comma missing',
      '{"profiles": {}\n"more": 1}',
      { line: 2, column: 1, problem: { kind: 'syntax', trouble: 'comma' } },
    ],
    [
      'a comma too many',
      '{\n  "profiles": {},\n}\n',
      { line: 3, column: 1, problem: { kind: 'syntax', trouble: 'name' } },
    ],
    [
      'cut off',
      '{\r\n  "profiles": {\r\n',
      { line: 2, column: 16, problem: { kind: 'syntax', trouble: 'closing' } },
    ],
    [
      'a colon missing',
      '{"profiles" {}}',
      { line: 1, column: 13, problem: { kind: 'syntax', trouble: 'colon' } },
    ],
    ['a comment', '{\n// mine\n}', { line: 2, column: 1, problem: { kind: 'syntax', trouble: 'comment' } }],
    [
      'a quote missing',
      '{"profiles": {"a": {"lang": "ja}}}',
      { line: 1, column: 29, problem: { kind: 'syntax', trouble: 'string' } },
    ],
    [
      'another kind of quotes',
      "{'profiles': {}}",
      { line: 1, column: 2, problem: { kind: 'syntax', trouble: 'symbol' } },
    ],
    [
      'a backslash of Windows',
      '{"profiles": {"a": {"x": "C:\\me"}}}',
      { line: 1, column: 26, problem: { kind: 'syntax', trouble: 'escape' } },
    ],
    ['a second value', '{}\n{}', { line: 2, column: 1, problem: { kind: 'syntax', trouble: 'extra' } }],
    [
      'a mistake behind Japanese',
      '{"profiles": {"東京𠮷": }}',
      { line: 1, column: 22, problem: { kind: 'syntax', trouble: 'value' } },
    ],
    ['no object', '[]', { line: 1, column: 1, problem: { kind: 'type', at: '', wanted: 'object' } }],
    ['null', 'null', { line: 1, column: 1, problem: { kind: 'type', at: '', wanted: 'object' } }],
    [
      'profiles that are none',
      '{\n"profiles": []}',
      { line: 2, column: 13, problem: { kind: 'type', at: 'profiles', wanted: 'object' } },
    ],
    [
      'a profile that is none',
      '{"profiles": {\n  "lab": "x"}}',
      { line: 2, column: 10, problem: { kind: 'type', at: 'profiles.lab', wanted: 'object' } },
    ],
    [
      'a number for a text',
      '{"profiles": {"lab": {\n\n"timeout": 30}}}',
      { line: 3, column: 12, problem: { kind: 'type', at: 'profiles.lab.timeout', wanted: 'text' } },
    ],
    [
      'a profile in use that is none',
      '{"current_profile": null}',
      { line: 1, column: 21, problem: { kind: 'type', at: 'current_profile', wanted: 'text' } },
    ],
    [
      'Shift_JIS',
      Buffer.from('{"profiles":\n{"\x93\x8c\x8b\x9e": {}}}', 'latin1'),
      { line: 2, problem: { kind: 'encoding' } },
    ],
    [
      'UTF-16, as PowerShell writes it',
      Buffer.from('\uFEFF{"profiles": {}}', 'utf16le'),
      { line: 1, problem: { kind: 'encoding' } },
    ],
  ])('%s: says where and what, and is never overwritten', async (_what, source, params) => {
    const file = path.join(await temporaryFolder(), 'config.json');
    await writeFile(file, source);
    const config = await loaded(file);
    const broken = expect.objectContaining({
      code: 'config_broken',
      params: { path: file, ...params },
    });
    const found: unknown[] = [];
    for (const use of [
      () => config.profileNames,
      () => config.store('default', { lang: 'ja' }),
      () => config.remove('default', 'lang'),
      () => config.use('default'),
    ]) {
      await (async () => use())().catch(error => found.push(error));
    }
    expect(found).toEqual([broken, broken, broken, broken]);
    expect(await readFile(file)).toEqual(Buffer.from(source));
    expect(readdirSync(path.dirname(file))).toEqual(['config.json']);
  });

  it('says a line for whatever JSON.parse does not take', async () => {
    const folder = await temporaryFolder();
    const source =
      '{"current_profile": "a", "profiles": {\n"a": {"lang": "ja", "n": [1.5e3, -0, true, "\\u3042"]}}}';
    const change = fc.record({
      at: fc.nat(source.length),
      remove: fc.nat(3),
      insert: fc.oneof(
        fc.constantFrom('"', '{', '}', ',', ':', '\\', '\n', '0', '/', '\x00', '\u2028'),
        fc.string(),
      ),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, remove, insert }) => {
        const changed = source.slice(0, at) + insert + source.slice(at + remove);
        const file = path.join(folder, 'config.json');
        await writeFile(file, changed);
        const { toWellFormed } = String.prototype as { toWellFormed?: () => string };
        let isJson = true;
        try {
          JSON.parse(toWellFormed ? toWellFormed.call(changed) : changed);
        } catch {
          isJson = false;
        }
        if (isJson) return;
        const config = await loaded(file);
        const lines = changed.split(/\r\n|\r|\n/).length;
        try {
          config.profileNames;
          expect.fail('it was accepted');
        } catch (error) {
          expect(error).toMatchObject({
            code: 'config_broken',
            params: {
              problem: { kind: 'syntax' },
              line: expect.toSatisfy((n: number) => n >= 1 && n <= lines),
            },
          });
        }
      }),
      { numRuns: 400 },
    );
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read or written is told as that', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'config.json');
    await writeFile(file, '{}');
    await chmod(folder, 0o500);
    await expect(open(file).store('default', { lang: 'ja' })).rejects.toMatchObject({
      code: 'config_unwritable',
    });
    await chmod(folder, 0o700);
    await chmod(file, 0o000);
    const config = await loaded(file);
    expect(() => config.profileNames).toThrow(
      expect.objectContaining({
        params: { path: file, problem: { kind: 'unreadable', detail: expect.stringContaining('EACCES') } },
      }),
    );
  });

  it('that is a folder, or below a file, is told as that', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'config.json'));
    const config = await loaded(path.join(folder, 'config.json'));
    expect(() => config.profileNames).toThrow(expect.objectContaining({ code: 'config_broken' }));
    const plain = path.join(folder, 'plain');
    await writeFile(plain, '');
    await expect(open(path.join(plain, 'config.json')).store('default', {})).rejects.toMatchObject({
      code: expect.stringMatching(/^config_(unwritable|broken)$/),
    });
    expect((await stat(plain)).isFile()).toBe(true);
  });
});
