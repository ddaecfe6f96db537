import type { PromptLook } from './pick.js';
import { fold, wrap } from './width.js';

/** A text below a list, and how its lines are set off. */
interface Below {
  text: string;
  style?: (line: string) => string;
}

/** A list within a prompt, and what stands above and below it. */
interface ListView {
  /** The lines above, as wide as they are. */
  above: readonly string[];
  count: number;
  active: number;
  /** So many rows are shown at most. */
  most: number;
  /** What stands below; with what part of the list is shown where that is not all of it. */
  below: (range: string | undefined) => readonly Below[];
  /** Which keys there are: the first to give way where the terminal is low. */
  keys: string;
}

/** The rows of a list that are in sight, and the lines below them. */
interface Visible {
  first: number;
  size: number;
  below: readonly string[];
}

/** In fewer rows one can hardly move. */
const fewest = 3;

/**
 * Divides the lines of the terminal between a list and what stands round it, so that all of it is in sight: what
 * leaves the screen at the top can't be drawn over.
 */
export function visible({ above, count, active, most, below, keys }: ListView, look: PromptLook): Visible {
  const { columns, rows } = look.size();
  const broken = (text: string) => wrap(text, columns - 1).flatMap(line => fold(line, columns - 1));
  const lines = (range: string | undefined) =>
    below(range).flatMap(({ text, style }) => broken(text).map(line => style?.(line) ?? line));
  const left = rows - above.reduce((sum, line) => sum + fold(line, columns).length, 0);
  const keyLines = broken(keys);
  const fitting = (others: readonly string[]) => {
    const room = left - others.length - keyLines.length;
    return Math.min(most, room >= fewest ? room : Math.max(1, Math.min(fewest, left - others.length)));
  };
  const whole = fitting(lines(undefined)) >= count;
  // No range is longer than that one: the lines do not become more by what they say.
  const size = whole ? count : fitting(lines(look.range(count, count, count)));
  // The row at the cursor is in the middle, but at the ends of the list.
  const first = Math.max(0, Math.min(active - Math.floor(size / 2), count - size));
  const shown = lines(whole ? undefined : look.range(first + 1, first + size, count));
  const help = keyLines.slice(0, Math.max(0, left - size - shown.length));
  return { first, size, below: [...shown, ...help.map(line => look.theme.style.help(line))] };
}
