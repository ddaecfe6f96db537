import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/config.js';
import { type Column, yesNo } from '../../src/terminal/columns.js';
import { ClosedPipe } from '../../src/terminal/io.js';
import type { ListingOptions } from '../../src/terminal/listing.js';
import { writeList, writeRecord } from '../../src/terminal/output.js';
import { fakeContext, type HostOptions } from '../support/host.js';

interface Camera {
  id: string;
  name: string;
  count: number;
  online: boolean | null;
}
const columns: Column<Camera>[] = [
  { name: 'id', header: () => 'ID', value: row => row.id, priority: 1 },
  { name: 'name', header: () => '名前', value: row => row.name, priority: 1 },
  { name: 'count', header: () => 'Count', value: row => row.count, priority: 3, align: 'right' },
  {
    name: 'online',
    header: () => 'Online',
    value: row => row.online,
    text: (row, view) => yesNo(view, row.online),
    tone: row => (row.online ? 'good' : 'bad'),
    priority: 2,
  },
];
const yokohama: Camera = { id: 'cam_1', name: '横浜 玄関📷', count: 3, online: true };
const osaka: Camera = { id: 'cam_22', name: 'Osaka', count: 1200, online: null };

async function listed(
  format: OutputFormat | undefined,
  rows: readonly Camera[],
  options: HostOptions = {},
  wanted: ListingOptions = {},
) {
  const { host, context } = await fakeContext(options);
  if (format) context.useFlags({ output: format });
  const written = await writeList(context, { columns, rows }, wanted);
  return { out: host.out, err: host.err, written, host };
}

describe('writeList in a data format', () => {
  it('writes TSV in a pipe: no header, no colour, values as the contract has them', async () => {
    const { out, err, written } = await listed(undefined, [yokohama, osaka], {
      env: { LANG: 'ja_JP.UTF-8' },
    });
    expect(out).toBe('cam_1\t横浜 玄関📷\t3\ttrue\ncam_22\tOsaka\t1200\t\n');
    expect(err).toBe('');
    expect(written).toBe(2);
  });

  it('writes one JSON array, [] when there is nothing', async () => {
    expect((await listed('json', [])).out).toBe('[]\n');
    const { out } = await listed('json', [yokohama, osaka]);
    expect(out).toBe(`${JSON.stringify([yokohama, osaka], null, 2)}\n`);
  });

  it('writes one object a line', async () => {
    expect((await listed('ndjson', [yokohama, osaka])).out).toBe(
      `${JSON.stringify(yokohama)}\n${JSON.stringify(osaka)}\n`,
    );
    expect((await listed('ndjson', [])).out).toBe('');
  });

  it('writes CSV as RFC 4180 has it, with a header even when there is nothing', async () => {
    expect((await listed('csv', [])).out).toBe('id,name,count,online\r\n');
    const { out } = await listed('csv', [{ ...yokohama, name: 'a "b", c\nd' }]);
    expect(out).toBe('id,name,count,online\r\ncam_1,"a ""b"", c d",3,true\r\n');
  });

  it.each([
    '=1+1',
    '+cmd',
    '-x',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '＝1+1',
    ' =1',
    '=HYPERLINK("x")',
    '+81-3-1234-5678',
  ])('keeps a spreadsheet from running %j', async name => {
    const { out } = await listed('csv', [{ ...yokohama, name }]);
    expect(out.split('\r\n')[1]).toMatch(/^cam_1,"?'/);
  });

  it('keeps a spreadsheet from running anything, whatever comes before it, and stays CSV', async () => {
    const before = fc.string({ unit: fc.constantFrom(' ', '\t', '\r', '\n', '\u3000', '\u00a0', '\ufeff') });
    const sign = fc.constantFrom(...'=+-@＝＋－＠');
    await fc.assert(
      fc.asyncProperty(before, sign, fc.string({ unit: 'grapheme' }), async (space, first, rest) => {
        const name = `${space}${first}x${rest}`;
        const { out } = await listed('csv', [{ ...yokohama, name }], {}, { excel: true });
        const [, cells = []] = parseCsv(out, { bom: true }) as string[][];
        expect(cells).toHaveLength(columns.length);
        expect(cells[1]?.trim()).not.toMatch(/^[=+\-@＝＋－＠]/);
      }),
    );
  });

  it('leaves numbers in CSV alone', async () => {
    const { out } = await listed('csv', [{ ...yokohama, name: '-12.5', count: -3 }]);
    expect(out).toContain('cam_1,-12.5,-3,true\r\n');
  });

  it('writes a YAML sequence, [] when there is nothing', async () => {
    expect((await listed('yaml', [])).out).toBe('[]\n');
    expect((await listed('yaml', [osaka])).out).toBe(
      '- id: cam_22\n  name: Osaka\n  count: 1200\n  online: null\n',
    );
  });

  it('begins CSV for Excel with a byte order mark, and only that', async () => {
    const plain = await listed('csv', [yokohama]);
    const excel = await listed('csv', [yokohama], {}, { excel: true });
    expect(excel.out).toBe(`\uFEFF${plain.out}`);
  });

  it('leaves formulas in TSV as they are: that is for programs', async () => {
    expect((await listed(undefined, [{ ...yokohama, name: '=1+1' }])).out).toContain('\t=1+1\t');
  });

  it('has the columns asked for and no other, in their order', async () => {
    const wanted = { columns: ['count', 'id'] };
    const written = (format?: OutputFormat) => listed(format, [yokohama, osaka], {}, wanted);
    expect((await written()).out).toBe('3\tcam_1\n1200\tcam_22\n');
    expect((await written('csv')).out).toBe('count,id\r\n3,cam_1\r\n1200,cam_22\r\n');
    expect((await written('ndjson')).out).toBe('{"count":3,"id":"cam_1"}\n{"count":1200,"id":"cam_22"}\n');
    expect((await written('yaml')).out).toBe('- count: 3\n  id: cam_1\n- count: 1200\n  id: cam_22\n');
  });

  it('orders by columns that are not shown, too', async () => {
    const sort = [{ column: 'count', descending: true }];
    expect((await listed(undefined, [yokohama, osaka], {}, { columns: ['id'], sort })).out).toBe(
      'cam_22\ncam_1\n',
    );
  });

  it('gives every row one line, whatever its texts hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), async names => {
        const rows = names.map(name => ({ ...yokohama, name }));
        for (const format of [undefined, 'ndjson', 'csv'] as const) {
          const { out } = await listed(format, rows);
          expect(out.split('\n')).toHaveLength(rows.length + (format === 'csv' ? 2 : 1));
        }
        const { out } = await listed(undefined, rows);
        for (const line of out.trimEnd().split('\n')) expect(line.split('\t')).toHaveLength(columns.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('writeList as pages arrive', () => {
  async function* pages(count: number, size: number) {
    for (let page = 0; page < count; page += 1) {
      yield Array.from({ length: size }, (_, index) => ({ ...osaka, id: `cam_${page * size + index}` }));
    }
  }

  it('streams one valid array over empty and full pages', async () => {
    const { host, context } = await fakeContext();
    context.useFlags({ output: 'json' });
    async function* some() {
      yield [];
      yield* pages(3, 2);
      yield [];
    }
    expect(await writeList(context, { columns, rows: some(), record: ({ id }) => ({ id }) })).toBe(6);
    expect(JSON.parse(host.out)).toEqual([0, 1, 2, 3, 4, 5].map(number => ({ id: `cam_${number}` })));
    expect(host.out).toBe(`${JSON.stringify(JSON.parse(host.out), null, 2)}\n`);
  });

  it('has written the first page before the second is asked for', async () => {
    const { host, context } = await fakeContext();
    context.useFlags({ output: 'ndjson' });
    async function* watched() {
      yield [osaka];
      expect(host.out).toBe(`${JSON.stringify(osaka)}\n`);
    }
    await writeList(context, { columns, rows: watched() });
  });

  it('writes a sorted listing when it is whole', async () => {
    const { host, context } = await fakeContext();
    context.useFlags({ output: 'ndjson' });
    async function* watched() {
      yield [osaka];
      yield [yokohama];
      expect(host.out).toBe('');
    }
    const sort = [{ column: 'count', descending: false }];
    expect(await writeList(context, { columns, rows: watched() }, { sort })).toBe(2);
    expect(host.out).toBe(`${JSON.stringify(yokohama)}\n${JSON.stringify(osaka)}\n`);
  });

  it('leaves the array open when a page fails, so that nobody takes it for the whole', async () => {
    const { host, context } = await fakeContext();
    context.useFlags({ output: 'json' });
    async function* failing() {
      yield [osaka];
      throw new Error('page 2');
    }
    await expect(writeList(context, { columns, rows: failing() })).rejects.toThrow('page 2');
    expect(() => JSON.parse(host.out)).toThrow();
  });

  it('says how much there is when a page fails, and not when nothing more can be written', async () => {
    async function* failing() {
      yield [osaka, yokohama];
      yield [osaka];
      throw new Error('page 3');
    }
    const { host, context } = await fakeContext();
    await expect(writeList(context, { columns, rows: failing() })).rejects.toThrow('page 3');
    expect(host.err).toBe('The output is incomplete: it ends after 3 rows.\n');
    for (const code of ['EPIPE', 'ENOSPC'] as const) {
      const full = await fakeContext();
      full.host.stdout.breakWith(code);
      await expect(writeList(full.context, { columns, rows: failing() })).rejects.toThrow();
      expect(full.host.err).toBe('');
    }
  });

  it('ends at a closed pipe, and tells the source to stop', async () => {
    const { host, context } = await fakeContext();
    let stopped = false;
    async function* endless() {
      try {
        for (;;) yield [osaka];
      } finally {
        stopped = true;
      }
    }
    host.stdout.breakWith('EPIPE');
    await expect(writeList(context, { columns, rows: endless() })).rejects.toThrow(ClosedPipe);
    expect(stopped).toBe(true);
  });

  it('ends when the run is interrupted', async () => {
    const { context } = await fakeContext();
    async function* interrupted() {
      yield [osaka];
      context.interrupt('SIGINT');
      yield [osaka];
    }
    await expect(writeList(context, { columns, rows: interrupted() })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });
});

const terminal = (columnCount: number, env = {}) => ({
  tty: true,
  columns: columnCount,
  env: { LANG: 'en', ...env },
});
/** Where the second column begins on each line. */
const plainLines = (out: string) => out.trimEnd().split('\n');

describe('writeList as a table', () => {
  it('leaves out no column that was asked for, and cuts what does not fit', async () => {
    const names = ['online', 'name', 'count', 'id'];
    const { out, err } = await listed(undefined, [yokohama], terminal(20, { NO_COLOR: '1' }), {
      columns: names,
    });
    expect(err).toBe('');
    const [header = '', rule = ''] = plainLines(out);
    expect(header).toMatch(/^On/);
    expect(rule.split(/ +/)).toHaveLength(4);
    for (const line of plainLines(out)) expect(stringWidth(line)).toBeLessThanOrEqual(20);
  });

  it('lines up Japanese and emoji', async () => {
    const { out, err } = await listed(undefined, [yokohama, osaka], terminal(80, { NO_COLOR: '1' }));
    expect(out).toBe(
      [
        'ID      名前         Count  Online',
        '------  -----------  -----  -------',
        'cam_1   横浜 玄関📷      3  yes',
        'cam_22  Osaka         1200  unknown',
        '',
      ].join('\n'),
    );
    expect(err).toBe('');
  });

  it('colours on a terminal what it also says in words, and aligns as without', async () => {
    const { out } = await listed(undefined, [yokohama, osaka], terminal(80));
    expect(out).toContain('\x1b[32myes\x1b[39m');
    const plain = await listed(undefined, [yokohama, osaka], terminal(80, { NO_COLOR: '1' }));
    expect(out.replaceAll(/\x1b\[\d+m/g, '')).toBe(plain.out);
  });

  it('drops the least important column first and says so', async () => {
    const { out, err } = await listed(undefined, [yokohama, osaka], terminal(32, { NO_COLOR: '1' }));
    expect(plainLines(out)[0]).toBe('ID      名前         Online');
    expect(err).toBe('Too narrow for: Count.\n  Everything: --wide, or\n  -o json.\n');
  });

  it('cuts the widest of what may not be dropped, and the id last', async () => {
    const { out } = await listed(
      undefined,
      [{ ...yokohama, name: '横浜市中区山下町の玄関' }],
      terminal(20, { NO_COLOR: '1' }),
    );
    expect(plainLines(out).at(-1)).toBe('cam_1  横浜市中区山…');
  });

  it('cuts a name of ten thousand characters rather than drop the columns beside it', async () => {
    const { out } = await listed(
      undefined,
      [{ ...osaka, name: '長'.repeat(10_000) }],
      terminal(80, { NO_COLOR: '1' }),
    );
    expect(plainLines(out)[0]).toContain('Online');
    for (const line of plainLines(out)) expect(stringWidth(line)).toBeLessThanOrEqual(80);
    expect(out).toContain('…');
  });

  it('never cuts where stdout is not a terminal', async () => {
    const name = '長'.repeat(1000);
    const { out } = await listed('table', [yokohama, { ...osaka, name }]);
    expect(out).toContain(name);
    expect(out).toContain('Online');
  });

  it('writes nothing when there is nothing', async () => {
    expect((await listed(undefined, [], terminal(80))).out).toBe('');
    expect((await listed('table', [])).out).toBe('');
  });

  it('fits every terminal from 20 columns up, and lines up, whatever the names', async () => {
    const graphemes = fc.constantFrom(
      'a',
      '漢',
      'が',
      '👩‍💻',
      '🇯🇵',
      'é',
      '\u0301',
      'ｶﾞ',
      '½',
      '\x1b[2J',
      '辻󠄀',
      '\u200b',
      'ก็',
    );
    const name = fc.array(graphemes, { maxLength: 60 }).map(parts => parts.join(''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(name, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 20, max: 120 }),
        async (names, width) => {
          const rows = names.map(one => ({ ...osaka, name: one, online: true }));
          const { out } = await listed(undefined, rows, terminal(width, { NO_COLOR: '1' }));
          const [, rule = '', ...body] = plainLines(out);
          expect(body).toHaveLength(rows.length);
          for (const line of plainLines(out)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
          if (/- .*- .*- /.test(rule))
            for (const line of body)
              expect(stringWidth(line)).toBe(stringWidth(rule) - 'Online'.length + 'yes'.length);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is drawn whole with --wide, however narrow the terminal', async () => {
    const { host, context } = await fakeContext(terminal(20, { NO_COLOR: '1' }));
    context.useFlags({ wide: true });
    const name = '長'.repeat(100);
    await writeList(context, { columns, rows: [{ ...yokohama, name }] });
    expect(plainLines(host.out).at(-1)).toBe(`cam_1  ${name}      3  yes`);
    expect(host.err).toBe('');
  });

  it('keeps what a row is called whole, and drops what is empty before what is not', async () => {
    const { host, context } = await fakeContext(terminal(40, { NO_COLOR: '1' }));
    const id = '20261123T030000000Z-0a1b2c';
    const some: Column<{ note: string }>[] = [
      { name: 'id', header: () => 'ID', value: () => id, priority: 1 },
      { name: 'none', header: () => 'NOTHING', value: () => null, priority: 2 },
      { name: 'note', header: () => 'NOTE', value: row => row.note, priority: 9 },
    ];
    await writeList(context, { columns: some, rows: [{ note: 'here' }] });
    expect(plainLines(host.out).at(-1)).toBe(`${id}  here`);
    expect(host.err).toContain('NOTHING');
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['LC_ALL=C', { LC_ALL: 'C' }],
    ['no locale at all', { LC_CTYPE: undefined, LANG: undefined }],
    ['a Japanese locale that is not UTF-8', { LC_CTYPE: undefined, LANG: 'ja_JP.eucJP' }],
  ])('has no mark but ASCII with %s, and keeps the names', async (_what, env) => {
    const options = terminal(24, { NO_COLOR: '1', REMO_LANG: 'en', ...env });
    const { out } = await listed(undefined, [{ ...yokohama, name: '横浜市中区山下町の玄関' }], options);
    expect(plainLines(out).at(-1)).toBe('cam_1  横浜市中区山下...');
  });

  it('has no rule for a screen reader to read', async () => {
    const options = terminal(80, { NO_COLOR: '1', REMO_PLAIN: '1' });
    expect(plainLines((await listed(undefined, [osaka], options)).out)).toEqual([
      'ID      名前   Count  Online',
      'cam_22  Osaka   1200  unknown',
    ]);
  });

  it('keeps its columns from page to page, under one header', async () => {
    const { host, context } = await fakeContext(terminal(80, { NO_COLOR: '1' }));
    async function* pages() {
      yield [osaka];
      yield [{ ...yokohama, name: 'A longer name than before' }];
    }
    await writeList(context, { columns, rows: pages() });
    expect(plainLines(host.out)).toEqual([
      'ID      名前   Count  Online',
      '------  -----  -----  -------',
      'cam_22  Osaka   1200  unknown',
      'cam_1   A longer name than before      3  yes',
    ]);
  });
});

describe('writeRecord', () => {
  const fields = [
    { name: 'name', label: '名前', value: 'Sato\x1b[2J' },
    { name: 'signed_in', label: 'Signed in', value: true, text: 'yes' },
    { name: 'ends', label: 'Ends', value: null },
  ];
  it.each([
    ['table', '名前:       Sato\uFFFD[2J\nSigned in:  yes\nEnds:       \n'],
    ['json', '{\n  "name": "Sato\\u001b[2J",\n  "signed_in": true,\n  "ends": null\n}\n'],
    ['ndjson', '{"name":"Sato\\u001b[2J","signed_in":true,"ends":null}\n'],
    ['csv', 'name,signed_in,ends\r\nSato\uFFFD[2J,true,\r\n'],
    [undefined, 'name\tSato\uFFFD[2J\nsigned_in\ttrue\nends\t\n'],
  ] as const)('as %s', async (output, expected) => {
    const { host, context } = await fakeContext();
    if (output) context.useFlags({ output });
    await writeRecord(context, fields);
    expect(host.out).toBe(expected);
  });

  it('writes values below their labels where a terminal has little room beside them', async () => {
    const { host, context } = await fakeContext(terminal(20, { NO_COLOR: '1' }));
    const email = { name: 'email', label: 'E-mail', value: 'hanako.yamada@partner.example' };
    await writeRecord(context, [...fields, email]);
    expect(plainLines(host.out)).toEqual([
      '名前:',
      '  Sato\uFFFD[2J',
      'Signed in:',
      '  yes',
      'Ends:',
      'E-mail:',
      '  hanako.yamada@part',
      '  ner.example',
    ]);
  });
});
