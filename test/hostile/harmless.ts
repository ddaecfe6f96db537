import stringWidth from 'string-width';
import { expect } from 'vitest';

/** What may reach nobody: every control but the line feed, all that turns or hides text, halves of characters. */
const harmful =
  /[\0-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e0fff}]/u;
/** Selectors of Japanese variants and joiners of emoji, where they belong. */
const belonging =
  /(?<=[\p{L}\p{N}\p{P}\p{S}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)\u200d(?=\p{Extended_Pictographic})/gu;

/** Of an output: nothing in it drives a terminal, turns or hides text. */
export function expectHarmless(output: string): void {
  const found = harmful.exec(output.replace(belonging, ''));
  const around = found && JSON.stringify(output.slice(Math.max(0, found.index - 60), found.index + 60));
  expect(around).toBeNull();
  expect(output).not.toMatch(/\p{M}{40}/u);
}

/** The same where the values of a row have a tab between them. */
export function expectHarmlessTsv(output: string, rows: number, columns: number): void {
  expectHarmless(output.replaceAll('\t', ''));
  const lines = output.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines).toHaveLength(rows);
  expect(new Set(lines.map(line => line.split('\t').length))).toEqual(new Set([columns]));
}

/** The same of a table without colour: so many lines, none wider than the terminal. */
export function expectHarmlessTable(output: string, rows: number, width: number): void {
  expectHarmless(output);
  const lines = output.trimEnd().split('\n');
  expect(lines).toHaveLength(rows + 2);
  expect(Math.max(...lines.map(line => stringWidth(line)))).toBeLessThanOrEqual(width);
}

/** What of an output is no text: escape sequences. Moves of the cursor are left out: prompts go by widths. */
function sequences(output: string): Set<string> {
  const found = output.match(/\x1b\[[\d;?]*[A-Za-z]|\x1b.?|\x9b|[\0-\x08\x0b-\x0c\x0e-\x1a\x7f]/g) ?? [];
  return new Set(found.filter(sequence => !/[A-G]$/.test(sequence)));
}

/** The output without them. */
function withoutSequences(output: string): string {
  return output.replace(/\x1b\[[\d;?]*[A-Za-z]|\r(?=\n)/g, '');
}

/** Of what a person's terminal gets: it is driven by nothing that a harmless name would not have driven it by. */
export function expectDrivenLike(output: string, benign: string): void {
  const known = sequences(benign);
  expect([...sequences(output)].filter(sequence => !known.has(sequence))).toEqual([]);
  expectHarmless(withoutSequences(output).replaceAll('\r', ''));
}

/** How many lines an output has. */
export function lineCount(output: string): number {
  return output.split('\n').length;
}
