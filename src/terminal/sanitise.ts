// Server text is hostile: names come from customers. What could drive a terminal, forge a line or hide
// text is made visible before it is shown, and escaped before it is data.

/** Controls, lone surrogates, line separators, and everything a terminal would not show at all. */
const unseen = String.raw`\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB`;
/** A variation selector on its base: Japanese names need them (辻󠄀), and so do emoji. A second one would hide data. */
const variation = String.raw`(?<=[\p{L}\p{N}\p{P}\p{S}])[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]`;
/** The joiner between the parts of one emoji. */
const emojiJoiner = String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\uFE0F?)\u200D(?=\p{Extended_Pictographic})`;
/** Marks on top of so many others: no script has as many (UAX #15, 13), and a heap of them covers the lines around. */
const heaped = String.raw`(?<=\p{M}{30})\p{M}+`;

const suspicious = new RegExp(`[${unseen}]|${heaped}`, 'u');
const replaceable = new RegExp(`(${variation}|${emojiJoiner})|\\r\\n|[${unseen}]|${heaped}`, 'gu');
const suspiciousInLines = new RegExp(`(?!\\n)[${unseen}]|${heaped}`, 'u');
const breaking = /^[\t\n\v\f\r\u0085\u2028\u2029]/u;

/**
 * A text made harmless for one line of a terminal, of TSV or of CSV: white space controls become a space,
 * every other control, bidirectional or invisible character, lone surrogate and heap of marks becomes U+FFFD.
 */
export function inline(text: string): string {
  if (!suspicious.test(text)) return text;
  return text.replace(replaceable, (found, kept?: string) => {
    if (kept !== undefined) return kept;
    return breaking.test(found) ? ' ' : '\uFFFD';
  });
}

/** As `inline`, but line breaks stay: for a text of several lines, each line by itself. */
export function multiline(text: string): string {
  return text
    .split(/\r\n|[\r\n]/)
    .map(inline)
    .join('\n');
}

/** Whether a text has anything in it that must not reach a terminal as it is; a line break counts. */
export function hasUnseen(text: string): boolean {
  return suspicious.test(text);
}

/** Escapes what `inline` would replace, in a text whose own line breaks have to stay. */
export function escapeUnseen(text: string, escaped: (found: string) => string): string {
  if (!suspiciousInLines.test(text)) return text;
  return text.replace(replaceable, (found, kept?: string) =>
    kept !== undefined || found === '\n' ? found : escaped(found),
  );
}

/**
 * JSON in which nothing reaches a terminal raw: what `inline` would replace is escaped as \uXXXX instead, so
 * that nothing is lost.
 */
export function jsonText(value: unknown, indent?: number): string {
  // JSON.stringify escapes C0 and lone surrogates itself; its own line breaks (indent) have to stay.
  return escapeUnseen(JSON.stringify(value, null, indent) ?? 'null', found =>
    Array.from({ length: found.length }, (_, index) => escapeUnit(found.charCodeAt(index))).join(''),
  );
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
