import { describe, expect, it } from 'vitest';
import type { Customer } from '../../../src/api/schemas.js';
import { fakeClock } from '../../support/clock.js';
import { remo } from '../../support/run.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';

const rows = (text: string) => text.split('\n').filter(Boolean);

describe('remo customers list in a pipe', () => {
  it('writes every customer as TSV without a header, in the order of the backend', async () => {
    const sandbox = await sandboxForTest();
    const { code, out, err } = await remo(['customers', 'list'], { sandbox });
    expect(code).toBe(0);
    expect(rows(out).map(row => row.split('\t')[0])).toEqual(sandbox.fleet.customers.map(({ id }) => id));
    expect(out).not.toContain('\x1b');
    expect(err).toBe('');
  });

  it('fetches 100 a page, and nothing more than the pages', async () => {
    const sandbox = await sandboxForTest();
    await remo(['customers', 'list'], { sandbox });
    expect(sandbox.requests.map(({ path }) => path)).toEqual([
      '/partner/v1/customers?page=1&per_page=100',
      '/partner/v1/customers?page=2&per_page=100',
    ]);
  });

  it.each(['json', 'ndjson', 'csv'])('writes every customer as %s', async format => {
    const sandbox = await sandboxForTest();
    const { code, out } = await remo(['customers', 'list', '-o', format], { sandbox });
    expect(code).toBe(0);
    const parsed =
      format === 'json'
        ? (JSON.parse(out) as Customer[])
        : format === 'ndjson'
          ? rows(out).map(row => JSON.parse(row) as Customer)
          : out.split('\r\n').slice(1, -1);
    expect(parsed).toHaveLength(137);
    if (format === 'csv') expect(out).toMatch(/^id,name,email,device_count,signed_in,linked_at\r\n/);
    else
      expect(Object.keys(parsed[0] as Customer)).toEqual([
        'id',
        'name',
        'email',
        'linked_at',
        'device_count',
        'signed_in',
      ]);
  });

  it('finds by a part of the e-mail address, taken literally and without regard to case', async () => {
    const sandbox = await sandboxForTest();
    const find = async (text: string) =>
      (await remo(['customers', 'list', '--email', text, '-o', 'json'], { sandbox }))
        .json<Customer[]>()
        .map(({ email }) => email);
    expect(await find('SAKURA')).toEqual(['sakura-umeda@example.jp', 'sakura@example.jp']);
    expect(await find('50%off')).toEqual(['50%off@example.com']);
    expect(await find('obrien@')).toEqual(['OBrien@example.com']);
  });

  it('says on stderr why a customer may be missing, and that is no error', async () => {
    const sandbox = await sandboxForTest();
    const { code, out, err } = await remo(['customers', 'list', '--email', 'nobody@nowhere', '-o', 'json'], {
      sandbox,
    });
    expect({ code, out }).toEqual({ code: 0, out: '[]\n' });
    expect(err).toContain('the customer has to register the agency in their own settings');
  });

  it('with --limit writes so many and says that it is not all', async () => {
    const sandbox = await sandboxForTest();
    const { code, out, err } = await remo(['customers', 'list', '--limit', '5'], { sandbox });
    expect(code).toBe(0);
    expect(rows(out)).toHaveLength(5);
    expect(err).toContain('5 of 137');
  });

  it.each([
    [['--limit', '3'], 3, ['page=1&per_page=3']],
    [['--limit', '130'], 130, ['page=1&per_page=100', 'page=2&per_page=100']],
    [['--limit', '30', '--per-page', '20'], 30, ['page=1&per_page=20', 'page=2&per_page=20']],
    [['--all', '--per-page', '70'], 137, ['page=1&per_page=70', 'page=2&per_page=70']],
  ])('asks for no more than %j needs', async (flags, shown, asked) => {
    const sandbox = await sandboxForTest();
    const { out } = await remo(['customers', 'list', ...flags], { sandbox });
    expect(rows(out)).toHaveLength(shown);
    expect(sandbox.requests.map(({ path }) => path.split('?')[1])).toEqual(asked);
  });

  it('with --page writes that page and says where it is', async () => {
    const sandbox = await sandboxForTest();
    const { out, err } = await remo(['customers', 'list', '--page', '7', '--per-page', '20'], { sandbox });
    expect(rows(out)).toHaveLength(17);
    expect(err).toContain('121–137 of 137');
  });

  it('with a page after the last says so', async () => {
    const sandbox = await sandboxForTest();
    const { code, out, err } = await remo(['customers', 'list', '--page', '8'], { sandbox });
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('no page 8; the last is 7');
  });

  it('ends quietly when the reader goes away', async () => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(['customers', 'list'], {
      sandbox,
      person: async host => host.stdout.breakWith('EPIPE'),
    });
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it.each([
    ['en', 'The output is incomplete: it ends after 100 rows.\n'],
    ['ja', '出力は100件で途切れており、一覧のすべてではありません。\n'],
  ])('says after how many rows a list ends when a later page fails (%s)', async (lang, line) => {
    for (const format of ['csv', 'ndjson', 'yaml', 'json']) {
      const sandbox = await sandboxForTest();
      sandbox.faults.add({ kind: 'answer', path: /page=2/, times: 5, ...problems.unavailable() });
      const { code, err } = await remo(['customers', 'list', '-o', format, '--lang', lang, '--quiet'], {
        sandbox,
        replacements: { clock: fakeClock() },
      });
      expect(code).toBe(6);
      expect(err).toContain(line);
    }
  });

  it.each([[['--sort', 'id']], [['-o', 'table']]])(
    'says no such thing where nothing is written before all is there: %j',
    async flags => {
      const sandbox = await sandboxForTest();
      sandbox.faults.add({ kind: 'answer', path: /page=2/, times: 5, ...problems.unavailable() });
      const clock = fakeClock();
      const { code, out, err } = await remo(['customers', 'list', ...flags], {
        sandbox,
        replacements: { clock },
      });
      expect({ code, out }).toEqual({ code: 6, out: '' });
      expect(err).not.toContain('incomplete');
    },
  );

  it('fails when a later page fails, naming the operation and the request', async () => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ kind: 'answer', path: /page=2/, times: 5, ...problems.unavailable() });
    const { code, err } = await remo(['customers', 'list', '-o', 'ndjson'], {
      sandbox,
      replacements: { clock: fakeClock() },
    });
    expect(code).toBe(6);
    expect(err).toContain('listCustomers');
    expect(err).toMatch(/Request id: req_/);
    const last = rows(err).at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({
      error: { code: 'server_error', exit_code: 6, params: { status: 503 } },
    });
  });
});

describe('a list of customers that is cut', () => {
  const formats = ['json', 'ndjson', 'csv', 'yaml', 'table', undefined];

  it.each(formats)('says so on stderr with -o %s, with --quiet too', async format => {
    const sandbox = await sandboxForTest();
    const list = async (...flags: string[]) => {
      const output = format === undefined ? [] : ['-o', format];
      const { code, err } = await remo(['customers', 'list', ...flags, ...output, '--quiet'], { sandbox });
      return { code, err };
    };
    expect(await list('--limit', '5')).toEqual({
      code: 0,
      err: 'Showing 5 of 137. Everything: without --limit.\n',
    });
    expect(await list('--per-page', '5')).toEqual({ code: 0, err: '1–5 of 137\n' });
    expect(await list('--page', '2')).toEqual({ code: 0, err: '21–40 of 137\n' });
    expect(await list('--limit', '137')).toEqual({ code: 0, err: '' });
    expect(await list()).toEqual({ code: 0, err: '' });
  });

  it('says so on a terminal where nobody can be asked, with --quiet too', async () => {
    const sandbox = await sandboxForTest();
    const { err } = await remo(['customers', 'list', '--no-input', '--quiet'], {
      sandbox,
      tty: true,
      columns: 120,
    });
    expect(err).toBe('1–20 of 137\n');
  });

  it('is cut after it was sorted', async () => {
    const sandbox = await sandboxForTest();
    const all = sandbox.fleet.customers.map(({ devices }) => devices.length).toSorted((a, b) => b - a);
    const counts = async (...flags: string[]) => {
      const argv = ['customers', 'list', '--sort', '-device_count', '-o', 'json', ...flags];
      return (await remo(argv, { sandbox })).json<Customer[]>().map(({ device_count }) => device_count);
    };
    expect(await counts()).toEqual(all);
    expect(await counts('--limit', '3')).toEqual(all.slice(0, 3));
    expect(await counts('--page', '2', '--per-page', '50')).toEqual(all.slice(50, 100));
    expect(await counts('--page', '9', '--per-page', '50')).toEqual([]);
  });

  it('that is sorted has every page asked for, and each only once', async () => {
    const sandbox = await sandboxForTest();
    await remo(['customers', 'list', '--sort', 'name', '--limit', '1'], { sandbox });
    expect(sandbox.requests.map(({ path }) => path)).toEqual([
      '/partner/v1/customers?page=1&per_page=100',
      '/partner/v1/customers?page=2&per_page=100',
    ]);
  });
});

describe('remo customers list on a terminal', () => {
  it('pages through the sorted whole, with the columns asked for', async () => {
    const sandbox = await sandboxForTest();
    const { code, out } = await remo(['customers', 'list', '--sort', '-email', '--columns', 'email'], {
      sandbox,
      tty: true,
      columns: 120,
      person: async host => {
        await host.shown('1–20 of 137');
        await host.shown('next');
        host.type('n');
        await host.shown('21–40 of 137');
        await host.shown('next');
        host.type('q');
      },
    });
    expect(code).toBe(0);
    const shown = rows(out).filter(line => line.includes('@'));
    expect(shown).toHaveLength(40);
    expect(shown).toEqual(shown.toSorted(new Intl.Collator('ja', { numeric: true }).compare).reverse());
    expect(sandbox.requests).toHaveLength(2);
  });

  it('shows 20 a page, says which, and goes on, back and out by a key', async () => {
    const sandbox = await sandboxForTest();
    const { code, out } = await remo(['customers', 'list'], {
      sandbox,
      tty: true,
      columns: 120,
      person: async host => {
        await host.shown('1–20 of 137');
        await host.shown('next');
        host.type('n');
        await host.shown('21–40 of 137');
        await host.shown('previous');
        host.type('p');
        await host.shown('1–20 of 137');
        await host.shown('next');
        host.type('q');
      },
    });
    expect(code).toBe(0);
    expect(out.match(/cus_\w+/g)).toHaveLength(60);
    expect(sandbox.requests.map(({ path }) => path.replace(/.*\?/, ''))).toEqual([
      'page=1&per_page=20',
      'page=2&per_page=20',
      'page=1&per_page=20',
    ]);
  });

  it('asks nothing when all fit on a page', async () => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(['customers', 'list', '--email', 'sakura'], {
      sandbox,
      tty: true,
      columns: 120,
    });
    expect({ code, err }).toEqual({ code: 0, err: '1–2 of 2\n' });
  });

  it('keeps ids whole in the narrowest terminal, and says who is signed in before how many devices', async () => {
    const sandbox = await sandboxForTest();
    const list = (columns: number) =>
      remo(['customers', 'list', '--email', 'sakura'], {
        sandbox,
        tty: true,
        columns,
        env: { NO_COLOR: '1' },
      });
    const { out } = await list(20);
    for (const email of ['sakura@example.jp', 'sakura-umeda@example.jp']) {
      expect(out).toContain(`${sandbox.fleet.customer(email).id}  sak…\n`);
    }
    expect((await list(72)).out).toMatch(/^ID +NAME +E-MAIL +SIGNED IN\n/);
  });

  it('asks nothing with --all, --limit or --page', async () => {
    const sandbox = await sandboxForTest();
    for (const flags of [['--all'], ['--limit', '30'], ['--page', '2']]) {
      expect(await remo(['customers', 'list', ...flags], { sandbox, tty: true, columns: 120 })).toMatchObject(
        { code: 0 },
      );
    }
  });

  it('with --no-input shows the first page and how to see the rest', async () => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(['customers', 'list', '--no-input'], {
      sandbox,
      tty: true,
      columns: 120,
    });
    expect(code).toBe(0);
    expect(err).toContain('1–20 of 137');
    expect(err).toContain('--page 2');
  });

  it('speaks Japanese in a Japanese locale', async () => {
    const sandbox = await sandboxForTest();
    const { out } = await remo(['customers', 'list', '--email', 'sakura'], {
      sandbox,
      tty: true,
      columns: 120,
      env: { LANG: 'ja_JP.UTF-8' },
    });
    expect(out).toContain('メールアドレス');
    expect(out).toContain('はい');
  });
});

describe('remo customers list with bad input sends nothing and ends with 2', () => {
  it.each([
    [['--email', ''], '--email'],
    [['--email', 'x'.repeat(255)], '--email'],
    [['--email', 'two\nlines'], '--email'],
    [['--page', '0'], 'a whole number of at least 1'],
    [['--page', '-1'], '--page'],
    [['--page', '1.5'], '--page'],
    [['--per-page', '101'], 'a whole number from 1 to 100'],
    [['--per-page', '0'], '--per-page'],
    [['--limit', '0'], '--limit'],
    [['--page', '1', '--all'], '--page and --all'],
    [['--all', '--limit', '3'], '--all and --limit'],
    [['--page'], '--page'],
    [['-o', 'xml'], 'table, json, ndjson, csv or yaml'],
    [['--columns', 'nme'], 'Did you mean name?'],
    [['--columns', 'id,?'], '? has to stand by itself: --columns ?'],
    [['--columns', '？,id'], '? has to stand by itself: --columns ?'],
    [['--columns', 'ID'], 'Did you mean id?'],
    [['--sort=-'], 'A value is missing after --sort'],
    [['--sort', 'id,-'], 'A value is missing after --sort'],
    [['--sort', '-o', 'json'], 'A value is missing after --sort'],
    [['--sort', '-nmae'], 'Did you mean name?'],
    [['--columns', 'id,'], 'A value is missing after --columns'],
    [['--columns', ''], 'A value is missing after --columns'],
    [['--sort', '-nme'], 'Did you mean name?'],
    [['--sort', ''], 'A value is missing after --sort'],
    [['--excel', '-o', 'json'], "--excel and -o json can't be used together"],
    [['extra'], 'extra'],
  ])('%j', async (flags, told) => {
    const sandbox = await sandboxForTest();
    const { code, out, err } = await remo(['customers', 'list', ...flags], { sandbox });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(told);
    expect(sandbox.requests).toEqual([]);
  });
});
