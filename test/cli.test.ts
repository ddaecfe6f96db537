import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { remo, temporaryFolder } from './support/run.js';
import { sandboxForTest } from './support/sandbox.js';

describe('help', () => {
  it('without a command is shown on stdout, and is no error', async () => {
    for (const argv of [[], ['--help'], ['help']]) {
      const { code, out, err } = await remo(argv);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('Usage: remo');
      expect(out).toContain('customers');
    }
  });

  it('of a noun without a verb is shown on stderr, and is bad usage', async () => {
    const { code, out, err } = await remo(['devices']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('reboot');
  });

  it.each([
    ['login'],
    ['logout'],
    ['whoami'],
    ['customers', 'list'],
    ['devices', 'show'],
    ['devices', 'status'],
    ['devices', 'reboot'],
    ['config', 'list'],
    ['config', 'get'],
    ['config', 'set'],
    ['config', 'unset'],
    ['config', 'profiles'],
    ['config', 'use'],
    ['notices'],
    ['doctor'],
    ['sandbox'],
    ['demo'],
  ])('of %s %s has usage and the global options, in both languages', async (...words) => {
    const english = await remo([...words, '--help']);
    const japanese = await remo([...words, '--help', '--lang', 'ja']);
    expect(english.out).toMatch(new RegExp(`^Usage: remo ${words.join(' ')}`));
    expect(english.out).toContain('--profile');
    expect(japanese.out).toMatch(new RegExp(`^使い方: remo ${words.join(' ')}`));
    // Descriptions of one language only; the usage line and the examples are commands.
    expect(english.out).not.toMatch(/\p{sc=Hiragana}/u);
    for (const line of japanese.out.split('\n').filter(text => /^ {2}-/.test(text))) {
      expect(line).toMatch(/[\p{sc=Hiragana}\p{sc=Han}]|--(output|lang)/u);
    }
  });

  it('asks for no backend, no settings and no keychain', async () => {
    const { code } = await remo(['devices', 'reboot', '--help'], {
      env: { REMO_API_URL: 'nonsense', REMO_OUTPUT: 'nonsense' },
    });
    expect(code).toBe(0);
  });
});

describe('an option', () => {
  const reboot = async (...words: string[]) => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const ended = await remo(['devices', 'reboot', id, '--yes', '--no-wait', ...words], { sandbox });
    return { ...ended, reasons: sandbox.reboots.map(({ reason }) => reason) };
  };

  // In a script, `--reason $REASON --wait` with an empty variable.
  it.each([
    [['--reason', '--wait']],
    [['--reason', '-y']],
    [['--reason', '--progress=none', '--reason', '--no-wait']],
    [['--reason', '--quiet']],
    [['--reason', '--']],
    [['--reason']],
  ])('of the command is no value of the one before it: %j', async words => {
    const { code, out, err, reasons } = await reboot(...words);
    expect({ code, out, err }).toEqual({
      code: 2,
      out: '',
      err: 'Error: A value is missing after --reason\n',
    });
    expect(reasons).toEqual([]);
  });

  it('of the program is none either', async () => {
    const { code, err } = await remo(['whoami', '--output', '--lang', 'ja']);
    expect(code).toBe(2);
    expect(err).toContain('--output');
    expect(err).not.toContain('--lang');
  });

  it.each([
    [['--reason=--wait'], '--wait'],
    [['--reason', 'wait'], 'wait'],
    [['--reason', '-'], '-'],
  ])('takes any other value, and any that is attached: %j', async (words, reason) => {
    expect(await reboot(...words)).toMatchObject({ code: 0, reasons: [reason] });
  });

  it('with a value that may be left out takes none from the next word', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const { code, out } = await remo(['devices', 'reboot', '--wait', id, '--dry-run'], { sandbox });
    expect(code).toBe(0);
    expect(out).toContain(id);
  });
});

describe('the version', () => {
  it.each(['--version', '-V'])('%s is one line on stdout', async flag => {
    const manifest = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await remo([flag])).toMatchObject({ code: 0, out: `${manifest.version}\n`, err: '' });
  });
});

describe('bad usage ends with 2 and says what to do', () => {
  it.each([
    [['custmers'], 'Unknown command: custmers', 'Did you mean "customers"?'],
    [['devices', 'rebot', 'x'], 'Unknown command: rebot', 'Did you mean "reboot"?'],
    [['frobnicate'], 'Unknown command: frobnicate', 'remo --help'],
    [['customers', 'list', '--emial', 'x'], 'Unknown option: --emial', 'Did you mean --email?'],
    [['customers', 'list', '--ouptut=json'], 'Unknown option: --ouptut', 'Did you mean --output?'],
    [['devices', 'show'], 'An argument is missing: <customer>', '--help'],
    [['devices', 'show', 'a', 'b'], 'One argument too many: b', '--help'],
    [['devices', 'reboot'], 'An argument is missing: <id>', '--help'],
    [['customers', 'list', '-o'], 'A value is missing after --output', ''],
    [
      ['customers', 'list', '-o', 'xml'],
      '--output: "xml" is not usable.',
      'table, json, ndjson, csv or yaml',
    ],
    [['customers', 'list', '--lang', 'fr'], '--lang: "fr" is not usable.', 'ja or en'],
    [['customers', 'list', '--timeout', 'soon'], '--timeout: "soon" is not usable.', '30s'],
    [['customers', 'list', '--timeout', '6m'], '--timeout: "6m" is not usable.', 'at most 5 min'],
    [['customers', 'list', '--profile', '../x'], '--profile: "../x" is not usable.', 'letters'],
    [['customers', 'list', '--api-url', 'nonsense'], '--api-url: "nonsense" is not usable.', 'https://'],
    [['customers', 'list', '--api-url', 'ftp://x/y'], '--api-url: "ftp://x/y" is not usable.', 'https://'],
    [
      ['customers', 'list', '--api-url', 'http://remo.example/v1'],
      'Plain http is allowed to this machine only',
      'https',
    ],
    [['customers', 'list'], 'No backend is configured for the profile "default".', 'remo login --api-url'],
  ])('%j', async (argv, what, next) => {
    const { code, out, err } = await remo(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`Error: ${what}`);
    expect(err).toContain(next);
  });

  it('in Japanese too', async () => {
    const { err } = await remo(['custmers'], { env: { LC_ALL: 'ja_JP.UTF-8' } });
    expect(err).toBe('エラー: 不明なコマンドです: custmers\n「customers」ではありませんか。\n');
  });

  it('does not repeat a password that a URL carries', async () => {
    const { err } = await remo(['whoami', '--api-url', 'https://me:hunter2@host.example/v1']);
    expect(err).not.toContain('hunter2');
  });

  it.each([
    ['x'.repeat(600), `"${'x'.repeat(79)}…"`],
    ['あ'.repeat(600), `"${'あ'.repeat(39)}…"`],
  ])('repeats a long value no further than it takes to know it again', async (value, told) => {
    const { err } = await remo(['devices', 'reboot', 'dev_1', '--yes', '--reason', value]);
    expect(err).toContain(`--reason: ${told} is not usable.`);
  });

  it('names the environment variable that a bad value came from', async () => {
    const { code, err } = await remo(['whoami'], { env: { REMO_TIMEOUT: 'x' } });
    expect(code).toBe(2);
    expect(err).toContain('REMO_TIMEOUT: "x"');
  });

  it('with -o json is one JSON object on a line of its own besides', async () => {
    const { err } = await remo(['customers', 'list', '--page', '0', '-o', 'json']);
    const lines = err.trim().split('\n');
    expect(lines[0]).toMatch(/^Error: --page/);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      error: {
        code: 'invalid_value',
        exit_code: 2,
        message: '--page: "0" is not usable.',
        next: 'Expected: a whole number of at least 1',
        params: { name: '--page', value: '0', expected: { kind: 'integer', min: 1 } },
      },
    });
  });
});

describe('the language', () => {
  it.each([
    [{ LANG: 'ja_JP.UTF-8' }, 'エラー:'],
    [{ LANG: 'ja' }, 'エラー:'],
    [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'ja_JP.UTF-8' }, 'エラー:'],
    [{ LANG: 'ja_JP.UTF-8', LC_ALL: 'en_US.UTF-8' }, 'Error:'],
    [{ LANG: 'ja_JP.UTF-8', LC_ALL: '' }, 'エラー:'],
    [{ LANG: 'de_DE.UTF-8' }, 'Error:'],
    [{ LANG: 'jam_JM.UTF-8' }, 'Error:'],
    [{ LANG: 'ja_JP.UTF-8', REMO_LANG: 'en' }, 'Error:'],
    [{ LANG: undefined }, 'Error:'],
  ])('%j', async (env, label) => {
    expect((await remo(['nonsense'], { env })).err).toContain(label);
  });

  it('of the flag wins over the environment, wherever it stands', async () => {
    for (const argv of [
      ['--lang', 'ja', 'nonsense'],
      ['nonsense', '--lang=ja'],
    ]) {
      expect((await remo(argv, { env: { REMO_LANG: 'en' } })).err).toContain('エラー:');
    }
  });

  it('is told that it can not be used in the next that can: variable, profile, locale', async () => {
    const folder = await temporaryFolder();
    const bad = ['nonsense', '--lang', 'fr'];
    expect((await remo(bad, { env: { REMO_LANG: 'ja' } })).err).toContain('エラー:');
    expect((await remo(bad, { env: { REMO_LANG: 'de', LANG: 'ja_JP.UTF-8' } })).err).toContain('エラー:');
    await writeFile(
      path.join(folder, 'config.json'),
      JSON.stringify({ profiles: { default: { lang: 'ja' } } }),
    );
    const env = { REMO_CONFIG_DIR: folder };
    expect((await remo(bad, { env })).err).toContain('エラー:');
    expect((await remo(['history', '--lang', 'fr'], { env })).err).toContain('--lang: 「fr」');
    expect((await remo(bad, { env: { ...env, REMO_LANG: 'en' } })).err).toContain('Error:');
  });

  it('of the profile counts too', async () => {
    const folder = await temporaryFolder();
    await writeFile(
      path.join(folder, 'config.json'),
      JSON.stringify({ profiles: { default: { lang: 'ja' } } }),
    );
    expect((await remo(['nonsense'], { env: { REMO_CONFIG_DIR: folder } })).err).toContain('エラー:');
  });
});

describe('settings', () => {
  const profile = (values: object) =>
    JSON.stringify({ profiles: { default: values, second: { api_url: 'https://second.example/v1' } } });

  it('come from the flag, else the environment, else the profile', async () => {
    const sandbox = await sandboxForTest();
    const folder = await temporaryFolder();
    const file = path.join(folder, 'config.json');
    const env = {
      REMO_CONFIG_DIR: folder,
      REMO_API_URL: '',
      REMO_TOKEN: (await sandbox.issueToken()).accessToken,
    };
    await writeFile(file, profile({ api_url: sandbox.apiUrl }));
    expect(await remo(['whoami'], { env })).toMatchObject({ code: 0 });
    await writeFile(file, profile({ api_url: 'https://wrong.example/v1' }));
    expect(await remo(['whoami'], { env: { ...env, REMO_API_URL: sandbox.apiUrl } })).toMatchObject({
      code: 0,
    });
    const wrong = { ...env, REMO_API_URL: 'nonsense' };
    expect(await remo(['whoami', '--api-url', sandbox.apiUrl], { env: wrong })).toMatchObject({ code: 0 });
    expect(await remo(['whoami', '--api-url', `${sandbox.apiUrl}/`], { env: wrong })).toMatchObject({
      code: 0,
    });
  });

  it.each([
    ['{"profiles": {}\n"more": 1}', 'line 2'],
    ['[]', 'not an object'],
    ['{"profiles": []}', '"profiles" is not an object'],
    ['{"profiles": {"default": {"api_url": 3}}}', '"profiles.default.api_url" is not a text'],
    ['{"profiles": {"default": {"lang": "fr"}}}', 'lang'],
    ['', 'config.json'],
  ])(
    'in a broken file (%j) are reported with the place, and the file stays as it is',
    async (content, told) => {
      const folder = await temporaryFolder();
      const file = path.join(folder, 'config.json');
      await writeFile(file, content);
      const { code, err } = await remo(['customers', 'list'], { env: { REMO_CONFIG_DIR: folder } });
      expect(code).toBe(2);
      expect(err).toContain(file);
      expect(err).toContain(told);
      expect(await readFile(file, 'utf8')).toBe(content);
    },
  );

  it('in a place that is a folder are reported', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'config.json'));
    expect(await remo(['customers', 'list'], { env: { REMO_CONFIG_DIR: folder } })).toMatchObject({
      code: 2,
    });
  });
});

describe('trouble with the backend', () => {
  const listing = (apiUrl: string) =>
    remo(['customers', 'list', '--timeout', '2s'], { env: { REMO_API_URL: apiUrl, REMO_TOKEN: 't' } });

  it.each([
    ['a host that does not exist', 'https://nowhere.invalid/v1', 'The name could not be found.'],
    ['a port where nobody listens', 'http://127.0.0.1:65533/v1', 'The connection was refused.'],
  ])('%s ends with 6', async (_what, apiUrl, told) => {
    const { code, out, err } = await listing(apiUrl);
    expect({ code, out }).toEqual({ code: 6, out: '' });
    expect(err).toContain(told);
  });

  it.each([
    ['401', { status: 401 }, 4, 'does not accept'],
    ['403', { status: 403, body: { code: 'forbidden' } }, 4, 'not permitted'],
    ['404', { status: 404, body: { code: 'not_found' } }, 6, 'Check the address of the backend (--api-url)'],
    [
      '429 with a long wait',
      { status: 429, body: { code: 'rate_limited' }, headers: { 'Retry-After': '3600' } },
      6,
      'It asks to wait 1 h. Try again then.',
    ],
    ['404 of something else', { status: 404, body: '<html>' }, 6, 'no problem document'],
    ['422', { status: 422, body: { code: 'invalid_request' } }, 6, '422 invalid_request'],
    // No 500: that is tried again.
    ['501', { status: 501, body: { code: 'internal' } }, 6, '501 internal'],
    ['HTML instead of JSON', { status: 200, body: '<html>hello</html>' }, 6, 'HTML or XML, not JSON'],
    ['JSON that is cut off', { status: 200, body: '{"items": [' }, 6, 'cut off or malformed'],
    ['an empty body', { status: 200, body: '' }, 6, 'body: empty'],
    [
      'a page without a field',
      { status: 200, body: { items: [{ id: 'x' }], page: 1, per_page: 100, total: 1 } },
      6,
      'items[0].name',
    ],
    ['a redirect', { status: 302, headers: { Location: 'https://elsewhere.example/' } }, 6, 'redirect'],
  ])('%s', async (_what, answer, code, told) => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ kind: 'answer', path: /customers/, ...answer });
    const ended = await remo(['customers', 'list'], { sandbox });
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(told);
    expect(ended.err).toMatch(/Request id: \S+|^Error/);
    expect(ended.err).not.toMatch(/ at .*\.(ts|js):/);
    // Nobody asked for a reboot.
    expect(ended.err).not.toMatch(/reboot/i);
  });

  it('an answer that never comes ends when the time is up', async () => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ kind: 'hang', path: /customers/, times: 3 });
    const { code, err } = await remo(['customers', 'list', '--timeout', '50ms'], { sandbox });
    expect(code).toBe(6);
    expect(err).toContain('No answer came in time.');
  });

  it('not being signed in ends with 4 and names the command', async () => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(['customers', 'list'], {
      env: { REMO_API_URL: sandbox.apiUrl, REMO_CREDENTIAL_STORE: 'file' },
    });
    expect(code).toBe(4);
    expect(err).toContain('Sign in: remo login');
    expect(sandbox.requests).toEqual([]);
  });
});

describe('an interruption', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s ends a read with %i, without the word error', async (signal, code) => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ kind: 'hang', path: /customers/ });
    const ended = await remo(['customers', 'list'], {
      sandbox,
      person: async host => {
        while (sandbox.requests.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
        host.signal(signal);
      },
    });
    expect(ended).toMatchObject({ code, out: '', err: 'Interrupted.\n' });
  });
});

describe('colour', () => {
  const listing = async (env: Record<string, string>, tty = true, flags: string[] = []) => {
    const sandbox = await sandboxForTest();
    const { out } = await remo(['devices', 'show', 'sakura@example.jp', '-o', 'table', ...flags], {
      sandbox,
      tty,
      columns: 200,
      env,
    });
    return out.includes('\x1b[');
  };

  it('is there on a terminal, and nowhere else', async () => {
    expect(await listing({})).toBe(true);
    expect(await listing({}, false)).toBe(false);
  });

  it('goes with NO_COLOR, --no-color, REMO_COLOR=0 and TERM=dumb, and comes with FORCE_COLOR', async () => {
    expect(await listing({ NO_COLOR: '1' })).toBe(false);
    expect(await listing({}, true, ['--no-color'])).toBe(false);
    expect(await listing({ REMO_COLOR: '0' })).toBe(false);
    expect(await listing({ TERM: 'dumb' })).toBe(false);
    expect(await listing({ FORCE_COLOR: '1' }, false)).toBe(true);
    expect(await listing({ FORCE_COLOR: '0' })).toBe(false);
  });
});
