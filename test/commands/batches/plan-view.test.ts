import { describe, expect, it } from 'vitest';
import type { FleetDevice } from '../../../src/sandbox/fleet.js';
import type { Sandbox } from '../../../src/sandbox/server.js';
import { instructions, ofDifferentOwners, ofOneOwner } from '../../support/fleet.js';
import { remo } from '../../support/run.js';
import { sandboxForTest } from '../../support/sandbox.js';

const online = (sandbox: Sandbox, email: string, count: number) => ofOneOwner(sandbox, count, email);

/** What a person sees before they say no. */
async function seen(sandbox: Sandbox, devices: readonly FleetDevice[], ...words: string[]) {
  const ids = devices.map(({ id }) => id);
  const { code, err } = await remo(['devices', 'reboot', ...ids, '--no-color', ...words], {
    sandbox,
    tty: true,
    columns: 1000,
    person: async host => {
      await host.shown(/\(y\/N\)|Type \d+|入力してください/);
      host.type('\r');
    },
  });
  expect(code).toBe(7);
  return err;
}

describe('the plan that a person decides on', () => {
  it('has the devices by customer, what is skipped and why, the owners, the pace, and the warning', async () => {
    const sandbox = await sandboxForTest();
    const [entrance, till, recorder] = online(sandbox, 'sakura@example.jp', 3).toSorted((a, b) =>
      a.kind < b.kind ? -1 : 1,
    );
    const carPark = sandbox.fleet.device({ name: '駐車場' });
    const dock = online(sandbox, 'minato@example.com', 2);
    const devices = [recorder, dock[0], entrance, carPark, till, dock[1], dock[0]] as FleetDevice[];
    const shown = await seen(sandbox, devices);
    const lines = shown.slice(shown.indexOf('Customer:')).split('\n');
    // The order of the run: by customer, recorders last.
    expect(lines.slice(0, 9)).toEqual([
      expect.stringMatching(/^Customer: さくら商店 <sakura@example\.jp> \(cus_\w+\) — signed in now$/),
      expect.stringContaining(`(${entrance?.id})`),
      expect.stringMatching(/○ offline {2}駐車場 .* → skipped: Offline: the instruction can't reach it\.$/),
      expect.stringContaining(`(${till?.id})`),
      expect.stringContaining(`(${recorder?.id})`),
      expect.stringMatching(/^Customer: Minato Logistics .* — unknown whether signed in$/),
      expect.stringContaining(`(${dock[0]?.id})`),
      expect.stringContaining(`(${dock[1]?.id})`),
      expect.stringMatching(/→ skipped: Given more than once\.$/),
    ]);
    expect(lines.slice(9, 17)).toEqual([
      'Plan: 5 devices of 2 customers (a customer is taken as one site).',
      'Skipped: 2 devices (1 offline and 1 given more than once).',
      'Owners signed in: 1; not known for 1.',
      'Up to 8 customers at once, one device of a customer at a time, recorders last.',
      'Each is waited for until it is back, at most 5 min.',
      'A device that anyone rebooted in the last 10 min is skipped.',
      expect.stringMatching(/^.*Warning:.* Video from a rebooted device may not be viewable/),
      'If the owner is signed in while it is rebooted, contact the owner and ask them to sign in again.',
    ]);
    expect(lines[17]).toContain('Reboot 5 devices?');
    expect(instructions(sandbox)).toEqual([]);
  });

  it('reads well in Japanese', async () => {
    const sandbox = await sandboxForTest();
    const devices = [...online(sandbox, 'sakura@example.jp', 3), sandbox.fleet.device({ name: '駐車場' })];
    const words = ['--canary', '1', '--max-failures', '0', '--max-failure-rate', '20%', '--lang', 'ja'];
    const window = ['--window', '22:00-05:00', '--tz', 'Asia/Tokyo'];
    const plan = await seen(sandbox, [...devices, ...ofOneOwner(sandbox, 9)], ...words, ...window);
    expect(plan).toContain(
      [
        '予定: お客様2件の機器12台(お客様1件を1拠点とみなします)。',
        '対象外: 1台(オフライン1台)。',
        'ログイン中のお客様: 1件、不明1件。',
        '同時に最大8件のお客様の機器を、お客様ごとに1台ずつ再起動します。レコーダーは最後です。',
        '1台ごとに復帰を待ちます(最長5分)。',
        '10分以内に誰かが再起動した機器は対象外とします。',
        '先に1台だけ再起動し、すべて復帰した場合に限り、残りを再起動します。',
        '1台でも失敗したら停止します。',
        '失敗が20%を超えたら停止します。',
        '22:00から05:00まで(Asia/Tokyo)だけ実行し、それ以外の時間は待ちます。',
      ].join('\n'),
    );
    expect(plan).toContain('→ 再起動しません: オフラインのため、指示が届きません。');
  });

  it.each([20, 21, 45])('shows twenty of %i devices, and says how many more', async count => {
    const sandbox = await sandboxForTest();
    const plan = await seen(sandbox, ofDifferentOwners(sandbox, count));
    expect(plan.match(/^ {2}. online {2}/gm)).toHaveLength(20);
    const more = count - 20;
    if (more > 0) expect(plan).toContain(`  … and ${more} more.\nPlan: ${count} devices`);
    else expect(plan).not.toContain('more.');
  });

  it('names the owners who are signed in where it does not show them all', async () => {
    const sandbox = await sandboxForTest();
    const devices = ofDifferentOwners(sandbox, 45);
    const owners = devices.map(({ customer_id }) => sandbox.fleet.byId.get(customer_id));
    for (const [index, owner] of owners.entries()) if (owner) owner.signed_in = index >= 43;
    const named = owners.slice(43).map(owner => `${owner?.name} <${owner?.email}>`);
    expect(await seen(sandbox, devices)).toContain(`Owners signed in: 2 (${named.join(' and ')}).\n`);
    for (const owner of owners) if (owner) owner.signed_in = true;
    expect(await seen(sandbox, devices)).toMatch(/Owners signed in: 45 \(.* and 35 more\)\.\n/);
  });

  it('of a single device has what there is to know of it, and when', async () => {
    const sandbox = await sandboxForTest();
    const devices = ofDifferentOwners(sandbox, 1);
    const plan = await seen(
      sandbox,
      devices,
      '--window',
      '22:00-05:00',
      '--tz',
      'Asia/Tokyo',
      '--canary',
      '1',
    );
    expect(plan).not.toContain('Plan:');
    expect(plan).toContain('Only from 22:00 to 05:00 (Asia/Tokyo); outside, the run waits.\n');
  });

  it('is made harmless, whatever a customer is called', async () => {
    const sandbox = await sandboxForTest();
    const devices = ofDifferentOwners(sandbox, 21);
    const owner = sandbox.fleet.byId.get(devices[20]?.customer_id ?? '');
    if (owner) Object.assign(owner, { name: 'x\x1b[2J\nPlan: 1 device', signed_in: true });
    const plan = await seen(sandbox, devices);
    expect(plan).toContain('x\uFFFD[2J');
    expect(plan).not.toMatch(/^Plan: 1 device/m);
  });

  it('is listed whole by --dry-run, on a terminal as in a pipe', async () => {
    const sandbox = await sandboxForTest();
    const ids = ofDifferentOwners(sandbox, 45).map(({ id }) => id);
    for (const options of [{ tty: true, columns: 200 }, {}]) {
      const { code, out, err } = await remo(['devices', 'reboot', ...ids, '--dry-run'], {
        sandbox,
        ...options,
      });
      expect(code).toBe(0);
      for (const id of ids) expect(out).toContain(id);
      expect(err).toContain('Plan: 45 devices of 45 customers');
      expect(err).toContain('Dry run: nothing was sent.');
    }
    expect(instructions(sandbox)).toEqual([]);
  });
});
