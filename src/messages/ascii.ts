/** What stands for a mark where the terminal may not be able to show it. */
const ascii: Readonly<Record<string, string>> = {
  '↑↓': 'Up/Down',
  '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏': '-\\|/',
  '●': '*',
  '○': 'o',
  '◐': '~',
  '✓': '+',
  '✔': '+',
  '✗': 'x',
  '…': '...',
  '–': '-',
  '—': '-',
  '→': '->',
  '·': '-',
};
const marks = new RegExp(Object.keys(ascii).join('|'), 'gu');

/** Texts with every mark in ASCII, those that are yet to be made included. Letters stay, Japanese ones too. */
export function inAscii<T>(texts: T): T {
  return rewritten(texts) as T;
}

function rewritten(texts: unknown): unknown {
  if (typeof texts === 'string') return texts.replace(marks, mark => ascii[mark] ?? mark);
  if (typeof texts === 'function') return (...values: unknown[]) => rewritten(texts(...values));
  if (Array.isArray(texts)) return texts.map(rewritten);
  if (typeof texts !== 'object' || texts === null) return texts;
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, rewritten(text)]));
}
