import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.js';
import { instructions, ofDifferentOwners } from '../../support/fleet.js';
import { remo } from '../../support/run.js';
import { sandboxForTest } from '../../support/sandbox.js';

const idsOf = (sandbox: Sandbox, count: number) => ofDifferentOwners(sandbox, count).map(({ id }) => id);

/** Answers as a person does who waits for the question, or for its being asked again. */
async function answer(sandbox: Sandbox, ids: readonly string[], answers: [shown: string, keys: string][]) {
  return remo(['devices', 'reboot', ...ids, '--no-wait'], {
    sandbox,
    tty: true,
    columns: 120,
    person: async host => {
      for (const [shown, keys] of answers) {
        await host.shown(shown);
        host.type(keys);
      }
    },
  });
}

describe('the question before many devices are rebooted', () => {
  it('is a yes or no for nine', async () => {
    const sandbox = await sandboxForTest();
    const { code } = await answer(sandbox, idsOf(sandbox, 9), [['Reboot 9 devices?', 'y\r']]);
    expect(code).toBe(0);
    expect(instructions(sandbox)).toHaveLength(9);
  });

  it.each(['10\r', ' 10 \r', '１０\r'])('is answered by their number from ten on (%j)', async keys => {
    const sandbox = await sandboxForTest();
    const { code } = await answer(sandbox, idsOf(sandbox, 10), [['Type 10 to reboot 10 devices', keys]]);
    expect(code).toBe(0);
    expect(instructions(sandbox)).toHaveLength(10);
  });

  it.each(['9', '100', '1', 'y', 'yes', '10.0', '0x0a', '+10', '010', '10 10'])(
    'takes %j for no number of theirs and asks again',
    async keys => {
      const sandbox = await sandboxForTest();
      const again = [`${keys}\r`, '\x15\r'] as const;
      const { code, err } = await answer(sandbox, idsOf(sandbox, 10), [
        ['Type 10', again[0]],
        ['That is not 10.', again[1]],
      ]);
      expect(code).toBe(7);
      expect(err).toContain('No device was rebooted.');
      expect(instructions(sandbox)).toEqual([]);
    },
  );

  it('takes the right number after a wrong one', async () => {
    const sandbox = await sandboxForTest();
    const { code } = await answer(sandbox, idsOf(sandbox, 12), [
      ['Type 12', '21\r'],
      ['That is not 12.', '\x1512\r'],
    ]);
    expect(code).toBe(0);
    expect(instructions(sandbox)).toHaveLength(12);
  });

  it.each([
    ['Enter', '\r', 7],
    ['n', 'n\r', 7],
    ['No', 'No\r', 7],
    ['Ctrl-D', '\x04', 7],
    ['Ctrl-C', '\x03', 130],
  ])('takes %s for a no: nothing is sent', async (_what, keys, expected) => {
    const sandbox = await sandboxForTest();
    const { code, out } = await answer(sandbox, idsOf(sandbox, 10), [['Type 10', keys]]);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(instructions(sandbox)).toEqual([]);
  });

  it('counts those that will be rebooted, not those that are skipped', async () => {
    const sandbox = await sandboxForTest();
    const devices = ofDifferentOwners(sandbox, 12);
    for (const device of devices.slice(0, 2)) device.status = 'offline';
    const ids = devices.map(({ id }) => id);
    const { code } = await answer(sandbox, [...ids, ...ids.slice(5)], [['Type 10 to', '10\r']]);
    expect(code).toBe(3);
    expect(instructions(sandbox)).toHaveLength(10);
  });

  it('in Japanese asks for the number in Japanese', async () => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(
      ['devices', 'reboot', ...idsOf(sandbox, 10), '--no-wait', '--lang', 'ja'],
      {
        sandbox,
        tty: true,
        columns: 120,
        person: async host => {
          await host.shown('10台の機器を再起動する場合は 10 と入力してください');
          host.type('はい\r');
          await host.shown('10 と一致しません。');
          host.type('\x15\r');
        },
      },
    );
    expect(code).toBe(7);
    expect(err).toContain('取り消しました。\n機器は再起動していません。');
  });

  it('has been answered by --confirm with just that number', async () => {
    const sandbox = await sandboxForTest();
    const ids = idsOf(sandbox, 3);
    const confirm = (count: string, ...more: string[]) =>
      remo(['devices', 'reboot', ...ids, '--no-wait', '--confirm', count, ...more], { sandbox, tty: true });
    for (const [count, ...more] of [['2'], ['4'], ['0'], ['2', '--yes'], ['2', '--dry-run']] as const) {
      const { code, err } = await confirm(count, ...more);
      expect([count, code]).toEqual([count, 7]);
      expect(err).toContain(`The plan would reboot 3 devices, not ${count}.`);
    }
    expect(instructions(sandbox)).toEqual([]);
    expect(await confirm('3')).toMatchObject({ code: 0 });
    expect(instructions(sandbox)).toHaveLength(3);
  });
});
