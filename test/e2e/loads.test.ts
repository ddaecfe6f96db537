import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { type Ended, folderForTest, type ProgramOptions, remo } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** What esbuild put into which chunk. */
const metafile: { outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }> } =
  JSON.parse(readFileSync(path.join(root, 'dist/metafile-esm.json'), 'utf8'));

interface Loaded extends Ended {
  /** Files of the program, from its root: `bin/remo.js`, `dist/main.js`, … */
  files: string[];
  /** The packages whose code was loaded, bundled or not. */
  packages: string[];
  /** The modules of the program's own: `src/cli.ts`, … */
  sources: string[];
}

/** Runs the program and tells what it loaded, as V8 saw it. */
async function loadedBy(argv: string[], options: ProgramOptions = {}): Promise<Loaded> {
  const coverage = folderForTest();
  const env = { ...options.env, NODE_V8_COVERAGE: coverage };
  const ended = await remo(argv, { ...options, env });
  const reports = readdirSync(coverage).map(file =>
    JSON.parse(readFileSync(path.join(coverage, file), 'utf8')),
  );
  expect(reports).toHaveLength(1);
  const urls: string[] = reports[0].result.map(({ url }: { url: string }) => url);
  const files = urls
    .filter(url => url.startsWith('file://'))
    .map(url => path.relative(root, fileURLToPath(url)).replaceAll(path.sep, '/'));
  const inputs = files.flatMap(file =>
    Object.entries(metafile.outputs[file]?.inputs ?? { [file]: { bytesInOutput: 1 } }).flatMap(
      ([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : []),
    ),
  );
  const packages = new Set(inputs.flatMap(input => packageOf(input) ?? []));
  return {
    ...ended,
    files,
    packages: [...packages].sort(),
    sources: inputs.filter(input => input.startsWith('src/')),
  };
}

function packageOf(input: string): string | undefined {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
}

/** Packages by what they are for, and the part of the program that goes with each. */
const kinds: Record<string, RegExp> = {
  proxy: /^undici$|^src\/api\/proxy\./,
  validation: /^zod$/,
  signIn: /^(openid-client|oauth4webapi)$|^src\/auth\/oidc\./,
  prompts:
    /^@inquirer\/|^mute-stream$|^src\/terminal\/(prompt-screen|prompt-theme|page-prompt|search-prompt|checklist-prompt|pick|pick-lines)\./,
  spinner: /^yocto-spinner$/,
  region: /^log-update$|^src\/terminal\/live-region\./,
  keychain: /^(keytar|@github\/keytar)$|^src\/auth\/credential-store\/keychain\./,
  tables: /^cli-table3$|^src\/terminal\/table\./,
  colour: /^chalk$/,
  locks: /^proper-lockfile$|^src\/auth\/lock\./,
  sandbox: /^(hono|@hono\/node-server|oidc-provider|koa)$|^src\/sandbox\//,
  journal: /^src\/reboot\/journal\./,
  yaml: /^yaml$/,
  mail: /^nodemailer$|^src\/commands\/notices\/eml\./,
  english: /^src\/messages\/en[./]/,
  japanese: /^src\/messages\/ja[./]/,
};

/** What kinds of things were loaded. */
function kindsOf({ packages, sources }: Loaded): string[] {
  const names = [...packages, ...sources];
  return Object.keys(kinds).filter(kind => names.some(name => kinds[kind]?.test(name)));
}

const someDevice = ({ fleet }: Sandbox) => fleet.device({ status: 'online', behavior: 'normal' }).id;

describe('what a command loads', () => {
  it('the kinds are all there to be loaded', () => {
    const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    const names = inputs.map(input => packageOf(input) ?? input);
    for (const [kind, pattern] of Object.entries(kinds)) {
      // keytar is no chunk but a package beside the program.
      if (kind !== 'keychain') expect([kind, names.some(name => pattern.test(name))]).toEqual([kind, true]);
    }
  });

  it('no file that holds nothing but the way to a part of Node: each costs a read more than it saves', () => {
    const files = Object.entries(metafile.outputs).filter(([, { inputs }]) => {
      const names = Object.keys(inputs);
      return names.length > 0 && names.every(name => name.startsWith('builtin:'));
    });
    expect(files.map(([file]) => file)).toEqual([]);
  });

  it.each(['--version', '-V'])('%s: nothing but the launcher', async flag => {
    const loaded = await loadedBy([flag]);
    expect(loaded.code).toBe(0);
    expect(loaded.files).toEqual(['bin/remo.js']);
  });

  /** How wide a text is on the terminal. */
  const width = ['ansi-regex', 'get-east-asian-width', 'string-width', 'strip-ansi'];

  it.each<[string[]]>([
    [[]],
    [['--help']],
    [['help', 'login']],
    [['help', 'environment']],
    [['devices', 'reboot', '--help']],
    [['sandbox', '--help']],
  ])('%j: the parser and the texts, and what lays them out', async argv => {
    const loaded = await loadedBy(argv);
    expect(loaded.code).toBe(0);
    expect(kindsOf(loaded)).toEqual(['english']);
    expect(loaded.packages).toEqual([...width, 'commander', 'fastest-levenshtein'].sort());
    expect(loaded.sources.filter(source => /^src\/(api|auth|reboot)\//.test(source))).toEqual([]);
  });

  it.each([[['no-such-command']], [['customers', 'list', '--page', 'x']]])(
    '%j: the parser and the texts',
    async argv => {
      const loaded = await loadedBy(argv);
      expect(loaded.code).toBe(2);
      expect(kindsOf(loaded)).toEqual(['english']);
      expect(loaded.packages).toEqual(['commander', 'fastest-levenshtein']);
      expect(
        loaded.sources.filter(source => /^src\/(api|auth|reboot|commands\/help\/text)/.test(source)),
      ).toEqual([]);
    },
  );

  it('history: the journals alone, without a lock, a backend or what makes a run', async () => {
    const loaded = await loadedBy(['history', '-o', 'json']);
    expect(loaded.code).toBe(0);
    expect(kindsOf(loaded)).toEqual(['validation', 'english']);
    expect(loaded.packages).toEqual(['commander', 'fastest-levenshtein', 'zod']);
    expect(loaded.sources.filter(source => /^src\/(api|auth)\/|reboot\/run/.test(source))).toEqual([]);
  });

  it('customers list -o json with REMO_TOKEN: the API alone, and one request a page', async () => {
    const sandbox = await sandboxForTest({ customers: 250 });
    const loaded = await loadedBy(['customers', 'list', '-o', 'json'], { sandbox });
    expect(loaded.code).toBe(0);
    expect(JSON.parse(loaded.out)).toHaveLength(250);
    expect(kindsOf(loaded)).toEqual(['validation', 'english']);
    expect(loaded.packages).toEqual(['commander', 'fastest-levenshtein', 'zod']);
    const base = '/partner/v1/customers?';
    // Those fetched ahead may arrive in any order.
    expect(sandbox.requests.map(({ path }) => path.replace(base, '').split('&').sort()).sort()).toEqual(
      ['page=1', 'page=2', 'page=3'].map(page => [page, 'per_page=100'].sort()),
    );
  });

  it('which columns there are: the columns alone, and no request', async () => {
    const sandbox = await sandboxForTest();
    const loaded = await loadedBy(['customers', 'list', '--columns', '?'], { sandbox });
    expect(loaded.code).toBe(0);
    expect(kindsOf(loaded)).toEqual(['english']);
    expect(loaded.sources.filter(source => /^src\/(api|auth|reboot)\//.test(source))).toEqual([]);
    expect(sandbox.requests).toEqual([]);
  });

  it('the schemas of the output: nothing, ever', () => {
    const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(inputs.filter(input => input.includes('outputs'))).toEqual([]);
  });

  it('a read with a stored token: no sign-in, and exactly one request', async () => {
    const sandbox = await sandboxForTest({ autoApprove: true });
    const folder = folderForTest();
    const backend = { REMO_API_URL: sandbox.apiUrl };
    expect((await remo(['login', '--device'], { folder, env: backend })).code).toBe(0);
    sandbox.requests.length = 0;
    const loaded = await loadedBy(['devices', 'status', someDevice(sandbox), '-o', 'csv'], { folder });
    expect(loaded.code).toBe(0);
    expect(kindsOf(loaded)).toEqual(['validation', 'english']);
    const whoami = await loadedBy(['whoami', '-o', 'json'], { folder });
    expect(kindsOf(whoami)).toEqual(['validation', 'english']);
    expect(sandbox.requests.map(({ path }) => path)).toEqual([
      `/partner/v1/devices/${someDevice(sandbox)}`,
      `/partner/v1/devices/${someDevice(sandbox)}/reboots?page=1&per_page=10`,
      '/partner/v1/account',
    ]);
  });

  it('completing: no API, no sign-in, no validation and no prompt, also for what the backend told', async () => {
    const sandbox = await sandboxForTest();
    const folder = folderForTest();
    const { accessToken } = await sandbox.issueToken();
    const env = { REMO_API_URL: sandbox.apiUrl, REMO_TOKEN: accessToken };
    for (const subject of ['customers', 'devices']) await remo(['__fetch', subject], { folder, env });
    sandbox.requests.length = 0;
    for (const words of [['dev'], ['devices', 'show', ''], ['devices', 'reboot', ''], ['notices', '']]) {
      const request = ['__complete', 'zsh', ...words.slice(0, -1), `=${words.at(-1)}`];
      const loaded = await loadedBy(request, { folder, env });
      expect(loaded.code).toBe(0);
      if (words[0] !== 'notices') expect(loaded.out.split('\n').length).toBeGreaterThan(2);
      expect(kindsOf(loaded)).toEqual(['english']);
      expect(loaded.packages).toEqual([...width, 'commander', 'fastest-levenshtein'].sort());
      expect(loaded.sources.filter(source => /^src\/(api|auth)\//.test(source))).toEqual([]);
    }
    expect(sandbox.requests).toEqual([]);
  });

  it('each other part where it is used, and only there', async () => {
    const sandbox = await sandboxForTest({ autoApprove: true });
    const id = someDevice(sandbox);
    const folder = folderForTest();
    const proxy = { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' };
    // A keychain that cannot be there: no bus to reach it by.
    const keychain = {
      REMO_TOKEN: undefined,
      REMO_CREDENTIAL_STORE: 'keychain',
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus',
    };
    const loads = await Promise.all([
      loadedBy(['customers', 'list', '--page', '1', '-o', 'table'], { sandbox }),
      loadedBy(['login', '--device'], { sandbox, folder }),
      loadedBy(['customers', 'list'], { sandbox, env: proxy }),
      loadedBy(['customers', 'list', '--lang', 'ja'], { sandbox }),
      loadedBy(['customers', 'list', '-o', 'yaml'], { sandbox }),
    ]);
    expect(loads.map(({ code }) => code)).toEqual(loads.map(() => 0));
    expect(loads.map(kindsOf)).toEqual([
      ['validation', 'tables', 'english'],
      ['validation', 'signIn', 'locks', 'english'],
      ['proxy', 'validation', 'english'],
      ['validation', 'japanese'],
      ['validation', 'yaml', 'english'],
    ]);
    const reboot = await loadedBy(['devices', 'reboot', id, '--yes'], { sandbox });
    expect(reboot.code).toBe(0);
    // Its journal is locked against a second process.
    expect(kindsOf(reboot).filter(kind => kind !== 'locks')).toEqual(['validation', 'journal', 'english']);
    if (process.platform === 'linux') {
      const signedOut = await loadedBy(['whoami'], { sandbox, env: keychain });
      expect(signedOut.code).toBe(4);
      expect(kindsOf(signedOut)).toEqual(['validation', 'keychain', 'english']);
    }
  });

  it('the sandbox in remo sandbox alone, without the API’s client', async () => {
    const sandbox = await sandboxForTest();
    // A port that is taken ends it by itself.
    const loaded = await loadedBy(['sandbox', '--port', new URL(sandbox.origin).port]);
    expect(loaded.code).toBe(2);
    expect(kindsOf(loaded)).toEqual(['sandbox', 'english']);
    expect(loaded.packages).toEqual(expect.arrayContaining(['hono', '@hono/node-server', 'oidc-provider']));
  });

  it('of the languages, the one that is spoken', async () => {
    const [english, japanese] = await Promise.all([
      loadedBy(['--help'], { env: { LANG: 'de_DE.UTF-8' } }),
      loadedBy(['--help'], { env: { LANG: 'ja_JP.UTF-8' } }),
    ]);
    expect(kindsOf(english)).toEqual(['english']);
    expect(kindsOf(japanese)).toEqual(['japanese']);
  });
});
