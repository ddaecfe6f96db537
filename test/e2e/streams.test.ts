import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderForTest, remo, shell, startRemo } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

describe('output in a pipe', () => {
  it('is everything as TSV, without header, colour and control characters', async () => {
    const sandbox = await sandboxForTest();
    const { code, out, err } = await remo(['customers', 'list'], { sandbox });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).not.toMatch(/[^\P{Cc}\t\n]/u);
    const rows = out.trimEnd().split('\n');
    expect(rows.map(row => row.split('\t')[0])).toEqual(sandbox.fleet.customers.map(({ id }) => id));
    expect(new Set(rows.map(row => row.split('\t').length)).size).toBe(1);
  });

  it('has colour when FORCE_COLOR asks for it, and none with NO_COLOR as well', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.device({ status: 'online' });
    const run = (env: Record<string, string>) =>
      remo(['devices', 'status', id, '-o', 'table'], { sandbox, env });
    const [forced, both, plain] = await Promise.all([
      run({ FORCE_COLOR: '1' }),
      run({ FORCE_COLOR: '1', NO_COLOR: '1' }),
      run({}),
    ]);
    expect(forced.out).toContain('\x1b[');
    expect(both.out).not.toContain('\x1b');
    expect(plain.out).toBe(both.out);
  });

  it('is one JSON value with -o json, a line an object with ndjson, quoted rows with csv', async () => {
    const sandbox = await sandboxForTest();
    const list = (format: string) => remo(['customers', 'list', '-o', format], { sandbox });
    const [json, ndjson, csv] = await Promise.all([list('json'), list('ndjson'), list('csv')]);
    const ids = sandbox.fleet.customers.map(({ id }) => id);
    const idOf = ({ id }: { id: string }) => id;
    expect(JSON.parse(json.out).map(idOf)).toEqual(ids);
    expect(
      ndjson.out
        .trimEnd()
        .split('\n')
        .map(line => idOf(JSON.parse(line))),
    ).toEqual(ids);
    expect(csv.out.split('\n')[0]).toMatch(/^id,name,email,/);
    expect(csv.out).toContain('"O\'Brien & Sons, ""The Corner"""');
    for (const { code, err } of [json, ndjson, csv]) expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('is JSON from every command that has data', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const other = sandbox.fleet
      .customer('minato@example.com')
      .devices.find(({ status }) => status === 'online');
    if (!other) throw new Error('nobody to look at');
    const commands = [
      ['whoami'],
      ['customers', 'list', '--email', 'nobody@nowhere'],
      ['devices', 'show', 'sakura@example.jp'],
      ['devices', 'status', id],
      ['devices', 'reboot', other.id, '--dry-run'],
      ['devices', 'reboot', id, '--yes', '--wait'],
    ];
    const runs = await Promise.all(commands.map(argv => remo([...argv, '-o', 'json'], { sandbox })));
    expect(runs.map(({ code }) => code)).toEqual(commands.map(() => 0));
    const [account, none, devices, state, plan, report] = runs.map(({ out }) => JSON.parse(out));
    expect(account).toMatchObject({ email: sandbox.account.email });
    expect(none).toEqual([]);
    expect(devices).toHaveLength(4);
    expect(state).toMatchObject([{ id }]);
    expect(plan).toMatchObject([{ device_id: other.id, action: 'reboot' }]);
    expect(report).toMatchObject([{ device_id: id, outcome: 'rebooted' }]);
  });
});

describe('a stdin that is not there', () => {
  it.each(['</dev/null', '<&-'])('%s: lists all the same, and asks nothing', async redirection => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.device({ status: 'online' });
    const [list, reboot] = await Promise.all([
      shell(`remo customers list ${redirection}`, { sandbox }),
      shell(`remo devices reboot ${id} ${redirection}`, { sandbox }),
    ]);
    expect(list).toMatchObject({ code: 0, err: '' });
    expect(list.out.split('\n')).toHaveLength(138);
    expect(reboot).toMatchObject({ code: 7, out: '' });
    expect(reboot.err).toContain('--yes');
    expect(sandbox.reboots).toEqual([]);
  });
});

describe('a stdout that nobody reads', () => {
  it('ends a listing quietly with 0, however it was closed', async () => {
    const sandbox = await sandboxForTest({ customers: 3000 });
    const folder = folderForTest();
    const pipe = (format: string) =>
      shell(`{ remo customers list -o ${format}; echo $? >"$HOME/${format}"; } | head -n 1`, {
        sandbox,
        folder,
      });
    const atOnce = await startRemo(['customers', 'list'], { sandbox });
    atOnce.child.stdout?.destroy();
    const formats = ['csv', 'ndjson', 'json'];
    const [left, ...piped] = await Promise.all([atOnce.ended, ...formats.map(pipe)]);
    expect(left).toMatchObject({ code: 0, err: '' });
    expect(piped.map(({ err }) => err)).toEqual(formats.map(() => ''));
    expect(piped[0]?.out).toMatch(/^id,name,[^\n]*\r\n$/);
    const codes = await Promise.all(formats.map(format => readFile(path.join(folder, format), 'utf8')));
    expect(codes).toEqual(formats.map(() => '0\n'));
    // Having read a line, nobody waits for all the pages.
    const pages = sandbox.requests.filter(({ path }) => path.startsWith('/partner/v1/customers?')).length;
    expect(pages).toBeLessThan(4 * 30);
  });

  it('does not hide what became of a device', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.device({ behavior: 'fails' });
    const running = await startRemo(['devices', 'reboot', id, '--yes', '--wait'], { sandbox });
    running.child.stdout?.destroy();
    expect((await running.ended).code).toBe(3);
    expect(sandbox.rebootCount(id)).toBe(1);
  });

  it('ends --help and --version quietly, too', async () => {
    const runs = ['--help', '--version'].map(async flag => {
      const running = await startRemo([flag]);
      running.child.stdout?.destroy();
      return running.ended;
    });
    for (const ended of await Promise.all(runs)) expect(ended).toMatchObject({ code: 0, err: '' });
  });

  it('a stderr that nobody reads changes nothing', async () => {
    const sandbox = await sandboxForTest();
    const running = await startRemo(['customers', 'list', '--debug'], { sandbox });
    running.child.stderr?.destroy();
    const { code, out } = await running.ended;
    expect(code).toBe(0);
    expect(out.split('\n')).toHaveLength(138);
  });
});

describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  it('is an error, of a listing and of a report', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const [list, reboot] = await Promise.all([
      shell('remo customers list >/dev/full', { sandbox }),
      shell(`remo devices reboot ${id} --yes >/dev/full`, { sandbox }),
    ]);
    for (const { code, err } of [list, reboot]) {
      expect(code).toBe(1);
      expect(err).toMatch(/^Error: Writing the output failed: .*ENOSPC/m);
      expect(err).not.toContain('    at ');
    }
  });
});
