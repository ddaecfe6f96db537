import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRecord } from '../../src/reboot/record.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import {
  ageLock,
  cameras,
  instructions,
  journalFiles,
  linesOf,
  nameOfRun,
  stateBelow,
} from '../support/batches.js';
import {
  type Ended,
  folderForTest,
  type ProgramOptions,
  program,
  programEnv,
  type Running,
  remo,
  shell,
  soon,
  startRemo,
} from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';
import { Screen, whyNoTerminal } from '../terminal/tmux.js';

interface Result {
  device_id: string;
  outcome: string;
  reason: string | null;
  detail: string;
  reboot_id: string | null;
}
const resultsOf = ({ out }: Ended) => JSON.parse(out) as Result[];
const onlyJournal = (home: string) => journalFiles(home)[0] ?? '';
const resume = (journal: string, options: ProgramOptions) =>
  startRemo(['batches', 'resume', nameOfRun(journal), '--yes', '-o', 'json'], options);

function expectEachOnce(sandbox: Sandbox, ids: readonly string[]): void {
  const counts = ids.map(id => [id, sandbox.rebootCount(id)]);
  expect(counts).toEqual(ids.map(id => [id, 1]));
}

/** Starts a run and waits until the backend has got so many of its instructions. */
async function startBatch(
  sandbox: Sandbox,
  ids: readonly string[],
  {
    after = 1,
    flags = ['--wait=30s'],
    ...options
  }: ProgramOptions & { after?: number; flags?: string[] } = {},
): Promise<Running> {
  const running = await startRemo(['devices', 'reboot', ...ids, '--yes', '-o', 'json', ...flags], {
    sandbox,
    ...options,
  });
  await expect.poll(() => instructions(sandbox).length, soon).toBeGreaterThanOrEqual(after);
  return running;
}

/** A run whose process was killed after its first instruction, long enough ago. */
async function killedBatch(sandbox: Sandbox, ids: readonly string[]) {
  const running = await startBatch(sandbox, ids);
  await running.endedBy('SIGKILL');
  const journal = onlyJournal(running.folder);
  ageLock(journal);
  return { journal, folder: running.folder };
}

describe('two processes that go on with one run at once', () => {
  it('reboot each device once: one does the work, the other finds it done', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.3 });
    const ids = cameras(sandbox, 2);
    const { journal, folder } = await killedBatch(sandbox, ids);
    const both = await Promise.all([
      resume(journal, { sandbox, folder }),
      resume(journal, { sandbox, folder }),
    ]);
    const ended = await Promise.all(both.map(running => running.ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(ended.filter(({ err }) => err.includes('there is nothing to resume'))).toHaveLength(1);
    expectEachOnce(sandbox, ids);
    expect((await readRecord(journal)).devices.map(({ outcome }) => outcome)).toEqual(
      ids.map(() => 'rebooted'),
    );
  });

  it('for long: one works, the other gives up and says why; a killed one is replaced after ten seconds', async () => {
    const [busy, dead] = [await sandboxForTest({ bootSeconds: 600 }), await sandboxForTest()];
    const first = await startBatch(busy, cameras(busy, 2));
    const inUse = async () => {
      const journal = onlyJournal(first.folder);
      const second = await (await resume(journal, { sandbox: busy, folder: first.folder })).ended;
      expect(second).toMatchObject({ code: 2, out: '' });
      expect(second.err).toContain(`Another process is working on the run ${nameOfRun(journal)}.`);
      expect(instructions(busy)).toHaveLength(1);
    };
    const ids = cameras(dead, 2);
    const replaced = async () => {
      const killed = await startBatch(dead, ids);
      await killed.endedBy('SIGKILL');
      const started = Date.now();
      const { folder } = killed;
      const ended = await (await resume(onlyJournal(folder), { sandbox: dead, folder })).ended;
      expect(ended.code).toBe(0);
      expect(Date.now() - started).toBeGreaterThan(7_000);
    };
    await Promise.all([inUse(), replaced()]);
    expectEachOnce(dead, ids);
    first.kill('SIGKILL');
  }, 40_000);
});

describe('two runs on the same devices at once', () => {
  it.each([
    ['that wait for each', ['--wait=30s']],
    ['that only instruct', ['--no-wait']],
  ])('%s reboot each once; the other run leaves it out and names the reboot', async (_what, flags) => {
    // A device boots for longer than a run trusts what it read of it.
    const sandbox = await sandboxForTest({ bootSeconds: 2.5, latencyMs: 5 });
    const ids = cameras(sandbox, 2, 2);
    const run = (order: string[]) =>
      remo(['devices', 'reboot', ...order, '--yes', '-o', 'json', ...flags], { sandbox });
    const both = await Promise.all([run(ids), run(ids.toReversed())]);
    expectEachOnce(sandbox, ids);
    const results = both.flatMap(resultsOf);
    for (const id of ids) {
      const [done, skipped] = results
        .filter(({ device_id }) => device_id === id)
        .sort((a, b) => a.outcome.localeCompare(b.outcome));
      const reboot = sandbox.reboots.find(({ deviceId }) => deviceId === id);
      expect(['accepted', 'rebooted']).toContain(done?.outcome);
      expect(skipped).toMatchObject({ outcome: 'skipped', reboot_id: reboot?.id });
      expect(['already_rebooting', 'recently_rebooted']).toContain(skipped?.reason);
    }
  });

  it('one after the other: the second says who rebooted it and when', async () => {
    const sandbox = await sandboxForTest();
    const [id = ''] = cameras(sandbox, 1);
    await remo(['devices', 'reboot', id, '--yes', '--wait'], { sandbox });
    const again = await remo(['devices', 'reboot', id, '--yes', '-o', 'json'], { sandbox });
    expect(again.code).toBe(3);
    expect(resultsOf(again)).toMatchObject([{ outcome: 'skipped', reason: 'recently_rebooted' }]);
    expect(resultsOf(again)[0]?.detail).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d.*hanako\.yamada@partner\.example/);
    expect(sandbox.rebootCount(id)).toBe(1);
    const wanted = await remo(['devices', 'reboot', id, '--yes', '--min-interval', '0'], { sandbox });
    expect(wanted.code).toBe(0);
  });
});

describe('a sign-in that ends in the middle of a run', () => {
  it('is renewed once for all that is under way, and no device notices', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.5, autoApprove: true });
    const folder = folderForTest();
    expect((await remo(['login', '--device'], { folder, env: { REMO_API_URL: sandbox.apiUrl } })).code).toBe(
      0,
    );
    const ids = cameras(sandbox, 2, 4);
    const running = await startRemo(['devices', 'reboot', ...ids, '--yes', '--wait=30s'], { folder });
    await expect.poll(() => sandbox.reboots.length, soon).toBeGreaterThanOrEqual(3);
    sandbox.revokeAccessTokens();
    expect((await running.ended).code).toBe(0);
    expectEachOnce(sandbox, ids);
    expect(sandbox.tokenRequests['refresh_token']).toBe(1);
  });

  it.each([
    ['discovery is dropped', { kind: 'drop', path: /openid-configuration/, times: 4 }],
    ['the renewal is dropped', { kind: 'drop', path: '/oidc/token', times: 4 }],
    ['the renewal is answered with 503', { kind: 'answer', status: 503, path: '/oidc/token', times: 4 }],
    [
      'the renewal is answered with 429',
      { kind: 'answer', status: 429, headers: { 'Retry-After': '1' }, path: '/oidc/token' },
    ],
  ] as const)('is sat out when the sign-in server is away for a while: %s', async (_what, fault) => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.3, autoApprove: true });
    const folder = folderForTest();
    await remo(['login', '--device'], { folder, env: { REMO_API_URL: sandbox.apiUrl } });
    const ids = cameras(sandbox, 2, 4);
    const running = await startRemo(['devices', 'reboot', ...ids, '--yes', '--no-wait'], { folder });
    await expect.poll(() => sandbox.reboots.length, soon).toBeGreaterThanOrEqual(1);
    sandbox.faults.add(fault);
    sandbox.revokeAccessTokens();
    expect((await running.ended).code).toBe(0);
    expectEachOnce(sandbox, ids);
  });

  it('is renewed before it ends where it is known when', async () => {
    // In the second half of so short a life a token is not used any more.
    const sandbox = await sandboxForTest({ bootSeconds: 0.3, autoApprove: true, tokenSeconds: 4 });
    const folder = folderForTest();
    await remo(['login', '--device'], { folder, env: { REMO_API_URL: sandbox.apiUrl } });
    const ids = cameras(sandbox, 3, 3);
    const started = Date.now();
    const { code } = await remo(['devices', 'reboot', ...ids, '--yes', '--wait=30s'], { folder });
    expect(code).toBe(0);
    expectEachOnce(sandbox, ids);
    const renewals = sandbox.tokenRequests['refresh_token'] ?? 0;
    expect(renewals).toBeGreaterThanOrEqual(1);
    expect(renewals).toBeLessThanOrEqual(Math.ceil((Date.now() - started) / 2_000));
    expect(sandbox.requests.filter(({ status }) => status === 401)).toEqual([]);
  });
});

describe('a run that is interrupted', () => {
  const signals = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const;

  it('starts nothing more, tells how far it came, and can be gone on with', async () => {
    const interrupted = async (signal: NodeJS.Signals, code: number) => {
      const sandbox = await sandboxForTest({ bootSeconds: 1.5 });
      const ids = cameras(sandbox, 2, 2);
      const running = await startBatch(sandbox, ids, { after: 2 });
      const ended = await running.endedBy(signal);
      expect(ended).toMatchObject({ code, signal: null });
      expect(instructions(sandbox)).toHaveLength(2);
      const outcomes = resultsOf(ended).map(({ outcome }) => outcome);
      // What was under way has come to its end; of each customer it was one.
      expect(outcomes).toEqual(['rebooted', 'not_attempted', 'rebooted', 'not_attempted']);
      const journal = onlyJournal(running.folder);
      expect(linesOf(journal).at(-1)).toMatchObject({ type: 'end', stopped_by: 'interrupted' });
      expect((await readRecord(journal)).devices.map(({ outcome }) => outcome)).toEqual(outcomes);
      expect(ended.err).toContain(`Go on with it: remo batches resume ${nameOfRun(journal)}`);
      const { folder } = running;
      expect((await (await resume(journal, { sandbox, folder })).ended).code).toBe(0);
      expectEachOnce(sandbox, ids);
    };
    await Promise.all(signals.map(([signal, code]) => interrupted(signal, code)));
  });

  it('twice leaves at once, with a journal that is whole', async () => {
    const interrupted = async (signal: NodeJS.Signals) => {
      const sandbox = await sandboxForTest({ bootSeconds: 0.3 });
      const ids = cameras(sandbox, 2, 2);
      // One is in the air and will not be answered.
      sandbox.faults.add({ kind: 'hang', method: 'POST', after: 1 });
      const running = await startBatch(sandbox, ids, { after: 2 });
      running.kill(signal);
      await running.shows(/finishing/);
      const ended = await running.endedBy(signal);
      expect(ended).toMatchObject({ code: null, signal });
      expect(ended.took).toBeLessThan(1_000);
      const journal = onlyJournal(running.folder);
      expect(linesOf(journal).at(-1)?.type).not.toBe('end');
      ageLock(journal);
      const { folder } = running;
      expect((await (await resume(journal, { sandbox, folder })).ended).code).toBe(0);
      expectEachOnce(sandbox, ids);
    };
    await Promise.all(signals.map(([signal]) => interrupted(signal)));
  });

  const noTerminal = whyNoTerminal();
  it.skipIf(noTerminal)(
    `in a real terminal by Ctrl-C leaves 130 and the prompt, and goes on there${noTerminal ? ` (skipped: ${noTerminal})` : ''}`,
    async () => {
      const sandbox = await sandboxForTest({ bootSeconds: 1.5 });
      const ids = cameras(sandbox, 2, 2);
      const folder = folderForTest();
      const env = await programEnv({ sandbox, folder, env: { LANG: 'en_US.UTF-8' } });
      const screen = new Screen({ columns: 120, rows: 40 }, env);
      onTestFinished(() => screen.close());
      const type = (argv: string) => {
        screen.type(`clear; ${process.execPath} ${program} ${argv}; echo ended $?`);
        screen.press('Enter');
      };
      type(`devices reboot ${ids.join(' ')} --yes --wait=30s`);
      await screen.shows(/0\/4 {2}0%/);
      await expect.poll(() => instructions(sandbox).length, soon).toBe(2);
      screen.press('C-c');
      const text = await screen.shows(/^ended \d+$/m);
      expect(text).toMatch(/^ended 130$/m);
      const name = nameOfRun(onlyJournal(folder));
      expect(screen.history.replaceAll('\n', '')).toContain(`remo batches resume ${name}`);
      expect(screen.cursorVisible).toBe(true);
      type(`batches resume ${name}`);
      await screen.shows(/Go on with \d devices\?/);
      screen.press('y', 'Enter');
      await screen.shows(/^ended 0$/m);
      expectEachOnce(sandbox, ids);
    },
    30_000,
  );
});

describe('a run whose process is stopped for a while (a computer that sleeps)', () => {
  it('goes on where it was, with no harm done', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.5 });
    const ids = cameras(sandbox, 2);
    const running = await startBatch(sandbox, ids);
    running.kill('SIGSTOP');
    await delay(1_500);
    running.kill('SIGCONT');
    const ended = await running.ended;
    expect(ended.code).toBe(0);
    expect(resultsOf(ended).map(({ outcome }) => outcome)).toEqual(['rebooted', 'rebooted']);
    expectEachOnce(sandbox, ids);
  });

  it('sends and writes nothing more when another has gone on with the run meanwhile', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.5 });
    const ids = cameras(sandbox, 3);
    const running = await startBatch(sandbox, ids);
    running.kill('SIGSTOP');
    const { folder } = running;
    const journal = onlyJournal(folder);
    ageLock(journal);
    const other = await resume(journal, { sandbox, folder });
    // The sleeper wakes while the other is at work.
    await expect.poll(() => instructions(sandbox).length, soon).toBe(2);
    running.kill('SIGCONT');
    const [woken, ended] = await Promise.all([running.ended, other.ended]);
    expect(ended.code).toBe(0);
    expect(resultsOf(ended).map(({ outcome }) => outcome)).toEqual(['rebooted', 'rebooted', 'rebooted']);
    expect(instructions(sandbox)).toHaveLength(3);
    expectEachOnce(sandbox, ids);
    expect(woken.code).toBe(3);
    expect(woken.err).toContain('Another process goes on with this run');
    // The journal is that of the other: its end is the only one, and the last line.
    const types = linesOf(journal).map(({ type }) => type);
    expect(types.filter(type => type === 'end')).toHaveLength(1);
    expect(types.at(-1)).toBe('end');
    expect((await readRecord(journal)).devices.every(({ settled }) => settled)).toBe(true);
  });

  it('asked whether to go on, does not cut away what another has written meanwhile', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.3 });
    const ids = cameras(sandbox, 2);
    const { journal, folder } = await killedBatch(sandbox, ids);
    // It stands at its first question to the backend.
    sandbox.faults.add({ kind: 'delay', ms: 1_000, method: 'GET' });
    const asked = sandbox.requests.length;
    const sleeper = await resume(journal, { sandbox, folder });
    await expect.poll(() => sandbox.requests.length, soon).toBeGreaterThan(asked);
    sleeper.kill('SIGSTOP');
    ageLock(journal);
    const ended = await (await resume(journal, { sandbox, folder })).ended;
    expect(ended.code).toBe(0);
    const { size } = statSync(journal);
    sleeper.kill('SIGCONT');
    expect((await sleeper.ended).code).toBe(2);
    expect(statSync(journal).size).toBe(size);
    expectEachOnce(sandbox, ids);
  });
});

describe('a disk that is full', () => {
  /** Of so many blocks of 512 bytes, as POSIX has it: what is beyond can't be written. */
  const limited = (blocks: number, argv: readonly string[], options: ProgramOptions) =>
    shell(`ulimit -f ${blocks}; remo ${argv.join(' ')}`, options);

  it('from the start: nothing is sent, and it says why', async () => {
    const sandbox = await sandboxForTest();
    const ids = cameras(sandbox, 2, 2);
    const ended = await limited(0, ['devices', 'reboot', ...ids, '--yes'], { sandbox });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(/The journal can't be written: .*\.ndjson: EFBIG/);
    expect(instructions(sandbox)).toEqual([]);
  });

  it('in the middle: what has no line was not sent, which is told; with room again each is rebooted once', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.2 });
    const ids = cameras(sandbox, 3, 8);
    const folder = folderForTest();
    const argv = ['devices', 'reboot', ...ids, '--yes', '--no-wait', '-o', 'json'];
    const ended = await limited(20, argv, { sandbox, folder });
    await expectHalfDone(ended, sandbox, ids, onlyJournal(folder));
    const journal = onlyJournal(folder);
    // Still full: nothing is sent, and nothing lost.
    const sent = instructions(sandbox).length;
    const room = Math.floor(statSync(journal).size / 512) - 2;
    const again = await limited(room, ['batches', 'resume', nameOfRun(journal), '--yes'], {
      sandbox,
      folder,
    });
    expect(again.code).toBe(2);
    expect(instructions(sandbox)).toHaveLength(sent);
    expect((await (await resume(journal, { sandbox, folder })).ended).code).toBe(0);
    expectEachOnce(sandbox, ids);
  });

  async function expectHalfDone(ended: Ended, sandbox: Sandbox, ids: readonly string[], journal: string) {
    const results = resultsOf(ended);
    expect(results.map(({ device_id }) => device_id)).toEqual(ids);
    const sent = results.filter(({ outcome }) => outcome === 'accepted').map(({ device_id }) => device_id);
    const rest = results.filter(({ outcome }) => outcome === 'not_attempted');
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length + rest.length).toBe(ids.length);
    expect(ids.filter(id => sandbox.rebootCount(id) === 1)).toEqual(sent);
    expect(ended.code).toBe(3);
    expect(ended.err).toMatch(/^Error: The journal can no longer be written: .*EFBIG/m);
    expect(ended.err).not.toContain('was not sent');
    const { error } = JSON.parse(/^\{.*$/m.exec(ended.err)?.[0] ?? '');
    expect(error).toMatchObject({ code: 'journal_incomplete', exit_code: 3 });
    expect(ended.err).toContain(`remo batches resume ${nameOfRun(journal)}`);
    expect(instructions(sandbox)).toHaveLength(sent.length);
    // A torn line may stand at the end, and whatever is told in the journal is true.
    for (const { deviceId, key } of (await readRecord(journal)).devices) {
      if (sandbox.rebootCount(deviceId) === 1) expect(key).toBeDefined();
    }
  }

  const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;
  const why = canMount ? '' : ' (skipped: no mount namespace of our own)';

  it.skipIf(!canMount)(`a real one: the same${why}`, async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.2 });
    const ids = cameras(sandbox, 3, 8);
    const folder = folderForTest();
    mkdirSync(stateBelow(folder), { recursive: true });
    const reboot = `"$NODE" "$REMO" devices reboot ${ids.join(' ')} --yes --no-wait -o json`;
    // What is mounted is gone with its namespace.
    const script = `
      cd "$HOME"; state=.local/state/remo
      mount -t tmpfs -o size=4k tmpfs $state && head -c 4096 /dev/zero >$state/rubbish
      ${reboot} >full.out 2>full.err; echo $? >full.code
      rm -r $state/* && mount -o remount,size=12k $state
      ${reboot} >half.out 2>half.err; echo $? >half.code
      mkdir half && cp $state/batches/*.ndjson half
      mount -o remount,size=1m $state
      "$NODE" "$REMO" batches resume $(basename half/* .ndjson) --yes >rest.err 2>&1; echo $? >rest.code
      cp $state/batches/*.ndjson .`;
    await shell(`exec unshare -rm sh -c "$SCRIPT"`, { sandbox, folder, env: { SCRIPT: script } });
    const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
    expect([read('full.code'), read('full.out')]).toEqual(['2\n', '']);
    expect(read('full.err')).toContain('ENOSPC');
    const half = { code: Number(read('half.code')), out: read('half.out'), err: read('half.err') };
    // The backend was asked in the meantime; what it was told before that is in the first copy.
    expect(half.code).toBe(3);
    expect(half.err).toContain('ENOSPC');
    const outcomes = (JSON.parse(half.out) as Result[]).map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['accepted', 'not_attempted']));
    expect(read('rest.code')).toBe('0\n');
    expectEachOnce(sandbox, ids);
    expect(instructions(sandbox)).toHaveLength(ids.length);
  });

  it.skipIf(!canMount)(`or read-only: nothing is sent${why}`, async () => {
    const sandbox = await sandboxForTest();
    const [id] = cameras(sandbox, 1);
    const folder = folderForTest();
    mkdirSync(path.join(stateBelow(folder), 'batches'), { recursive: true });
    const script = `
      mount --bind "$HOME/.local" "$HOME/.local" && mount -o remount,ro,bind "$HOME/.local"
      exec "$NODE" "$REMO" devices reboot ${id} --yes`;
    const ended = await shell(`exec unshare -rm sh -c "$SCRIPT"`, {
      sandbox,
      folder,
      env: { SCRIPT: script },
    });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain('EROFS');
    expect(instructions(sandbox)).toEqual([]);
  });

  it('or has a file in the place of the folder: nothing is sent', async () => {
    const sandbox = await sandboxForTest();
    const [id = ''] = cameras(sandbox, 1);
    const folder = folderForTest();
    mkdirSync(path.dirname(stateBelow(folder)), { recursive: true });
    writeFileSync(stateBelow(folder), '');
    const ended = await remo(['devices', 'reboot', id, '--yes'], { sandbox, folder });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain(stateBelow(folder));
    expect(instructions(sandbox)).toEqual([]);
  });
});
