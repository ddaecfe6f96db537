import type { OutputFormat } from '../../config.js';
import type { ExitCode } from '../../errors.js';

/** What `remo help exit-codes`, `environment` and `output` tell, and the man page remo(1) with them. */
export const topics = {
  helpCommand: 'show help for a command, or on a topic',
  topic: 'a command, or one of these topics',
  helpIn: (words: string) => `Help on one of them: remo ${words}`,
  allOf: (topic: string) => `(all of them: remo help ${topic})`,

  exitCodes: {
    summary: 'what each exit code means',
    about: [
      'What a command ended with, for scripts ($? in the shell). 8 wins over 3. What stops a reboot run early (a session that ends, Ctrl-C) decides its code. A reader that goes away (| head) ends a listing quietly with 0; it does not change the code of a reboot.',
    ],
  },
  codes: {
    0: 'all done',
    1: 'internal error, or the output could not be written',
    2: "bad usage or bad input, nothing was sent; also settings or a journal that can't be written",
    3: 'finished, but at least one device was not rebooted: failed, skipped or not attempted (an id given twice does not count)',
    4: 'not signed in, session ended, no usable keychain, or not permitted',
    5: 'no such customer or device, or an e-mail address that names several',
    6: 'backend or network failed, still rate-limited after waiting, or an answer the contract does not allow',
    7: 'declined, or a confirmation was needed and could not be asked; also: not the number that was confirmed, or a saved plan that no longer holds',
    8: 'finished, but for at least one device the outcome is unknown: check before you reboot it again',
    129: 'the terminal was closed (HUP); a reboot run that writes to no terminal, as with nohup, goes on',
    130: 'Ctrl-C; what was reported and the journal say how far it came',
    143: 'TERM, likewise',
  } satisfies Record<ExitCode, string>,

  environment: {
    summary: 'every variable that remo reads',
    about: [
      'A flag wins over the variable, that over the profile, that over the default; "remo config list" shows which it was. An empty variable counts as unset.',
    ],
    settings: 'Settings:',
    others: 'Others:',
    /** What else a setting can come from. */
    places: ({ flags, key, standard }: { flags: readonly string[]; key?: string; standard?: string }) =>
      [
        ...(flags.length > 0 ? [`flag ${flags.join(', ')}`] : []),
        ...(key === undefined ? [] : [`in the profile ${key}`]),
        ...(standard === undefined ? [] : [`default "${standard}"`]),
      ].join('; '),
  },
  variables: {
    REMO_PROFILE: 'settings and sign-in to use',
    REMO_API_URL: 'address of the backend',
    REMO_CLIENT_ID: 'OAuth client id; with REMO_CLIENT_SECRET that of a program',
    REMO_SCOPES: 'permissions to ask for at a sign-in',
    REMO_CREDENTIAL_STORE: 'where to keep credentials: keychain or file',
    REMO_OUTPUT: 'format of the data, see: remo help output',
    REMO_LANG: 'language: ja or en; without it, that of the locale',
    REMO_INPUT: '0: never ask; fail instead',
    REMO_COLOR: '0 or 1: colour never or always',
    REMO_QUIET: '1: no progress and no hints',
    REMO_DEBUG: '1: a line on stderr for each request, without secrets and bodies',
    REMO_PLAIN: '1: nothing is drawn over and marks are ASCII, for screen readers',
    REMO_WIDE: '1: tables drop and cut nothing',
    REMO_PAGER: 'pager for tables: a command, or 1 for $PAGER, else less',
    REMO_TIMEOUT: 'the longest one attempt at a request may take, such as 30s',
    REMO_SIGNATURE_COMPANY: 'company under the notices to customers',
    REMO_SIGNATURE_NAME: 'name under the notices',
    REMO_SIGNATURE_PHONE: 'telephone number under the notices',
    REMO_SIGNATURE_EMAIL: 'e-mail address under the notices, and sender of the drafts',
    REMO_HISTORY_DAYS: 'for how many days finished runs stay recorded; without it, for good',
    REMO_TOKEN: 'an access token to use instead of any other sign-in; never stored',
    REMO_CLIENT_SECRET: 'with REMO_CLIENT_ID the sign-in of a program, as in CI; never stored',
    REMO_KEYCHAIN_TIMEOUT: 'how long the keychain may take to answer; default 60s',
    REMO_CONFIG_DIR: 'folder of the settings (config.json)',
    REMO_STATE_DIR: 'folder of the journals of runs, and of credentials in files',
    REMO_CACHE_DIR: 'folder of what completion remembers',
    NO_COLOR: 'no colour, whatever it is set to',
    FORCE_COLOR: 'colour also where stdout is no terminal',
    CI: 'set to anything: nobody can be asked',
    TERM: 'dumb: as REMO_PLAIN=1, and no colour',
    PAGER: 'the pager that --pager without a command means',
    LESS: 'options of less where it is the pager; FRX unless set',
    SHELL: 'the shell that "remo completion" suggests',
    BROWSER: 'command that opens the address of a sign-in',
    SSH_CONNECTION:
      'set: a sign-in shows a code instead of opening a browser; likewise SSH_TTY; on Linux also where neither DISPLAY nor WAYLAND_DISPLAY is set',
    LC_ALL: 'locale: language and character set; likewise LC_MESSAGES, LC_CTYPE, LANG',
    TZ: 'time zone of times that are shown to people',
    XDG_CONFIG_HOME:
      'parent of the folder of the settings where REMO_CONFIG_DIR is not set (Linux); likewise XDG_STATE_HOME, XDG_CACHE_HOME',
    APPDATA: 'the same on Windows; likewise LOCALAPPDATA',
    HTTPS_PROXY: 'proxy to reach the backend by; else HTTP_PROXY',
    NO_PROXY: 'hosts that are reached without it, a comma between two',
    NODE_EXTRA_CA_CERTS: 'file with certificates to trust besides, as of a proxy that inspects TLS',
  },

  output: {
    summary: 'formats of the data, and what is where',
    about: [
      'stdout is data and nothing else. Prompts, warnings, progress, hints and errors go to stderr. On a terminal data is a table that fits it; elsewhere it is TSV: no header, no colour, every row whole. -o (--output) chooses another format.',
    ],
    formats: 'Formats:',
    tsv: '(in a pipe)',
    rows: 'TSV: a row on a line, the columns of csv; of one thing a line for each: name, tab, value',
    rules: 'For scripts:',
    scripts: [
      'Names of fields, in JSON and in the header of CSV, stay; new ones may be added. Times are RFC 3339. A missing value is null in JSON, and empty in TSV and CSV.',
      'With -o json or -o ndjson an error is, after its sentence, one JSON object on a line of stderr: error, with code, exit_code, message, params, and where there are any devices, next and request_id.',
      "Questions need stdin and stderr to be terminals. Where a confirmation can't be asked, the command does nothing, names the flag that would have answered, and ends with 7.",
      'Control characters in names that customers chose are made harmless in every format. CSV disarms what a spreadsheet would run as a formula.',
    ],
  },
  formats: {
    table: 'columns for people; on a terminal it is what you get without -o',
    json: 'one array, [] when empty; of one thing an object',
    ndjson: 'an object on a line, as the pages arrive',
    csv: 'RFC 4180, with a header; --excel writes it for Excel in Japan',
    yaml: 'a sequence; of one thing a mapping',
  } satisfies Record<OutputFormat, string>,
  man: {
    name: 'Name',
    synopsis: 'Synopsis',
    description: 'Description',
    seeAlso: 'See also',
    manual: 'remo manual',
  },
};
