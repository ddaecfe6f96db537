import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RemoError } from '../../src/errors.js';
import { parseDeviceList } from '../../src/reboot/device-list.js';
import { writeList } from '../../src/terminal/output.js';
import { fakeContext } from '../support/host.js';

const list = (content: string | Buffer) => parseDeviceList(Buffer.from(content as string), 'devices.txt');
/** The ids with their lines: `dev_1:1 dev_2:3`. */
const read = async (content: string | Buffer) =>
  (await list(content)).map(({ id, line }) => `${id}:${line}`).join(' ');
const brokenBy = (problem: object, line?: number) =>
  expect.objectContaining({
    code: 'device_list_broken',
    exitCode: 2,
    params: { path: 'devices.txt', ...(line === undefined ? {} : { line }), problem },
  });

describe('a list of devices', () => {
  it.each<[what: string, content: string, found: string]>([
    ['one id', 'dev_1', 'dev_1:1'],
    ['one id a line', 'dev_1\ndev_2\n', 'dev_1:1 dev_2:2'],
    ['an id again', 'dev_1\ndev_2\ndev_1\n', 'dev_1:1 dev_2:2 dev_1:3'],
    ['ends of lines as Windows writes them', 'dev_1\r\n\r\ndev_2\r\n', 'dev_1:1 dev_2:3'],
    ['ends of lines as an old Mac did', 'dev_1\r\rdev_2\r', 'dev_1:1 dev_2:3'],
    ['a byte order mark', '\uFEFFdev_1\n', 'dev_1:1'],
    ['empty lines and white space', '\n  \n  dev_1\t\n\u3000dev_2\u3000\n', 'dev_1:3 dev_2:4'],
    ['comments', '# mine\ndev_1 # the lobby, west\n  # dev_2\ndev_3\t#x\n', 'dev_1:2 dev_3:4'],
    ['ids with a # in them', 'dev#1\ndev_2#\n', 'dev#1:1 dev_2#:2'],
    ['ids in capitals', 'DEV_1\ndev_1\n', 'DEV_1:1 dev_1:2'],
    ['a heading', '# mine\nid\ndev_1\n# dev_2\n', 'dev_1:3'],
    ['a heading in capitals', 'Device_ID # x\ndev_1\n', 'dev_1:2'],
    ['NDJSON', '{"id":"dev_1","name":"x"}\n{"id":"dev_2"}\n', 'dev_1:1 dev_2:2'],
    ['NDJSON of results', '{"device_id":"dev_1","outcome":"failed"}', 'dev_1:1'],
    [
      'NDJSON with both',
      '{"device_id":"dev_1","id":"dev_2"}\n{"id":7,"device_id":"dev_3"}',
      'dev_2:1 dev_3:2',
    ],
    ['NDJSON between comments', '# x\n{"id":"dev_1"}\r\n\r\n# y\r\n{"id":"dev_2"}', 'dev_1:2 dev_2:5'],
    ['a JSON array', '[\n  {\n    "id": "dev_1"\n  },\n  {\n    "id": "dev_2"\n  }\n]\n', 'dev_1:2 dev_2:5'],
    ['a JSON array on one line', '[{"id":"dev_1"},{"id":"dev_2"}]', 'dev_1:1 dev_2:1'],
    ['a JSON array of ids', '["dev_1",\n"dev_2"]', 'dev_1:1 dev_2:2'],
    [
      'a JSON array with all sorts',
      '[{"x":["]",{}],"n":null,"id":"dev_1"}\n,\n{"id":"d,[2"}]',
      'dev_1:1 d,[2:3',
    ],
    [
      'the results in an object, as batches show has them',
      '# x\n{\n  "batch_id": "run-1",\n  "devices": 2,\n  "results": [\n    {\n      "device_id": "dev_1"\n    },\n    {\n      "device_id": "dev_2"\n    }\n  ]\n}\n',
      'dev_1:6 dev_2:9',
    ],
    ['CSV', 'id,name\r\ndev_1,x\r\ndev_2,y\r\n', 'dev_1:2 dev_2:3'],
    ['CSV with the column elsewhere', 'name,Device_ID\nx, dev_1 \n', 'dev_1:2'],
    ['CSV with both columns', 'device_id,id\nx,dev_1\n', 'dev_1:2'],
    ['CSV with quotes', '"name","id"\r\n"Say ""x"", y","dev_1"\r\n', 'dev_1:2'],
    [
      'CSV with lines in a cell',
      'name,id\n"a\n\nb",dev_1\nc,dev_2\n"d\ne","dev_3"\n',
      'dev_1:2 dev_2:5 dev_3:6',
    ],
    ['CSV with a line in its heading', 'id,"Device\nname"\ndev_1,x\n', 'dev_1:3'],
    ['CSV with empty rows', 'id,name\n\ndev_1,x\n,\n  \ndev_2,y\n', 'dev_1:3 dev_2:6'],
    ['CSV with rows taken out', '# mine\nid,name\n#dev_1,x\n# left out: dev_2\ndev_3,#3\n', 'dev_3:5'],
    ['CSV with tabs', 'name\tid\nx\tdev_1\n', 'dev_1:2'],
    ['CSV with semicolons', '\uFEFFid;name;note\r\ndev_1;x;a, b\r\n', 'dev_1:2'],
    ['CSV in quotes throughout', '"id"\n"dev_1"\n', 'dev_1:2'],
    ['CSV safe from spreadsheets', "id,name\n'=dev,x\n'-5,x\n'dev,x\n", "=dev:2 '-5:3 'dev:4"],
  ])('may be %s', async (_what, content, found) => {
    expect(await read(content)).toBe(found);
  });

  it.each<[what: string, content: string | Buffer, problem: object, line?: number]>([
    ['nothing', '', { kind: 'empty' }],
    ['nothing but comments', '\uFEFF# dev_1\r\n\r\n', { kind: 'empty' }],
    ['a heading alone', 'id\n', { kind: 'empty' }],
    ['a table without rows', 'id,name\n# dev_1,x\n', { kind: 'empty' }],
    ['an empty array', '[ ]\n', { kind: 'empty' }],
    ['UTF-16', Buffer.from('\uFEFFdev_1\r\n', 'utf16le'), { kind: 'utf16' }],
    ['UTF-16 the other way round', Buffer.from('\uFEFFdev_1', 'utf16le').swap16(), { kind: 'utf16' }],
    ['UTF-16 without its mark', Buffer.from('dev_1\r\n', 'utf16le'), { kind: 'id' }, 1],
    ['Shift_JIS', Buffer.from('dev_1\r\ndev_2 # \x93\x8c\x8b\x9e\n', 'latin1'), { kind: 'encoding' }, 2],
    ['two ids on a line', 'dev_1\ndev_2 dev_3\n', { kind: 'id' }, 2],
    ['an id that is too long', `dev_1\n\n${'x'.repeat(201)}\n`, { kind: 'id' }, 3],
    ['a control character', 'dev_\x001\n', { kind: 'id' }, 1],
    ['half a character', '{"id":"dev_\\ud800"}', { kind: 'id' }, 1],
    ['the output of a pipe', 'dev_1\tLobby\tcamera\ndev_2\tDoor\tcamera\n', { kind: 'no_column' }, 1],
    ['a table without ids', '# x\nname,customer_id\na,cus_1\n', { kind: 'no_column' }, 2],
    ['a table without an id in one row', 'name,id\na,dev_1\nb,\n', { kind: 'no_id' }, 3],
    ['a comma too many', 'name,id\nFoo, Inc,dev_1\n', { kind: 'columns', wanted: 2, found: 3 }, 2],
    ['a comma too few', 'id,name\n"a\nb",x\ndev_2\n', { kind: 'columns', wanted: 2, found: 1 }, 4],
    ['a quote too many', 'id,name\ndev_1,x\ndev_2,"y" z\n', { kind: 'quote' }, 3],
    ['a quote that is not closed', 'id,name\ndev_1,"x\ndev_2,y\n', { kind: 'quote' }, 2],
    ['what may be a comment', 'name,id\nx,dev_1\n# y,dev_2\n', { kind: 'comment' }, 3],
    ['JSON that is broken', '{"id":"dev_1"}\n{"id":"dev_2"\n', { kind: 'syntax', trouble: 'closing' }, 2],
    ['JSON and then ids', '{"id":"dev_1"}\ndev_2\n', { kind: 'syntax', trouble: 'symbol' }, 2],
    ['an object over several lines', '{\n"id":"dev_1"\n}\n', { kind: 'syntax', trouble: 'closing' }, 1],
    ['JSON without an id', '{"id":"dev_1"}\n{"name":"x"}\n', { kind: 'no_id' }, 2],
    ['JSON with a number', '{"id":1}', { kind: 'no_id' }, 1],
    ['JSON with an empty id', '[{"id":"dev_1"},\n{"id":""}]', { kind: 'no_id' }, 2],
    ['an array of arrays', '[["dev_1"]]', { kind: 'no_id' }, 1],
    ['an array of nothing', '[null]', { kind: 'no_id' }, 1],
    ['an array that is cut off', '[\n"dev_1",\n"dev_2"\n', { kind: 'syntax', trouble: 'closing' }, 4],
    ['an array cut off in a text', '["dev_1",\n"dev_2', { kind: 'syntax', trouble: 'closing' }, 2],
    ['an array with a comma too many', '["dev_1",\n]', { kind: 'syntax', trouble: 'value' }, 2],
    ['an array with a comma too few', '["dev_1"\n"dev_2"]', { kind: 'syntax', trouble: 'extra' }, 2],
    ['more behind an array', '["dev_1"]\n["dev_2"]', { kind: 'syntax', trouble: 'extra' }, 2],
    ['the wrong bracket', '["dev_1"}', { kind: 'syntax', trouble: 'closing' }, 1],
  ])('is none with %s', async (_what, content, problem, line) => {
    await expect(list(content)).rejects.toEqual(brokenBy(problem, line));
  });

  it('of 100,000 devices is read in a moment', async () => {
    const ids = Array.from({ length: 100_000 }, (_, index) => `dev_${index}`);
    const contents = [
      ids.join('\n'),
      ids.map(id => `{"id":"${id}"}`).join('\n'),
      JSON.stringify(ids.map(id => ({ id }))),
      `id,name\n${ids.map(id => `${id},x`).join('\n')}`,
    ];
    for (const content of contents) {
      // What takes longer for each line the more there are would not end within the time of a test.
      expect(await list(content)).toHaveLength(ids.length);
    }
  });
});

const id = fc
  .string({ unit: fc.constantFrom(...'abcXYZ0189_-=+@#\'",;:.{}[]日本'), minLength: 1, maxLength: 12 })
  .filter(text => !text.startsWith('#'));
const named = fc.array(fc.record({ id, name: fc.string({ unit: 'binary', maxLength: 8 }) }), {
  minLength: 1,
});

describe('whatever ids there are', () => {
  const plain = id.filter(text => !/^["[{]|[,;]/.test(text) && !/^(device_)?id$/i.test(text));
  const end = fc.constantFrom('\n', '\r\n', '\r');

  it('come back from a list, each with its line', async () => {
    const filler = fc.array(fc.constantFrom('', '# x', '  ', '\t#'), { maxLength: 2 });
    const line = fc.record({ id: plain, before: filler, comment: fc.constantFrom('', ' # x', '\t#', '  ') });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), end, async (lines, newline) => {
        const content: string[] = [];
        const expected = lines.map(({ id, before, comment }) => ({
          id,
          line: content.push(...before, id + comment),
        }));
        expect(await list(content.join(newline))).toEqual(expected);
      }),
    );
  });

  it.each(['ndjson', 'json', 'csv'])('come back from what remo writes as %s', async format => {
    await fc.assert(
      fc.asyncProperty(named, async rows => {
        const { host, context } = await fakeContext({ env: { REMO_OUTPUT: format } });
        const column = (name: 'id' | 'name') => ({
          name,
          header: () => name,
          value: (row: { id: string; name: string }) => row[name],
          priority: 1,
        });
        await writeList(context, { columns: [column('id'), column('name')], rows });
        // Who really begins an id with an apostrophe before a formula can't be told from the writer's own.
        const ids = rows.map(row =>
          format === 'csv' ? row.id.replace(/^'(?=[=+\-@])(?!-?\d+$)/, '') : row.id,
        );
        expect((await list(host.out)).map(found => found.id)).toEqual(ids);
      }),
      { numRuns: 50 },
    );
  });

  it('come back from a table in quotes, each with its line', async () => {
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const row = fc.record({
      id,
      name: fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '#'), maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1 }), async rows => {
        let content = '"id","name"\n';
        const expected = rows.map(({ id, name }) => {
          const line = content.split('\n').length;
          content += `${quoted(id)},${quoted(name)}\n`;
          return { id: id.replace(/^'(?=[=+\-@])(?![+-]?\d+(\.\d+)?$)/, ''), line };
        });
        expect(await list(content)).toEqual(expected);
      }),
    );
  });
});

describe('whatever a file holds', () => {
  const mess = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
    fc
      .string({ unit: fc.constantFrom(...'[]{}",:;\\#\n\r\t id_1\uFEFF\0'), maxLength: 40 })
      .map(text => Buffer.from(text)),
    fc
      .string({
        unit: fc.constantFrom('id', 'dev_1', '{"id":"x"}', '[', ']', ',', '"', '\n', '# '),
        maxLength: 20,
      })
      .map(text => Buffer.from(text)),
  );

  it('it is a list, or what is wrong is told with a line that is there', async () => {
    await fc.assert(
      fc.asyncProperty(mess, async bytes => {
        const lines = bytes.toString('latin1').split(/\r\n?|\n/).length;
        const isLine = (line: number) => Number.isInteger(line) && line >= 1 && line <= lines;
        try {
          const found = await list(bytes);
          expect(found.length).toBeGreaterThan(0);
          for (const { id, line } of found) {
            expect(id).toMatch(/^\S{1,200}$/u);
            expect(line).toSatisfy(isLine);
          }
        } catch (error) {
          if (!(error instanceof RemoError && error.is('device_list_broken'))) throw error;
          const { line } = error.params;
          if (line !== undefined) expect(line).toSatisfy(isLine);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['brackets', '['.repeat(200_000)],
    ['an object of brackets', `{"id":${'['.repeat(200_000)}`],
    ['brackets that are closed', `[${'['.repeat(200_000)}${']'.repeat(200_000)}]`],
    ['quotes', `id,name\n${'"'.repeat(200_001)}`],
    ['backslashes', `["${'\\"'.repeat(200_000)}`],
    ['white space', `dev_1${' '.repeat(1_000_000)}x`],
  ])('an endless row of %s does no harm', async (_what, content) => {
    await expect(list(content)).rejects.toMatchObject({ code: 'device_list_broken' });
  });
});
