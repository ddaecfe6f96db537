import { readFileSync } from 'node:fs';
import { keptKeys } from '../config.js';
import { type ConfigProblem, RemoError } from '../errors.js';

/** What the file holds. What is not known here (a newer version wrote it) is kept as it is. */
export interface Content {
  current_profile?: string;
  profiles: Record<string, Record<string, unknown>>;
  [unknown: string]: unknown;
}

/**
 * Reads the settings file; one that is not there is empty.
 * @throws RemoError `config_broken`, with the line and the column where there is one
 */
export async function readConfig(path: string): Promise<Content> {
  const broken = (problem: ConfigProblem, position: { line?: number; column?: number } = {}) =>
    new RemoError('config_broken', { path, problem, ...position });
  let bytes: Buffer;
  try {
    // One small file that every command needs: asking for it and waiting takes longer than reading it.
    bytes = readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { profiles: {} };
    throw broken({ kind: 'unreadable', detail: message });
  }
  const source = decode(bytes);
  if (source === undefined) throw broken({ kind: 'encoding' }, { line: firstLineNotUtf8(bytes) });
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch {
    const { trouble, ...position } = (await import('./problem.js')).syntaxProblem(source);
    throw broken({ kind: 'syntax', trouble }, position);
  }
  const wrong = findWrongType(parsed);
  if (!wrong) return { ...(parsed as Content), profiles: (parsed as Content).profiles ?? {} };
  const { positionOf } = await import('./problem.js');
  const { at, wanted } = wrong;
  throw broken({ kind: 'type', at: at.join('.'), wanted }, positionOf(source, at));
}

/** The first value that is not of the type it should be; what has an unknown name may be anything. */
function findWrongType(parsed: unknown): { at: string[]; wanted: 'object' | 'text' } | undefined {
  if (!isRecord(parsed)) return { at: [], wanted: 'object' };
  const { current_profile: current, profiles = {} } = parsed;
  if (current !== undefined && typeof current !== 'string')
    return { at: ['current_profile'], wanted: 'text' };
  if (!isRecord(profiles)) return { at: ['profiles'], wanted: 'object' };
  for (const [name, profile] of Object.entries(profiles)) {
    if (!isRecord(profile)) return { at: ['profiles', name], wanted: 'object' };
    const key = keptKeys.find(kept => Object.hasOwn(profile, kept) && typeof profile[kept] !== 'string');
    if (key !== undefined) return { at: ['profiles', name, key], wanted: 'text' };
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns nothing for what is not UTF-8: read all the same, it would lose characters when it is written back */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function firstLineNotUtf8(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf('\n'); end !== -1; end = bytes.indexOf('\n', start)) {
    if (decode(bytes.subarray(start, end)) === undefined) return line;
    line += 1;
    start = end + 1;
  }
  return line;
}
