import * as z from 'zod/mini';
import { batchListing } from '../src/commands/batches/list.js';
import { planListing } from '../src/commands/batches/plan-view.js';
import { batchDeviceListing } from '../src/commands/batches/show.js';
import { resultListing } from '../src/commands/batches/view.js';
import { settingListing } from '../src/commands/config/list.js';
import { profileListing } from '../src/commands/config/profiles.js';
import { customerListing } from '../src/commands/customers/columns.js';
import { deviceListing, statusListing } from '../src/commands/devices/columns.js';
import { checkListing } from '../src/commands/doctor/doctor.js';
import { historyListing } from '../src/commands/history/columns.js';
import type { Declared } from '../src/commands/listing.js';
import { noticeListing } from '../src/commands/notices/columns.js';
import { en } from '../src/messages/en.js';
import { groups, type OutputName, outputs, settingValue, single } from '../src/outputs.js';
import { columnsOf } from '../src/terminal/listing.js';

// The documents about the output, from the schemas, the columns and the words of the program itself.
// `npm run docs` writes them; test/docs.test.ts fails where one of them is not up to date.

/** JSON Schema as far as it is looked at here. */
export interface JsonSchema {
  type?: string | readonly string[];
  format?: string;
  description?: string;
  enum?: readonly string[];
  const?: unknown;
  anyOf?: readonly JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  [keyword: string]: unknown;
}

/** The command line of each output. */
export const commands: Record<OutputName | 'config-get', string> = {
  whoami: 'whoami',
  'customers-list': 'customers list',
  'devices-show': 'devices show',
  'devices-status': 'devices status',
  'devices-reboot': 'devices reboot',
  'devices-reboot-dry-run': 'devices reboot --dry-run',
  'batches-list': 'batches list',
  'batches-show': 'batches show',
  'batches-show-devices': 'batches show -o ndjson',
  history: 'history',
  notices: 'notices',
  'config-list': 'config list',
  'config-profiles': 'config profiles',
  'config-get': 'config get',
  doctor: 'doctor',
  columns: "customers list --columns '?'",
  error: 'errors on stderr',
};

/** How each listing is declared. */
export const listings: Partial<Record<OutputName, Declared>> = {
  'customers-list': customerListing,
  'devices-show': deviceListing,
  'devices-status': statusListing,
  'devices-reboot': resultListing,
  'devices-reboot-dry-run': planListing,
  'batches-list': batchListing,
  'batches-show': batchDeviceListing,
  history: historyListing,
  notices: noticeListing,
  'config-list': settingListing,
  'config-profiles': profileListing,
  doctor: checkListing,
};

/**
 * The JSON Schema of one object of an output.
 * @param closed whether it may have no other fields than today's; a reader has to allow for more
 */
export function objectSchema(name: OutputName, { closed }: { closed: boolean }): JsonSchema {
  const schema = z.toJSONSchema(outputs[name], {
    override({ zodSchema, jsonSchema }) {
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (!closed && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      const group = groups.get(zodSchema);
      const meanings: Partial<Record<string, string>> = group === undefined ? {} : en.fields[group];
      const { properties = {} } = jsonSchema;
      for (const [field, property] of Object.entries(properties)) {
        const description = meanings[field];
        // A copy: fields of the same kind share their schema.
        if (description && typeof property === 'object') properties[field] = { ...property, description };
      }
    },
  });
  const { $schema: _ofTheWhole, ...object } = schema as JsonSchema;
  return object;
}

/** The JSON Schemas of every output, by their file names. */
export function schemaFiles(): Map<string, string> {
  const names = Object.keys(outputs) as OutputName[];
  const files = names.map(name => [name, outputSchema(name)] as const);
  const { $schema: _ofTheWhole, ...value } = z.toJSONSchema(settingValue) as JsonSchema;
  const all = [...files, ['config-get', value] as const];
  return new Map(
    all.map(([name, schema]) => {
      const whole = {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: name === 'error' ? 'remo: an error on stderr' : `remo ${commands[name]}`,
        ...schema,
      };
      return [`${name}.json`, `${JSON.stringify(whole, null, 2)}\n`];
    }),
  );
}

/** What `-o json` writes; a line of `-o ndjson` is `#/$defs/item`. */
function outputSchema(name: OutputName): JsonSchema {
  const object = objectSchema(name, { closed: false });
  if (single.includes(name)) return object;
  return { type: 'array', items: { $ref: '#/$defs/item' }, $defs: { item: object } };
}

const begin = '<!-- begin: written by npm run docs -->';
const end = '<!-- end -->';

/** What the tables of a README say besides the fields. */
interface TableWords {
  command: string;
  json: string;
  csv: string;
  each: string;
}
const english: TableWords = {
  command: 'command',
  json: 'JSON fields',
  csv: 'CSV and TSV columns',
  each: 'each',
};

/** A README with its tables of fields as they are. @throws Error where there is no place for them */
export function withTables(readme: string, words = english): string {
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end).slice(1).join(end);
  if (before === undefined || after === undefined) throw new Error('the README has no place for its tables');
  return `${before}${begin}\n${jsonTable(words)}\n\n${csvTable(words)}\n${end}${after}`;
}

const shown = Object.keys(outputs).filter(
  name => !['columns', 'error', 'batches-show-devices'].includes(name),
) as OutputName[];

function jsonTable({ command, json, each }: TableWords): string {
  const rows = shown.map(name => {
    const { properties = {} } = objectSchema(name, { closed: true });
    const link = `[\`${commands[name]}\`](docs/schemas/${name}.json)`;
    return `| ${link} | ${Object.entries(properties)
      .map(field => withNested(field, each))
      .join(' ')} |`;
  });
  return [`| ${command} | ${json} |`, '|---|---|', ...rows].join('\n');
}

function withNested([field, schema]: [string, JsonSchema], each: string): string {
  const { properties } = objectIn(schema);
  if (!properties) return `\`${field}\``;
  const fields = Object.keys(properties).map(nested => `\`${nested}\``);
  return `\`${field}\` (${schema.type === 'array' ? `${each}: ` : ''}${fields.join(' ')})`;
}

/** The object that a field holds, or a list of, or null. */
function objectIn(schema: JsonSchema): JsonSchema {
  const [first = schema] = schema.anyOf ?? [];
  return first.items ?? first;
}

function csvTable({ command, csv }: TableWords): string {
  const rows = shown.flatMap(name => {
    const listing = listings[name];
    if (!listing) return [];
    const columns = columnsOf(listing, {}, 'csv').map(({ name }) => `\`${name}\``);
    return [`| \`${commands[name]}\` | ${columns.join(' ')} |`];
  });
  return [`| ${command} | ${csv} |`, '|---|---|', ...rows].join('\n');
}

/** `docs/output.md`: every field, what it holds and what it means. */
export function outputDocument(): string {
  return `${[
    '# The output of remo',
    'Written by `npm run docs` from the schemas that the types of the program come from. Of an output with `-o json`,' +
      ' the schema is beside its heading; a line of `-o ndjson` is `#/$defs/item` of it. Fields may be added, so a reader' +
      ' has to allow for others than these. A field has a value or null; only those of errors that say so may be missing.',
    'Where a column says "on request", `--columns` has it; then it is in JSON and YAML by the same name as well.',
    ...(Object.keys(outputs) as OutputName[]).filter(name => name !== 'batches-show-devices').map(section),
  ].join('\n\n')}\n`;
}

function section(name: OutputName): string {
  const whole = objectSchema(name, { closed: true });
  const { properties = {} } = name === 'error' ? objectIn(whole.properties?.['error'] ?? {}) : whole;
  const heading = name === 'error' ? 'Errors' : `remo ${commands[name]}`;
  const nested = Object.entries(properties).flatMap(([field, schema]) =>
    Object.entries(objectIn(schema).properties ?? {}).map(
      ([inner, its]) => [`${field}${schema.type === 'array' ? '[]' : ''}.${inner}`, its] as const,
    ),
  );
  const fields = new Map([...Object.entries(properties), ...nested]);
  return `## ${heading}\n\n[JSON Schema](schemas/${name}.json)\n\n${fieldTable(name, fields)}`;
}

function fieldTable(name: OutputName, fields: ReadonlyMap<string, JsonSchema>): string {
  const listing = listings[name];
  const meanings: Partial<Record<string, string>> = listing ? en.fields[listing.about] : {};
  const row = (field: string, schema: JsonSchema | undefined) => {
    const type = schema ? typeText(schema) : '';
    const meaning = schema?.description ?? meanings[field] ?? '';
    const places = listing ? ` ${place(listing, field.replace(/^results\[\]\./, ''))} |` : '';
    return `| \`${field}\` | ${type} |${places} ${meaning} |`;
  };
  const others = (listing?.columns ?? []).filter(
    column => !fields.has(column.name) && !fields.has(`results[].${column.name}`),
  );
  return [
    `| field | holds |${listing ? ' columns |' : ''} meaning |`,
    `|---|---|${listing ? '---|' : ''}---|`,
    ...[...fields].map(([field, schema]) => row(field, schema)),
    ...others.map(column => row(column.name, undefined)),
  ].join('\n');
}

/** Where a field is a column without being asked for. */
function place({ columns }: Declared, field: string): string {
  const column = columns.find(({ name }) => name === field);
  if (!column) return '';
  if (column.onRequest) return 'on request';
  return column.dataOnly ? 'CSV, TSV' : 'table, CSV, TSV';
}

function typeText(schema: JsonSchema): string {
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' or ');
  if (schema.enum) return schema.enum.map(value => `\`${value}\``).join(', ');
  if (schema.format === 'date-time') return 'time (RFC 3339)';
  if (schema.type === 'array') return 'list of objects';
  return [schema.type ?? 'anything'].flat().join(' or ');
}
