import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse as parseCsv } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { commands, listings, objectSchema, schemaFiles } from '../docs/generate.js';
import { type OutputName, outputs, single } from '../src/outputs.js';
import { type Sandbox, startSandbox } from '../src/sandbox/server.js';
import type { Column, Value } from '../src/terminal/columns.js';
import { columnsOf } from '../src/terminal/listing.js';
import { inOrder } from '../src/terminal/order.js';
import { remo } from './support/run.js';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
formats.default(ajv);

/** What today's schema of an output objects to in an object, a field that it does not know included. */
function objections(name: OutputName, object: unknown): string[] {
  const validate = ajv.compile(objectSchema(name, { closed: true }));
  return validate(object) ? [] : (validate.errors ?? []).map(error => ajv.errorsText([error]));
}

let sandbox: Sandbox;
let folder: string;
let device: string;
let offline: string;
/** A run with devices of several outcomes. */
let batch: string;

beforeAll(async () => {
  sandbox = await startSandbox({ bootSeconds: 0.05 });
  folder = await mkdtemp(path.join(os.tmpdir(), 'remo-outputs-'));
  device = sandbox.fleet.device({ status: 'online', behavior: 'normal' }).id;
  offline = sandbox.fleet.device({ status: 'offline' }).id;
  const fails = sandbox.fleet.device({ behavior: 'fails' }).id;
  const words = ['devices', 'reboot', device, offline, fails, device, '--yes', '--min-interval', '0'];
  expect((await run([...words, '-o', 'json'])).code).toBe(3);
  await run(['config', 'set', 'lang', 'en']);
  const [file = ''] = await readdir(path.join(folder, 'batches'));
  batch = path.basename(file, '.ndjson');
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

function run(argv: readonly string[]) {
  return remo(argv, { sandbox, env: { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder } });
}

/** A command line for each output. */
function lineOf(name: OutputName): string[] {
  const rest: Partial<Record<OutputName, string[]>> = {
    'devices-show': ['sakura@example.jp'],
    'devices-status': [device, offline],
    'devices-reboot': [device, offline, '--yes', '--wait', '--min-interval', '0'],
    'devices-reboot-dry-run': [device, offline],
    'batches-show': [batch],
    notices: [batch, '--all'],
    columns: [],
  };
  const words = name === 'columns' ? ['customers', 'list', '--columns', '?'] : commands[name].split(' ');
  return [...words, ...(rest[name] ?? [])];
}

const named = (Object.keys(outputs) as OutputName[]).filter(
  name => name !== 'error' && name !== 'batches-show-devices',
);

describe.each(named)('%s', name => {
  it('is as its schema says in JSON, to the field and in this order', async () => {
    const { out } = await run([...lineOf(name), '-o', 'json']);
    const found = JSON.parse(out);
    const objects: object[] = single.includes(name) ? [found] : found;
    expect(objects.length).toBeGreaterThan(0);
    const fields = Object.keys(objectSchema(name, { closed: true }).properties ?? {});
    for (const object of objects) {
      expect(objections(name, object)).toEqual([]);
      expect(Object.keys(object)).toEqual(fields);
    }
    const published = ajv.compile(JSON.parse(schemaFiles().get(`${name}.json`) ?? ''));
    expect(published(found)).toBe(true);
  });

  it('is the same in NDJSON and YAML', async () => {
    const lines = (await run([...lineOf(name), '-o', 'ndjson'])).out.trimEnd().split('\n');
    const ofLine = name === 'batches-show' ? 'batches-show-devices' : name;
    for (const line of lines) expect(objections(ofLine, JSON.parse(line))).toEqual([]);
    const yaml = (await run([...lineOf(name), '-o', 'yaml'])).out;
    // As a reader of YAML 1.1 takes it, too: no text of it may come to be a date or a truth value there.
    for (const version of ['1.1', '1.2'] as const) {
      const found = parseYaml(yaml, { version });
      const objects: object[] = single.includes(name) ? [found] : found;
      expect(objects.length).toBeGreaterThan(0);
      for (const object of objects) expect(objections(name, object)).toEqual([]);
    }
  });
});

const listed = Object.keys(listings) as OutputName[];

describe.each(listed)('the listing of %s', name => {
  const listing = listings[name];
  if (!listing) throw new Error('no listing');
  const all = listing.columns.map(column => column.name);

  it('has its columns in CSV and TSV', async () => {
    const [csv, tsv] = [await run([...lineOf(name), '-o', 'csv']), await run(lineOf(name))];
    const [header = [], ...rows] = parseCsv(csv.out) as string[][];
    expect(header).toEqual(columnsOf(listing, {}, 'csv').map(column => column.name));
    expect(rows.length).toBeGreaterThan(0);
    // In a pipe notices are to be read, unless columns are asked for.
    if (name === 'notices') return;
    const lines = tsv.out.split('\n').slice(0, -1);
    for (const line of lines) expect(line.split('\t')).toHaveLength(header.length);
  });

  it('says which columns there are, and asks the backend nothing', async () => {
    sandbox.requests.length = 0;
    // Without the arguments that the listing itself needs.
    const words = commands[name].split(' ');
    const { code, out, err } = await run([...words, '--columns', '?', '-o', 'json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const names = JSON.parse(out) as { name: string; meaning: string }[];
    expect(names.map(column => column.name)).toEqual(all);
    expect(sandbox.requests).toEqual([]);
  });

  it('has just the columns asked for, in their order, in every format', async () => {
    const wanted = [...all].reverse();
    const argv = [...lineOf(name), '--columns', wanted.join(',')];
    const runIn = async (format: string) => (await run([...argv, '-o', format])).out;
    const json = JSON.parse(await runIn('json'));
    const yaml = parseYaml(await runIn('yaml'));
    const rowsOf = (found: object[] | { results: object[] }) => ('results' in found ? found.results : found);
    const lines = (await runIn('ndjson')).trimEnd().split('\n');
    const objects = [...rowsOf(json), ...rowsOf(yaml), ...lines.map(line => JSON.parse(line))];
    expect(objects.length).toBeGreaterThan(2);
    for (const object of objects) expect(Object.keys(object)).toEqual(wanted);
    expect((await runIn('csv')).split('\r\n')[0]).toBe(wanted.join(','));
    const [row = ''] = (await run(argv)).out.split('\n');
    expect(row.split('\t')).toHaveLength(wanted.length);
  });

  it('has nothing sent for a column that is not there', async () => {
    sandbox.requests.length = 0;
    for (const flag of ['--columns', '--sort']) {
      const { code, out, err } = await run([...lineOf(name), flag, `${all[0]}x`]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(`Unknown column: ${all[0]}x\nDid you mean ${all[0]}?`);
    }
    expect(sandbox.requests).toEqual([]);
  });

  it('is ordered by any of its columns, both ways', async () => {
    // Each reboot takes its time.
    const some = name === 'devices-reboot' ? all.slice(0, 3) : all;
    for (const column of some) {
      for (const key of [column, `-${column}`]) {
        const { code, out } = await run([
          ...lineOf(name),
          ...['--columns', column, '--sort', key, '-o', 'ndjson'],
        ]);
        expect(code).toBeLessThan(4);
        const lines = out.split('\n').filter(Boolean);
        const rows = lines.map(line => JSON.parse(line) as Record<string, Value>);
        const { type } = listing.columns.find(one => one.name === column) ?? {};
        const its: Column<Record<string, Value>> = {
          ...{ name: column, header: () => '', value: row => row[column] ?? null, priority: 1 },
          ...(type ? { type } : {}),
        };
        expect(rows.length).toBeGreaterThan(0);
        expect(inOrder(rows, [its], [{ column, descending: key !== column }])).toEqual(rows);
      }
    }
  });
});

describe('config get', () => {
  it.each([
    ['lang', 'en', 'en'],
    ['input', 'true', true],
    ['color', '', null],
  ])('%s is a value', async (setting, text, value) => {
    const validate = ajv.compile(JSON.parse(schemaFiles().get('config-get.json') ?? ''));
    expect((await run(['config', 'get', setting])).out).toBe(`${text}\n`);
    for (const format of ['json', 'ndjson', 'yaml']) {
      const found = parseYaml((await run(['config', 'get', setting, '-o', format])).out);
      expect(found).toBe(value);
      expect(validate(found)).toBe(true);
    }
  });
});

describe('an error', () => {
  it.each([
    [['customers', 'list', '--columns', 'nope']],
    [['customers', 'list', '--excel', '-o', 'ndjson']],
    [['devices', 'status', 'nobody']],
    [['devices', 'show', 'example']],
    [['devices', 'reboot', 'nobody']],
    [['batches', 'show', 'nothing']],
    [['no-such-command']],
  ])('%j is as its schema says', async argv => {
    const { code, err } = await run([...argv, ...(argv.includes('-o') ? [] : ['-o', 'json'])]);
    const error = JSON.parse(err.trim().split('\n').at(-1) ?? '');
    expect(objections('error', error)).toEqual([]);
    expect(error.error.exit_code).toBe(code);
  });
});

it('a schema would object to a field that it does not know, and to one that is missing', () => {
  const profile = { in_use: true, name: 'lab', api_url: null };
  expect(objections('config-profiles', profile)).toEqual([]);
  expect(objections('config-profiles', { ...profile, port: 1 })).toHaveLength(1);
  expect(objections('config-profiles', { ...profile, name: undefined })).toHaveLength(1);
});
