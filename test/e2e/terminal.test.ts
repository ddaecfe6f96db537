import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { Desk } from '../support/desk.js';
import { sandboxForTest } from '../support/sandbox.js';
import { whyNoTerminal } from '../terminal/tmux.js';

const reason = whyNoTerminal();

/** In which cell of a line a text begins. */
function cellOf(line: string, text: string): number {
  const at = line.indexOf(text);
  expect(at).toBeGreaterThan(-1);
  return stringWidth(line.slice(0, at));
}

describe.skipIf(reason)(`in a real terminal${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('customers list turns pages of twenty, there and back', async () => {
    const sandbox = await sandboxForTest();
    const ids = sandbox.fleet.customers.map(({ id }) => id);
    const desk = await Desk.at(sandbox);
    desk.run('remo customers list');
    const first = await desk.screen.shows(/1–20 of 137\nn next {3}\/ search {3}q quit$/);
    expect(first).toMatch(/ID +.*NAME +.*E-MAIL/);
    for (const id of ids.slice(0, 20)) expect(first).toContain(id);
    expect(first).not.toContain(ids[20]);
    desk.screen.press('n');
    expect(await desk.screen.shows(/21–40 of 137\nn next {3}p previous {3}\/ search {3}q quit$/)).toContain(
      ids[20],
    );
    desk.screen.press('p');
    await desk.screen.shows(/21–40 of 137\n[\s\S]*1–20 of 137\nn next/);
    desk.screen.press('q');
    const { code, text } = await desk.end();
    expect(code).toBe(0);
    expect(text).toMatch(/1–20 of 137$/);
    // A page is fetched when it is looked at: three looks, three requests.
    expect(sandbox.requests).toHaveLength(3);
  });

  it('a page of customers, its header and what is said of it fit 24 lines, however often one searches', async () => {
    const desk = await Desk.at(await sandboxForTest(), { columns: 80, rows: 24 });
    const search = async (text: string, what: RegExp) => {
      desk.screen.type('/');
      await desk.screen.shows(/^\/$/m);
      desk.screen.type(text);
      desk.screen.press('Enter');
      return desk.screen.shows(what);
    };
    desk.run('remo customers list');
    const header = /^ID +NAME +E-MAIL.*\n-/;
    expect(await desk.screen.shows(/1–20 of 137 · not shown: LINKED ON\nn next .* q quit$/)).toMatch(header);
    for (const _ of [1, 2, 3]) {
      expect(await search('nobody at all', /is not found further on\.[\s\S]* q quit$/)).toMatch(header);
    }
    const hit = await search('sakura@', /not shown: LINKED ON · "sakura@": 1 row\nn next .* q quit$/);
    expect(hit).toMatch(header);
    desk.screen.press('q');
    expect((await desk.end()).code).toBe(0);
  });

  it('customers list says that it fetches a page, and what is typed meanwhile is not seen', async () => {
    const desk = await Desk.at(await sandboxForTest({ latencyMs: 1_000 }));
    desk.run('remo customers list');
    await desk.screen.shows('q quit');
    desk.screen.press('n');
    await desk.screen.shows(/1–20 of 137\nFetching page 2… Esc ends it\.$/);
    desk.screen.type('xあ');
    const text = await desk.screen.shows(/21–40 of 137\nn next .* q quit$/);
    expect(text).not.toMatch(/xあ|Fetching/);
    desk.screen.press('q');
    expect((await desk.end()).code).toBe(0);
  });

  it('login --with-token shows nothing of the token, and speaks one language', async () => {
    const desk = await Desk.at(await sandboxForTest());
    desk.run('remo login --with-token --lang ja');
    await desk.screen.shows('入力した文字は表示されません');
    desk.screen.type('not-to-be-seen');
    desk.screen.press('C-t');
    desk.screen.press('Enter');
    const { code, text } = await desk.end();
    expect(code).toBe(4);
    expect(text).not.toMatch(/not-to-be-seen|masked|toggle/);
  });

  it('customers list at Ctrl-C ends with 130 and leaves the terminal as it was', async () => {
    const desk = await Desk.at(await sandboxForTest());
    desk.run('remo customers list');
    await desk.screen.shows('q quit');
    desk.screen.press('C-c');
    expect((await desk.end()).code).toBe(130);
  });

  it('devices show lets one of several customers be chosen', async () => {
    const desk = await Desk.at(await sandboxForTest());
    desk.run('remo devices show sakura');
    await desk.screen.shows(/"sakura" names \d+ customers\. Which one\?/);
    // By id, as every listing.
    await desk.screen.shows(/^> sakura-umeda@example\.jp {2}さくら商店 梅田店/m);
    desk.screen.press('Down');
    await desk.screen.shows(/^> sakura@example\.jp {2}さくら商店/m);
    desk.screen.press('Enter');
    const { code, text } = await desk.end();
    expect(code).toBe(0);
    expect(text).toMatch(/E-mail address: +sakura@example\.jp/);
    expect(text).toContain('正面入口');
    expect(text).not.toContain('梅田店');
  });

  it.each([
    ['Enter alone', ['Enter'], 7, 'Cancelled.'],
    ['n', ['n', 'Enter'], 7, 'Cancelled.'],
    ['Ctrl-D', ['C-d'], 7, 'Cancelled.'],
    ['Ctrl-C', ['C-c'], 130, 'Interrupted.'],
  ])('devices reboot: %s at the question reboots nothing', async (_what, keys, expected, says) => {
    const sandbox = await sandboxForTest();
    const { id } = entrance(sandbox);
    const desk = await Desk.at(sandbox);
    desk.run(`remo devices reboot ${id}`);
    const question = await desk.screen.shows('Reboot 1 device? (y/N)');
    // Who decides sees whose device it is, and both halves of the warning.
    expect(question).toMatch(/さくら商店 <sakura@example\.jp> .* signed in now/);
    expect(question).toContain(`正面入口 (${id})`);
    expect(question).toContain('may not be viewable');
    expect(question).toContain('ask them to sign in again');
    desk.screen.press(...keys);
    const { code, text } = await desk.end();
    expect(code).toBe(expected);
    expect(text).toContain(says);
    expect(sandbox.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('devices reboot: y instructs', async () => {
    const sandbox = await sandboxForTest();
    const { id } = entrance(sandbox);
    const desk = await Desk.at(sandbox);
    desk.run(`remo devices reboot ${id}`);
    await desk.screen.shows('(y/N)');
    desk.screen.press('y', 'Enter');
    const { code, text } = await desk.end();
    expect(code).toBe(0);
    expect(text).toContain('✓ accepted');
    expect(text).toContain('さくら商店 <sakura@example.jp> — was signed in');
    expect(sandbox.rebootCount(id)).toBe(1);
  });

  it('devices reboot --wait spins until the device is back, then says how long it took', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 1.2 });
    const { id } = entrance(sandbox);
    const desk = await Desk.at(sandbox, { lang: 'ja_JP.UTF-8' });
    desk.run(`remo devices reboot ${id} --wait`);
    await desk.screen.shows('1台の機器を再起動しますか。 (y/N)');
    desk.screen.press('y', 'Enter');
    await desk.screen.shows(new RegExp(`^\\S .*正面入口 \\(${id}\\): 復帰を待っています`, 'm'));
    expect(desk.screen.cursorVisible).toBe(false);
    const { code, text } = await desk.end();
    expect(code).toBe(0);
    expect(text).toContain('✓ 再起動済み');
    expect(text).toMatch(/\d秒で復帰しました。/);
    expect(text).not.toContain('待っています');
  });

  it('devices reboot --wait of several shows how far it is, and leaves only the report', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 1.2 });
    const ids = [...sandbox.fleet.devices.values()]
      .filter(({ status, behavior }) => status === 'online' && behavior === 'normal')
      .slice(0, 3)
      .map(({ id }) => id);
    const desk = await Desk.at(sandbox, { columns: 80, rows: 60, lang: 'ja_JP.UTF-8' });
    desk.run(`remo devices reboot ${ids.join(' ')} --yes --wait`);
    await desk.screen.shows(/^\[#*-+\] {2}\d\/3 {2}\d+%$[\s\S]*^ {2}復帰待ち\(/m);
    const { code, text } = await desk.end();
    expect(code).toBe(0);
    expect(text.match(/✓ 再起動済み +\d+秒で復帰しました。/g)).toHaveLength(3);
    expect(text).not.toMatch(/復帰待ち|\/3 /);
  });

  it('devices reboot --wait at Ctrl-C says what is certain', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 600 });
    const { id } = entrance(sandbox);
    const desk = await Desk.at(sandbox);
    desk.run(`remo devices reboot ${id} --yes --wait`);
    await desk.screen.shows(/waiting until it is back/);
    desk.screen.press('C-c');
    const { code, text } = await desk.end();
    expect(code).toBe(130);
    expect(text).toContain('✓ accepted');
    expect(text).toContain('waiting was interrupted');
  });

  it('Japanese columns line up by what they take on the screen', async () => {
    const sandbox = await sandboxForTest();
    const desk = await Desk.at(sandbox, { lang: 'ja_JP.UTF-8' });
    desk.run('remo customers list --page 1');
    const { text } = await desk.end();
    const lines = text.split('\n');
    const header = lines.find(line => line.includes('お客様名')) ?? '';
    const column = cellOf(header, 'メールアドレス');
    for (const { id, email } of sandbox.fleet.customers.slice(0, 20)) {
      const row = lines.find(line => line.includes(id)) ?? '';
      expect([id, cellOf(row, email)]).toEqual([id, column]);
    }
    expect(text).toContain('137件中 1〜20件');
    expect(desk.screen.text).not.toContain('\ufffd');
  });

  it.each([
    ['en_US.UTF-8', 40],
    ['ja_JP.UTF-8', 40],
    ['ja_JP.UTF-8', 30],
  ])('%s, %i columns: a row stays on its line, and what is left out is said', async (lang, columns) => {
    const sandbox = await sandboxForTest();
    const desk = await Desk.at(sandbox, { columns, rows: 50, lang });
    desk.run('remo customers list --page 1');
    const list = (await desk.end()).text;
    expect(list).toMatch(/Too narrow for: |画面の幅が足りない/);
    // What ran over would have been wrapped by the terminal: a line more.
    const rows = list
      .replace(/^[\s\S]*\n-[- ]+\n/, '')
      .replace(/\n(1–20 of 137|137件中)[\s\S]*$/, '')
      .split('\n');
    expect(rows.map(row => row.split(' ')[0])).toEqual(
      sandbox.fleet.customers.slice(0, 20).map(customer => customer.id),
    );
    expect(rows.some(row => row.includes('…'))).toBe(columns === 30);
  });

  it.each([
    ['en_US.UTF-8', /✓ accepted/],
    ['ja_JP.UTF-8', /✓ 受付済み/],
  ])('%s, forty columns: a reboot is asked for and reported in full', async (lang, outcome) => {
    const sandbox = await sandboxForTest();
    const { id } = entrance(sandbox);
    const desk = await Desk.at(sandbox, { columns: 40, rows: 50, lang });
    desk.run(`remo devices reboot ${id}`);
    await desk.screen.shows('(y/N)');
    desk.screen.press('y', 'Enter');
    const { code, text } = await desk.end();
    expect(code).toBe(0);
    expect(text).toMatch(new RegExp(`^${id} +${outcome.source}`, 'm'));
  });
});

function entrance({ fleet }: Sandbox) {
  return fleet.device({ name: '正面入口', customer_id: fleet.customer('sakura@example.jp').id });
}
