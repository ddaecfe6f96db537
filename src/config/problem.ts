import { findNodeAtLocation, type Node, type ParseError, parseTree } from 'jsonc-parser';
import type { SyntaxTrouble } from '../errors.js';

// Loaded only once a settings file, or a file of devices, is known to be broken: it says where.

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
  treeOf(source, errors);
  const [first] = errors;
  if (!first) return { trouble: 'symbol' };
  return { trouble: troubles[first.error - 1] ?? 'symbol', ...positionAt(source, first.offset) };
}

/** Where a value of a JSON text stands; for one that is missing, where the one stands that it is missing from. */
export function positionOf(source: string, at: readonly (string | number)[]): Partial<Position> {
  const tree = treeOf(source);
  for (let depth = at.length; tree && depth >= 0; depth -= 1) {
    const node = findNodeAtLocation(tree, at.slice(0, depth));
    if (node) return positionAt(source, node.offset);
  }
  return {};
}

/** @returns nothing for what is nested too deep to be gone through: nobody wrote that by hand */
function treeOf(source: string, errors: ParseError[] = []): Node | undefined {
  try {
    return parseTree(source, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What is missing at the end is missed after the last word, not on the empty line behind it. */
function positionAt(source: string, offset: number): Position {
  const before = source.slice(0, Math.min(offset, source.trimEnd().length)).split(/\r\n|\r|\n/);
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}
