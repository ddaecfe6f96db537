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

  it('ends with `interrupted` at Ctrl-C', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const done = browse(context, listing(137).browsing);
    await host.shown('q quit');
    host.type('\x03');
    await expect(done).rejects.toMatchObject({ code: 'interrupted' });
  });
});
