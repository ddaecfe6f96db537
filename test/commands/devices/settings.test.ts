import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.js';
import { fakeClock } from '../../support/clock.js';
import { instructions, ofDifferentOwners, ofOneOwner } from '../../support/fleet.js';
import { remo } from '../../support/run.js';
import { sandboxForTest } from '../../support/sandbox.js';

/** The first line of a folder's one journal. */
async function header(folder: string) {
  const [file = ''] = await readdir(path.join(folder, 'batches'));
  const [line = ''] = (await readFile(path.join(folder, 'batches', file), 'utf8')).split('\n');
  return JSON.parse(line) as { batch_id: string; options: Record<string, unknown> };
}

/** A sandbox and a program that live by one clock, on which sleeping takes no time. */
async function scene(start: string) {
  const clock = fakeClock(Date.parse(start));
  const sandbox = await sandboxForTest({ now: () => clock.now() });
  return { clock, sandbox, at: { sandbox, replacements: { clock } } };
}

const outcomes = (out: string) =>
  (JSON.parse(out) as { outcome: string; reason: string | null }[]).map(({ outcome, reason }) =>
    reason === null ? outcome : `${outcome}: ${reason}`,
  );

describe('how a run goes about it', () => {
  it.each<[words: string[], says: string]>([
    [['--concurrency', '0'], '--concurrency: "0" is not usable'],
    [['--concurrency', '257'], 'from 1 to 256'],
    [['--concurrency', '2.5'], '--concurrency: "2.5"'],
    [['--per-customer', '0'], '--per-customer: "0"'],
    [['--canary', '0'], '--canary: "0"'],
    [['--canary', '10%'], 'a whole number of at least 1'],
    [['--max-failures', '-1'], '--max-failures: "-1"'],
    [['--max-failure-rate', '1'], 'a share such as 10% or 0.1'],
    [['--max-failure-rate', '101%'], '--max-failure-rate: "101%"'],
    [['--max-failure-rate', '-10%'], '--max-failure-rate: "-10%"'],
    [['--min-interval', 'never'], 'a length of time such as'],
    [['--min-interval', '-5m'], '--min-interval: "-5m"'],
    [['--wait=soon'], '--wait: "soon"'],
    [['--wait=0'], '--wait: "0"'],
    [['--window', '01:00'], '--window: "01:00"'],
    [['--window', '25:00-26:00'], '--window: "25:00-26:00"'],
    [['--window', '01:00-01:00'], 'a beginning and an end that differ'],
    [['--window', '01:00-05:00', '--tz', 'JST'], '--tz: "JST"'],
    [['--window', '01:00-05:00', '--tz', 'Asia/Tokio'], 'Did you mean Asia/Tokyo?'],
    [['--window', '01:00-05:00', '--tz', ''], '--tz: ""'],
    [['--tz', 'Asia/Tokyo'], '--tz needs --window as well'],
    [['--window-stop'], '--window-stop needs --window as well'],
    [['--no-wait', '--canary', '2'], "--no-wait and --canary can't be used together"],
  ])('is not %j: 2, asking nobody', async (words, says) => {
    const sandbox = await sandboxForTest();
    const argv = ['devices', 'reboot', 'dev_1', 'dev_2', '--yes', ...words];
    const { code, out, err } = await remo(argv, { sandbox });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
    expect(sandbox.requests).toEqual([]);
  });

  it('is told before the question, and kept in the journal', async () => {
    const { at, sandbox } = await scene('2026-11-23T16:30:00Z');
    const ids = ofOneOwner(sandbox, 3).map(({ id }) => id);
    const words = [
      ...['--wait=90s', '--concurrency', '4', '--per-customer', '2', '--canary', '1', '--max-failures', '3'],
      ...['--max-failure-rate', '12.5%', '--min-interval', '1h', '--window', '1:00-05:00'],
      ...['--tz', 'asia/tokyo', '--window-stop', '--reason', 'firmware'],
    ];
    const { code, err, folder } = await remo(['devices', 'reboot', ...ids, '--yes', ...words], at);
    expect(code).toBe(0);
    const told = [
      'Up to 4 customers at once, 2 devices of a customer at a time, recorders last.',
      'Each is waited for until it is back, at most 1 min 30 s.',
      'A device that anyone rebooted in the last 1 h is skipped.',
      '1 device first; the others only if all of these come back.',
      'Stops once more than 3 failed.',
      'Stops once more than 12.5% failed.',
      'Only from 01:00 to 05:00 (Asia/Tokyo); what is left then can be resumed.',
    ];
    expect(err).toContain(told.join('\n'));
    expect(await header(folder)).toMatchObject({
      requested_by: sandbox.account.email,
      reason: 'firmware',
      options: {
        wait_ms: 90_000,
        concurrency: 4,
        per_customer: 2,
        canary: 1,
        max_failures: 3,
        max_failure_rate: 0.125,
        min_interval_ms: 3_600_000,
        window: { from: '01:00', to: '05:00', time_zone: 'Asia/Tokyo', stop: true },
      },
    });
  });

  it.each<[count: number, words: string[], waitMs: number | null]>([
    [1, [], null],
    [1, ['--wait'], 300_000],
    [1, ['--canary', '1'], 300_000],
    [2, [], 300_000],
    [2, ['--wait=1.5h'], 5_400_000],
    [2, ['--no-wait'], null],
  ])('is gentle unless told: %i devices with %j', async (count, words, waitMs) => {
    const { at, sandbox } = await scene('2026-11-23T16:30:00Z');
    const ids = ofDifferentOwners(sandbox, count).map(({ id }) => id);
    const { code, err, out, folder } = await remo(
      ['devices', 'reboot', ...ids, '--yes', '-o', 'json', ...words],
      at,
    );
    expect(code).toBe(0);
    expect(outcomes(out)).toEqual(ids.map(() => (waitMs === null ? 'accepted' : 'rebooted')));
    const usual = { concurrency: 8, per_customer: 1, max_failures: null, max_failure_rate: null };
    const { options } = await header(folder);
    expect(options).toMatchObject({ ...usual, wait_ms: waitMs, min_interval_ms: 600_000, window: null });
    if (count > 1 && waitMs === null) expect(err).toContain('nobody waits until they are back');
  });
});

describe('the smallest interval between two reboots', () => {
  const first = async (at: { sandbox: Sandbox }, id: string) => remo(['devices', 'reboot', id, '--yes'], at);

  it('leaves a device alone that anybody rebooted within it, and says who and when', async () => {
    const { at, clock, sandbox } = await scene('2026-11-23T03:00:00Z');
    const [{ id = '' } = {}] = ofDifferentOwners(sandbox, 1);
    await first(at, id);
    clock.advance(9 * 60_000);
    const { code, json, err } = await remo(['devices', 'reboot', id, '--yes', '-o', 'json'], at);
    expect(code).toBe(3);
    const reboot_id = sandbox.reboots[0]?.id;
    expect(json()).toMatchObject([{ outcome: 'skipped', reason: 'recently_rebooted', reboot_id }]);
    expect(err).toMatch(
      new RegExp(
        `Rebooted a short while ago: 2026-11-23 \\d\\d:00, by ${sandbox.account.email} \\(reboot ${reboot_id}\\)`,
      ),
    );
    const ja = await remo(['devices', 'reboot', id, '--yes', '--lang', 'ja'], at);
    expect(ja.err).toContain(`実行者 ${sandbox.account.email}、再起動ID ${reboot_id}`);
    clock.advance(61_000);
    expect(await remo(['devices', 'reboot', id, '--yes'], at)).toMatchObject({ code: 0 });
    expect(sandbox.rebootCount(id)).toBe(2);
  });

  it.each(['0', '0s', '1m'])('may be shorter: %s', async interval => {
    const { at, clock, sandbox } = await scene('2026-11-23T03:00:00Z');
    const [{ id = '' } = {}] = ofDifferentOwners(sandbox, 1);
    await first(at, id);
    clock.advance(2 * 60_000);
    const again = ['devices', 'reboot', id, '--yes', '--min-interval', interval];
    expect(await remo(again, at)).toMatchObject({ code: 0 });
    expect(sandbox.rebootCount(id)).toBe(2);
  });

  it('does not count a reboot that failed', async () => {
    const { at, clock, sandbox } = await scene('2026-11-23T03:00:00Z');
    const device = sandbox.fleet.device({ behavior: 'fails' });
    await first(at, device.id);
    device.behavior = 'normal';
    clock.advance(60_000);
    expect(await remo(['devices', 'reboot', device.id, '--yes'], at)).toMatchObject({ code: 0 });
  });
});

describe('a time window', () => {
  const window = ['--window', '01:00-05:00', '--tz', 'Asia/Tokyo'];

  it('that is closed is waited for, and the plan of a single device says so too', async () => {
    const { at, sandbox } = await scene('2026-11-23T03:00:00Z');
    const [{ id = '' } = {}] = ofDifferentOwners(sandbox, 1);
    const { code, err } = await remo(['devices', 'reboot', id, '--yes', ...window], at);
    expect(code).toBe(0);
    expect(err).toContain('Only from 01:00 to 05:00 (Asia/Tokyo); outside, the run waits.');
    expect(err).toContain('waiting until 01:00 (Asia/Tokyo)');
    const requested = new Date(sandbox.reboots[0]?.requestedAt ?? 0).toISOString();
    expect(requested).toMatch(/^2026-11-23T16:0/);
  });

  it('that is closed ends the run with --window-stop; resumed --now it goes on', async () => {
    const { at, sandbox } = await scene('2026-11-23T03:00:00Z');
    const ids = ofDifferentOwners(sandbox, 3).map(({ id }) => id);
    const { code, out, err, folder } = await remo(
      ['devices', 'reboot', ...ids, '--yes', '-o', 'json', ...window, '--window-stop'],
      at,
    );
    expect(code).toBe(3);
    expect(outcomes(out)).toEqual(ids.map(() => 'not_attempted: outside_window'));
    expect(err).toMatch(
      /\(dev_\w+\) and 2 other devices: - not attempted\n[\s\S]*Error: It is outside 01:00-05:00/,
    );
    const { batch_id } = await header(folder);
    expect(err).toContain(`remo batches resume ${batch_id}`);
    expect(instructions(sandbox)).toEqual([]);

    const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
    const resume = ['batches', 'resume', batch_id, '--yes', '-o', 'json'];
    const closed = await remo(resume, { ...at, env });
    expect(closed.code).toBe(3);
    expect(closed.err).toContain('Only from 01:00 to 05:00 (Asia/Tokyo); what is left then can be resumed.');
    expect(instructions(sandbox)).toEqual([]);
    const open = await remo([...resume, '--now'], { ...at, env });
    expect(open.code).toBe(0);
    expect(open.err).not.toContain('Asia/Tokyo');
    expect(outcomes(open.out)).toEqual(ids.map(() => 'rebooted'));
  });
});
