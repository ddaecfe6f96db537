/** What is known of a column before the terminal's width is divided. */
export interface Demand {
  /** The cells its widest text takes. */
  natural: number;
  /** 1 is never dropped; of the others the highest goes first. */
  priority: number;
}

/** Between two columns. */
export const gap = 2;
/** A column wider than a quarter of the terminal gives way by being cut before another is dropped for it. */
const comfortable = (available: number) => Math.max(16, Math.min(32, Math.floor(available / 4)));
/** The first is what a row is called, usually an id to copy: it stays whole where another can be dropped for it. */
const comfortableFirst = (available: number) => Math.min(32, Math.floor((available * 2) / 3));
/** How far columns are cut, in turn, and from which on. */
const cuts = [
  { from: 1, floor: 8 },
  { from: 1, floor: 4 },
  { from: 0, floor: 1 },
];

/**
 * Divides a width between columns: drops columns until the rest fits comfortably, gives what is left over to
 * those that can use it, and as the last resort cuts the widest.
 * @returns the width of each column; 0 for one that is dropped
 */
export function divide(demands: readonly Demand[], available: number): number[] {
  const wanted = demands.map(({ natural }, index) =>
    Math.min(natural, index === 0 ? comfortableFirst(available) : comfortable(available)),
  );
  const kept = new Set(demands.keys());
  while (total(wanted, kept) > available) {
    const victim = leastImportant(demands, kept);
    if (victim === undefined) break;
    kept.delete(victim);
  }
  const widths = wanted.map((width, index) => (kept.has(index) ? width : 0));
  widen(widths, demands, available - total(wanted, kept));
  cut(widths, total(widths, kept) - available);
  return widths;
}

function total(widths: readonly number[], kept: ReadonlySet<number>): number {
  let sum = gap * Math.max(0, kept.size - 1);
  for (const index of kept) sum += widths[index] ?? 0;
  return sum;
}

function leastImportant(demands: readonly Demand[], kept: ReadonlySet<number>): number | undefined {
  let victim: number | undefined;
  for (const index of kept) {
    const priority = demands[index]?.priority ?? 1;
    // Of equals the rightmost goes.
    if (priority > 1 && priority >= (victim === undefined ? 0 : (demands[victim]?.priority ?? 0)))
      victim = index;
  }
  return victim;
}

function widen(widths: number[], demands: readonly Demand[], spare: number): void {
  let left = spare;
  const important = [...demands.keys()].sort(
    (a, b) => (demands[a]?.priority ?? 1) - (demands[b]?.priority ?? 1),
  );
  for (const index of important) {
    if (left <= 0) return;
    const width = widths[index] ?? 0;
    const more = width === 0 ? 0 : Math.min(left, (demands[index]?.natural ?? width) - width);
    widths[index] = width + more;
    left -= more;
  }
}

function cut(widths: number[], excess: number): void {
  let left = excess;
  for (const { from, floor } of cuts) {
    while (left > 0) {
      const widest = indexOfWidest(widths, from);
      if (widest === -1 || (widths[widest] ?? 0) <= floor) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
      left -= 1;
    }
  }
}

function indexOfWidest(widths: readonly number[], from: number): number {
  let widest = -1;
  for (let index = from; index < widths.length; index += 1) {
    if (widest === -1 || (widths[index] ?? 0) > (widths[widest] ?? 0)) widest = index;
  }
  return widest;
}
