import { describe, expect, it } from 'vitest';
import type { Column } from '../../src/terminal/columns.js';
import { browse } from '../../src/terminal/pager.js';
import { fakeContext, type HostOptions } from '../support/host.js';

interface Row {
  id: string;
}
const columns: Column<Row>[] = [{ name: 'id', header: () => 'ID', value: row => row.id, priority: 1 }];
const onTerminal: HostOptions = { tty: true, env: { LANG: 'en', NO_COLOR: '1' } };

/** A listing of so many rows that remembers which pages were fetched. */
function listing(total: number, perPage = 20) {
  const fetched: number[] = [];
  const fetch = async (page: number) => {
    fetched.push(page);
    const ids = Array.from({ length: total }, (_, index) => ({ id: `row_${index + 1}` }));
    return { items: ids.slice((page - 1) * perPage, page * perPage), page, per_page: perPage, total };
  };
  return { fetched, browsing: { fetch, columns, perPage } };
}

describe('browse', () => {
  it('goes forward and back, fetching each page when it is turned to', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const { fetched, browsing } = listing(137);
    const done = browse(context, browsing);
    for (const [range, key] of [
      ['1–20 of 137', 'n'],
      ['21–40 of 137', 'n'],
      ['41–60 of 137', 'p'],
      ['21–40 of 137', 'q'],
    ] as const) {
      await host.shown(range);
      await host.shown('q quit');
      host.type(key);
    }
    expect(await done).toEqual({ total: 137 });
    expect(fetched).toEqual([1, 2, 3, 2]);
    expect(host.out.match(/^ID$/gm)).toHaveLength(4);
    expect(host.out).not.toContain('of 137');
  });

  it('starts where it is told to, and ends at the end', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const done = browse(context, { ...listing(137).browsing, start: 7 });
    await host.shown('121–137 of 137');
    await host.shown('p previous');
    host.type('\r');
    await done;
  });

  it('does not ask when there is one page', async () => {
    const { host, context } = await fakeContext(onTerminal);
    await browse(context, listing(20).browsing);
    expect(host.err).toBe('1–20 of 20\n');
  });

  it('writes nothing when there is nothing', async () => {
    const { host, context } = await fakeContext(onTerminal);
    expect(await browse(context, listing(0).browsing)).toEqual({ total: 0 });
    expect(host.out + host.err).toBe('');
  });

  it('where nobody can be asked, shows one page and says how to see the rest', async () => {
    const { host, context } = await fakeContext({ tty: { stdout: true }, env: { LANG: 'en' } });
    await browse(context, { ...listing(137).browsing, start: 2 });
    expect(host.out).toContain('row_40');
    expect(host.out).not.toContain('row_41');
    expect(host.err).toBe('21–40 of 137\nNext page: --page 3. Everything: --all\n');
  });

  it('says that a page beyond the last is not there', async () => {
    const { host, context } = await fakeContext({ tty: { stdout: true }, env: { LANG: 'ja_JP' } });
    await browse(context, { ...listing(137).browsing, start: 9 });
    expect(host.out).toBe('');
    expect(host.err).toContain('9ページ目はありません。最後は7ページ目です。');
  });

  it('says that a page is fetched; Escape stays on the one there is', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const { browsing } = listing(137);
    const done = browse(context, {
      ...browsing,
      fetch: number => (number === 2 ? new Promise(() => {}) : browsing.fetch(number)),
    });
    await host.shown('q quit');
    host.type('n');
    await host.shown('Fetching page 2… Esc ends it.');
    // The terminal does not echo what is typed meanwhile.
    expect(host.stdin.rawMode).toBe(true);
    host.type('\x1b');
    await host.shown('q quit');
    host.type('q');
    expect(await done).toEqual({ total: 137 });
    expect(host.out.match(/^ID$/gm)).toHaveLength(1);
  });

  it('ends with `interrupted` at Ctrl-C', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const done = browse(context, listing(137).browsing);
    await host.shown('q quit');
    host.type('\x03');
    await expect(done).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('a search while paging', () => {
  /** Turns to the page with the keys, and waits for what is said then. */
  async function paging(total: number, options: HostOptions = onTerminal) {
    const { host, context } = await fakeContext(options);
    const { fetched, browsing } = listing(total);
    const done = browse(context, browsing);
    await host.shown('quit');
    return {
      host,
      fetched,
      done,
      async look(keys: string, what: string | RegExp) {
        host.type(keys);
        const shown = await host.shown(what);
        await host.shown('quit');
        return shown;
      },
      async quit() {
        host.type('q');
        return done;
      },
    };
  }

  it('goes to the next page with the text, and with / and Enter to the one after that', async () => {
    const { fetched, look, quit } = await paging(137);
    await look('/row_5\r', '1–20 of 137');
    await look('/\r', '41–60 of 137');
    expect(await look('/ＲＯＷ_１２\r', '101–120 of 137')).toContain('"ＲＯＷ_１２": 1 row');
    await look('/\r', '121–137 of 137');
    await look('/\r', '"ＲＯＷ_１２" is not found further on.');
    await quit();
    expect(fetched).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('looks at the page on the screen first, and sets off what is found', async () => {
    const { host, fetched, look, quit } = await paging(137, { tty: true, env: { LANG: 'en' } });
    expect(await look('/row_7\r', 'of 137')).toContain('1 row');
    await quit();
    expect(host.out).toContain('\x1b[7mrow_7\x1b[27m\n');
    expect(fetched).toEqual([1]);
  });

  it('that finds nothing leaves the page as it is', async () => {
    const { host, look, quit } = await paging(137);
    const before = host.out;
    await look('/nobody\r', '"nobody" is not found further on.');
    expect(host.out).toBe(before);
    await look('n', '21–40 of 137');
    await quit();
  });

  it('stops after fifty pages, and goes on from there when asked', async () => {
    const { fetched, look, quit } = await paging(2_000);
    await look('/row_1999\r', '"row_1999" is not found up to page 51. To go on from there: / and Enter.');
    expect(fetched.at(-1)).toBe(51);
    await look('/\r', '1,981–2,000 of 2,000');
    expect(fetched).toHaveLength(100);
    await quit();
  });

  it('is left with Escape, whatever the backend does', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const { browsing } = listing(137);
    const done = browse(context, {
      ...browsing,
      fetch: number => (number === 1 ? browsing.fetch(1) : new Promise(() => {})),
    });
    await host.shown('quit');
    host.type('/nobody\r');
    await host.shown('Looking for "nobody"… Esc ends it.');
    host.type('\x1b');
    await host.shown('quit');
    host.type('q');
    expect(await done).toEqual({ total: 137 });
  });

  it('looks in every column, and names those where what it found is out of sight', async () => {
    const { host, context } = await fakeContext({ ...onTerminal, columns: 30 });
    const wide: Column<Row>[] = [
      ...columns,
      {
        name: 'note',
        header: () => 'NOTE',
        value: ({ id }) => `a note of some length, on ${id}`,
        priority: 1,
      },
      { name: 'since', header: () => 'SINCE', value: ({ id }) => `${id} since 2024`, priority: 2 },
    ];
    const done = browse(context, { ...listing(137).browsing, columns: wide });
    await host.shown('1–20 of 137 · not shown: SINCE\n');
    await host.shown('quit');
    host.type('/row_1\r');
    await host.shown(/"row_1": 11 rows\n/);
    await host.shown('quit');
    host.type('/on ROW_3\r');
    await host.shown(/1 row \(out of\s+sight: NOTE\)/);
    await host.shown('quit');
    host.type('/row_30 since\r');
    await host.shown('21–40 of 137');
    await host.shown(/\(out of\s+sight: SINCE\)/);
    await host.shown('quit');
    host.type('q');
    await done;
    expect(host.err).not.toContain('Too narrow');
  });

  it('ends the command when a page can not be had', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const { browsing } = listing(137);
    const done = browse(context, {
      ...browsing,
      fetch: async number => {
        if (number > 2) throw new Error('gone');
        return browsing.fetch(number);
      },
    });
    await host.shown('quit');
    host.type('/nobody\r');
    await expect(done).rejects.toThrow('gone');
  });

  it('is typed as a line where the terminal is plain', async () => {
    const { host, context } = await fakeContext({
      tty: true,
      env: { LANG: 'en', NO_COLOR: '1', REMO_PLAIN: '1' },
    });
    const done = browse(context, listing(137).browsing);
    await host.shown('quit:');
    host.type('／row_41\n');
    await host.shown('41-60 of 137');
    await host.shown('quit:');
    host.type('b\n');
    await host.shown('21-40 of 137');
    await host.shown('quit:');
    host.type('\n');
    await host.shown('41-60 of 137');
    await host.shown('quit:');
    host.type('quit?\n');
    await host.shown('quit:');
    host.stdin.end();
    expect(await done).toEqual({ total: 137 });
    expect(host.out + host.err).not.toContain('\x1b[2K');
  });
});
