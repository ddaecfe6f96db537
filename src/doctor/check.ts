import type { ProxySetting } from '../api/route.js';
import type { Context } from '../context.js';
import type { ExitCode, RemoError } from '../errors.js';

/** What is looked at, in this order. */
export type CheckName =
  | 'node'
  | 'config'
  | 'settings'
  | 'api_url'
  | 'proxy'
  | 'dns'
  | 'tls'
  | 'connection'
  | 'clock'
  | 'discovery'
  | 'credential_store'
  | 'sign_in'
  | 'account'
  | 'terminal';

/** What a check found, in the user's language. Server text in it is not yet made harmless. */
export type Finding =
  | { status: 'ok'; detail: string }
  | { status: 'warn' | 'fail'; detail: string; fix: string }
  /** Not looked at, and nor is what needs it where that is `because` of a failure. */
  | { status: 'skipped'; detail: string; because?: CheckName };

/** What the checks of one visit know of each other's findings. */
export interface Visit {
  context: Context;
  /** What is wrong with settings; each has its default instead. */
  settingErrors: readonly RemoError[];
  /** Set by `api_url`. */
  apiUrl?: URL;
  /** Set by `proxy`, where the API is reached through one. */
  proxy?: ProxySetting;
  /** Set by `connection`: the server's time and this machine's at the same moment, milliseconds. */
  times?: { server: number; here: number };
}

/** One thing to look at. */
export interface Check {
  name: CheckName;
  /** The checks without whose success this one would only repeat their failure. */
  needs?: readonly CheckName[];
  /** What its failure means for the exit code; a RemoError has its own. */
  exitCode: ExitCode;
  /** Whether it ends by itself in a time that a person has chosen. */
  endsByItself?: true;
  /** @throws RemoError what is wrong: a failure, told in the error's own words */
  look(visit: Visit): Promise<Finding>;
}

/** What can't be looked at before something else is in order. */
export function notLookedAt(because: CheckName, { messages: { doctor } }: Context): Finding {
  return { status: 'skipped', detail: doctor.needs(doctor.checks[because]), because };
}
