import { findNodeAtLocation, type ParseError, parseTree } from 'jsonc-parser';
import type { SyntaxTrouble } from '../errors.js';

// Loaded only once a settings file is known to be broken: it says where.

/** A place in a text, both counted from 1. */
interface Position {
  line: number;
  column: number;
}

/** By jsonc-parser's error codes, 1 to 16. */
const troubles: readonly SyntaxTrouble[] = [
  'symbol',
  'symbol',
  'name',
  'value',
  'colon',
  'comma',
  'closing',
  'closing',
  'extra',
  'comment',
  'comment',
  'string',
  'symbol',
  'escape',
  'escape',
  'character',
];

/** The first thing that makes a text no JSON, and where it stands. */
export function syntaxProblem(source: string): { trouble: SyntaxTrouble } & Partial<Position> {
  const errors: ParseError[] = [];
  parseTree(source, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (!first) return { trouble: 'symbol' };
  return { trouble: troubles[first.error - 1] ?? 'symbol', ...positionAt(source, first.offset) };
}

/** Where a value of a JSON text stands. */
export function positionOf(source: string, at: readonly string[]): Partial<Position> {
  const tree = parseTree(source);
  const node = tree && findNodeAtLocation(tree, [...at]);
  return node ? positionAt(source, node.offset) : {};
}

/** What is missing at the end is missed after the last word, not on the empty line behind it. */
function positionAt(source: string, offset: number): Position {
  const before = source.slice(0, Math.min(offset, source.trimEnd().length)).split(/\r\n|\r|\n/);
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}
