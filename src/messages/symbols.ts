/** Marks that say in every language what else a colour alone would say, or a word too long for its place. */
export const symbols = {
  online: '●',
  offline: '○',
  rebooting: '◐',
  unknown: '?',
  yes: '●',
  no: '○',
  ok: '✓',
  warning: '!',
  failed: '✗',
  // A hyphen, not a dash: terminals set up for Japanese give – two cells.
  none: '-',
  answered: '✔',
  cut: '…',
  dash: '—',
  leadsTo: '→',
  between: '·',
  upAndDown: '↑↓',
  /** One after the other, while something takes long. */
  turning: '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏',
};
