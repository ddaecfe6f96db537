import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.js';
import { fakeClock } from '../../support/clock.js';
import type { FakeHost } from '../../support/host.js';
import { remo } from '../../support/run.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';

interface Result {
  device_id: string;
  outcome: string;
  reason: string | null;
  detail: string;
  reboot_id: string | null;
  booted_before: string | null;
  booted_at: string | null;
  idempotency_key: string | null;
  batch_id: string;
}

const warning = [
  'Video from a rebooted device may not be viewable from the service for a while.',
  'contact the owner and ask them to sign in again.',
];
/** The customer whose owner is signed in, with an entrance camera. */
const caller = (sandbox: Sandbox) => {
  const { id: customer_id } = sandbox.fleet.customer('sakura@example.jp');
  return sandbox.fleet.device({ customer_id, status: 'online' });
};
const posts = (sandbox: Sandbox) => sandbox.requests.filter(({ method }) => method === 'POST');
const journal = async (folder: string) => {
  const [file = ''] = await readdir(path.join(folder, 'batches'));
  const text = await readFile(path.join(folder, 'batches', file), 'utf8');
  return text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);
};
const answering =
  (...keys: string[]) =>
  async (host: FakeHost) => {
    await host.shown('Reboot 1 device?');
    for (const key of keys) host.type(key);
  };

describe('remo devices reboot on a terminal', () => {
  it('shows device, customer, sign-in and both halves of the warning, then asks', async () => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    const { code, err, out } = await remo(['devices', 'reboot', id], {
      sandbox,
      tty: true,
      columns: 160,
      person: answering('y', '\r'),
    });
    expect(code).toBe(0);
    for (const told of [...warning, '正面入口', id, 'さくら商店', 'sakura@example.jp', 'signed in now'])
      expect(err).toContain(told);
    expect(out).toContain('accepted');
    expect(sandbox.rebootCount(id)).toBe(1);
  });

  it.each([
    ['Enter', ['\r']],
    ['n', ['n', '\r']],
    ['nonsense', ['maybe', '\r']],
    ['Ctrl-D', ['\x04']],
  ])('takes %s for a no: 7, nothing sent, nothing in the journal', async (_what, keys) => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    const { code, out, folder } = await remo(['devices', 'reboot', id], {
      sandbox,
      tty: true,
      person: answering(...keys),
    });
    expect({ code, out }).toEqual({ code: 7, out: '' });
    expect(posts(sandbox)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('with Ctrl-C at the question ends with 130, with TERM with 143, and sends nothing', async () => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    expect(
      await remo(['devices', 'reboot', id], { sandbox, tty: true, person: answering('\x03') }),
    ).toMatchObject({ code: 130 });
    const person = async (host: FakeHost) => {
      await host.shown('Reboot 1 device?');
      host.signal('SIGTERM');
    };
    expect(await remo(['devices', 'reboot', id], { sandbox, tty: true, person })).toMatchObject({
      code: 143,
    });
    expect(posts(sandbox)).toEqual([]);
  });

  it('does not ask about a device that is offline: nothing would be sent', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.device({ status: 'offline' });
    const { code, out, err } = await remo(['devices', 'reboot', id, '-o', 'json'], { sandbox, tty: true });
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject([{ outcome: 'skipped', reason: 'offline' }]);
    expect(err).toContain('No device to reboot; nothing was sent.');
    expect(err).not.toContain(warning[0]);
    expect(posts(sandbox)).toEqual([]);
  });

  it('in Japanese warns, asks and reports in Japanese', async () => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    const { code, out, err } = await remo(['devices', 'reboot', id, '--lang', 'ja'], {
      sandbox,
      tty: true,
      columns: 160,
      person: async host => {
        await host.shown('1台の機器を再起動しますか。');
        host.type('y');
        host.type('\r');
      },
    });
    expect(code).toBe(0);
    expect(err).toContain('再ログインしていただくようお伝えください');
    expect(out).toContain('受付済み');
  });
});

describe('remo devices reboot in a script', () => {
  it.each([
    { tty: false },
    { tty: true, env: { CI: 'true' } },
    { tty: { stdin: false, stdout: true, stderr: true } },
  ])('without --yes does nothing, names --yes and ends with 7 (%j)', async host => {
    const sandbox = await sandboxForTest();
    const { code, err, out } = await remo(['devices', 'reboot', caller(sandbox).id], { sandbox, ...host });
    expect({ code, out }).toEqual({ code: 7, out: '' });
    expect(err).toContain('--yes');
    expect(sandbox.requests).toEqual([]);
  });

  it('with --no-input on a terminal does not ask either', async () => {
    const sandbox = await sandboxForTest();
    expect(
      await remo(['devices', 'reboot', caller(sandbox).id, '--no-input'], { sandbox, tty: true }),
    ).toMatchObject({ code: 7 });
  });

  it('with --yes warns all the same, sends one POST with a key, and reports', async () => {
    const sandbox = await sandboxForTest();
    const device = caller(sandbox);
    const { code, json, err } = await remo(
      ['devices', 'reboot', device.id, '--yes', '--reason', 'frozen', '-o', 'json'],
      { sandbox },
    );
    expect(code).toBe(0);
    for (const half of warning) expect(err).toContain(half);
    const [result] = json<Result[]>();
    expect(result).toMatchObject({
      device_id: device.id,
      outcome: 'accepted',
      reason: null,
      booted_before: device.booted_at,
    });
    expect(posts(sandbox)).toHaveLength(1);
    expect(posts(sandbox)[0]?.headers['idempotency-key']).toBe(result?.idempotency_key);
    expect(sandbox.reboots).toMatchObject([{ id: result?.reboot_id, reason: 'frozen' }]);
  });

  it('asks the backend who it is, for the device, its last reboot and its owner, and for nothing else', async () => {
    const sandbox = await sandboxForTest();
    const { id, customer_id } = caller(sandbox);
    await remo(['devices', 'reboot', id, '--yes'], { sandbox });
    const asked = sandbox.requests.map(({ method, path: where }) => `${method} ${where}`);
    expect(asked.at(-1)).toBe(`POST /partner/v1/devices/${id}/reboots`);
    expect(asked.toSorted()).toEqual([
      'GET /partner/v1/account',
      `GET /partner/v1/customers/${customer_id}`,
      `GET /partner/v1/devices/${id}`,
      `GET /partner/v1/devices/${id}/reboots?page=1&per_page=10`,
      `POST /partner/v1/devices/${id}/reboots`,
    ]);
  });

  it('writes the intent with the key before it sends, then what came of it', async () => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    const { folder, json } = await remo(['devices', 'reboot', id, '--yes', '--wait', '-o', 'json'], {
      sandbox,
    });
    const [result] = json<Result[]>();
    const key = result?.idempotency_key;
    expect(await journal(folder)).toMatchObject([
      {
        type: 'header',
        batch_id: result?.batch_id,
        profile: 'default',
        api_url: sandbox.apiUrl,
        devices: [{ device_id: id }],
      },
      { type: 'intent', device_id: id, key },
      { type: 'accepted', device_id: id, key, reboot_id: result?.reboot_id },
      { type: 'rebooted', device_id: id, key, booted_at: result?.booted_at },
      { type: 'end', stopped_by: null },
    ]);
  });

  it('with --wait ends when the device is back with a later boot, and says how long it took', async () => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    const { code, json } = await remo(['devices', 'reboot', '--wait', id, '--yes', '-o', 'json'], {
      sandbox,
    });
    expect(code).toBe(0);
    const [result] = json<Result[]>();
    expect(result).toMatchObject({
      outcome: 'rebooted',
      detail: expect.stringMatching(/Back online after \d+ seconds?\./),
    });
    expect(Date.parse(result?.booted_at ?? '')).toBeGreaterThan(Date.parse(result?.booted_before ?? ''));
  });

  it('names whom to contact: those signed in, or who may have been', async () => {
    const sandbox = await sandboxForTest();
    const unknown = sandbox.fleet.customer('minato@example.com');
    const signedOut = sandbox.fleet.customer('sakura-umeda@example.jp');
    const online = (customer_id: string) =>
      sandbox.fleet.device({ customer_id, status: 'online', behavior: 'normal' }).id;
    const ids = [caller(sandbox).id, online(unknown.id), online(signedOut.id)];
    const { err } = await remo(['devices', 'reboot', ...ids, '--yes'], { sandbox });
    const [, contacts = ''] = err.split('Please contact these customers');
    expect(contacts).toContain('<sakura@example.jp> — was signed in');
    expect(contacts).toContain('<minato@example.com> — may have been signed in');
    expect(contacts).not.toContain('sakura-umeda');
  });

  it('with --dry-run shows the plan as data and sends nothing', async () => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    const offline = sandbox.fleet.device({ status: 'offline' });
    const { code, json, err, folder } = await remo(
      ['devices', 'reboot', id, offline.id, '--dry-run', '-o', 'json'],
      { sandbox },
    );
    expect(code).toBe(0);
    expect(json()).toMatchObject([
      { device_id: id, action: 'reboot', owner_signed_in: true },
      { device_id: offline.id, action: 'skip', reason: 'offline' },
    ]);
    for (const half of warning) expect(err).toContain(half);
    expect(posts(sandbox)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['dev_nope', 'a/b', '..', 'a?b', 'カメラ', 'x\ny'])(
    'of an unknown device (%j) exits 5 and sends nothing',
    async id => {
      const sandbox = await sandboxForTest();
      const { code, out, err } = await remo(['devices', 'reboot', caller(sandbox).id, id, '--yes'], {
        sandbox,
      });
      expect({ code, out }).toEqual({ code: 5, out: '' });
      expect(err).toContain(id.replace('\n', ' '));
      expect(posts(sandbox)).toEqual([]);
    },
  );

  it.each([
    [['']],
    [['dev_1', '--reason', '']],
    [['dev_1', '--reason', 'x'.repeat(501)]],
    [['dev_1', '--reason', 'two\nlines']],
    [['dev_1', '--reason', 'red \x1b[31m']],
    [['dev_1', '--wait=soon']],
    [['dev_1', '--wait=0']],
    [[]],
  ])('with bad input %j ends with 2 and asks nobody', async words => {
    const sandbox = await sandboxForTest();
    expect(await remo(['devices', 'reboot', '--yes', ...words], { sandbox })).toMatchObject({
      code: 2,
      out: '',
    });
    expect(sandbox.requests).toEqual([]);
  });

  it('counts the characters of a reason as the contract does, a rare one as one', async () => {
    const sandbox = await sandboxForTest();
    const reason = '𠮟'.repeat(500);
    const argv = ['devices', 'reboot', caller(sandbox).id, '--yes', '--reason'];
    expect((await remo([...argv, reason], { sandbox })).code).toBe(0);
    expect(sandbox.reboots).toMatchObject([{ reason }]);
    expect((await remo([...argv, `${reason}𠮟`], { sandbox })).code).toBe(2);
  });

  it('sends nothing when the journal can not be written, and says where', async () => {
    const sandbox = await sandboxForTest();
    const state = path.join((await remo(['--version'])).folder, 'not-a-folder');
    await writeFile(state, '');
    const { code, err } = await remo(['devices', 'reboot', caller(sandbox).id, '--yes'], {
      sandbox,
      env: { REMO_STATE_DIR: state },
    });
    expect(code).toBe(2);
    expect(err).toContain(state);
    expect(posts(sandbox)).toEqual([]);
  });
});

describe('remo devices reboot when things go wrong', () => {
  const reboot = (sandbox: Sandbox, id: string, ...flags: string[]) =>
    remo(['devices', 'reboot', id, '--yes', '-o', 'json', ...flags], {
      sandbox,
      replacements: { clock: fakeClock(Date.now()) },
    });
  const POST = { method: 'POST', path: /\/reboots$/ } as const;

  it.each([
    ['the answer is lost', { kind: 'lose' }],
    ['the connection drops', { kind: 'drop' }],
    ['the answer is cut off', { kind: 'cut' }],
    ['the answer breaks off', { kind: 'break' }],
    ['the backend has an internal error', { kind: 'answer', ...problems.internal() }],
    ['a gateway answers', { kind: 'answer', ...problems.html(504) }],
    ['there are too many requests', { kind: 'answer', ...problems.tooManyRequests('1') }],
    ['the backend is briefly away', { kind: 'answer', ...problems.unavailable() }],
  ] as const)('still reboots once when %s, once', async (_what, fault) => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    sandbox.faults.add({ ...POST, ...fault });
    const { code, json } = await reboot(sandbox, id);
    expect(json<Result[]>()).toMatchObject([{ outcome: 'accepted' }]);
    expect(code).toBe(0);
    expect(sandbox.rebootCount(id)).toBe(1);
    const keys = new Set(posts(sandbox).map(({ headers }) => headers['idempotency-key']));
    expect(keys.size).toBe(1);
  });

  it('finds its reboot by the key when no answer ever comes back', async () => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    sandbox.faults.add({ ...POST, kind: 'lose', times: 5 });
    const { code, json } = await reboot(sandbox, id);
    expect(code).toBe(0);
    expect(json<Result[]>()).toMatchObject([{ outcome: 'accepted', reboot_id: sandbox.reboots[0]?.id }]);
    expect(sandbox.rebootCount(id)).toBe(1);
  });

  it('says unknown, and what to do, when even asking again gets no answer', async () => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    sandbox.faults.add({ path: /\/reboots/, kind: 'drop', times: 10 });
    const { code, json, err } = await reboot(sandbox, id);
    expect(code).toBe(8);
    expect(json<Result[]>()).toMatchObject([{ outcome: 'unknown', reason: 'network' }]);
    expect(err).toContain(`Check before you reboot it again: remo devices status ${id}`);
    expect(err).not.toContain('Try again');
    expect(err).not.toContain('try again');
  });

  it.each([
    [
      '429 for ever',
      { kind: 'answer', times: 5, ...problems.tooManyRequests() },
      'not_attempted',
      'rate_limited',
      6,
    ],
    ['500 for ever', { kind: 'answer', times: 5, ...problems.internal() }, 'failed', 'server_error', 3],
    ['403', { kind: 'answer', ...problems.forbidden() }, 'failed', 'forbidden', 4],
  ] as const)('reports %s as what it is', async (_what, fault, outcome, reason, exit) => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    sandbox.faults.add({ ...POST, ...fault });
    const { code, json } = await reboot(sandbox, id);
    expect(json<Result[]>()).toMatchObject([{ outcome, reason }]);
    expect(code).toBe(exit);
    expect(sandbox.rebootCount(id)).toBe(0);
  });

  it("skips a device in somebody else's reboot, with that reboot's id", async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 60 });
    const { id } = caller(sandbox);
    await reboot(sandbox, id);
    const { code, json } = await reboot(sandbox, id);
    expect(code).toBe(3);
    expect(json<Result[]>()).toMatchObject([
      { outcome: 'skipped', reason: 'already_rebooting', reboot_id: expect.stringMatching(/^reb_/) },
    ]);
    expect(sandbox.rebootCount(id)).toBe(1);
  });

  it('skips a device that went offline after the look-up', async () => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    const body = { type: 'about:blank', title: 'offline', status: 409, code: 'device_offline' };
    sandbox.faults.add({ ...POST, kind: 'answer', status: 409, body });
    const { code, json } = await reboot(sandbox, id);
    expect(code).toBe(3);
    expect(json<Result[]>()).toMatchObject([{ outcome: 'skipped', reason: 'offline' }]);
  });

  it('reports a reboot that the device did not carry out as failed, with the reason', async () => {
    const clock = fakeClock(Date.now());
    const sandbox = await sandboxForTest({ now: () => clock.now() });
    const { id } = sandbox.fleet.device({ behavior: 'fails' });
    const { code, json } = await remo(['devices', 'reboot', id, '--yes', '--wait', '-o', 'json'], {
      sandbox,
      replacements: { clock },
    });
    expect(code).toBe(3);
    expect(json<Result[]>()).toMatchObject([
      { outcome: 'failed', reason: 'reboot_failed', detail: expect.stringMatching(/^The reboot failed: ./) },
    ]);
  });

  it('reports a device that does not come back in time as unknown', async () => {
    const clock = fakeClock(Date.now());
    const sandbox = await sandboxForTest({ now: () => clock.now() });
    const device = caller(sandbox);
    device.behavior = 'stuck';
    const { code, json } = await remo(['devices', 'reboot', device.id, '--yes', '--wait=2m', '-o', 'json'], {
      sandbox,
      replacements: { clock },
    });
    expect(code).toBe(8);
    expect(json<Result[]>()).toMatchObject([
      { outcome: 'unknown', reason: 'not_back', detail: expect.stringContaining('120 seconds') },
    ]);
  });

  it('interrupted while waiting says that the instruction was given, and ends with 130', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 60 });
    const { id } = caller(sandbox);
    const { code, json, folder } = await remo(['devices', 'reboot', id, '--yes', '--wait', '-o', 'json'], {
      sandbox,
      person: async host => {
        while (sandbox.rebootCount(id) === 0) await new Promise(resolve => setTimeout(resolve, 5));
        await new Promise(resolve => setTimeout(resolve, 50));
        host.signal('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(json<Result[]>()).toMatchObject([{ outcome: 'accepted', reason: 'wait_interrupted' }]);
    expect((await journal(folder)).at(-1)).toMatchObject({ type: 'end', stopped_by: 'interrupted' });
  });

  it('whose report nobody reads any more keeps the exit code of the outcome', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.device({ status: 'offline' });
    const { code } = await remo(['devices', 'reboot', id, '--yes'], {
      sandbox,
      person: async host => host.stdout.breakWith('EPIPE'),
    });
    expect(code).toBe(3);
  });

  it('whose report can not be written tells the outcome on stderr', async () => {
    const sandbox = await sandboxForTest();
    const { id } = caller(sandbox);
    const { code, err } = await remo(['devices', 'reboot', id, '--yes', '-o', 'json'], {
      sandbox,
      // Full from the moment the instruction has been taken.
      person: async host => {
        while (sandbox.rebootCount(id) === 0) await new Promise(resolve => setImmediate(resolve));
        host.stdout.breakWith('ENOSPC');
      },
    });
    expect(code).toBe(1);
    expect(err).toContain(`(${id}): ✓ accepted: The instruction was given.`);
    expect(err).toContain('Writing the output failed');
    expect(err).toContain('sakura@example.jp');
  });
});
