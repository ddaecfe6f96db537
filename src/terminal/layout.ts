/** What is known of a column before the terminal's width is divided. */
export interface Demand {
  /** The cells its widest text takes. */
  natural: number;
  /** 1 is never dropped; of the others the highest goes first. */
  priority: number;
  /** As in `Column`; without one that does, the first does. */
  identifies?: boolean | undefined;
  /** As in `Column`. */
  yields?: boolean | undefined;
}

/** Between two columns. */
export const gap = 2;
/** A column wider than a quarter of the terminal gives way by being cut before another is dropped for it. */
const comfortable = (available: number) => Math.max(16, Math.min(32, Math.floor(available / 4)));
/** What a row is called, usually an id to copy, stays whole where another can be cut or dropped for it. */
const longestId = 32;
/** In fewer cells than this a column says too little to be worth what it takes from the others. */
const readable = 6;
/** How far columns are cut, in turn, and whether the one that says what a row is called is, too. */
const cuts = [
  { floor: 8, all: false },
  { floor: 4, all: false },
  { floor: 1, all: false },
  { floor: 1, all: true },
];

/**
 * Divides a width between columns: drops columns until the rest fits comfortably, gives what is left over to
 * those that can use it, and as the last resort cuts the widest.
 * @returns the width of each column; 0 for one that is dropped
 */
export function divide(demands: readonly Demand[], available: number): number[] {
  const id = Math.max(
    0,
    demands.findIndex(({ identifies }) => identifies),
  );
  const atMost = (most: number) =>
    demands.map(({ natural }, index) => Math.min(natural, index === id ? longestId : most));
  const wanted = atMost(comfortable(available));
  const kept = new Set(demands.keys());
  drop(kept, wanted, available, () => leastImportant(demands, kept));
  drop(kept, atMost(readable), available, () => [...kept].findLast(index => demands[index]?.yields));
  const widths = wanted.map((width, index) => (kept.has(index) ? width : 0));
  widen(widths, demands, available - total(wanted, kept));
  cut(widths, id, total(widths, kept) - available);
  return widths;
}

/** Drops one column after the other until the rest fits, or there is none left to be dropped. */
function drop(
  kept: Set<number>,
  widths: readonly number[],
  available: number,
  next: () => number | undefined,
): void {
  while (total(widths, kept) > available) {
    const victim = next();
    if (victim === undefined) return;
    kept.delete(victim);
  }
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

function cut(widths: number[], id: number, excess: number): void {
  let left = excess;
  for (const { floor, all } of cuts) {
    while (left > 0) {
      const widest = indexOfWidest(widths, all ? undefined : id);
      if (widest === -1 || (widths[widest] ?? 0) <= floor) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
      left -= 1;
    }
  }
}

function indexOfWidest(widths: readonly number[], spared: number | undefined): number {
  let widest = -1;
  for (const [index, width] of widths.entries()) {
    if (index !== spared && (widest === -1 || width > (widths[widest] ?? 0))) widest = index;
  }
  return widest;
}
