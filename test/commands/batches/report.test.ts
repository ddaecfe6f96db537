import { describe, expect, it } from 'vitest';
import type { FleetDevice } from '../../../src/sandbox/fleet.js';
import { ofOneOwner } from '../../support/fleet.js';
import { remo } from '../../support/run.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';
import { instructionTo, ownerOf, type Result, scene } from './scene.js';

/** One of each outcome but the last: rebooted, failed, refused, stuck, offline. */
async function mixed() {
  const made = await scene(5);
  const { sandbox, devices } = made;
  const [good, bad, refused, stuck, offline] = devices as [
    FleetDevice,
    FleetDevice,
    FleetDevice,
    FleetDevice,
    FleetDevice,
  ];
  bad.behavior = 'fails';
  stuck.behavior = 'stuck';
  offline.status = 'offline';
  const refusal = {
    type: 'about:blank',
    title: 'Locked',
    status: 423,
    code: 'locked',
    detail: 'under repair',
  };
  sandbox.faults.add({ ...instructionTo(refused.id), kind: 'answer', status: 423, body: refusal });
  return { ...made, good, bad, refused, stuck, offline };
}

describe('the report of a run', () => {
  it('has the counts and the time, and each device that needs attention with its next step', async () => {
    const { sandbox, reboot, good, bad, refused, stuck, offline } = await mixed();
    ownerOf(sandbox, good).signed_in = true;
    ownerOf(sandbox, bad).signed_in = true;
    ownerOf(sandbox, stuck).signed_in = null;
    const { code, err, json } = await reboot('--wait=1m');
    // Unknown before failed.
    expect(code).toBe(8);
    const [{ batch_id = '' } = {}] = json<Result[]>();
    const report = err.slice(err.indexOf('5 devices in '));
    expect(report).toMatch(
      /^5 devices in \d+ (s|min( \d+ s)?): ✓ rebooted 1, ✗ failed 2, - skipped 1, \? unknown 1\n/,
    );
    expect(report).not.toContain(`(${good.id})`);
    expect(report).toMatch(new RegExp(`\\(${bad.id}\\): ✗ failed: The reboot failed: `));
    expect(report).toMatch(
      new RegExp(
        `\\(${refused.id}\\): ✗ failed: The reboot was not instructed: .*locked: "under repair".*\\n  Request id: req_`,
      ),
    );
    expect(report).toContain(`(${offline.id}): - skipped: Offline: the instruction can't reach it.\n`);
    expect(report).toMatch(new RegExp(`\\(${stuck.id}\\): \\? unknown: .*not back within 60 seconds`));
    expect(report).toContain(`  Check before you reboot it again: remo devices status ${stuck.id}\n`);
    expect(report).toContain(
      `${batch_id}.ndjson\nThis run is not finished. Go on with it: remo batches resume ${batch_id}`,
    );
    const [, contacts = ''] = report.split('ask them to sign in again:\n');
    expect(contacts.split('\n')).toEqual([
      `  ${ownerOf(sandbox, good).name} <${ownerOf(sandbox, good).email}> — was signed in`,
      `  ${ownerOf(sandbox, stuck).name} <${ownerOf(sandbox, stuck).email}> — may have been signed in`,
      `Messages to send to them: remo notices ${batch_id}`,
      '',
    ]);
  });

  it('reads well in Japanese', async () => {
    const { sandbox, reboot, refused, stuck, good } = await mixed();
    ownerOf(sandbox, good).signed_in = true;
    const { code, err } = await reboot('--wait=1m', '--lang', 'ja');
    expect(code).toBe(8);
    expect(err).toMatch(
      /^5台、所要時間\d+(秒|分(\d+秒)?): ✓ 再起動済み 1、✗ 失敗 2、- 対象外 1、\? 不明 1$/m,
    );
    expect(err).toContain(
      `(${refused.id}): ✗ 失敗: 再起動を指示できませんでした: サーバーがリクエストを受け付けませんでした`,
    );
    expect(err).toContain(
      `(${stuck.id}): ? 不明: 指示は受け付けられましたが、60秒以内に復帰しませんでした。`,
    );
    expect(err).toContain(`もう一度再起動する前に、状態を確認してください: remo devices status ${stuck.id}`);
    expect(err).toContain('— ログイン中でした\nお客様へのご連絡文: remo notices ');
  });

  it('names each customer once, however many devices they have', async () => {
    const sandbox = await sandboxForTest();
    const ids = ofOneOwner(sandbox, 5).map(({ id }) => id);
    const { err } = await remo(['devices', 'reboot', ...ids, '--yes', '--no-wait'], { sandbox });
    expect(err.match(/minato@example\.com> — may have been/g)).toHaveLength(1);
  });

  it('says nothing of customers to contact where nobody was signed in', async () => {
    const { reboot } = await scene(2);
    const { code, err } = await reboot();
    expect(code).toBe(0);
    expect(err).not.toContain('Please contact');
    expect(err).not.toContain('remo notices');
    expect(err.trim().split('\n').at(-1)).toMatch(/^2 devices in .*: ✓ rebooted 2$/);
  });

  it('groups those whose turn never came', async () => {
    const { reboot, devices } = await scene(6);
    const [bad] = devices as [FleetDevice];
    bad.behavior = 'fails';
    const { code, err, json } = await reboot('--concurrency', '1', '--max-failures', '0');
    expect(code).toBe(3);
    expect(json<Result[]>().map(({ outcome }) => outcome)).toEqual([
      'failed',
      ...Array(5).fill('not_attempted'),
    ]);
    // Why is told once, by what stopped the run.
    expect(err).toMatch(/\(dev_\w+\) and 4 other devices: - not attempted\n/);
    expect(err).not.toContain('Not instructed');
    expect(err).toContain('Error: 1 of 6 devices failed, which is more than allowed. No more were started.');
  });

  it('says once why the backend forbids the very first, with the request id', async () => {
    const { sandbox, devices, reboot } = await scene(1);
    const [{ id }] = devices as [FleetDevice];
    sandbox.faults.add({ ...instructionTo(id), kind: 'answer', ...problems.forbidden() });
    const { code, err } = await reboot('--no-wait');
    expect(code).toBe(4);
    const told = err.slice(0, err.indexOf('{"error"'));
    expect(told).toMatch(new RegExp(`\\(${id}\\): ✗ failed\n  See how it is now`));
    expect(told.match(/not permitted/gi)).toHaveLength(1);
    expect(told.match(/Request id: /g)).toHaveLength(1);
  });

  it('with --quiet has neither plan nor progress nor hints, but the warning and all that needs attention', async () => {
    const { sandbox, reboot, good, bad, stuck, offline } = await mixed();
    ownerOf(sandbox, good).signed_in = true;
    const { code, err } = await reboot('--wait=1m', '--quiet');
    expect(code).toBe(8);
    for (const line of ['Customer:', 'Plan:', 'Skipped:', 'Up to 8', '1/5', 'remo notices'])
      expect(err).not.toContain(line);
    expect(err.split('\n')[0]).toMatch(/^Warning: Video from a rebooted device/);
    for (const { id } of [bad, stuck, offline]) expect(err).toContain(`(${id}): `);
    expect(err).toContain('remo devices status');
    expect(err).toContain('remo batches resume');
    expect(err).toContain(`<${ownerOf(sandbox, good).email}> — was signed in`);
  });

  it('leaves the plan to who has to decide on it, also with --quiet', async () => {
    const { sandbox, devices } = await scene(2);
    const ids = devices.map(({ id }) => id);
    const { code, err } = await remo(['devices', 'reboot', ...ids, '--quiet'], {
      sandbox,
      tty: true,
      person: async host => {
        await host.shown('Reboot 2 devices?');
        host.type('n\r');
      },
    });
    expect(code).toBe(7);
    expect(err).toContain('Plan: 2 devices');
  });
});
