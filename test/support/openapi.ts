import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

/** An answer as the contract is to judge it. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}
interface ResponseObject {
  $ref?: string;
  headers?: Record<string, { $ref?: string; schema?: object }>;
  content?: Record<string, { schema: object }>;
}
interface Document {
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, ResponseObject> }>>;
}

const name = 'openapi.yaml';
const document: Document = parse(
  readFileSync(new URL('../../src/api/openapi.yaml', import.meta.url), 'utf8'),
);
// OpenAPI 3.1 schemas are JSON Schema 2020-12; the words around them are no schema's.
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, name);
const validators = new Map<string, ValidateFunction>();

/** Every operation of the contract. */
export const operationIds = Object.values(document.paths).flatMap(methods =>
  Object.values(methods).flatMap(operation => operation.operationId ?? []),
);

/**
 * What the contract objects to in an answer to `method` on `path` (below the API's base URL, without the
 * query): empty when it is as promised.
 */
export function violations(method: string, path: string, answer: Answer): string[] {
  const found = operation(method, path);
  if (!found) {
    // Where the contract has no operation only the common rules hold.
    const body = validate(
      ['components', 'responses', 'Problem', 'content', 'application/problem+json'],
      answer,
    );
    return [...common(answer), ...(answer.status >= 400 ? body : ['answered, but not in the contract'])];
  }
  const { responses } = found;
  const status = responses[answer.status] ? String(answer.status) : 'default';
  let location = [...found.location, 'responses', status];
  let response = responses[status];
  if (!response) return [`status ${answer.status} is not in the contract`];
  if (status === 'default' && answer.status < 400) return [`status ${answer.status} is not in the contract`];
  if (response.$ref) {
    location = response.$ref.slice(2).split('/');
    response = resolve(location) as ResponseObject;
  }
  const type = mediaType(answer);
  if (!response.content?.[type]) return [...common(answer), `Content-Type ${type} is not in the contract`];
  return [
    ...common(answer),
    ...headerViolations(response, answer.headers),
    ...validate([...location, 'content', type], answer),
  ];
}

/** The operation an answer belongs to, `createReboot` for example. */
export function operationId(method: string, path: string): string | undefined {
  return operation(method, path)?.operationId;
}

function operation(method: string, path: string) {
  for (const [template, methods] of Object.entries(document.paths)) {
    const pattern = new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`);
    const verb = method.toLowerCase();
    const found = methods[verb];
    if (found && pattern.test(path)) return { ...found, location: ['paths', template, verb] };
  }
  return undefined;
}

function common({ status, headers }: Answer): string[] {
  const problems = headers.get('X-Request-Id') ? [] : ['X-Request-Id is missing'];
  if (status === 401 && !/^Bearer .*resource_metadata="/.test(headers.get('WWW-Authenticate') ?? '')) {
    problems.push('WWW-Authenticate does not name the resource metadata');
  }
  return problems;
}

function headerViolations({ headers = {} }: ResponseObject, actual: Headers): string[] {
  return Object.entries(headers).flatMap(([header, { schema }]) => {
    const value = actual.get(header);
    if (value === null || !schema || ajv.validate(schema, value)) return [];
    return [`${header}: ${ajv.errorsText()}`];
  });
}

function validate(location: string[], { status, text }: Answer): string[] {
  const pointer = [...location, 'schema'].map(escapePointer).join('/');
  const validator = validators.get(pointer) ?? ajv.compile({ $ref: `${name}#/${pointer}` });
  validators.set(pointer, validator);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return ['the body is not JSON'];
  }
  const problems = validator(body) ? [] : [ajv.errorsText(validator.errors, { dataVar: 'body' })];
  if (status >= 400 && (body as { status?: number }).status !== status)
    problems.push('body/status is another status');
  return problems;
}

function mediaType({ headers }: Answer): string {
  return (headers.get('Content-Type') ?? '').split(';')[0]?.trim() ?? '';
}

/** RFC 6901, then percent-encoded as a URI fragment. */
function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function resolve(location: string[]): unknown {
  return location.reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], document);
}
