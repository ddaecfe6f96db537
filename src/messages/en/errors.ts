import type { DiscoveryTrouble, Expectation, NetworkTrouble } from '../../errors.js';
import type { ErrorTexts } from '../error-text.js';
import { answerProblem } from './answer-problem.js';
import { configErrors } from './config-errors.js';
import { duration } from './duration.js';
import { anyOf, devices, listed, number } from './formats.js';
import { nothingSent, planErrors } from './plan-errors.js';
import { signInErrors } from './sign-in-errors.js';

function expectation(expected: Expectation): string {
  switch (expected.kind) {
    case 'integer':
      return expected.max === undefined
        ? `a whole number of at least ${expected.min}`
        : `a whole number from ${expected.min} to ${expected.max}`;
    case 'one_of':
      return `${anyOf(expected.values)}${expected.suggestion ? `. Did you mean ${expected.suggestion}?` : ''}`;
    case 'duration':
      return expected.max === undefined
        ? 'a length of time such as 30s, 5m or 1h'
        : `a length of time such as 30s or 2m, of at most ${duration(expected.max)}`;
    case 'moment':
      return 'so long ago (30m, 24h, 7d), a day (2026-11-01), a time of this computer (2026-11-01T09:00), or one of RFC 3339 (2026-11-01T09:00:00+09:00)';
    case 'rate':
      return 'a share such as 10% or 0.1';
    case 'window':
      return 'hours such as 01:00-05:00 or 22:00-02:00, with a beginning and an end that differ, and not the whole day';
    case 'time_zone':
      return `a time zone of the IANA list such as Asia/Tokyo, Europe/Berlin or UTC${expected.suggestion ? `. Did you mean ${expected.suggestion}?` : ''}`;
    case 'boolean':
      return '1 or 0';
    case 'url':
      return 'an address such as https://host.example/partner/v1, without user name, query or fragment';
    case 'proxy':
      return 'the address of a proxy such as http://proxy.example:8080';
    case 'text':
      return `a text of 1 to ${number(expected.max)} characters on one line`;
    case 'token':
      return 'an access token, on one line and without spaces';
    case 'scopes':
      return 'scopes, one space between two, such as: openid offline_access remo.read remo.reboot';
    case 'email':
      return 'an e-mail address such as support@agency.example';
    case 'name':
      return 'a name of at most 64 letters, digits, ".", "_" or "-", starting with a letter or digit';
  }
}

const networkTrouble: Record<NetworkTrouble, [what: string, next: string]> = {
  dns: ['The name could not be found.', 'Check the address (--api-url), the network and the DNS.'],
  refused: [
    'The connection was refused.',
    'Check that the backend runs and that the address (--api-url) is right.',
  ],
  tls: [
    'The certificate could not be verified.',
    'If a proxy inspects your traffic, name its certificate in NODE_EXTRA_CA_CERTS.',
  ],
  timeout: ['No answer came in time.', 'Try again, or allow more time with --timeout.'],
  reset: ['The connection broke.', 'Try again; if it persists, check the network and the proxy.'],
  proxy: [
    'The proxy could not be reached, or refused the connection.',
    'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.',
  ],
  proxy_auth: [
    'The proxy asks for a user name and a password, or refused those it got.',
    'Put them into the address of the proxy: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT (special characters percent-encoded).',
  ],
  other: ['The request failed on the way.', 'Check the network and try again.'],
};

const discoveryTrouble: Record<DiscoveryTrouble, string> = {
  unreachable: 'it could not be read',
  not_json: 'it is not the JSON document it should be',
  no_server: 'it names no authorization server',
  wrong_resource: 'it describes another resource',
  insecure: 'it names an address that is not https',
  userinfo: 'it names an address with a user name or a password in it',
  wrong_issuer: 'it describes another issuer',
};

/** Who answered: the backend, or the sign-in server by its host. */
const server = (host: string | undefined) =>
  host === undefined ? 'The backend' : `The sign-in server ${host}`;

/** The English sentence of each error. */
export const errors: ErrorTexts = {
  internal: ({ detail }) => ({
    what: `Internal error in remo. This is a bug.\n${detail}`,
    next: 'Please report it with the lines above.',
  }),
  pager_failed: ({ command }) => ({
    what: `The pager can't be run: ${command}`,
    next: 'Name another, e.g. --pager=less (or in PAGER or REMO_PAGER), or do without: --pager=off.',
  }),
  output_failed: ({ detail }) => ({ what: `Writing the output failed: ${detail}` }),

  unknown_command: ({ command, of, suggestion }) => ({
    what: `Unknown command: ${command}`,
    next: suggestion ? `Did you mean "${suggestion}"?` : `See: ${['remo', ...of].join(' ')} --help`,
  }),
  unknown_help: ({ words, suggestion }) => ({
    what: `There is no command or topic "${words}".`,
    next: suggestion ? `Did you mean "${suggestion}"?` : 'Commands and topics: remo help',
  }),
  unknown_option: ({ option, suggestion }) => ({
    what: `Unknown option: ${option}`,
    next: suggestion ? `Did you mean ${suggestion}?` : 'Add --help to the command to see its options.',
  }),
  missing_argument: ({ argument }) => ({
    what: `An argument is missing: <${argument}>`,
    next: 'Add --help to the command to see how it is used.',
  }),
  shell_unknown: ({ shell, known, suggestion }) => ({
    what: shell === undefined ? 'For which shell?' : `There is no completion for the shell "${shell}".`,
    next:
      suggestion === undefined
        ? `Name ${anyOf(known)}. How to install it: remo completion --help`
        : shell === undefined
          ? `Your login shell is ${suggestion}: remo completion ${suggestion}\nHow to install it: remo completion --help`
          : `Did you mean "${suggestion}"?`,
  }),
  excess_argument: ({ argument }) => ({
    what: `One argument too many: ${argument}`,
    next: 'Add --help to the command to see how it is used.',
  }),
  missing_value: ({ option }) => ({ what: `A value is missing after ${option}` }),
  unknown_column: ({ column, known, suggestion }) => ({
    what: column === '?' ? '? has to stand by itself: --columns ?' : `Unknown column: ${column}`,
    next: `${suggestion ? `Did you mean ${suggestion}? ` : ''}There are: ${listed(known)}`,
  }),
  invalid_value: ({ name, value, expected }) => ({
    what: `${name}: "${value}" is not usable.`,
    next: `Expected: ${expectation(expected)}`,
  }),
  option_needs: ({ option, needs }) => ({ what: `${option} needs ${needs} as well.` }),
  period_empty: () => ({
    what: '--since is not before --until, so nothing can lie between them.',
  }),
  conflicting_options: ({ first, second }) => ({ what: `${first} and ${second} can't be used together.` }),
  api_url_insecure: ({ url }) => ({
    what: `Plain http is allowed to this machine only, not to ${url}`,
    devices: nothingSent,
    next: 'Use the https address.',
  }),
  time_zone_unknown: () => ({
    what: 'The time zone of this computer has no name that could be used.',
    next: 'Name one: --tz Asia/Tokyo',
  }),
  ...configErrors,

  journal_unwritable: ({ path, detail }) => ({
    what: `The journal can't be written: ${path}: ${detail}`,
    devices: 'A reboot is sent only once it is in the journal, so this one was not sent.',
    next: 'Free space or mend the permissions, or name another folder in REMO_STATE_DIR.',
  }),
  journal_incomplete: ({ path, detail }) => ({
    what: `The journal can no longer be written: ${path}: ${detail}`,
    devices: 'No reboot was sent after that; what became of those before it is told with the results.',
    next: 'Free space or mend the permissions, then go on with the run.',
  }),
  journal_broken: ({ path, line }) => ({
    what: `The journal ${path} can't be read: line ${line} is not what it should be.`,
    devices: nothingSent,
    next: 'Look at the devices of this run by hand: remo devices status <id...>',
  }),
  batch_not_found: ({ batch, suggestion }) => ({
    what: `No such run on this computer: ${batch}`,
    next: suggestion ? `Did you mean ${suggestion}?` : 'See: remo batches list',
  }),
  device_forbidden: ({ ids }) => ({
    what: `You are not permitted to see these devices: ${listed(ids)}`,
    devices: nothingSent,
    next: 'Take them off the list, or leave them out with --skip-missing.',
  }),
  batch_taken_over: ({ batch }) => ({
    what: 'Another process goes on with this run; this one stops here.',
    next: `See how it is going: remo batches show ${batch}`,
  }),
  batch_in_use: ({ batch }) => ({
    what: `Another process is working on the run ${batch}.`,
    devices: nothingSent,
    next: 'Wait until it has ended, or end it.',
  }),
  batch_other_backend: ({ batch, startedAt, wanted }) => ({
    what: `The run ${batch} belongs to ${startedAt}, but this command goes to ${wanted}.`,
    devices: nothingSent,
    next: `Resume it with --api-url ${startedAt}, or with the --profile it was started with.`,
  }),
  port_in_use: ({ port }) => ({
    what: `Port ${port} is in use.`,
    next: 'Choose another with --port, or --port 0 for any free one.',
  }),
  file_unreadable: ({ path, detail }) => ({ what: `${path} can't be read: ${detail}`, devices: nothingSent }),
  file_unwritable: ({ path, detail }) => ({ what: `${path} can't be written: ${detail}` }),
  files_exist: ({ path, count }) => ({
    what:
      count === 1
        ? `${path} is there already; nothing was written.`
        : `${number(count)} of the files are there already, the first is ${path}; nothing was written.`,
    next: 'Write over them with --force, or name another folder with --out.',
  }),

  ...signInErrors,

  not_found: ({ operation }) => ({ what: `The backend does not know it (${operation}).` }),
  customer_not_found: ({ query }) => ({
    what: `No customer of yours has this id or e-mail address: ${query}`,
    next: 'You see only customers who registered your agency in their own settings. If the customer is missing, ask them to register it.',
  }),
  customer_ambiguous: ({ query, candidates, total }) => ({
    what: [
      `"${query}" names ${number(total)} customers:`,
      ...candidates.map(({ id, email, name }) => `  ${id}  ${email}  ${name}`),
      ...(total > candidates.length ? [`  and ${number(total - candidates.length)} more`] : []),
    ].join('\n'),
    next: 'Give the id or the whole e-mail address.',
  }),
  ...planErrors,

  network: ({ trouble, host, detail }) => ({
    what: `${host}: ${networkTrouble[trouble][0]}${detail ? ` (${detail})` : ''}`,
    next: networkTrouble[trouble][1],
  }),
  discovery: ({ trouble, url, detail }) => ({
    what: `The sign-in server can't be found from ${url}: ${discoveryTrouble[trouble]}${detail ? ` (${detail})` : ''}.`,
    next: 'Check the address of the backend (--api-url).',
  }),
  server_error: ({ operation, host, status, serverCode }) => ({
    what: `${server(host)} failed: ${status}${serverCode ? ` ${serverCode}` : ''} (${operation}).`,
    next: 'Try again later; if it persists, give the operator the request id.',
  }),
  rate_limited: ({ operation, host, retryAfterMs }) => ({
    what: `${server(host)} refuses because of too many requests (${operation}).`,
    next: retryAfterMs
      ? `It asks to wait ${duration(retryAfterMs)}. Try again then.`
      : 'Try again in a few minutes.',
  }),
  bad_response: ({ operation, host, field, problem, status }) => ({
    what:
      host === undefined
        ? `The backend's answer is not what the contract says (${operation}, status ${status}): ${field}: ${answerProblem(problem)}`
        : `${server(host)} gave no proper answer (${operation}, status ${status}): ${field}: ${answerProblem(problem)}`,
    next:
      host === undefined
        ? 'Check the address of the backend (--api-url); if it is right, give its operator the request id.'
        : 'Somebody in between may have answered: a proxy, or the sign-in page of a network. If not, ask who runs the server.',
  }),
  request_rejected: ({ operation, status, serverCode, detail }) => ({
    what: `The backend refused the request: ${status} ${serverCode}${detail ? `: "${detail}"` : ''} (${operation}).`,
  }),
  reboot_in_progress: ({ rebootId }) => ({
    what: `The device is already rebooting${rebootId ? ` (reboot ${rebootId})` : ''}.`,
  }),
  nothing_selected: ({ customer, models }) => ({
    what:
      models.length === 0
        ? `The customer ${customer} has no devices.`
        : `No device of the customer ${customer} matches that.`,
    devices: nothingSent,
    ...(models.length === 0 ? {} : { next: `The models of their devices: ${listed(models)}` }),
  }),
  other_not_back: ({ device }) => ({ what: `The customer's device ${device} is not back yet.` }),
  canary_failed: ({ ids }) => ({
    what: `Of the devices that were to go first, these did not come back: ${listed(ids)}. No more were started.`,
    next: 'Find out why first. To go on then, with so many others first (0 for none): remo batches resume RUN --canary N',
  }),
  too_many_failures: ({ failures, total }) => ({
    what: `${number(failures)} of ${devices(total)} failed, which is more than allowed. No more were started.`,
    next: 'Find out why first. To go on then, allow more: remo batches resume RUN --max-failures N',
  }),
  outside_window: ({ from, to, time_zone }) => ({
    what: `It is outside ${from}-${to} (${time_zone}). No more devices were started.`,
  }),
  window_closed: ({ operation }) => ({
    what: `The time window closed before the request could be sent (${operation}).`,
  }),
  reading_outdated: ({ operation }) => ({
    what: `The request had to wait for so long that the device may have been rebooted meanwhile (${operation}).`,
  }),
  too_late: ({ operation }) => ({
    what: `The request could not be sent for so long that to repeat it would no longer be safe (${operation}).`,
  }),
  device_offline: () => ({ what: "The device is offline; the instruction can't reach it." }),

  declined: () => ({ what: 'Cancelled.', devices: 'No device was rebooted.' }),
  answer_needed: ({ flag }) => ({
    what: 'This needs an answer, and nobody can be asked here.',
    devices: nothingSent,
    next: `Answer beforehand with ${flag}`,
  }),
  interrupted: () => ({ what: 'Interrupted.' }),
};
