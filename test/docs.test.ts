import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { listings, objectSchema, outputDocument, schemaFiles, withTables } from '../docs/generate.js';
import { en } from '../src/messages/en.js';
import { ja } from '../src/messages/ja.js';
import type { OutputName } from '../src/outputs.js';

const root = path.resolve(import.meta.dirname, '..');
const at = (...names: string[]) => path.join(root, ...names);

// `npm run docs` brings all of these up to date.
describe('the documents about the output are up to date', () => {
  it.each([...schemaFiles()])('docs/schemas/%s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(at('docs/schemas', name));
  });

  it('docs/schemas has no other file', () => {
    expect(readdirSync(at('docs/schemas')).sort()).toEqual([...schemaFiles().keys()].sort());
  });

  it('docs/output.md', async () => {
    await expect(outputDocument()).toMatchFileSnapshot(at('docs/output.md'));
  });

  it('the tables of the README', async () => {
    await expect(withTables(readFileSync(at('README.md'), 'utf8'))).toMatchFileSnapshot(at('README.md'));
  });

  it('the tables of the Japanese README', async () => {
    const words = { command: 'コマンド', json: 'JSONの項目', csv: 'CSVとTSVの列', each: '各' };
    const readme = readFileSync(at('README.ja.md'), 'utf8');
    await expect(withTables(readme, words)).toMatchFileSnapshot(at('README.ja.md'));
  });
});

describe('a JSON Schema', () => {
  it.each([...schemaFiles()])('%s is one, in the strict sense', (_name, text) => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    formats.default(ajv);
    expect(() => ajv.compile(JSON.parse(text))).not.toThrow();
  });

  it.each([...schemaFiles()])('%s says what each field means', (_name, text) => {
    const silent: string[] = [];
    JSON.parse(text, (key, value) => {
      if (key !== 'properties') return value;
      for (const [field, schema] of Object.entries<{ description?: string }>(value)) {
        if (!schema.description && field !== 'error') silent.push(field);
      }
      return value;
    });
    expect(silent).toEqual([]);
  });

  it('says of each field what the messages say', () => {
    const { properties } = JSON.parse(schemaFiles().get('devices-show.json') ?? '').$defs.item;
    const meanings = Object.entries<{ description: string }>(properties).map(([field, its]) => [
      field,
      its.description,
    ]);
    expect(Object.fromEntries(meanings)).toEqual(en.fields.device);
  });

  it('leaves room for fields that are added', () => {
    for (const text of schemaFiles().values()) expect(text).not.toContain('"additionalProperties": false');
  });
});

it.each([en, ja])('every column of a listing has a meaning and a header of its own', messages => {
  for (const listing of Object.values(listings)) {
    const meanings: Partial<Record<string, string>> = messages.fields[listing.about];
    const headers = listing.columns.map(({ header }) => header(messages));
    expect(listing.columns.filter(({ name }) => !meanings[name])).toEqual([]);
    expect(headers).toEqual([...new Set(headers)]);
  }
});

it('what is a moment or yes or no in data is put into words in every table', () => {
  for (const [name, listing] of Object.entries(listings)) {
    const { properties = {}, items } = objectSchema(name as OutputName, { closed: true });
    const fields = { ...properties, ...properties['results']?.items?.properties, ...items?.properties };
    for (const column of listing.columns) {
      const text = JSON.stringify(fields[column.name] ?? {});
      if (text.includes('date-time'))
        expect([name, column.name, column.type]).toEqual([name, column.name, 'time']);
      const worded = column.type === 'time' || text.includes('"boolean"');
      if (worded) expect([name, column.name, column.text !== undefined]).toEqual([name, column.name, true]);
    }
  }
});
