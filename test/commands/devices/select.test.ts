import { describe, expect, it } from 'vitest';
import { ofDifferentOwners } from '../../support/fleet.js';
import { remo } from '../../support/run.js';
import { sandboxForTest } from '../../support/sandbox.js';

describe('the devices of remo devices reboot, from a customer', () => {
  it.each<[words: string[], names: string[]]>([
    [[], ['正面入口', 'レジ', '駐車場', '録画機']],
    [
      ['--kind', 'camera'],
      ['正面入口', 'レジ', '駐車場'],
    ],
    [['--kind', 'recorder'], ['録画機']],
    [
      ['--status', 'online'],
      ['正面入口', 'レジ', '録画機'],
    ],
    [['--status', 'offline'], ['駐車場']],
    [['--model', 'wv-u1142a'], ['レジ']],
    [['--kind', 'camera', '--status', 'online', '--model', 'WV-S1536LTN'], ['正面入口']],
  ])('are all of theirs, or those that %j leaves', async (words, names) => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.customer('sakura@example.jp');
    for (const customer of ['sakura@example.jp', 'SAKURA@example.jp', id]) {
      const { code, json } = await remo(
        ['devices', 'reboot', '--customer', customer, ...words, '--dry-run', '-o', 'json'],
        { sandbox },
      );
      expect(code).toBe(0);
      const found = json<{ device_name: string }[]>().map(row => row.device_name);
      expect(found.toSorted()).toEqual(names.toSorted());
    }
  });

  it('are more than one page of them', async () => {
    const sandbox = await sandboxForTest();
    const { json, err } = await remo(
      ['devices', 'reboot', '--customer', 'minato@example.com', '--dry-run', '-o', 'json'],
      { sandbox },
    );
    expect(json()).toHaveLength(128);
    const online = sandbox.fleet
      .customer('minato@example.com')
      .devices.filter(one => one.status === 'online');
    expect(err).toContain(`Plan: ${online.length} devices of 1 customer`);
  });

  it('count once, though one that was added meanwhile makes another come again two pages later', async () => {
    const sandbox = await sandboxForTest();
    const moving: typeof fetch = async (input, init) => {
      const url = new URL(String(input));
      if (!url.pathname.endsWith('/devices')) return fetch(input, init);
      // Three pages of two rows; the last has the first row once more.
      const page = Number(url.searchParams.get('page'));
      url.searchParams.set('page', '1');
      const { items } = (await (await fetch(url, init)).json()) as { items: { id: string }[] };
      const rows = [items.slice(0, 2), items.slice(2, 4), [items[4], items[0]]][page - 1];
      return Response.json({ items: rows, page, per_page: 2, total: 6 });
    };
    const { code, json } = await remo(
      ['devices', 'reboot', '--customer', 'minato@example.com', '--dry-run', '-o', 'json'],
      { sandbox, replacements: { fetch: moving } },
    );
    expect(code).toBe(0);
    expect(json<{ reason: string | null }[]>()).toHaveLength(5);
  });

  it.each<[words: string[], says: string]>([
    [['--customer', 'nobody@example.jp'], 'No customer of yours'],
    [['--customer', 'sakura'], '"sakura" names 2 customers'],
    [
      ['--customer', 'sakura@example.jp', '--model', 'WV-U11'],
      'WJ-NX400K, WV-S1536LTN, WV-U1142A and WV-X2571LN',
    ],
    [['--customer', 'sakura@example.jp', '--status', 'rebooting'], 'matches that'],
    [['--customer', 'kawai@example.jp'], 'has no devices'],
  ])('ends with 5 where %j names none', async (words, says) => {
    const sandbox = await sandboxForTest();
    const { code, out, err } = await remo(['devices', 'reboot', ...words, '--yes'], { sandbox });
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toContain(says);
    expect(sandbox.reboots).toEqual([]);
  });

  it('of whom there are several are chosen on a terminal', async () => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(['devices', 'reboot', '--customer', 'sakura', '--status', 'online'], {
      sandbox,
      tty: true,
      columns: 120,
      person: async host => {
        await host.shown('Which one?');
        host.type('\x1b[B\r');
        await host.shown('Reboot 3 devices?');
        host.type('n\r');
      },
    });
    expect(code).toBe(7);
    expect(err).toContain('Customer: さくら商店 <sakura@example.jp>');
    expect(sandbox.reboots).toEqual([]);
  });
});

describe('what remo devices reboot refuses before it asks anybody', () => {
  it.each<[words: string[], says: string]>([
    [[''], '<id>: "" is not usable'],
    [['dev_1', '--file', '-'], "<id...> and --file can't be used together"],
    [['dev_1', '--customer', 'cus_1'], "<id...> and --customer can't be used together"],
    [['dev_1', '--plan', 'p.json'], "<id...> and --plan can't be used together"],
    [['--file', 'f', '--customer', 'cus_1'], "--file and --customer can't be used together"],
    [['--file', '-', '--plan', 'p.json'], "--file and --plan can't be used together"],
    [['--customer', 'cus_1', '--plan', 'p.json'], "--customer and --plan can't be used together"],
    [['dev_1', '--status', 'online'], '--status needs --customer as well'],
    [['--file', 'f', '--kind', 'camera'], '--kind needs --customer as well'],
    [['--plan', 'p.json', '--model', 'X'], '--model needs --customer as well'],
    [['--status', 'online'], '--status needs --customer as well'],
    [['--customer', ''], '--customer: "" is not usable'],
    [['--customer', 'cus_1', '--model', ''], '--model: "" is not usable'],
    [['--customer', 'cus_1', '--status', 'broken'], 'online, offline, rebooting or unknown'],
    [['--customer', 'cus_1', '--kind', 'door'], 'camera, recorder, other or unknown'],
    [['dev_1', '--confirm', '-1'], '--confirm: "-1" is not usable'],
    [['dev_1', '--confirm', 'all'], '--confirm: "all" is not usable'],
    [['dev_1', '--confirm'], 'A value is missing after --confirm'],
    [['dev_1', '--dry', 'run'], 'Unknown option: --dry'],
    [['dev_1', '--progress', 'loud'], 'auto, plain or none'],
  ])('%j', async (words, says) => {
    const sandbox = await sandboxForTest();
    const [yes, terminal] = await Promise.all([
      remo(['devices', 'reboot', '--yes', ...words], { sandbox }),
      remo(['devices', 'reboot', ...words], { sandbox, tty: true }),
    ]);
    for (const { code, out, err } of [yes, terminal]) {
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(says);
    }
    expect(sandbox.requests).toEqual([]);
  });

  it('without the permission to reboot: 4, while the plan may be looked at', async () => {
    const sandbox = await sandboxForTest();
    const [device] = ofDifferentOwners(sandbox, 1);
    const env = {
      REMO_TOKEN: undefined,
      REMO_CLIENT_ID: 'remo-batch',
      REMO_CLIENT_SECRET: 'sandbox-secret',
      REMO_CREDENTIAL_STORE: 'file',
      REMO_SCOPES: 'remo.read',
    };
    const words = ['devices', 'reboot', device?.id ?? ''];
    const { code, err } = await remo([...words, '--yes'], { sandbox, env });
    expect(code).toBe(4);
    expect(err).toContain('remo.reboot');
    expect(sandbox.requests.filter(({ path }) => path.startsWith('/partner'))).toEqual([]);
    expect(await remo([...words, '--dry-run'], { sandbox, env })).toMatchObject({ code: 0 });
  });
});
