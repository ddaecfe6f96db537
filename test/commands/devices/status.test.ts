import { describe, expect, it } from 'vitest';
import { remo } from '../../support/run.js';
import { sandboxForTest } from '../../support/sandbox.js';

interface Status {
  id: string;
  status: string;
  booted_at: string | null;
  last_reboot: { id: string; requested_by: string } | null;
}

describe('remo devices status', () => {
  it('shows state, boot time and last reboot, in the order given, each device once', async () => {
    const sandbox = await sandboxForTest();
    const [first, second] = sandbox.fleet.customer('mori@example.jp').devices.map(({ id }) => id);
    const ids = [second ?? '', first ?? '', second ?? ''];
    const { code, json } = await remo(['devices', 'status', ...ids, '-o', 'json'], { sandbox });
    expect(code).toBe(0);
    expect(json<Status[]>().map(({ id, last_reboot }) => [id, last_reboot])).toEqual([
      [second, null],
      [first, null],
    ]);
  });

  it('has the newest reboot of a device that was rebooted', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    await remo(['devices', 'reboot', id, '--yes'], { sandbox });
    const { json } = await remo(['devices', 'status', id, '-o', 'json'], { sandbox });
    expect(json<Status[]>()).toMatchObject([
      { id, last_reboot: { requested_by: 'hanako.yamada@partner.example' } },
    ]);
    const { out } = await remo(['devices', 'status', id], { sandbox, tty: true, columns: 200 });
    expect(out).toContain('hanako.yamada@partner.example');
  });

  it('shows the devices there are, and exits 5 naming those there are not', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.device({ status: 'offline' });
    const { code, out, err } = await remo(['devices', 'status', 'dev_nope', id, 'a/b?c'], { sandbox });
    expect(code).toBe(5);
    expect(out).toContain(id);
    expect(err).toContain('dev_nope and a/b?c');
  });

  it('of an empty id (an unset variable in a script) ends with 2', async () => {
    const sandbox = await sandboxForTest();
    expect(await remo(['devices', 'status', ''], { sandbox })).toMatchObject({ code: 2 });
    expect(await remo(['devices', 'status'], { sandbox })).toMatchObject({ code: 2 });
    expect(sandbox.requests).toEqual([]);
  });
});
