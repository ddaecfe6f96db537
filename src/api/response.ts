import type * as z from 'zod/mini';
import { type AnswerProblem, RemoError } from '../errors.js';
import { type Problem, problemSchema } from './schemas.js';
import type { Received } from './transport.js';

/** Bodies beyond this are not read to the end; bytes after decompression. A page of 100 is some 50 KB. */
const LARGEST_BODY = 32 * 1024 * 1024;
const LARGEST_PROBLEM = 64 * 1024;

/** What the backend answered, once it is known to be what the contract says. */
export interface Answer<T> {
  value: T;
  headers: Received['headers'];
  facts: AnswerFacts;
}

/** The facts that every error about an answer carries. */
export interface AnswerFacts {
  operation: string;
  status: number;
  requestId?: string;
  lost: boolean;
}

/** An answer that breaks the contract, and where. */
export function badResponse(facts: AnswerFacts, field: string, problem: AnswerProblem): RemoError {
  return new RemoError('bad_response', { ...facts, field, problem });
}

/**
 * The body of a 2xx, checked against its schema; else the error `bad_response` naming the field.
 * @throws what `response.body` throws when the connection breaks
 */
export async function readValue<T>(
  response: Received,
  facts: AnswerFacts,
  schema: z.ZodMiniType<T>,
): Promise<Answer<T> | RemoError> {
  const text = await readText(response, LARGEST_BODY);
  if (text === undefined) return badResponse(facts, 'body', { kind: 'unreadable', bytes: LARGEST_BODY });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return badResponse(facts, 'body', notJson(text, response.headers));
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data, headers: response.headers, facts };
  const [issue] = parsed.error.issues;
  return badResponse(
    facts,
    fieldPath(issue?.path ?? []),
    issue ? described(issue) : { kind: 'rule', rule: 'invalid' },
  );
}

/** What is wrong with a body that is not JSON. Of the body itself nothing is repeated. */
function notJson(text: string, headers: Received['headers']): AnswerProblem {
  const start = text.trimStart()[0];
  if (start === undefined) return { kind: 'empty' };
  if (start === '<') return { kind: 'markup' };
  if (start === '{' || start === '[') return { kind: 'cut_off' };
  const contentType = headers
    .get('content-type')
    ?.replace(/[^\x20-\x7e]/g, '')
    .slice(0, 80);
  return { kind: 'not_json', ...(contentType ? { contentType } : {}) };
}

/** `items[3].status`; `body` for the whole. */
function fieldPath(path: readonly PropertyKey[]): string {
  const text = path.map(key => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text.replace(/^\./, '') || 'body';
}

function described(issue: z.core.$ZodIssue): AnswerProblem {
  if (issue.code === 'invalid_type') return { kind: 'expected', what: issue.expected };
  return issue.code === 'invalid_format'
    ? { kind: 'expected', what: issue.format }
    : { kind: 'rule', rule: issue.code };
}

/**
 * The problem document of an error answer (RFC 9457), if it carries one.
 * @throws what `response.body` throws when the connection breaks
 */
export async function readProblem(response: Received): Promise<Problem | undefined> {
  const text = await readText(response, LARGEST_PROBLEM);
  try {
    return problemSchema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}

/** The whole body as text; undefined when it is too large (the rest is then not read) or not UTF-8. */
async function readText(response: Received, limit: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return undefined;
  }
}

/** The text a backend gave for people, short enough for one line or two. */
const shortened = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

/** Of a request that was refused: what the backend asked to wait (milliseconds), and whether it names one thing. */
interface Asked {
  wait: number | undefined;
  named: boolean;
}

/**
 * The error that an answer other than 2xx stands for: by status, and at 409 by the problem's `code`; and
 * whether the answer leaves open what became of the request: a redirect does, and a 5xx other than a 503
 * that says so itself.
 */
export function refusal(
  facts: AnswerFacts,
  problem: Problem | undefined,
  asked: Asked,
): { error: RemoError; lost: boolean } {
  const { status } = facts;
  // 500 and 503 are the backend's own last word, if it says so itself; other 5xx are a gateway's.
  const ownWord = (status === 500 || status === 503) && problem !== undefined;
  const open = status < 400 || (status >= 500 && !ownWord);
  return { error: refusalError(facts, problem, asked), lost: open };
}

function refusalError(facts: AnswerFacts, problem: Problem | undefined, { wait, named }: Asked): RemoError {
  const { status, ...request } = facts;
  const serverCode = problem?.code.slice(0, 64);
  if (status === 401) return new RemoError('unauthenticated', request);
  if (status === 403) return new RemoError('forbidden', request);
  if (status === 429 || (status === 503 && wait !== undefined)) {
    return new RemoError('rate_limited', { ...facts, ...(wait === undefined ? {} : { retryAfterMs: wait }) });
  }
  if (status >= 500)
    return new RemoError('server_error', { ...facts, ...(serverCode ? { serverCode } : {}) });
  if (status < 400) return badResponse(facts, 'status', { kind: 'redirect' });
  // A 404 that is no problem document comes from something else than the backend: most often a wrong address.
  if (!problem || !serverCode) return badResponse(facts, 'body', { kind: 'no_problem_document' });
  // The account and the list of customers are always there, at the right address.
  if (status === 404 && !named) return badResponse(facts, 'status', { kind: 'rule', rule: serverCode });
  if (status === 404) return new RemoError('not_found', request);
  if (status === 409 && serverCode === 'device_offline') return new RemoError('device_offline', request);
  if (status === 409 && serverCode === 'reboot_in_progress') {
    const rebootId = problem.reboot_id;
    return new RemoError('reboot_in_progress', { ...request, ...(rebootId ? { rebootId } : {}) });
  }
  const detail = problem.detail ?? problem.title;
  return new RemoError('request_rejected', {
    ...facts,
    serverCode,
    ...(detail ? { detail: shortened(detail) } : {}),
  });
}
