import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryStore } from '../../src/auth/credential-store/memory.js';
import type { CredentialStore } from '../../src/auth/credential-store/store.js';
import { systemClock } from '../../src/clock.js';
import { OLDEST_NODE } from '../../src/doctor/local.js';
import { RemoError } from '../../src/errors.js';
import { batchClient } from '../../src/sandbox/authorization.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import { widthOf } from '../../src/terminal/width.js';
import { credentialFrom } from '../auth/signed-in.js';
import { authority } from '../support/certificates.js';
import { type RunOptions, remo, temporaryFolder } from '../support/run.js';
import { sandboxForTest } from '../support/sandbox.js';

interface Row {
  check: string;
  status: string;
  detail: string;
  fix: string | null;
}

/** What the doctor says as JSON, by check. */
async function doctor(options: RunOptions = {}, ...flags: string[]) {
  const ended = await remo(['doctor', '-o', 'json', ...flags], options);
  const rows = ended.json<Row[]>();
  const of = (check: string) => {
    const row = rows.find(one => one.check === check);
    if (!row) throw new Error(`no ${check}`);
    return row;
  };
  const having = (status: string) => rows.filter(row => row.status === status).map(({ check }) => check);
  return { ...ended, rows, of, having };
}

/** A person who has signed in; `changes` are of the stored credential. */
async function person(sandbox: Sandbox, changes: object = {}) {
  const store = memoryStore();
  await store.write('default', { ...(await credentialFrom(sandbox)), ...changes });
  return { env: { REMO_API_URL: sandbox.apiUrl }, replacements: { credentialStore: store } };
}

const order = [
  'node',
  'config',
  'settings',
  'api_url',
  'proxy',
  'dns',
  'tls',
  'connection',
  'clock',
  'discovery',
  'credential_store',
  'sign_in',
  'account',
  'terminal',
];
const wayToBackend = ['dns', 'tls', 'connection', 'clock', 'discovery'];

describe('where everything is in order', () => {
  it('each check is ok, with what it found, and the exit code is 0', async () => {
    const sandbox = await sandboxForTest();
    const { code, err, rows, of, having } = await doctor(await person(sandbox));
    expect(code).toBe(0);
    expect(rows.map(({ check }) => check)).toEqual(order);
    expect(having('skipped')).toEqual(['tls']);
    expect([...having('warn'), ...having('fail')]).toEqual([]);
    expect(rows.filter(({ fix }) => fix !== null)).toEqual([]);
    expect(of('api_url').detail).toBe(`${sandbox.apiUrl} (from REMO_API_URL)`);
    expect(of('discovery').detail).toBe(`${sandbox.issuer} (offers: browser and device code)`);
    expect(of('sign_in').detail).toContain('scopes: openid offline_access remo.read remo.reboot');
    expect(of('account').detail).toContain('hanako.yamada@partner.example');
    expect(err).toBe('Everything that is needed works.\n');
  });

  it('on a terminal each has its mark and its word, and nothing is wider than the terminal', async () => {
    const sandbox = await sandboxForTest();
    for (const lang of ['en', 'ja']) {
      const options = { ...(await person(sandbox)), tty: true, columns: 72 };
      const { code, out } = await remo(['doctor', '--lang', lang], {
        ...options,
        env: { ...options.env, NO_COLOR: '1' },
      });
      expect(code).toBe(0);
      expect(out).toMatch(lang === 'en' ? /^✓ ok {7}Node\.js/ : /^✓ 正常 {2}Node\.js/);
      expect(out).toMatch(lang === 'en' ? /^- skipped {2}Certificate/m : /^- 省略 {2}証明書/m);
      expect(Math.max(...out.split('\n').map(widthOf))).toBeLessThanOrEqual(72);
    }
  });

  it('in a pipe it is TSV, and -o csv and ndjson are what they always are', async () => {
    const sandbox = await sandboxForTest();
    const options = await person(sandbox);
    const tsv = (await remo(['doctor'], options)).out.split('\n').slice(0, -1);
    expect(tsv.map(line => line.split('\t').length)).toEqual(order.map(() => 4));
    expect((await remo(['doctor', '-o', 'csv'], options)).out).toMatch(
      /^check,status,detail,fix\r\nnode,ok,/,
    );
    const [first = ''] = (await remo(['doctor', '-o', 'ndjson'], options)).out.split('\n');
    expect(JSON.parse(first)).toMatchObject({ check: 'node', status: 'ok', fix: null });
  });

  it('with REMO_TOKEN no credential store is looked at', async () => {
    const sandbox = await sandboxForTest();
    const { code, of } = await doctor({ sandbox, env: { REMO_CREDENTIAL_STORE: 'keychain' } });
    expect(code).toBe(0);
    expect(of('credential_store')).toMatchObject({ status: 'skipped', fix: null });
    expect(of('sign_in')).toMatchObject({ status: 'ok' });
    expect(of('account')).toMatchObject({ status: 'ok' });
  });

  it('changes nothing: what was stored is still there, and no probe is left', async () => {
    const sandbox = await sandboxForTest();
    const options = await person(sandbox);
    const before = await options.replacements.credentialStore.read('default');
    await doctor(options);
    expect(await options.replacements.credentialStore.read('default')).toEqual(before);
    expect(sandbox.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});

describe('settings', () => {
  it('without any, the next step is named, in either language', async () => {
    const replacements = { credentialStore: memoryStore() };
    const { code, err, of, having } = await doctor({ replacements });
    expect(code).toBe(2);
    expect(of('config')).toMatchObject({ status: 'ok' });
    expect(of('api_url')).toMatchObject({ status: 'fail' });
    expect(of('api_url').fix).toContain('remo login --api-url');
    expect(having('skipped')).toEqual([...wayToBackend, 'account']);
    for (const check of wayToBackend) expect(of(check).detail).toContain('"Backend address"');
    expect(of('sign_in')).toMatchObject({ status: 'fail', fix: 'Sign in: remo login' });
    expect(err).toBe('2 checks failed. Begin with the first.\n');
    const japanese = await doctor({ replacements }, '--lang', 'ja');
    expect(japanese.of('dns').detail).toBe('「接続先のURL」が正常になってから確認します');
    expect(japanese.err).toContain('2件の異常');
  });

  it('in a broken file are reported; the rest goes on with what flags and environment say', async () => {
    const sandbox = await sandboxForTest();
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'config.json'), '{"profiles": {}\n"x": 1}');
    const { code, of, having } = await doctor({ sandbox, env: { REMO_CONFIG_DIR: folder } });
    expect(code).toBe(2);
    expect(having('fail')).toEqual(['config']);
    expect(of('config').detail).toContain('line 2');
    expect(of('account').status).toBe('ok');
    const alone = await doctor({ env: { REMO_CONFIG_DIR: folder, REMO_TOKEN: 't' } });
    expect(alone.code).toBe(2);
    expect(alone.having('fail')).toEqual(['config']);
    expect(alone.of('dns').detail).toContain('"Settings file"');
  });

  it.each([
    [{ REMO_TIMEOUT: 'soon' }, 'settings', 'REMO_TIMEOUT'],
    [{ REMO_API_URL: 'nonsense' }, 'api_url', 'REMO_API_URL'],
    [{ REMO_API_URL: 'http://remo.example/v1' }, 'api_url', 'Plain http'],
    [{ HTTPS_PROXY: 'socks5://127.0.0.1:9' }, 'proxy', 'HTTPS_PROXY'],
  ])('in the environment that are unusable (%j) are reported', async (env, check, told) => {
    const sandbox = await sandboxForTest();
    const { code, of, having } = await doctor({ sandbox, env });
    expect(code).toBe(2);
    expect(having('fail')).toEqual([check]);
    expect(of(check).detail).toContain(told);
    expect(of('account').status).toBe(check === 'settings' ? 'ok' : 'skipped');
  });

  it('are all named, if several are unusable', async () => {
    const { of } = await doctor({ env: { REMO_TIMEOUT: 'soon', REMO_QUIET: 'perhaps' } });
    expect(of('settings').status).toBe('fail');
    for (const name of ['REMO_TIMEOUT', 'REMO_QUIET']) expect(of('settings').detail).toContain(name);
  });

  it('on the command line that are unusable are bad usage, as everywhere', async () => {
    const { code, out, err } = await remo(['doctor', '-o', 'xml']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('--output: "xml" is not usable.');
  });

  it('of a profile that is not there, and keys that nobody knows, are worth a word', async () => {
    const sandbox = await sandboxForTest();
    const folder = await temporaryFolder();
    const profiles = { east: { api_url: sandbox.apiUrl, colour: 'red' } };
    await writeFile(path.join(folder, 'config.json'), JSON.stringify({ profiles }));
    const misspelt = await doctor({ sandbox, env: { REMO_CONFIG_DIR: folder, REMO_PROFILE: 'eats' } });
    expect(misspelt.code).toBe(0);
    expect(misspelt.of('settings')).toMatchObject({ status: 'warn', fix: expect.stringContaining('east') });
    const known = await doctor({ sandbox, env: { REMO_CONFIG_DIR: folder, REMO_PROFILE: 'east' } });
    expect(known.of('settings')).toMatchObject({ status: 'ok' });
    expect(known.of('config')).toMatchObject({ status: 'warn', detail: expect.stringContaining('colour') });
  });
});

describe('this machine', () => {
  it('has to have a Node.js that package.json names', async () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(manifest.engines.node).toBe(`>=${OLDEST_NODE}`);
    for (const [nodeVersion, status] of [
      ['20.18.0', 'fail'],
      ['18.20.8', 'fail'],
      [OLDEST_NODE, 'ok'],
      ['20.19.0', 'ok'],
      ['26.0.0-pre', 'ok'],
    ]) {
      const { of } = await doctor({ nodeVersion: nodeVersion ?? '' });
      expect(of('node'), nodeVersion).toMatchObject({ status });
    }
  });

  it.each([
    [0, 'ok', 0],
    [-40, 'ok', 0],
    [120, 'warn', 0],
    [-599, 'warn', 0],
    [3600, 'fail', 6],
  ])('has a clock %i s beside the server: %s', async (seconds, status, exit) => {
    const sandbox = await sandboxForTest();
    const clock = { ...systemClock, now: () => Date.now() + seconds * 1000 };
    const { code, of } = await doctor({ sandbox, replacements: { clock } });
    expect(code).toBe(exit);
    expect(of('clock')).toMatchObject({ status });
    if (seconds !== 0) expect(of('clock').detail).toMatch(seconds > 0 ? /ahead of/ : /behind/);
  });

  it.each([
    [{ LANG: 'ja_JP.UTF-8' }, 'linux', true, 'ok'],
    [{ LC_CTYPE: undefined, LANG: 'ja_JP.eucJP' }, 'linux', true, 'warn'],
    [{ LC_CTYPE: undefined, LANG: 'C' }, 'linux', true, 'warn'],
    [{ LC_CTYPE: undefined, LANG: 'C' }, 'linux', false, 'ok'],
    [{ LC_CTYPE: undefined, LANG: undefined }, 'win32', true, 'ok'],
  ] as const)(
    'has a terminal that shows Japanese or not: %j on %s, %s',
    async (env, platform, tty, status) => {
      const { of } = await doctor({ env, platform, tty });
      expect(of('terminal')).toMatchObject({ status });
    },
  );
});

describe('the way to the backend', () => {
  it('ends at a name that nobody knows', async () => {
    const { code, of, having } = await doctor({
      env: { REMO_API_URL: 'https://nowhere.invalid/v1', REMO_TOKEN: 't' },
    });
    expect(code).toBe(6);
    expect(having('fail')).toEqual(['dns']);
    expect(of('dns').detail).toContain('nowhere.invalid');
    for (const check of ['tls', 'connection', 'clock', 'discovery', 'account']) {
      expect(of(check)).toMatchObject({ status: 'skipped', detail: expect.stringContaining('DNS') });
    }
  });

  it('ends at a port where nobody listens', async () => {
    const { code, having } = await doctor({
      env: { REMO_API_URL: 'http://127.0.0.1:9/v1', REMO_TOKEN: 't' },
    });
    expect(code).toBe(6);
    expect(having('fail')).toEqual(['connection']);
  });

  it('ends at a certificate that is not trusted, and who issued it is said', async () => {
    const server = https.createServer(authority('Somebody').issue('localhost'));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const REMO_API_URL = `https://localhost:${port}/v1`;
    const { code, of, having } = await doctor({ env: { REMO_API_URL, REMO_TOKEN: 't' } });
    expect(code).toBe(6);
    expect(having('fail')).toEqual(['tls']);
    expect(of('tls').detail).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE.*issued by Somebody, valid until 20/);
    expect(of('tls').fix).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('is bounded in time where nothing ever answers', async () => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ kind: 'hang', path: /oauth-protected-resource/ });
    const { code, of } = await doctor({ sandbox, env: { REMO_TIMEOUT: '100ms' } });
    expect(code).toBe(6);
    expect(of('connection').detail).toContain('No answer came in time.');
    const fetch = () => new Promise<Response>(() => {});
    const deaf = await doctor({ sandbox, env: { REMO_TIMEOUT: '100ms' }, replacements: { fetch } });
    expect(deaf.code).toBe(6);
    expect(deaf.of('connection')).toMatchObject({ status: 'fail', detail: 'no result after 1 s' });
    expect(deaf.of('sign_in').status).toBe('ok');
  });

  it('without a sign-in server: who has a token can work all the same', async () => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ kind: 'answer', status: 404, path: /oauth-protected-resource/, after: 1 });
    const { code, having } = await doctor({ sandbox });
    expect(code).toBe(6);
    expect(having('fail')).toEqual(['discovery']);
    expect(having('ok')).toContain('account');
  });

  it('leads past the proxy for this machine and what NO_PROXY lists, and its password is not shown', async () => {
    const HTTPS_PROXY = 'http://partner:pa55word-of-proxy@127.0.0.1:9';
    const at = (REMO_API_URL: string, more = {}) =>
      doctor({ env: { REMO_API_URL, REMO_TOKEN: 't', HTTPS_PROXY, ...more } });
    const here = await at('http://127.0.0.1:9/v1');
    expect(here.of('proxy').detail).toBe('not used for 127.0.0.1: that is this machine');
    const exempt = await at('https://nowhere.invalid/v1', { NO_PROXY: 'a.test,.invalid' });
    expect(exempt.of('proxy').detail).toBe('not used for nowhere.invalid: NO_PROXY has ".invalid"');
    expect(exempt.of('dns').status).toBe('fail');
    const through = await at('https://nowhere.invalid/v1');
    expect(through.of('proxy').detail).toBe('http://127.0.0.1:9 (from HTTPS_PROXY, with a user name)');
    expect(through.of('dns').detail).toContain('the proxy itself looks up nowhere.invalid');
    expect(through.of('tls').detail).toContain('The proxy could not be reached');
    expect(through.code).toBe(6);
    for (const { out, err } of [here, exempt, through]) expect(out + err).not.toContain('pa55word');
  });
});

describe('the sign-in', () => {
  const without = (trouble: RemoError<'keychain_unavailable'>['params']['trouble']): CredentialStore => ({
    ...memoryStore(),
    prove: async () => {
      throw new RemoError('keychain_unavailable', { trouble, detail: '', platform: 'linux' });
    },
  });

  it('fails without a store that works; the network is looked at all the same', async () => {
    const sandbox = await sandboxForTest();
    const { code, of, having } = await doctor({
      env: { REMO_API_URL: sandbox.apiUrl },
      replacements: { credentialStore: without('locked') },
    });
    expect(code).toBe(4);
    expect(having('fail')).toEqual(['credential_store']);
    expect(of('credential_store').detail).toContain('locked');
    expect(having('skipped')).toEqual(['tls', 'sign_in', 'account']);
  });

  it('of a program needs no store', async () => {
    const { of } = await doctor({
      env: {
        REMO_CLIENT_ID: 'batch',
        REMO_CLIENT_SECRET: 'secret-of-batch',
        REMO_API_URL: 'http://127.0.0.1:9/v1',
      },
      replacements: { credentialStore: without('no_service') },
    });
    expect(of('credential_store')).toMatchObject({ status: 'warn' });
    expect(of('sign_in')).toMatchObject({ status: 'ok' });
  });

  it('of a program: scopes and end are told, also where no token is kept yet', async () => {
    const sandbox = await sandboxForTest();
    const env = {
      REMO_CLIENT_ID: batchClient.id,
      REMO_CLIENT_SECRET: batchClient.secret,
      REMO_API_URL: sandbox.apiUrl,
    };
    for (const credentialStore of [memoryStore(), without('no_service')]) {
      const { of, code } = await doctor({ env, replacements: { credentialStore } });
      expect(code).toBe(0);
      expect(of('sign_in').detail).toContain('remo.read remo.reboot');
      expect(of('sign_in').detail).toMatch(/\d{4}-\d\d-\d\d/);
    }
  });

  it('of a program that the server does not know is a failure with 4', async () => {
    const sandbox = await sandboxForTest();
    const env = { REMO_CLIENT_ID: 'x', REMO_CLIENT_SECRET: 'wrong', REMO_API_URL: sandbox.apiUrl };
    const { of, code } = await doctor({ env, replacements: { credentialStore: memoryStore() } });
    expect(code).toBe(4);
    expect(of('sign_in')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('REMO_CLIENT_ID'),
    });
  });

  it('that is not there, or has ended, is a failure with 4', async () => {
    const sandbox = await sandboxForTest();
    const nobody = await doctor({
      env: { REMO_API_URL: sandbox.apiUrl },
      replacements: { credentialStore: memoryStore() },
    });
    expect(nobody.code).toBe(4);
    expect(nobody.of('sign_in')).toMatchObject({ status: 'fail', fix: 'Sign in: remo login' });
    expect(nobody.of('account').status).toBe('skipped');
    const ended = await doctor(await person(sandbox, { refreshToken: undefined, expiresAt: Date.now() - 1 }));
    expect(ended.code).toBe(4);
    expect(ended.of('sign_in').detail).toBe('Your session has ended.');
  });

  it('that is not permitted everything is worth a word', async () => {
    const sandbox = await sandboxForTest();
    const { code, of } = await doctor(await person(sandbox, { scope: 'openid remo.read' }));
    expect(code).toBe(0);
    expect(of('sign_in')).toMatchObject({ status: 'warn', fix: expect.stringContaining('remo.reboot') });
  });

  it('that the backend does not take is a failure of the account', async () => {
    const sandbox = await sandboxForTest();
    const { code, having } = await doctor({ sandbox, env: { REMO_TOKEN: 'not-a-good-token' } });
    expect(code).toBe(4);
    expect(having('fail')).toEqual(['account']);
  });

  it('for another backend is a failure with 4', async () => {
    const [one, other] = [await sandboxForTest(), await sandboxForTest()];
    const { replacements } = await person(one);
    const { code, of } = await doctor({ env: { REMO_API_URL: other.apiUrl }, replacements });
    expect(code).toBe(4);
    expect(of('sign_in').detail).toContain(one.apiUrl);
  });
});

it('the first failure decides the exit code', async () => {
  const replacements = { credentialStore: memoryStore() };
  const { code, having } = await doctor({
    env: { REMO_TIMEOUT: 'x', REMO_API_URL: 'http://127.0.0.1:9/v1' },
    replacements,
  });
  expect(having('fail')).toEqual(['settings', 'connection', 'sign_in']);
  expect(code).toBe(2);
});

it('Ctrl-C ends it', async () => {
  const sandbox = await sandboxForTest();
  sandbox.faults.add({ kind: 'hang', path: /oauth-protected-resource/ });
  const { code, err } = await remo(['doctor'], {
    sandbox,
    person: async host => {
      while (sandbox.requests.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
      host.signal('SIGINT');
    },
  });
  expect(code).toBe(130);
  expect(err).toBe('Interrupted.\n');
});

it.each([
  ['in a pipe', { tty: false }],
  ['on a terminal', { tty: true, columns: 120 }],
])(
  'reports a broken settings file and an unusable format %s, without being told a format',
  async (_where, host) => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'config.json'), '{"profiles": {\n');
    const broken = await remo(['doctor'], { ...host, env: { REMO_CONFIG_DIR: folder } });
    expect(broken.code).toBe(2);
    expect(broken.out).toMatch(/line 1, column 15/);
    expect(broken.out.split('\n').length).toBeGreaterThan(10);
    const format = await remo(['doctor'], { ...host, env: { REMO_OUTPUT: 'bad' } });
    expect(format.code).toBe(2);
    expect(format.out).toContain('REMO_OUTPUT');
  },
);
