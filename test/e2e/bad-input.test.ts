import { createServer } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.js';
import { certificate } from '../api/certificate.js';
import { type ProgramOptions, remo, soon } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

type Case = [
  what: string,
  argv: (sandbox: Sandbox) => string[],
  code: number,
  says: RegExp[],
  env?: ProgramOptions['env'],
];
const id = ({ fleet }: Sandbox) => fleet.device({ status: 'online' }).id;

describe('bad input: the program says what is wrong, and nothing is sent', () => {
  const cases: Case[] = [
    [
      'no backend is configured',
      () => ['customers', 'list'],
      2,
      [/No backend is configured/, /login --api-url/, /remo demo/],
      { REMO_API_URL: undefined },
    ],
    ['an address that is none', () => ['customers', 'list', '--api-url', 'remo'], 2, [/--api-url: "remo"/]],
    [
      'an address that is none, in the environment',
      () => ['whoami'],
      2,
      [/REMO_API_URL: "\/\/remo"/],
      { REMO_API_URL: '//remo' },
    ],
    [
      'an address of another kind',
      () => ['customers', 'list', '--api-url', 'ftp://remo.example/'],
      2,
      [/ftp:\/\/remo\.example/],
    ],
    [
      'an address with a password, which is not shown',
      () => ['customers', 'list', '--api-url', 'https://me:geheim@remo.example/'],
      2,
      [/\*\*\*@remo\.example/, /^(?![\s\S]*geheim)/],
    ],
    [
      'plain http to another machine',
      () => ['whoami', '--api-url', 'http://192.0.2.1/partner/v1'],
      2,
      [/Plain http is allowed to this machine only/, /https/],
    ],
    [
      'a format that does not exist',
      () => ['customers', 'list', '-o', 'xml'],
      2,
      [/xml/, /table, json, ndjson, csv/],
    ],
    ['a language that is not spoken', () => ['whoami', '--lang', 'fr'], 2, [/fr/, /ja or en/]],
    [
      'a command with a slip of the pen',
      () => ['custmers', 'list'],
      2,
      [/custmers/, /Did you mean "customers"\?/],
    ],
    ['a verb with one', () => ['devices', 'rebot', 'dev_1'], 2, [/rebot/, /Did you mean "reboot"\?/]],
    [
      'an option with one',
      () => ['customers', 'list', '--emial', 'x'],
      2,
      [/--emial/, /Did you mean --email\?/],
    ],
    ['a noun alone', () => ['devices'], 2, [/Usage: remo devices/]],
    ['no device', () => ['devices', 'reboot', '--yes'], 2, [/<id\.\.\.>|<id>/]],
    ['no text to search for', () => ['customers', 'list', '--email', ''], 2, [/--email/]],
    ['page 0', () => ['customers', 'list', '--page', '0'], 2, [/--page: "0"/, /at least 1/]],
    ['101 a page', () => ['customers', 'list', '--per-page', '101'], 2, [/--per-page: "101"/, /1 to 100/]],
    [
      'a length of time that is none',
      sandbox => ['devices', 'reboot', id(sandbox), '--wait=soon'],
      2,
      [/--wait: "soon"/],
    ],
    ['a proxy that is none', () => ['whoami'], 2, [/HTTPS_PROXY/], { HTTPS_PROXY: 'http://' }],
    [
      'a reboot without terminal and --yes',
      sandbox => ['devices', 'reboot', id(sandbox)],
      7,
      [/nobody can be asked/, /No reboot was instructed/, /--yes/],
    ],
    [
      'a reboot with --no-input',
      sandbox => ['devices', 'reboot', id(sandbox), '--no-input'],
      7,
      [/nobody can be asked/, /--yes/],
    ],
  ];

  it.each(cases)('%s', async (_what, argv, code, says, env) => {
    const sandbox = await sandboxForTest();
    const ended = await remo(argv(sandbox), { sandbox, ...(env ? { env } : {}) });
    expect(ended).toMatchObject({ code, out: '' });
    for (const text of says) expect(ended.err).toMatch(text);
    expect(ended.err).not.toContain('    at ');
    expect(sandbox.requests).toEqual([]);
  });

  it('says so in Japanese to who reads Japanese', async () => {
    const env = { LANG: 'ja_JP.UTF-8' };
    const [command, format, asked] = await Promise.all([
      remo(['custmers'], { env }),
      remo(['whoami', '-o', 'xml'], { env }),
      remo(['whoami', '--lang=ja'], {}),
    ]);
    for (const { code, err } of [command, format, asked]) {
      expect(code).toBe(2);
      expect(err).toMatch(/\p{Script=Hiragana}/u);
    }
    expect(command.err).toContain('customers');
    expect(format.err).toContain('ndjson');
  });
});

describe('a backend that is not to be reached', () => {
  it('has a name that nobody knows', async () => {
    // RFC 6761: no name below it ever exists.
    const env = { REMO_API_URL: 'https://backend.invalid/partner/v1', REMO_TOKEN: 'secret-token' };
    const [read, signIn] = await Promise.all([
      remo(['customers', 'list'], { env }),
      remo(['login', '--device'], { env: { ...env, REMO_TOKEN: undefined } }),
    ]);
    for (const { code, out, err } of [read, signIn]) {
      expect({ code, out }).toEqual({ code: 6, out: '' });
      expect(err).toContain('backend.invalid');
      expect(err).toContain('The name could not be found');
      expect(err).not.toContain('secret-token');
    }
  });

  it('has a certificate that is not to be trusted: nothing is sent to it', async () => {
    let requests = 0;
    const server = createServer(certificate, (_req, res) => {
      requests += 1;
      res.end('{}');
    });
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    await expect.poll(() => server.listening, soon).toBe(true);
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const env = { REMO_API_URL: `https://localhost:${port}/partner/v1`, REMO_TOKEN: 'secret-token' };
    const [read, signIn] = await Promise.all([
      remo(['whoami'], { env }),
      remo(['login', '--device'], { env: { ...env, REMO_TOKEN: undefined } }),
    ]);
    for (const { code, err } of [read, signIn]) {
      expect(code).toBe(6);
      expect(err).toContain(`localhost:${port}`);
      expect(err).toContain('The certificate could not be verified');
      expect(err).toContain('NODE_EXTRA_CA_CERTS');
    }
    expect(requests).toBe(0);
  });

  it('listens nowhere', async () => {
    const sandbox = await startSandbox();
    await sandbox.close();
    const { code, err } = await remo(['whoami'], {
      env: { REMO_API_URL: sandbox.apiUrl, REMO_TOKEN: 'token' },
    });
    expect(code).toBe(6);
    expect(err).toContain('The connection was refused');
  });
});
