import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JournalEntry, JournalHeader } from '../../src/reboot/record.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import { folderForTest, type ProgramOptions, remo, soon, startRemo } from '../support/program.js';
import { problems, sandboxForTest } from '../support/sandbox.js';

/** What a person takes for "at once". */
const quick = 1000;

const normalDevice = (sandbox: Sandbox) => sandbox.fleet.device({ status: 'online', behavior: 'normal' }).id;

/** The journals below a home, each as its lines. */
function journals(home: string): [JournalHeader, ...JournalEntry[]][] {
  const folder = path.join(home, '.local/state/remo/batches');
  // A run's lock stands beside its journal.
  const files = readdirSync(folder).filter(name => name.endsWith('.ndjson'));
  return files.map(file =>
    readFileSync(path.join(folder, file), 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line)),
  ) as [JournalHeader, ...JournalEntry[]][];
}

/** The instructions that the backend got. */
const instructions = ({ requests }: Sandbox) => requests.filter(({ method }) => method === 'POST');

describe('an interruption', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s ends a read at once with %i', async (signal, code) => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ kind: 'hang' });
    const running = await startRemo(['customers', 'list'], { sandbox });
    await expect.poll(() => sandbox.requests, soon).toHaveLength(1);
    const ended = await running.endedBy(signal);
    expect(ended).toMatchObject({ code, signal: null, out: '' });
    expect(ended.err).toBe('Interrupted.\n');
    expect(ended.took).toBeLessThan(quick);
  });

  it('ends the wait between two attempts', async () => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ kind: 'answer', ...problems.tooManyRequests('30') });
    const running = await startRemo(['customers', 'list', '--debug'], { sandbox });
    await running.shows(/retry_after_ms=30000/);
    const ended = await running.endedBy('SIGINT');
    expect(ended.code).toBe(130);
    expect(ended.took).toBeLessThan(quick);
  });

  it('ends a listing whose first pages are out, and leaves whole lines', async () => {
    const sandbox = await sandboxForTest({ customers: 1000 });
    sandbox.faults.add({ kind: 'hang', path: /[?&]page=7(&|$)/ });
    const running = await startRemo(['customers', 'list'], { sandbox });
    await expect.poll(() => running.out.split('\n').length, soon).toBe(601);
    const { code, out, took } = await running.endedBy('SIGTERM');
    expect(code).toBe(143);
    expect(out).toMatch(/\n$/);
    expect(took).toBeLessThan(quick);
  });

  it('ends waiting for a device: the journal says that the reboot was accepted, and that the run ended', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 600 });
    const id = normalDevice(sandbox);
    const running = await startRemo(['devices', 'reboot', id, '--yes', '--wait', '-o', 'json'], { sandbox });
    // Two looks after the instruction: it waits.
    const looks = () => sandbox.requests.slice(sandbox.requests.findIndex(({ method }) => method === 'POST'));
    await expect.poll(() => instructions(sandbox).length && looks().length, soon).toBeGreaterThan(1);
    const { code, out, took } = await running.endedBy('SIGINT');
    expect(code).toBe(130);
    expect(took).toBeLessThan(quick);
    expect(JSON.parse(out)).toMatchObject([{ device_id: id, outcome: 'accepted' }]);
    const [[header, intent, accepted, end, ...rest] = []] = journals(running.folder);
    expect(header).toMatchObject({ type: 'header', devices: [{ device_id: id }] });
    expect(intent).toMatchObject({ type: 'intent', device_id: id });
    expect(accepted).toMatchObject({ type: 'accepted', device_id: id, reboot_id: sandbox.reboots[0]?.id });
    expect(end).toMatchObject({ type: 'end', stopped_by: 'interrupted' });
    expect(rest).toEqual([]);
  });

  it('does not leave an instruction without its answer', async () => {
    const sandbox = await sandboxForTest();
    const id = normalDevice(sandbox);
    sandbox.faults.add({ kind: 'delay', ms: 400, method: 'POST' });
    const running = await startRemo(['devices', 'reboot', id, '--yes', '-o', 'json'], { sandbox });
    await expect.poll(() => instructions(sandbox), soon).toHaveLength(1);
    const { code, out } = await running.endedBy('SIGINT');
    expect(code).toBe(130);
    expect(JSON.parse(out)).toMatchObject([{ outcome: 'accepted' }]);
    expect(journals(running.folder)[0]?.map(({ type }) => type)).toEqual([
      'header',
      'intent',
      'accepted',
      'end',
    ]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('by a second %s is final, even then', async signal => {
    const sandbox = await sandboxForTest();
    const id = normalDevice(sandbox);
    sandbox.faults.add({ kind: 'hang', method: 'POST' });
    const running = await startRemo(['devices', 'reboot', id, '--yes'], { sandbox });
    await expect.poll(() => instructions(sandbox), soon).toHaveLength(1);
    running.kill(signal);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(running.child.exitCode ?? running.child.signalCode).toBeNull();
    // Signals that come together are one: on a busy machine the first may not have been heard yet.
    const again = () => running.child.kill(signal) && running.child.signalCode;
    await expect.poll(again, { timeout: 5_000, interval: 200 }).toBe(false);
    // Ended by the signal itself, which a shell shows as 130 or 143.
    expect(await running.ended).toMatchObject({ code: null, signal });
  });

  it('ends a sign-in, whatever it waits for', async () => {
    const env = (sandbox: Sandbox) => ({ REMO_API_URL: sandbox.apiUrl });
    const [waiting, discovering] = [await sandboxForTest({ pollSeconds: 30 }), await sandboxForTest()];
    discovering.faults.add({ kind: 'hang' });
    const withCode = await startRemo(['login', '--device'], { env: env(waiting) });
    await withCode.shows(/enter the code/);
    const early = await startRemo(['login', '--device'], { env: env(discovering) });
    await expect.poll(() => discovering.requests, soon).toHaveLength(1);
    for (const running of [withCode, early]) {
      const ended = await running.endedBy('SIGINT');
      expect(ended).toMatchObject({ code: 130, out: '' });
      expect(ended.took).toBeLessThan(quick);
    }
  });

  it('before anything was sent reboots nothing', async () => {
    const sandbox = await sandboxForTest();
    const id = normalDevice(sandbox);
    sandbox.faults.add({ kind: 'hang', path: new RegExp(`/devices/${id}$`) });
    const running = await startRemo(['devices', 'reboot', id, '--yes'], { sandbox });
    // Beside it the account is asked for: who is it that reboots.
    const looks = () => sandbox.requests.filter(({ path }) => path.endsWith(`/devices/${id}`));
    await expect.poll(looks, soon).toHaveLength(1);
    expect(await running.endedBy('SIGINT')).toMatchObject({ code: 130, out: '' });
    expect(instructions(sandbox)).toEqual([]);
  });
});

describe('SIGKILL', () => {
  it('right after the instruction has left finds its key in the journal', async () => {
    const sandbox = await sandboxForTest();
    const id = normalDevice(sandbox);
    sandbox.faults.add({ kind: 'hang', method: 'POST' });
    const running = await startRemo(['devices', 'reboot', id, '--yes', '--reason', '映像なし'], { sandbox });
    await expect.poll(() => instructions(sandbox), soon).toHaveLength(1);
    expect(await running.endedBy('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    const [[header, intent, ...rest] = []] = journals(running.folder);
    expect(header).toMatchObject({ type: 'header', reason: '映像なし', api_url: sandbox.apiUrl });
    const key = instructions(sandbox)[0]?.headers['idempotency-key'];
    expect(key).toMatch(/.{16,}/);
    expect(intent).toMatchObject({ type: 'intent', device_id: id, key });
    expect(rest).toEqual([]);
  });

  it('has nothing to lose to a power cut: the journal was flushed to the disk before the instruction left', async () => {
    const sandbox = await sandboxForTest();
    const id = normalDevice(sandbox);
    const log = path.join(folderForTest(), 'log');
    const observer = new URL('../support/observe-disk.cjs', import.meta.url).pathname;
    const env = { NODE_OPTIONS: `--require="${observer}"`, OBSERVED: log };
    const ended = await remo(['devices', 'reboot', id, '--yes'], { sandbox, env });
    expect(ended.code).toBe(0);
    const events = readFileSync(log, 'utf8').trimEnd().split('\n');
    const sent = events.indexOf('request POST');
    expect(sent).toBeGreaterThan(0);
    // The header, the folder that names the file, the intent.
    expect(events.slice(0, sent).filter(event => event !== 'request GET')).toEqual([
      'write header',
      'datasync',
      'sync',
      'write intent',
      'datasync',
    ]);
    expect(events.slice(sent + 1)).toEqual(['write accepted', 'datasync', 'write end', 'datasync']);
  });
});

describe('the exit code', () => {
  type Case = [
    code: number,
    what: string,
    argv: (sandbox: Sandbox) => string[],
    prepare?: ((sandbox: Sandbox) => void) | undefined,
    env?: ProgramOptions['env'],
  ];
  const getsStuck = ({ fleet }: Sandbox) => {
    fleet.device({ status: 'online', behavior: 'normal' }).behavior = 'stuck';
  };
  const stuckDevice = ({ fleet }: Sandbox) => fleet.device({ behavior: 'stuck' }).id;
  const failingDevice = ({ fleet }: Sandbox) => fleet.device({ behavior: 'fails' }).id;
  const cases: Case[] = [
    [0, 'all done', sandbox => ['devices', 'reboot', normalDevice(sandbox), '--yes', '--wait']],
    [2, 'bad usage', () => ['customers', 'list', '--page', '0']],
    [2, 'bad input', () => ['customers', 'list', '--email', '']],
    [
      3,
      'a device that fails to reboot',
      sandbox => ['devices', 'reboot', failingDevice(sandbox), '--yes', '--wait'],
    ],
    [
      3,
      'a device that is offline',
      ({ fleet }) => ['devices', 'reboot', fleet.device({ status: 'offline' }).id, '--yes'],
    ],
    [4, 'nobody signed in', () => ['whoami'], undefined, { REMO_TOKEN: undefined }],
    [4, 'a token that is not good', () => ['whoami'], undefined, { REMO_TOKEN: 'wrong' }],
    [
      4,
      'not permitted',
      () => ['customers', 'list'],
      ({ faults }) => faults.add({ kind: 'answer', ...problems.forbidden() }),
    ],
    [5, 'no such customer', () => ['devices', 'show', 'nobody@example.jp']],
    [5, 'an address that names several', () => ['devices', 'show', 'example.jp']],
    [5, 'no such device', () => ['devices', 'reboot', 'dev_nothing', '--yes']],
    [
      6,
      'a backend that fails',
      () => ['whoami'],
      ({ faults }) => faults.add({ kind: 'answer', times: 5, ...problems.internal() }),
    ],
    [
      6,
      'an answer that is not the contract’s',
      () => ['whoami'],
      ({ faults }) => faults.add({ kind: 'alter', change: () => ({ name: 1 }) }),
    ],
    [7, 'a confirmation that nobody can give', sandbox => ['devices', 'reboot', normalDevice(sandbox)]],
    [
      8,
      'a device that did not come back in time',
      sandbox => ['devices', 'reboot', stuckDevice(sandbox), '--yes', '--wait=200ms'],
      getsStuck,
    ],
    [
      8,
      'one such device beside one that failed',
      sandbox => ['devices', 'reboot', failingDevice(sandbox), stuckDevice(sandbox), '--yes', '--wait=200ms'],
      getsStuck,
    ],
  ];

  it.each(cases)('%i: %s', async (code, _what, argv, prepare, env) => {
    const sandbox = await sandboxForTest();
    prepare?.(sandbox);
    const ended = await remo([...argv(sandbox), '-o', 'json'], { sandbox, ...(env ? { env } : {}) });
    expect(ended).toMatchObject({ code, signal: null });
    // Only what runs to its end has data; everything else says why, for a person and for a program.
    if ([0, 3, 8].includes(code)) {
      expect(JSON.parse(ended.out).length).toBeGreaterThan(0);
    } else {
      expect(ended.out).toBe('');
      const [last = ''] = ended.err.trimEnd().split('\n').slice(-1);
      expect(JSON.parse(last)).toMatchObject({ error: { exit_code: code } });
      expect(ended.err.split('\n').length).toBeGreaterThan(2);
    }
    expect(ended.err).not.toContain('    at ');
  });
});

describe('a secret', () => {
  it('is never shown, whatever goes wrong, not even with --debug', async () => {
    const sandbox = await sandboxForTest({ autoApprove: true });
    const folder = folderForTest();
    const signIn = await remo(['login', '--device', '--debug'], {
      folder,
      env: { REMO_API_URL: sandbox.apiUrl },
    });
    expect(signIn.code).toBe(0);
    const stored = path.join(folder, '.local/state/remo/credentials/default.json');
    const credential = () => JSON.parse(readFileSync(stored, 'utf8'));
    const first = credential();
    // The next command has to renew.
    sandbox.revokeAccessTokens();
    const renewed = await remo(['whoami', '--debug', '-o', 'json'], { folder });
    expect(renewed.code).toBe(0);
    const second = credential();
    expect(second.accessToken).not.toBe(first.accessToken);

    const { accessToken } = await sandbox.issueToken();
    const env = { REMO_API_URL: sandbox.apiUrl, REMO_TOKEN: accessToken };
    const id = normalDevice(sandbox);
    sandbox.faults.add({ kind: 'answer', ...problems.html(501), path: /\/customers\?/ });
    // Twice: a reboot asks for the account as well, and goes on without it.
    sandbox.faults.add({ kind: 'cut', path: /\/account$/, times: 2 });
    const runs = await Promise.all(
      [['whoami'], ['customers', 'list'], ['devices', 'reboot', id, '--yes', '--wait']].map(argv =>
        remo([...argv, '--debug', '-o', 'json'], { env }),
      ),
    );
    expect(runs.map(({ code }) => code)).toEqual([6, 6, 0]);
    const signedOut = await remo(['logout', '--debug'], { folder });
    expect(signedOut.code).toBe(0);

    const secrets = [first, second].flatMap(one => [one.accessToken, one.refreshToken]).concat(accessToken);
    const said = [signIn, renewed, ...runs, signedOut].map(({ out, err }) => out + err).join('\n');
    expect(said).toContain(`debug: GET ${sandbox.apiUrl}/account`);
    for (const secret of secrets) {
      expect(secret).toMatch(/.{20,}/);
      expect(said).not.toContain(secret);
    }
    expect(said).not.toMatch(/bearer/i);
  });
});

describe('the process', () => {
  it('ends when its command has ended: no connection and no timer holds it', async () => {
    const sandbox = await sandboxForTest({ autoApprove: true });
    const id = normalDevice(sandbox);
    const commands = [
      ['login', '--device'],
      ['customers', 'list'],
      ['devices', 'status', id],
      ['devices', 'reboot', id, '--yes', '--wait'],
    ];
    for (const argv of commands) {
      const { code, lingered } = await remo(argv, { sandbox });
      expect(code).toBe(0);
      expect(lingered).toBeLessThan(quick);
    }
  });

  it('gives a backend up that takes connections and never answers', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await expect.poll(() => server.listening, soon).toBe(true);
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const env = { REMO_API_URL: `http://127.0.0.1:${port}/partner/v1`, REMO_TOKEN: 'token' };
    const [read, signIn] = await Promise.all([
      remo(['customers', 'list', '--timeout', '500ms', '--debug'], { env }),
      remo(['login', '--device', '--timeout', '500ms'], { env: { ...env, REMO_TOKEN: undefined } }),
    ]);
    for (const ended of [read, signIn]) {
      expect(ended).toMatchObject({ code: 6, out: '' });
      expect(ended.err).toContain('127.0.0.1');
      expect(ended.lingered).toBeLessThan(quick);
    }
    expect(read.err).toContain('No answer came in time.');
    // Each attempt took its half second and no more.
    const attempts = [...read.err.matchAll(/^debug: .* ms=(\d+)/gm)].map(([, ms]) => Number(ms));
    expect(attempts).toHaveLength(3);
    for (const ms of attempts) expect(Math.abs(ms - 500)).toBeLessThan(300);
  });
});
