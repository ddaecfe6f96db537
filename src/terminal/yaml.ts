import { Document, Scalar, visit } from 'yaml';
import { escapeUnseen, hasUnseen } from './sanitise.js';

/** Long texts stay on their line: what is folded can't be searched. */
const layout = { lineWidth: 0, doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY };

/**
 * YAML that a reader of 1.1 takes for the same as one of 1.2 (`"no"` is a text in both), and in which nothing
 * reaches a terminal raw: what `inline` would replace is escaped, a line break too, so that a text can't look
 * like a line of its own. A lone surrogate, which YAML can't express, becomes U+FFFD.
 * @returns lines, the last one ended too
 */
export function yamlText(value: unknown): string {
  const document = new Document(value, { compat: 'yaml-1.1' });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== 'string') return;
      // A bare one is of a type of its own in 1.1, which the library leaves out and PyYAML fails on.
      if (node.value === '=') node.type = Scalar.QUOTE_DOUBLE;
      if (!hasUnseen(node.value)) return;
      node.value = node.value.replace(/\p{Cs}/gu, '\uFFFD');
      node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return escapeUnseen(document.toString(layout), found =>
    Array.from(found, character => escapeCodePoint(character.codePointAt(0) ?? 0)).join(''),
  );
}

function escapeCodePoint(codePoint: number): string {
  const hex = codePoint.toString(16);
  return codePoint > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
