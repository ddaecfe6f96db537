import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tellAgain } from '../../../src/commands/devices/again.js';
import type { Sandbox } from '../../../src/sandbox/server.js';
import { instructions } from '../../support/fleet.js';
import { type FakeHost, fakeContext } from '../../support/host.js';
import { type RunOptions, remo } from '../../support/run.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';

const enter = '\r';
const down = '\x1b[B';

const onTerminal = (sandbox: Sandbox, person: (host: FakeHost) => Promise<void>): RunOptions => ({
  sandbox,
  tty: true,
  columns: 200,
  env: { NO_COLOR: '1' },
  person,
});

/** Looks for a customer, and chooses the first that is found. */
async function chooseCustomer(host: FakeHost, text: string, email: string) {
  await host.shown('Customer:');
  host.type(text);
  await host.shown(`> ${email}`);
  host.type(enter);
}

const devicesOf = ({ fleet }: Sandbox, email: string) =>
  fleet.customer(email).devices.map(({ id, status, kind }) => ({ id, status, kind }));

describe('remo devices show without a customer', () => {
  it('lists the first page, searches as one types, shows who is chosen and how to do it again', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.customer('sakura@example.jp');
    const { code, out, err } = await remo(
      ['devices', 'show', '--lang', 'en'],
      onTerminal(sandbox, async host => {
        expect(await host.shown('> ')).toContain('Searching…');
        await host.shown('The first 20 of 137; type more to narrow them down.');
        host.type('sakura@');
        await host.shown('> sakura@example.jp  さくら商店  (4 devices)');
        host.type(enter);
      }),
    );
    expect(code).toBe(0);
    expect(out).toContain('さくら商店');
    expect(out).not.toContain('Searching');
    expect(err).toContain(`The same next time: remo devices show --lang en ${id}\n`);
    expect(sandbox.requests.map(({ path }) => path.replace('/partner/v1', ''))).toEqual([
      '/customers?page=1&per_page=20',
      '/customers?email=sakura%40&page=1&per_page=20',
      `/customers/${id}/devices?page=1&per_page=100`,
    ]);
  });

  it('writes the data of the chosen to a pipe while it asks on the terminal', async () => {
    const sandbox = await sandboxForTest();
    const { code, json } = await remo(['devices', 'show', '-o', 'json'], {
      ...onTerminal(sandbox, host => chooseCustomer(host, 'kitahama', 'kitahama@example.jp')),
      tty: { stdin: true, stderr: true },
    });
    expect(code).toBe(0);
    expect(json<{ id: string }[]>().map(({ id }) => id)).toEqual(
      devicesOf(sandbox, 'kitahama@example.jp').map(({ id }) => id),
    );
  });

  it('says why somebody may be missing', async () => {
    const sandbox = await sandboxForTest();
    const { code } = await remo(
      ['devices', 'show'],
      onTerminal(sandbox, async host => {
        await host.shown('> ');
        host.type('nobody');
        await host.shown('No customer\'s e-mail address contains "nobody".');
        await host.shown('the customer has to register the agency');
        host.type('\x1b');
      }),
    );
    expect(code).toBe(7);
  });

  it('really ends a request that is overtaken, and the one under way when the person leaves', async () => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ kind: 'hang', path: /email=sakura&/ });
    sandbox.faults.add({ kind: 'hang', path: /email=minato&/ });
    const asked = (email: string) => sandbox.requests.find(({ path }) => path.includes(`email=${email}&`));
    const { code } = await remo(
      ['devices', 'show'],
      onTerminal(sandbox, async host => {
        await host.shown('> ');
        host.type('sakura');
        await expect.poll(() => asked('sakura')).toBeDefined();
        host.type('\x15kitahama');
        await host.shown('> kitahama@example.jp');
        await expect.poll(() => asked('sakura')?.abandoned).toBe(true);
        host.type('\x15minato');
        await expect.poll(() => asked('minato')).toBeDefined();
        host.type('\x03');
      }),
    );
    expect(code).toBe(130);
    await expect.poll(() => asked('minato')?.abandoned).toBe(true);
    expect(asked('kitahama')).toMatchObject({ status: 200 });
  });

  it('takes what a Japanese input method types', async () => {
    const sandbox = await sandboxForTest();
    const { code, out } = await remo(
      ['devices', 'show'],
      onTerminal(sandbox, host => chooseCustomer(host, 'ｋｉｔａｈａｍａ＠', 'kitahama@example.jp')),
    );
    expect(code).toBe(0);
    expect(out).toContain('kitahama@example.jp');
  });

  it('shows a failure in the prompt, and the next key tries again', async () => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ kind: 'answer', ...problems.internal(), status: 501, path: /email=/ });
    const { code } = await remo(
      ['devices', 'show'],
      onTerminal(sandbox, async host => {
        await host.shown('> ');
        host.type('mori@');
        await host.shown('The backend failed: 501 internal (listCustomers).');
        await host.shown('The next key tries again.');
        host.type(down);
        await host.shown('> mori@example.jp');
        host.type(enter);
      }),
    );
    expect(code).toBe(0);
  });

  it('ends when the session has ended', async () => {
    const sandbox = await sandboxForTest();
    const { code, out, err } = await remo(
      ['devices', 'show'],
      onTerminal(sandbox, async host => {
        await host.shown('> ');
        sandbox.endSessions();
        host.type('mori@');
      }),
    );
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toContain('REMO_TOKEN');
  });

  it('shows nobody whom a backend without a filter lists', async () => {
    const sandbox = await sandboxForTest({ customers: 3 });
    sandbox.faults.add({
      kind: 'alter',
      path: /email=ghost/,
      change: page => ({ ...page, items: [{ ...sandbox.fleet.customers[0], device_count: 4 }], total: 1 }),
    });
    await remo(
      ['devices', 'show'],
      onTerminal(sandbox, async host => {
        await host.shown('> ');
        host.type('ghost');
        await host.shown('contains "ghost"');
        host.type('\x04');
      }),
    );
  });

  it.each([
    ['no terminal', {}],
    ['--no-input', { tty: true, env: { REMO_INPUT: '0' } }],
    ['CI', { tty: true, env: { CI: '1' } }],
  ])('with %s is bad usage, as it ever was, and sends nothing', async (_what, options) => {
    const sandbox = await sandboxForTest();
    for (const [argv, argument] of [
      [['devices', 'show'], '<customer>'],
      [['devices', 'status'], '<id>'],
      [['devices', 'reboot'], '<id>'],
      [['devices', 'reboot', '--dry-run'], '<id>'],
    ] as const) {
      const { code, out, err } = await remo(argv, { sandbox, ...options });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(`An argument is missing: ${argument}`);
    }
    expect(sandbox.requests).toEqual([]);
  });
});

describe('remo devices reboot without a device', () => {
  it('lets the devices be ticked, shows the plan, asks, reboots, and tells how to do it again', async () => {
    const sandbox = await sandboxForTest();
    const [first, second] = devicesOf(sandbox, 'mori@example.jp').filter(({ status }) => status === 'online');
    const { code, err } = await remo(
      ['devices', 'reboot', '--no-wait', '--reason', "it's dark"],
      onTerminal(sandbox, async host => {
        await chooseCustomer(host, 'mori@', 'mori@example.jp');
        await host.shown('0 of');
        expect(host.err).not.toContain('[x]');
        host.type(`/${first?.id}${enter} /\x15${second?.id}${enter} \x1b`);
        await host.shown(/2 of \d+ devices selected[\s\S]*Space select/);
        expect(instructions(sandbox)).toEqual([]);
        host.type(enter);
        await host.shown('Warning: ');
        await host.shown('Reboot 2 devices?');
        host.type(`y${enter}`);
      }),
    );
    expect(code).toBe(0);
    expect(instructions(sandbox).map(({ path }) => path.split('/').at(-2))).toEqual([first?.id, second?.id]);
    expect(err).toContain(
      `The same next time: remo devices reboot --no-wait --reason 'it'\\''s dark' ${first?.id} ${second?.id}\n`,
    );
  });

  it('shows devices that can’t take the instruction, but does not let them be ticked', async () => {
    const sandbox = await sandboxForTest();
    const { devices } = sandbox.fleet.customer('sakura@example.jp');
    const [busy] = devices;
    if (busy) busy.status = 'rebooting';
    const { code } = await remo(
      ['devices', 'reboot'],
      onTerminal(sandbox, async host => {
        await chooseCustomer(host, 'sakura@', 'sakura@example.jp');
        await host.shown(/ - {2}◐ rebooting[\s\S]* - {2}○ offline/);
        host.type(' ');
        await host.shown('Already rebooting.');
        host.type(`${down} `);
        await host.shown("Offline: the instruction can't reach it.");
        host.type('a');
        await host.shown('2 of 4 devices selected');
        host.type('\x1b');
      }),
    );
    expect(code).toBe(7);
    expect(instructions(sandbox)).toEqual([]);
  });

  it('of a customer without devices says so and ends with 5', async () => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(
      ['devices', 'reboot'],
      onTerminal(sandbox, host => chooseCustomer(host, 'kawai@', 'kawai@example.jp')),
    );
    expect(code).toBe(5);
    expect(err).toMatch(/The customer cus_\w+ has no devices\./);
  });

  it('--dry-run lists the plan of those ticked, and tells how to do it again', async () => {
    const sandbox = await sandboxForTest();
    const ids = devicesOf(sandbox, 'minato@example.com').filter(({ status }) => status !== 'offline');
    const { code, json, err } = await remo(['devices', 'reboot', '--dry-run', '-o', 'json'], {
      ...onTerminal(sandbox, async host => {
        await chooseCustomer(host, 'minato@example.com', 'minato@example.com');
        await host.shown('0 of 128 devices selected');
        host.type(`a${enter}`);
      }),
    });
    expect(code).toBe(0);
    // In the order of the run.
    const recordersLast = ids.toSorted(
      (a, b) => Number(a.kind === 'recorder') - Number(b.kind === 'recorder'),
    );
    expect(json<{ device_id: string }[]>().map(row => row.device_id)).toEqual(
      recordersLast.map(({ id }) => id),
    );
    expect(err).toContain(
      `The same next time:\n  remo devices reboot --dry-run -o json ${ids.map(({ id }) => id).join(' ')}\n`,
    );
    expect(instructions(sandbox)).toEqual([]);
  });

  it('asks nobody for devices with --yes or --confirm: a script has forgotten them', async () => {
    const sandbox = await sandboxForTest();
    for (const flags of [['--yes'], ['--confirm', '3']]) {
      const { code, err } = await remo(['devices', 'reboot', ...flags], { sandbox, tty: true });
      expect(code).toBe(2);
      expect(err).toContain('An argument is missing: <id>');
    }
    expect(sandbox.requests).toEqual([]);
  });

  it.each([
    ['options that can’t be meant', ['--window', 'noon'], 2],
    ['a filter without --customer', ['--kind', 'camera'], 2],
  ])('says first what is wrong: %s', async (_what, flags, expected) => {
    const sandbox = await sandboxForTest();
    const { code } = await remo(['devices', 'reboot', ...flags], { sandbox, tty: true });
    expect(code).toBe(expected);
    expect(sandbox.requests).toEqual([]);
  });

  it('asks nobody anything who is not signed in', async () => {
    const sandbox = await sandboxForTest();
    const env = { REMO_TOKEN: undefined, REMO_CREDENTIAL_STORE: 'file' };
    for (const verb of ['show', 'reboot', 'status']) {
      const { code, err } = await remo(['devices', verb], { sandbox, tty: true, env });
      expect(code).toBe(4);
      expect(err).toContain('remo login');
    }
    expect(sandbox.requests).toEqual([]);
  });

  it('sends nothing where the question is declined, and gives no command to repeat', async () => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(
      ['devices', 'reboot'],
      onTerminal(sandbox, async host => {
        await chooseCustomer(host, 'sakura@', 'sakura@example.jp');
        await host.shown('0 of 4');
        host.type(` ${enter}`);
        await host.shown('Reboot 1 device?');
        host.type(enter);
      }),
    );
    expect(code).toBe(7);
    expect(err).not.toContain('next time');
    expect(instructions(sandbox)).toEqual([]);
  });

  it('with --quiet gives no hint', async () => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(
      ['devices', 'reboot', '--quiet', '--dry-run'],
      onTerminal(sandbox, async host => {
        await chooseCustomer(host, 'sakura@', 'sakura@example.jp');
        await host.shown('0 of 4');
        host.type(` ${enter}`);
      }),
    );
    expect(code).toBe(0);
    expect(err).not.toContain('next time');
  });

  it('keeps hostile names from forging a row, a tick or a question', async () => {
    const sandbox = await sandboxForTest();
    const customer = sandbox.fleet.customer('sakura@example.jp');
    const evil = `\x1b[1A\x1b[2K\r> [x] ● online  safe (dev_safe)\n? Reboot? (y/N)\u202e\u2028${'長'.repeat(5_000)}`;
    customer.name = evil;
    for (const device of customer.devices) device.name = evil;
    const { err } = await remo(
      ['devices', 'reboot'],
      onTerminal(sandbox, async host => {
        await chooseCustomer(host, 'sakura@', 'sakura@example.jp');
        await host.shown('0 of 4');
        host.type('\x03');
      }),
    );
    expect(err).not.toMatch(/\r|\u202e|\u2028/);
    const lines = err.split('\n').map(line => line.replace(/\x1b\[[\d?;]*[A-Za-z]/g, ''));
    expect(lines.filter(line => /^> \[x\]|^\? Reboot\?/.test(line))).toEqual([]);
    // However long a name is, the id stays in sight.
    for (const { id } of customer.devices) expect(lines).toContainEqual(expect.stringContaining(`(${id})`));
  });
});

describe('remo devices status without a device', () => {
  it('lets any device be ticked, offline ones too, and tells how to do it again', async () => {
    const sandbox = await sandboxForTest();
    const ids = devicesOf(sandbox, 'sakura@example.jp').map(({ id }) => id);
    const { code, out, err } = await remo(
      ['devices', 'status'],
      onTerminal(sandbox, async host => {
        await chooseCustomer(host, 'sakura@', 'sakura@example.jp');
        await host.shown('Devices to show, of さくら商店 <sakura@example.jp>');
        await host.shown('0 of 4');
        host.type(`a${enter}`);
      }),
    );
    expect(code).toBe(0);
    for (const id of ids) expect(out).toContain(id);
    expect(err).toContain(`The same next time: remo devices status ${ids.join(' ')}\n`);
  });
});

describe('the command line for the next time', () => {
  /** What a shell makes of the hint. */
  async function readBack(typed: string[], picked: string[]): Promise<string[]> {
    const { host, context } = await fakeContext();
    tellAgain(typed, picked, context);
    const command = host.err.replace('The same next time: remo', '').trimEnd();
    const { stdout } = spawnSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' });
    return stdout.split('\n').slice(0, -1);
  }

  it('is read by a shell as it was typed', async () => {
    const word = fc
      .string({ unit: fc.constantFrom(...'ab -=\'"$`\\!*?~#&;|<>(){}[]%長é') })
      .filter(text => text !== '');
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 4 }), async words => {
        expect(await readBack(words, ['dev_1'])).toEqual([...words, 'dev_1']);
      }),
      { numRuns: 60 },
    );
  });

  it('has an empty word as one', async () => {
    expect(await readBack(['--model', ''], ['dev_1'])).toEqual(['--model', '', 'dev_1']);
  });

  it('lets no id become an option', async () => {
    expect(await readBack(['devices', 'reboot'], ['--yes', 'dev_1'])).toEqual([
      'devices',
      'reboot',
      '--',
      '--yes',
      'dev_1',
    ]);
  });

  it('stays on its line, whatever an id holds', async () => {
    const { host, context } = await fakeContext();
    tellAgain(['devices', 'show'], ['cus\n\x1b[2Jremo logout'], context);
    expect(host.err).toBe("The same next time: remo devices show 'cus \uFFFD[2Jremo logout'\n");
  });
});
