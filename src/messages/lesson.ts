import type { ExitCode } from '../errors.js';

/** A command line that can be pasted as it is, and what it does. It may go on in a second line. */
export interface Example {
  does: string;
  line: string;
}

/** What help and man page of a command teach besides its options. */
export interface Lesson {
  examples: readonly Example[];
  /** Its exit codes that have a meaning of their own. */
  exitCodes?: Partial<Record<ExitCode, string>>;
}
