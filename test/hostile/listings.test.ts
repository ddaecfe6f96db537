import { parse } from 'csv-parse/sync';
import { describe, expect, it, vi } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { remo } from '../support/run.js';
import { expectHarmless, expectHarmlessTable, expectHarmlessTsv } from './harmless.js';
import { giveReason, peopleCalled } from './people.js';
import { crafted, naughty } from './texts.js';

// Hundreds of rows, ten times each.
vi.setConfig({ testTimeout: 180_000 });

/** A listing all of whose texts are hostile, row by row, and which of its columns those are. */
interface Listing {
  argv: string[];
  texts: readonly string[];
  /** The fields that hold the text of the row. */
  fields: string[];
}

/** A cell that stands for a text: nothing visible is lost, and a spreadsheet does not run it. */
function expectCell(cell: string, text: string): void {
  const letters = (one: string) => one.match(/(?!\p{DI})[\p{L}\p{N}]/gu) ?? [];
  expect(letters(cell)).toEqual(letters(text));
  if (!/^[+-]?\d+(\.\d+)?$/.test(text)) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/u);
}

async function expectHarmlessListing({ argv, texts, fields }: Listing, options: Parameters<typeof remo>[1]) {
  const json = await remo([...argv, '-o', 'json'], options);
  expect(json).toMatchObject({ code: 0 });
  expectHarmless(json.out);
  const rows = json.json<Record<string, unknown>[]>();
  expect(rows).toHaveLength(texts.length);
  const of = (row: Record<string, unknown> | undefined) => fields.map(field => row?.[field]);
  const sorted = (values: unknown[][]) => values.map(value => JSON.stringify(value)).sort();
  expect(sorted(rows.map(of))).toEqual(sorted(texts.map(text => fields.map(() => text))));

  const ndjson = await remo([...argv, '-o', 'ndjson'], options);
  expectHarmless(ndjson.out);
  expect(
    ndjson.out
      .trimEnd()
      .split('\n')
      .map(line => of(JSON.parse(line))),
  ).toEqual(rows.map(of));

  const yaml = await remo([...argv, '-o', 'yaml'], options);
  expectHarmless(yaml.out);
  expect((parseYaml(yaml.out) as typeof rows).map(of)).toEqual(
    rows.map(row => of(row).map(value => String(value).replace(/\p{Cs}/gu, '\uFFFD'))),
  );

  const cellsOf = async (...flags: string[]) => {
    const { out } = await remo([...argv, ...flags], options);
    // What tells Excel that it is UTF-8 stands at the beginning and nowhere else.
    const text = flags.includes('--excel') ? out.replace(/^\uFEFF/, '') : out;
    expectHarmless(text.replaceAll('\r\n', '\n'));
    const cells = parse<Record<string, string>>(text, { columns: true, record_delimiter: '\r\n' });
    expect(cells).toHaveLength(texts.length);
    for (const [index, row] of cells.entries()) {
      for (const field of fields) {
        if (field in row) expectCell(row[field] ?? '', String(rows[index]?.[field]));
      }
    }
    return cells;
  };
  const cells = await cellsOf('-o', 'csv');
  const wanted = fields.slice(0, 2);
  const [first = {}] = await cellsOf('--excel', '--columns', wanted.join(','));
  expect(Object.keys(first)).toEqual(wanted);

  const tsv = await remo(argv, options);
  expectHarmlessTsv(tsv.out, texts.length, Object.keys(cells[0] ?? {}).length);
  for (const columns of [40, 80, 200]) {
    const table = await remo([...argv, '-o', 'table', '--no-color'], {
      ...options,
      tty: { stdout: true },
      columns,
    });
    expectHarmlessTable(table.out, texts.length, columns);
    expectHarmless(table.err);
  }
  const asked = ['--columns', wanted.join(','), '--sort', wanted[0] ?? ''];
  const table = await remo([...argv, ...asked, '-o', 'table', '--no-color'], {
    ...options,
    tty: { stdout: true },
  });
  expectHarmlessTable(table.out, texts.length, 80);
}

/** Where each row takes several requests. */
const some = naughty.slice(0, 80);

describe('however people and devices are called, nobody forges a row of', () => {
  it('customers list', async () => {
    const { sandbox } = await peopleCalled(naughty);
    const argv = ['customers', 'list', '--all'];
    await expectHarmlessListing({ argv, texts: naughty, fields: ['name', 'email'] }, { sandbox });
  });

  it('devices status', async () => {
    const { sandbox, ids } = await peopleCalled(some);
    const fields = ['name', 'model', 'serial_number', 'mac_address', 'ip_address', 'firmware_version'];
    await expectHarmlessListing({ argv: ['devices', 'status', ...ids], texts: some, fields }, { sandbox });
  });

  it('devices show', async () => {
    const { sandbox } = await peopleCalled(['owner']);
    const [owner] = sandbox.fleet.customers;
    const [first] = owner?.devices ?? [];
    if (!owner || !first) throw new Error('no device');
    const devices = naughty.map((text, index) => ({ ...first, id: `dev_${index}`, name: text, model: text }));
    owner.devices.splice(0, owner.devices.length, ...devices);
    const argv = ['devices', 'show', owner.id];
    const json = await remo([...argv, '-o', 'json'], { sandbox });
    expectHarmless(json.out);
    expect(json.json<{ name: string }[]>().map(({ name }) => name)).toEqual(naughty);
    expectHarmlessTsv((await remo(argv, { sandbox })).out, naughty.length, 12);
    const table = await remo([...argv, '-o', 'table', '--no-color'], { sandbox, tty: { stdout: true } });
    const [block = '', rows = ''] = table.out.split('\n\n');
    expectHarmless(block);
    expectHarmlessTable(rows, naughty.length, 80);
  });

  it('devices reboot --dry-run', async () => {
    const { sandbox, ids } = await peopleCalled(some);
    const fields = ['device_name', 'customer_name', 'customer_email'];
    const argv = ['devices', 'reboot', '--dry-run', ...ids];
    await expectHarmlessListing({ argv, texts: some, fields }, { sandbox });
  });

  it('batches show and history, and of batches list by its reason', async () => {
    const { sandbox, ids } = await peopleCalled(naughty);
    const [reason = ''] = crafted;
    const argv = ['devices', 'reboot', '--file', '-', '--yes', '--no-wait', '--reason', 'why'];
    const run = await remo([...argv, '-o', 'ndjson'], { sandbox, stdin: ids.join('\n') });
    expect(run.code).toBe(0);
    expectHarmless(run.out);
    await giveReason(run.folder, reason);
    const env = { REMO_CONFIG_DIR: run.folder, REMO_STATE_DIR: run.folder };
    const [{ batch_id = '' } = {}] = run.out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { batch_id: string });
    const fields = ['device_name', 'customer_name', 'customer_email'];
    await expectHarmlessListing({ argv: ['history'], texts: naughty, fields }, { env });
    await expectHarmlessListing({ argv: ['batches', 'list'], texts: [reason], fields: ['reason'] }, { env });
    const { out } = await remo(['batches', 'show', batch_id], { env });
    expectHarmlessTsv(out, naughty.length, 9);
    const shown = await remo(['batches', 'show', batch_id, '-o', 'json'], { env });
    expectHarmless(shown.out);
    const { results } = shown.json<{ results: { device_name: string }[] }>();
    expect(results.map(({ device_name }) => device_name)).toEqual(naughty);
  });
});
