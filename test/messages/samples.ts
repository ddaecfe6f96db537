import type {
  AnswerProblem,
  ConfigProblem,
  DeviceListProblem,
  DiscoveryTrouble,
  ErrorCode,
  ErrorParams,
  Expectation,
  KeychainTrouble,
  NetworkTrouble,
  PlanFileProblem,
  SyntaxTrouble,
} from '../../src/errors.js';

/** Every kind of a union, so that none is forgotten: the compiler asks for a new one. */
const all = <T extends string>(kinds: Record<T, true>) => Object.keys(kinds) as T[];

const request = { operation: 'listCustomers', requestId: 'req_1' };
const path = '/srv/plan.json';
/** What Node says; the system has many more. */
const system = [
  'ENOENT: no such file or directory, open',
  'EACCES: permission denied, open',
  'EWEIRD: odd, open',
];
const detailed = system.map(text => ({ path, detail: `${text} '${path}'` }));

const syntaxTroubles = all<SyntaxTrouble>({
  name: true,
  value: true,
  colon: true,
  comma: true,
  closing: true,
  string: true,
  extra: true,
  comment: true,
  symbol: true,
  escape: true,
  character: true,
});
const syntax = syntaxTroubles.map(trouble => ({ kind: 'syntax' as const, trouble }));
const configProblems: ConfigProblem[] = [
  { kind: 'unreadable', detail: `EACCES: permission denied, open '${path}'` },
  { kind: 'encoding' },
  ...syntax,
  { kind: 'type', at: '', wanted: 'object' },
  { kind: 'type', at: 'profiles.lab', wanted: 'text' },
];
const listProblems: DeviceListProblem[] = [
  ...(['utf16', 'encoding', 'empty', 'no_id', 'id', 'no_column', 'quote', 'comment'] as const).map(kind => ({
    kind,
  })),
  { kind: 'columns', wanted: 2, found: 3 },
  ...syntax,
];
const planProblems: PlanFileProblem[] = [
  { kind: 'encoding' },
  { kind: 'not_a_plan' },
  { kind: 'version', version: '2' },
  { kind: 'field', at: 'devices.1.device_id' },
];
const answerProblems: AnswerProblem[] = [
  ...(['empty', 'markup', 'cut_off', 'no_problem_document', 'redirect'] as const).map(kind => ({ kind })),
  ...(['no_token', 'too_many', 'key_ignored'] as const).map(kind => ({ kind })),
  { kind: 'not_json' },
  { kind: 'not_json', contentType: 'text/plain' },
  { kind: 'unreadable', bytes: 33_554_432 },
  ...['array', 'boolean', 'datetime', 'int', 'number', 'object', 'string', '20'].map(what => ({
    kind: 'expected' as const,
    what,
  })),
  { kind: 'too_few', due: 17 },
  ...(['customer', 'device', 'key', 'reboot'] as const).map(what => ({ kind: 'another' as const, what })),
  { kind: 'repeated', page: 3 },
  { kind: 'rule', rule: 'too_small' },
  { kind: 'other', detail: 'unexpected JWT "alg" header parameter' },
];
const expectations: Expectation[] = [
  { kind: 'integer', min: 1 },
  { kind: 'integer', min: 1, max: 100 },
  { kind: 'one_of', values: ['auto', 'plain', 'none'] },
  { kind: 'one_of', values: ['auto', 'plain', 'none'], suggestion: 'plain' },
  { kind: 'text', max: 500 },
  { kind: 'time_zone' },
  { kind: 'time_zone', suggestion: 'Asia/Tokyo' },
  { kind: 'duration', max: 90_000 },
  ...(['duration', 'moment', 'rate', 'window', 'boolean', 'url', 'proxy'] as const).map(kind => ({ kind })),
  ...(['token', 'scopes', 'email', 'name'] as const).map(kind => ({ kind })),
];
const networkTroubles = all<NetworkTrouble>({
  dns: true,
  refused: true,
  tls: true,
  timeout: true,
  reset: true,
  proxy: true,
  proxy_auth: true,
  other: true,
});
const discoveryTroubles = all<DiscoveryTrouble>({
  unreachable: true,
  not_json: true,
  no_server: true,
  wrong_resource: true,
  insecure: true,
  userinfo: true,
  wrong_issuer: true,
});
const keychainTroubles = all<KeychainTrouble>({
  library: true,
  module: true,
  no_bus: true,
  no_service: true,
  locked: true,
  dismissed: true,
  timeout: true,
  forgetful: true,
  other: true,
});
const profiles = ['lab_1', 'site_2'];
const candidates = [{ id: 'cus_1', email: 'a@example.jp', name: 'cus_1' }];
const issued = { issuedFor: 'https://a.example/v1', wanted: 'https://b.example/v1' };

/** Parameters of each error, so that each of its sentences is made once. */
export const samples: { [C in ErrorCode]: ErrorParams[C][] } = {
  internal: [{ detail: '' }],
  unknown_command: [
    { command: 'x1', of: [] },
    { command: 'x1', of: ['devices'], suggestion: 'log_1' },
  ],
  unknown_help: [{ words: 'x1' }, { words: 'x1', suggestion: 'exit-codes' }],
  unknown_option: [{ option: '--x1' }, { option: '--x1', suggestion: '--all' }],
  missing_argument: [{ argument: 'id' }],
  excess_argument: [{ argument: 'x1' }],
  unknown_column: [
    { column: 'x1', known: ['id', 'name'] },
    { column: 'x1', known: ['id', 'name'], suggestion: 'id' },
  ],
  missing_value: [{ option: '--file' }],
  shell_unknown: [
    { known: ['bash', 'zsh'] },
    { known: ['bash', 'zsh'], suggestion: 'bash' },
    { shell: 'x1', known: ['bash', 'zsh'] },
    { shell: 'x1', known: ['bash', 'zsh'], suggestion: 'zsh' },
  ],
  invalid_value: expectations.map(expected => ({ name: '--x1', value: 'x1', expected })),
  period_empty: [{}],
  conflicting_options: [{ first: '--yes', second: '--confirm' }],
  option_needs: [{ option: '--out', needs: '--format' }],
  api_url_missing: [
    { profile: 'lab_1', profiles: [] },
    { profile: 'lab_1', profiles },
    { profile: 'lab_1', profiles, suggestion: 'site_2' },
  ],
  api_url_insecure: [{ url: 'http://a.example' }],
  client_id_missing: [{}],
  token_argument: [{}],
  time_zone_unknown: [{}],
  config_broken: [
    ...configProblems.map(problem => ({ path, problem })),
    { path, problem: { kind: 'encoding' }, line: 3 },
    { path, problem: { kind: 'encoding' }, line: 3, column: 5 },
  ],
  config_unwritable: [{ path, detail: '' }, ...detailed],
  unknown_setting: [
    { setting: 'x1', known: ['lang', 'output'] },
    { setting: 'x1', known: ['lang'], suggestion: 'lang' },
  ],
  setting_not_kept: ['profile', 'input'].map(setting => ({ setting, flag: '--no-input', env: 'REMO_INPUT' })),
  unknown_profile: [
    { profile: 'x1', profiles: [] },
    { profile: 'x1', profiles },
    { profile: 'x1', profiles, suggestion: 'lab_1' },
  ],
  journal_unwritable: detailed,
  journal_incomplete: detailed,
  journal_broken: [{ path, line: 3 }],
  batch_not_found: [{ batch: 'run_1' }, { batch: 'run_1', suggestion: 'run_2' }],
  batch_in_use: [{ batch: 'run_1' }],
  batch_taken_over: [{ batch: 'run_1' }],
  batch_other_backend: [{ batch: 'run_1', startedAt: 'https://a.example', wanted: 'https://b.example' }],
  device_list_broken: listProblems.map(problem => ({ path, line: 2, problem })),
  plan_file_broken: [...planProblems, ...syntax].map(problem => ({ path, line: 2, column: 4, problem })),
  plan_exists: [{ path }],
  plan_other_backend: [{ path, madeFor: 'https://a.example', wanted: 'https://b.example' }],
  port_in_use: [{ port: 4010 }],
  file_unwritable: detailed,
  file_unreadable: detailed,
  files_exist: [
    { path, count: 1 },
    { path, count: 2000 },
  ],
  output_failed: [{ detail: 'ENOSPC: no space left on device, write' }],
  pager_failed: [{ command: 'less' }],

  not_signed_in: [{ profile: 'default' }, { profile: 'lab_1' }],
  session_ended: [{ profile: 'default' }],
  other_backend: [{ profile: 'lab_1', ...issued }],
  credential_broken: [{ profile: 'lab_1', place: path }],
  credential_unwritable: detailed.map(({ detail }) => ({ place: path, detail })),
  keychain_unavailable: keychainTroubles.flatMap(trouble =>
    (['linux', 'darwin', 'win32'] as const).flatMap(platform =>
      ['', 'Cannot autolaunch D-Bus without X11'].map(detail => ({ trouble, detail, platform })),
    ),
  ),
  sign_in_locked: detailed,
  sign_in_busy: [{ path }],
  login_denied: [{ error: 'access_denied' }, { error: 'access_denied', detail: 'Denied by the user' }],
  login_expired: [{}],
  clock_off: [{ claim: 'iat' }],
  login_impossible: [{ missing: 'device_flow' }, { missing: 'code_flow' }],
  client_refused: [{ error: 'invalid_client' }, { error: 'invalid_client', detail: 'Bad secret' }],
  token_refused: (['environment', 'input', 'stored'] as const).map(origin => ({
    ...request,
    origin,
    profile: 'lab_1',
  })),
  permission_missing: [true, false].map(client => ({ scope: 'remo.reboot', profile: 'lab_1', client })),
  unauthenticated: [request],
  forbidden: [request, { operation: 'createReboot' }],

  not_found: [request],
  customer_not_found: [{ query: 'x1' }],
  customer_ambiguous: [{ query: 'x1', candidates, total: 1200 }],
  nothing_selected: [
    { customer: 'cus_1', models: [] },
    { customer: 'cus_1', models: ['WV-S1', 'WV-S2'] },
  ],
  device_forbidden: [{ ids: ['dev_1', 'dev_2'] }],
  device_not_found: [
    { ids: ['dev_1', 'dev_2'] },
    { ids: Array.from({ length: 23 }, (_, index) => `dev_${index}`), path, lines: { dev_0: 1 } },
  ],

  network: networkTroubles.flatMap(trouble =>
    ['', 'ECONNREFUSED', 'other side closed'].map(detail => ({
      ...request,
      trouble,
      host: 'a.example',
      detail,
    })),
  ),
  discovery: discoveryTroubles.flatMap(trouble => [
    { trouble, url: 'https://a.example' },
    { trouble, url: 'https://a.example', detail: 'HTTP 404' },
  ]),
  server_error: [
    { ...request, status: 500, serverCode: 'internal_1' },
    { ...request, status: 502, host: 'a.example' },
  ],
  rate_limited: [
    { ...request, status: 429 },
    { ...request, status: 429, host: 'a.example', retryAfterMs: 90_000 },
  ],
  bad_response: answerProblems.flatMap(problem => [
    { ...request, status: 200, field: 'body', problem },
    { ...request, status: 200, host: 'a.example', field: 'body', problem },
  ]),
  request_rejected: [
    { ...request, status: 422, serverCode: 'invalid_request' },
    { ...request, status: 422, serverCode: 'invalid_request', detail: 'The page is too large.' },
  ],
  reboot_in_progress: [request, { ...request, rebootId: 'rb_1' }],
  device_offline: [request],
  other_not_back: [{ device: 'dev_1' }],
  canary_failed: [{ ids: ['dev_1', 'dev_2'] }],
  too_many_failures: [{ failures: 1001, total: 2000 }],
  window_closed: [request],
  too_late: [request],
  reading_outdated: [request],
  outside_window: [{ from: '01:00', to: '05:00', time_zone: 'Asia/Tokyo' }],

  plan_changed: [{ path, devices: [{ id: 'dev_1', was: 'cus_1', now: 'cus_2' }] }],
  count_mismatch: [
    { wanted: 10, found: 1, skipped: 0 },
    { wanted: 1000, found: 1001, skipped: 1 },
  ],
  declined: [{}],
  answer_needed: [{ flag: '--yes' }],
  interrupted: [{ signal: 'SIGINT' }],
};

/** What servers, libraries and the system say in words of their own; both languages quote it. */
export const theirWords = [
  ...system,
  'ENOSPC: no space left on device, write',
  'Cannot autolaunch D-Bus without X11',
  'Denied by the user',
  'Bad secret',
  'other side closed',
  'The page is too large.',
  'unexpected JWT "alg" header parameter',
  'The device did not respond to the instruction.',
];
