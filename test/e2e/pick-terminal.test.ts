import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { Desk } from '../support/desk.js';
import { instructions } from '../support/fleet.js';
import { soon } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';
import { bash, whyNoTerminal } from '../terminal/tmux.js';

const reason = whyNoTerminal();
const searches = ({ requests }: Sandbox) => requests.filter(({ path }) => path.includes('/customers?'));

describe.skipIf(reason)(`picking in a real terminal${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('devices show searches as one types; what is overtaken is ended', async () => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ kind: 'hang', path: /email=minato&/ });
    const desk = await Desk.at(sandbox, { columns: 120, rows: 24 });
    desk.run('remo devices show');
    await desk.screen.shows('The first 20 of 137; type more to narrow them down.');
    desk.screen.type('minato');
    await expect.poll(() => searches(sandbox).at(-1)?.path, soon).toContain('email=minato&');
    expect(await desk.screen.shows('Searching…')).not.toMatch(/^> /m);
    desk.screen.press('C-u');
    desk.screen.type('sakura');
    await desk.screen.shows(/^\? Customer: sakura\n> sakura-umeda@example\.jp {2}さくら商店 梅田店/m);
    desk.screen.press('Down');
    await desk.screen.shows(/^> sakura@example\.jp {2}さくら商店/m);
    desk.screen.press('Enter');
    const { code, text } = await desk.end();
    expect(code).toBe(0);
    expect(text).toContain('✔ Customer: sakura@example.jp  さくら商店  (4 devices)');
    expect(text).not.toContain('梅田店');
    expect(text).toMatch(/The same next time: remo devices show cus_\w+$/);
    // Not one for each letter; and the one that nobody waits for any more was ended.
    expect(searches(sandbox).length).toBeLessThan(6);
    expect(searches(sandbox).find(({ path }) => path.includes('email=minato&'))?.abandoned).toBe(true);
  });

  it('of 128 devices some are found, ticked and rebooted', async () => {
    const sandbox = await sandboxForTest();
    const recorders = sandbox.fleet
      .customer('minato@example.com')
      .devices.filter(({ kind, status }) => kind === 'recorder' && status === 'online');
    const desk = await Desk.at(sandbox, { columns: 100, rows: 24 });
    desk.run('remo devices reboot --no-wait');
    await desk.screen.shows('> ');
    desk.screen.type('minato@example.com');
    await desk.screen.shows('> minato@example.com');
    desk.screen.press('Enter');
    const list = await desk.screen.shows('0 of 128 devices selected · 1–15 of 128');
    expect(list.match(/^[> ] (\[ \]| - ) /gm)?.length).toBeLessThan(20);
    expect(list).not.toContain('[x]');
    desk.screen.press('End');
    await desk.screen.shows(/^> .*\n0 of 128.* · 114–128 of 128$/m);
    desk.screen.type('/recorder');
    await desk.screen.shows(/^\/recorder$/m);
    desk.screen.press('Enter');
    desk.screen.type('a');
    await desk.screen.shows(`${recorders.length} of 128 devices selected`);
    desk.screen.press('Enter');
    await desk.screen.shows(new RegExp(`(Type|Reboot) ${recorders.length} `));
    expect(instructions(sandbox)).toEqual([]);
    desk.screen.type(recorders.length < 10 ? 'y' : `${recorders.length}`);
    desk.screen.press('Enter');
    const { code } = await desk.end();
    expect(code).toBe(0);
    expect(instructions(sandbox)).toHaveLength(recorders.length);
    expect(desk.screen.history).toContain(
      `The same next time:\n  remo devices reboot --no-wait ${recorders.map(({ id }) => id).join(' ')}`,
    );
  });

  describe.each([
    ['Ctrl-C', 'C-c', 130, 'Interrupted.'],
    ['Ctrl-D', 'C-d', 7, 'Cancelled.'],
    ['Escape', 'Escape', 7, 'Cancelled.'],
  ])('%s', (_key, key, expected, says) => {
    it.each<[string, (desk: Desk) => Promise<unknown>]>([
      ['while it searches', desk => desk.screen.shows('Searching…')],
      ['in the search', desk => desk.screen.shows('> ')],
      [
        'in the checklist',
        async desk => {
          await desk.screen.shows('> ');
          desk.screen.type('sakura@');
          await desk.screen.shows('> sakura@example.jp');
          desk.screen.press('Enter');
          await desk.screen.shows('0 of 4');
          desk.screen.press('Space');
          await desk.screen.shows('1 of 4');
        },
      ],
    ])('%s ends it; nothing is sent, and the terminal is as it was', async (_when, goThere) => {
      const sandbox = await sandboxForTest({ latencyMs: 400 });
      const desk = await Desk.at(sandbox, { rows: 24 });
      desk.run('remo devices reboot');
      await goThere(desk);
      desk.screen.press(key);
      const { code, text } = await desk.end();
      expect(code).toBe(expected);
      expect(text).toContain(says);
      expect(instructions(sandbox)).toEqual([]);
    });
  });

  it.each([
    [40, '●', '○'],
    [80, '● オンライン ', '○ オフライン '],
  ])('%i columns, in Japanese', async (columns, online, offline) => {
    const sandbox = await sandboxForTest();
    const desk = await Desk.at(sandbox, { columns, rows: 30, lang: 'ja_JP.UTF-8' });
    desk.run('remo devices reboot');
    const first = await desk.screen.shows('Esc 取り消し');
    for (const line of first.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    // A row stays on its line: ten customers are ten lines.
    expect(first.match(/^[> ] \S+@\S+/gm)).toHaveLength(10);
    desk.screen.type('dareka');
    await desk.screen.shows('「dareka」');
    expect(desk.screen.text.replaceAll('\n', '')).toContain('代理店を登録していただく必要があります。');
    desk.screen.press('C-u');
    desk.screen.type('sakura@');
    await desk.screen.shows(/^> sakura@example\.jp/m);
    desk.screen.press('Enter');
    const list = await desk.screen.shows('4台中0台を選択');
    // Name and id are what a device is known by: the word for its state gives way to them.
    expect(list).toMatch(new RegExp(`^> \\[ \\] ${online} 正面入口 \\(dev_\\w+\\)`, 'm'));
    expect(list).toMatch(new RegExp(`^ {3}- {2}${offline} 駐車場 \\(dev_\\w+\\)`, 'm'));
    desk.screen.press('Down', 'Space');
    await desk.screen.shows('オフラインのため、指示が届きません。');
    desk.screen.press('Up', 'Space');
    await desk.screen.shows('4台中1台を選択');
    desk.screen.press('Enter');
    await desk.screen.shows('(y/N)');
    desk.screen.press('y', 'Enter');
    const { code } = await desk.end();
    expect(code).toBe(0);
    expect(instructions(sandbox)).toHaveLength(1);
    expect(desk.screen.history.replaceAll('\n', '')).toMatch(
      /次回、同じ操作を行うコマンド: +remo devices reboot dev_\w+/,
    );
    expect(desk.screen.history).not.toContain('\ufffd');
  });

  it('the answer that was picked leaves no other row behind, in a terminal of twelve lines too', async () => {
    const sandbox = await sandboxForTest();
    const desk = await Desk.at(sandbox, { columns: 60, rows: 12 });
    desk.run('remo devices status');
    await desk.screen.shows('> ');
    for (const _ of [1, 2, 3, 4, 5, 6, 7, 8]) desk.screen.press('Down');
    desk.screen.type('mori@');
    await desk.screen.shows('> mori@example.jp');
    desk.screen.press('Enter');
    await desk.screen.shows('0 of');
    desk.screen.type('a');
    desk.screen.press('Enter');
    const { code } = await desk.end();
    expect(code).toBe(0);
    expect(desk.screen.history.match(/Customer:/g)).toHaveLength(1);
    expect(desk.screen.history.match(/Devices to show/g)).toHaveLength(1);
    expect(desk.screen.history).not.toContain('[ ]');
  });

  /** At the checklist of a customer with four devices, or more. */
  async function ticking(
    sandbox: Sandbox,
    { email = 'sakura@', ...options }: { email?: string } & Parameters<typeof Desk.at>[1],
  ) {
    const desk = await Desk.at(sandbox, options);
    desk.run('remo devices reboot --no-wait');
    await desk.screen.shows('> ');
    desk.screen.type(email);
    await desk.screen.shows(new RegExp(`^> ${email}`, 'm'));
    desk.screen.press('Enter');
    await desk.screen.shows('[ ]');
    return desk;
  }

  it('on 20 columns and 12 lines each device has its name, and all of the list is in sight', async () => {
    const sandbox = await sandboxForTest();
    const desk = await ticking(sandbox, { columns: 20, rows: 12, lang: 'ja_JP.UTF-8' });
    for (const name of ['正面入口', '駐車場', 'レジ', '録画機']) {
      await desk.screen.shows(new RegExp(`^> .{4}[●○◐] ${name}`, 'm'));
      expect(desk.screen.text).toMatch(/^\? /m);
      expect(desk.screen.text).toMatch(/4台中0台を選択/);
      desk.screen.press('Down');
    }
    expect(desk.screen.history.match(/再起動する機器/g)).toHaveLength(1);
    desk.screen.press('Escape');
    expect((await desk.end()).code).toBe(7);
  });

  it.each<[string, { columns: number; rows: number }[]]>([
    [
      'narrower and wider',
      [
        { columns: 40, rows: 24 },
        { columns: 20, rows: 24 },
        { columns: 80, rows: 24 },
      ],
    ],
    [
      'lower and higher',
      [
        { columns: 80, rows: 10 },
        { columns: 80, rows: 16 },
        { columns: 80, rows: 24 },
      ],
    ],
  ])('a terminal that gets %s shows the checklist once, at once', async (_how, sizes) => {
    const sandbox = await sandboxForTest();
    const desk = await ticking(sandbox, { columns: 80, rows: 24, email: 'minato@example.com' });
    desk.screen.press('Down', 'Space');
    const before = await desk.screen.shows('1 of 128');
    for (const { columns, rows } of sizes) {
      desk.screen.resize(columns, rows);
      const range = columns === 20 ? /1–\d+ of\s128/ : /1–\d+ of 128/;
      // A process is told by a signal.
      await new Promise(resolve => setTimeout(resolve, 300));
      const text = await desk.screen.shows(range);
      expect(text.match(/Devices to/g)).toHaveLength(1);
      expect(text.match(/^> \[x\]/gm)).toHaveLength(1);
      expect(text.match(/[\d]+ of\s+128\s+devices/g)).toHaveLength(1);
      for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
    const list = (text: string) => text.slice(text.indexOf('? Devices to'));
    expect(list(desk.screen.text)).toBe(list(before));
    desk.screen.press('Escape');
    expect((await desk.end()).code).toBe(7);
  });

  it.each<[string, string | undefined, string]>([
    ['the search', undefined, 'The first 20 of 137'],
    ['the checklist', 'sakura@', '1 of 4 devices selected'],
  ])('%s is put aside with Ctrl-Z, and goes on after fg where it was', async (_what, email, sign) => {
    const sandbox = await sandboxForTest();
    const shell = bash;
    const options = { columns: 80, rows: 24, shell };
    const desk = await (email ? ticking(sandbox, { ...options, email }) : Desk.at(sandbox, options));
    if (email) desk.screen.press('Space');
    else desk.run('remo devices reboot --no-wait');
    const before = await desk.screen.shows(sign);
    desk.screen.press('C-z');
    await desk.screen.shows('Stopped');
    const { text } = await desk.end();
    expect(text).not.toMatch(/^[?>] |\[ \]|Esc cancel/m);
    desk.run('fg');
    const after = await desk.screen.shows(sign);
    const list = (screen: string) => screen.slice(screen.indexOf('? '));
    expect(list(after)).toBe(list(before));
    desk.screen.press('Escape');
    expect((await desk.end()).code).toBe(7);
    expect(instructions(sandbox)).toEqual([]);
  });

  it('a terminal that was resized while the checklist was put aside has it in its new size', async () => {
    const sandbox = await sandboxForTest();
    const desk = await ticking(sandbox, { columns: 80, rows: 24, shell: bash });
    desk.screen.press('C-z');
    await desk.screen.shows('Stopped');
    await desk.end();
    desk.screen.resize(40, 24);
    desk.run('fg');
    await desk.screen.shows(/^> \[ \] ● 正面入口 \(dev_\w+\)$/m);
    for (const line of desk.screen.text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(40);
    expect(desk.screen.text.match(/\[ \]/g)).toHaveLength(3);
    desk.screen.press('Escape');
    expect((await desk.end()).code).toBe(7);
  });
});
