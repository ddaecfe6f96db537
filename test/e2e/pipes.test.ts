import { describe, expect, it } from 'vitest';
import { instructions } from '../support/fleet.js';
import { shell } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

describe('devices that come through a pipe', () => {
  it('are rebooted, and their results go on through the next one', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.3 });
    const { code, out, err } = await shell(
      'remo devices show sakura@example.jp -o ndjson | remo devices reboot --file - --confirm 3 -o ndjson |' +
        ' remo devices reboot --file - --dry-run -o json',
      { sandbox },
    );
    expect(code).toBe(0);
    expect(err).toContain('Plan: 3 devices of 1 customer');
    const { devices } = sandbox.fleet.customer('sakura@example.jp');
    const rows = JSON.parse(out) as { device_id: string; reason: string }[];
    expect(rows.map(row => row.device_id).toSorted()).toEqual(devices.map(({ id }) => id).toSorted());
    expect(rows.map(({ reason }) => reason).toSorted()).toEqual([
      'offline',
      ...Array(3).fill('recently_rebooted'),
    ]);
    expect(instructions(sandbox)).toHaveLength(3);
  });

  it.each([
    ['from a command that failed', 'remo devices show nobody -o ndjson | remo devices reboot --file - --yes'],
    ['from a stdin that is closed', 'remo devices reboot --file - --yes <&-'],
    ['from nowhere', 'remo devices reboot --file - --yes </dev/null'],
  ])('are none %s: 2, and nothing is sent', async (_what, script) => {
    const sandbox = await sandboxForTest();
    const { code, err } = await shell(script, { sandbox });
    expect(code).toBe(2);
    expect(err).toContain("The list of devices (standard input) can't be used: it names no device.");
    expect(instructions(sandbox)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('may come from a named one as well', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.device({ status: 'online' });
    const { code } = await shell(
      `cd "$HOME"; mkfifo ids; echo ${id} >ids & remo devices reboot --file ids --yes`,
      {
        sandbox,
      },
    );
    expect(code).toBe(0);
    expect(sandbox.rebootCount(id)).toBe(1);
  });
});
