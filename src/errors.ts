/** Exit codes of the program, as the README's table promises them. */
export const ExitCode = {
  done: 0,
  internal: 1,
  usage: 2,
  notAllRebooted: 3,
  notPermitted: 4,
  notFound: 5,
  backend: 6,
  declined: 7,
  outcomeUnknown: 8,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What ends a command from outside: Ctrl-C, a polite end, a terminal that is gone. */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const interruptionCodes: Record<Interruption, ExitCode> = {
  SIGINT: ExitCode.interrupted,
  SIGTERM: ExitCode.terminated,
  SIGHUP: ExitCode.hungUp,
};

/** What a value given by the user should have been; `messages/` has the words. */
export type Expectation =
  | { kind: 'integer'; min: number; max?: number }
  | { kind: 'one_of'; values: readonly string[]; suggestion?: string }
  /** `max`: milliseconds. */
  | { kind: 'duration'; max?: number }
  | { kind: 'moment' }
  | { kind: 'rate' }
  | { kind: 'window' }
  | { kind: 'time_zone'; suggestion?: string }
  | { kind: 'boolean' }
  | { kind: 'url' }
  | { kind: 'proxy' }
  | { kind: 'text'; max: number }
  | { kind: 'token' }
  | { kind: 'scopes' }
  | { kind: 'email' }
  | { kind: 'name' };

/** What makes a text no JSON: something missing, too much, or not written as it should be. */
export type SyntaxTrouble =
  | 'name'
  | 'value'
  | 'colon'
  | 'comma'
  | 'closing'
  | 'string'
  | 'extra'
  | 'comment'
  | 'symbol'
  | 'escape'
  | 'character';

/** What is wrong with a settings file. `at` is the path to a value in it, empty for the whole. */
export type ConfigProblem =
  | { kind: 'unreadable'; detail: string }
  | { kind: 'encoding' }
  | { kind: 'syntax'; trouble: SyntaxTrouble }
  | { kind: 'type'; at: string; wanted: 'object' | 'text' };

/** What is wrong with a list of devices, or with one line of it. */
export type DeviceListProblem =
  | { kind: 'utf16' | 'encoding' | 'empty' | 'no_id' | 'id' | 'no_column' | 'quote' | 'comment' }
  | { kind: 'columns'; wanted: number; found: number }
  | { kind: 'syntax'; trouble: SyntaxTrouble };

/** What is wrong with a saved plan. `at` is the path to a value in it. */
export type PlanFileProblem =
  | { kind: 'encoding' | 'not_a_plan' }
  | { kind: 'syntax'; trouble: SyntaxTrouble }
  | { kind: 'version'; version: string }
  | { kind: 'field'; at: string };

/** What is wrong with an answer, or with one field of it. */
export type AnswerProblem =
  | { kind: 'empty' | 'markup' | 'cut_off' | 'no_problem_document' | 'redirect' }
  | { kind: 'no_token' | 'too_many' | 'key_ignored' }
  | { kind: 'not_json'; contentType?: string }
  /** Longer than so many bytes, or not UTF-8. */
  | { kind: 'unreadable'; bytes: number }
  /** A type or a format by its name (`string`, `datetime`), or a value. */
  | { kind: 'expected'; what: string }
  /** So many items were due, by the total. */
  | { kind: 'too_few'; due: number }
  | { kind: 'another'; what: 'customer' | 'device' | 'key' | 'reboot' }
  | { kind: 'repeated'; page: number }
  /** A rule by its name (`too_small`). */
  | { kind: 'rule'; rule: string }
  /** In the words of the library that read it. */
  | { kind: 'other'; detail: string };

/**
 * What is known of a request that failed. `lost`: some attempt may have reached the backend unanswered. `host`: that
 * of the sign-in server, if it was a request to that; the backend has then not been asked. `device`: the one of many
 * that it was about.
 */
interface RequestFacts {
  operation: string;
  host?: string;
  requestId?: string;
  lost?: boolean;
  device?: string;
}

export type NetworkTrouble =
  | 'dns'
  | 'refused'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'proxy'
  | 'proxy_auth'
  | 'other';
export type KeychainTrouble =
  | 'library'
  | 'module'
  | 'no_bus'
  | 'no_service'
  | 'locked'
  | 'dismissed'
  | 'timeout'
  | 'forgetful'
  | 'other';
/** Where a token came from that the backend refuses. `stored`: by hand, with `login --with-token`. */
type TokenOrigin = 'environment' | 'input' | 'stored';
export type DiscoveryTrouble =
  | 'unreachable'
  | 'not_json'
  | 'no_server'
  | 'wrong_resource'
  | 'insecure'
  | 'userinfo'
  | 'wrong_issuer';

/** A customer as an error may name it. */
interface Candidate {
  id: string;
  name: string;
  email: string;
}

/** Every error code with its parameters. The sentence is made at the edge, in the user's language. */
export interface ErrorParams {
  internal: { detail: string };

  /** `of`: the noun that has no such verb. */
  unknown_command: { command: string; of: readonly string[]; suggestion?: string };
  unknown_help: { words: string; suggestion?: string };
  unknown_option: { option: string; suggestion?: string };
  missing_argument: { argument: string };
  excess_argument: { argument: string };
  missing_value: { option: string };
  /** `shell` is absent where none was named; the suggestion is the login shell then. */
  shell_unknown: { shell?: string; known: readonly string[]; suggestion?: string };
  unknown_column: { column: string; known: readonly string[]; suggestion?: string };
  invalid_value: { name: string; value: string; expected: Expectation };
  period_empty: Record<string, never>;
  conflicting_options: { first: string; second: string };
  option_needs: { option: string; needs: string };
  api_url_missing: { profile: string; profiles: readonly string[]; suggestion?: string };
  api_url_insecure: { url: string };
  client_id_missing: Record<string, never>;
  token_argument: Record<string, never>;
  time_zone_unknown: Record<string, never>;
  config_broken: { path: string; problem: ConfigProblem; line?: number; column?: number };
  config_unwritable: { path: string; detail: string };
  unknown_setting: { setting: string; known: readonly string[]; suggestion?: string };
  setting_not_kept: { setting: string; flag: string; env: string };
  unknown_profile: { profile: string; profiles: readonly string[]; suggestion?: string };
  journal_unwritable: { path: string; detail: string };
  /** It failed in the middle of a run: something has been sent. */
  journal_incomplete: { path: string; detail: string };
  journal_broken: { path: string; line: number };
  batch_not_found: { batch: string; suggestion?: string };
  batch_in_use: { batch: string };
  /** Another process goes on with the run that this one was at. */
  batch_taken_over: { batch: string };
  batch_other_backend: { batch: string; startedAt: string; wanted: string };
  device_list_broken: { path: string; line?: number; problem: DeviceListProblem };
  plan_file_broken: { path: string; line?: number; column?: number; problem: PlanFileProblem };
  plan_exists: { path: string };
  plan_other_backend: { path: string; madeFor: string; wanted: string };
  port_in_use: { port: number };
  file_unwritable: { path: string; detail: string };
  file_unreadable: { path: string; detail: string };
  /** `count` of the files are there; `path` is the first of them. */
  files_exist: { path: string; count: number };
  output_failed: { detail: string };
  pager_failed: { command: string };

  not_signed_in: { profile: string };
  session_ended: { profile: string };
  other_backend: { profile: string; issuedFor: string; wanted: string };
  credential_broken: { profile: string; place: string };
  credential_unwritable: { place: string; detail: string };
  keychain_unavailable: { trouble: KeychainTrouble; detail: string; platform?: NodeJS.Platform };
  sign_in_locked: { path: string; detail: string };
  /** Another process has kept the lock for too long. */
  sign_in_busy: { path: string };
  login_denied: { error: string; detail?: string };
  login_expired: Record<string, never>;
  /** By this machine's clock an ID token is not yet, or no longer, good. */
  clock_off: { claim: string };
  login_impossible: { missing: 'device_flow' | 'code_flow' };
  client_refused: { error: string; detail?: string };
  token_refused: RequestFacts & { origin: TokenOrigin; profile: string };
  permission_missing: { scope: string; profile: string; client: boolean };
  unauthenticated: RequestFacts;
  forbidden: RequestFacts;

  not_found: RequestFacts;
  customer_not_found: { query: string };
  customer_ambiguous: { query: string; candidates: readonly Candidate[]; total: number };
  /** `models`: those the customer's devices have. */
  nothing_selected: { customer: string; models: readonly string[] };
  /** `lines`: of those that are named in the file `path`, where. */
  device_forbidden: { ids: readonly string[] };
  device_not_found: { ids: readonly string[]; lines?: Readonly<Record<string, number>>; path?: string };

  network: RequestFacts & { trouble: NetworkTrouble; host: string; detail: string };
  discovery: { trouble: DiscoveryTrouble; url: string; detail?: string };
  server_error: RequestFacts & { status: number; serverCode?: string };
  /** `retryAfterMs`: how long it asks to wait. */
  rate_limited: RequestFacts & { status: number; retryAfterMs?: number };
  bad_response: RequestFacts & { status: number; field: string; problem: AnswerProblem };
  request_rejected: RequestFacts & { status: number; serverCode: string; detail?: string };
  reboot_in_progress: RequestFacts & { rebootId?: string };
  device_offline: RequestFacts;
  /** Another device of the same customer. */
  other_not_back: { device: string };
  canary_failed: { ids: readonly string[] };
  too_many_failures: { failures: number; total: number };
  /** It was not sent, or not again, because the time it was to leave by had come. */
  window_closed: RequestFacts;
  reading_outdated: RequestFacts;
  /** It was not sent, or not again, for so long that the backend may have forgotten its key. */
  too_late: RequestFacts;
  /** The window's ends (`01:00`) and its time zone. */
  outside_window: { from: string; to: string; time_zone: string };

  /** Owners by their ids. */
  plan_changed: { path: string; devices: readonly { id: string; was: string; now: string }[] };
  /** How many devices it was to be, and how many it would be. */
  count_mismatch: { wanted: number; found: number; skipped: number };
  declined: Record<string, never>;
  answer_needed: { flag: string };
  interrupted: { signal: Interruption };
}
export type ErrorCode = keyof ErrorParams;

const exitCodes: Record<Exclude<ErrorCode, 'interrupted'>, ExitCode> = {
  internal: ExitCode.internal,
  output_failed: ExitCode.internal,
  pager_failed: ExitCode.usage,

  unknown_command: ExitCode.usage,
  unknown_help: ExitCode.usage,
  unknown_option: ExitCode.usage,
  missing_argument: ExitCode.usage,
  excess_argument: ExitCode.usage,
  missing_value: ExitCode.usage,
  shell_unknown: ExitCode.usage,
  unknown_column: ExitCode.usage,
  invalid_value: ExitCode.usage,
  period_empty: ExitCode.usage,
  conflicting_options: ExitCode.usage,
  option_needs: ExitCode.usage,
  api_url_missing: ExitCode.usage,
  api_url_insecure: ExitCode.usage,
  client_id_missing: ExitCode.usage,
  token_argument: ExitCode.usage,
  time_zone_unknown: ExitCode.usage,
  config_broken: ExitCode.usage,
  config_unwritable: ExitCode.usage,
  unknown_setting: ExitCode.usage,
  setting_not_kept: ExitCode.usage,
  unknown_profile: ExitCode.usage,
  journal_unwritable: ExitCode.usage,
  journal_incomplete: ExitCode.notAllRebooted,
  journal_broken: ExitCode.usage,
  batch_not_found: ExitCode.usage,
  batch_in_use: ExitCode.usage,
  batch_other_backend: ExitCode.usage,
  device_list_broken: ExitCode.usage,
  plan_file_broken: ExitCode.usage,
  plan_exists: ExitCode.usage,
  plan_other_backend: ExitCode.usage,
  port_in_use: ExitCode.usage,
  file_unwritable: ExitCode.usage,
  file_unreadable: ExitCode.usage,
  files_exist: ExitCode.usage,

  not_signed_in: ExitCode.notPermitted,
  session_ended: ExitCode.notPermitted,
  other_backend: ExitCode.notPermitted,
  credential_broken: ExitCode.notPermitted,
  credential_unwritable: ExitCode.notPermitted,
  keychain_unavailable: ExitCode.notPermitted,
  sign_in_locked: ExitCode.notPermitted,
  login_denied: ExitCode.notPermitted,
  login_expired: ExitCode.notPermitted,
  login_impossible: ExitCode.notPermitted,
  client_refused: ExitCode.notPermitted,
  token_refused: ExitCode.notPermitted,
  permission_missing: ExitCode.notPermitted,
  unauthenticated: ExitCode.notPermitted,
  forbidden: ExitCode.notPermitted,

  not_found: ExitCode.notFound,
  customer_not_found: ExitCode.notFound,
  customer_ambiguous: ExitCode.notFound,
  device_not_found: ExitCode.notFound,
  device_forbidden: ExitCode.notPermitted,
  nothing_selected: ExitCode.notFound,

  sign_in_busy: ExitCode.backend,
  clock_off: ExitCode.backend,
  network: ExitCode.backend,
  discovery: ExitCode.backend,
  server_error: ExitCode.backend,
  rate_limited: ExitCode.backend,
  bad_response: ExitCode.backend,
  request_rejected: ExitCode.backend,
  reboot_in_progress: ExitCode.notAllRebooted,
  device_offline: ExitCode.notAllRebooted,
  other_not_back: ExitCode.notAllRebooted,
  batch_taken_over: ExitCode.notAllRebooted,
  canary_failed: ExitCode.notAllRebooted,
  too_many_failures: ExitCode.notAllRebooted,
  outside_window: ExitCode.notAllRebooted,
  window_closed: ExitCode.notAllRebooted,
  reading_outdated: ExitCode.notAllRebooted,
  too_late: ExitCode.notAllRebooted,

  plan_changed: ExitCode.declined,
  count_mismatch: ExitCode.declined,
  declined: ExitCode.declined,
  answer_needed: ExitCode.declined,
};

/**
 * An error the user is told about: a stable code and its parameters, never a sentence.
 * `error.is('network')` narrows the parameters.
 */
export class RemoError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'RemoError';
  readonly code: C;
  readonly params: ErrorParams[C];

  constructor(code: C, params: ErrorParams[C], options?: { cause?: unknown }) {
    super(code, options);
    this.code = code;
    this.params = params;
  }

  is<K extends ErrorCode>(...codes: K[]): this is RemoError<K> {
    return (codes as ErrorCode[]).includes(this.code);
  }

  get exitCode(): ExitCode {
    if (this.is('interrupted')) {
      return interruptionCodes[this.params.signal];
    }
    return exitCodes[this.code as Exclude<ErrorCode, 'interrupted'>];
  }
}

/** Turns anything thrown into a RemoError; what is not one already is a bug of ours, `internal`. */
export function asRemoError(thrown: unknown): RemoError {
  if (thrown instanceof RemoError) return thrown;
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new RemoError('internal', { detail }, { cause: thrown });
}
