import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../src/reboot/record.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import { cameras, journalFiles, linesOf } from '../support/batches.js';
import { Desk } from '../support/desk.js';
import { instructions, ofDifferentOwners } from '../support/fleet.js';
import { sandboxForTest } from '../support/sandbox.js';
import { whyNoTerminal } from '../terminal/tmux.js';

const reason = whyNoTerminal();
const twelve = (sandbox: Sandbox) =>
  ofDifferentOwners(sandbox, 12)
    .map(({ id }) => id)
    .join(' ');

describe.skipIf(reason)(`many devices in a real terminal${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('are rebooted when their number is typed, and not for another', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 0.5 });
    const desk = await Desk.at(sandbox, { rows: 60 });
    desk.run(`remo devices reboot ${twelve(sandbox)}`);
    const question = await desk.screen.shows('? Type 12 to reboot 12 devices; Enter alone declines.');
    expect(question).toMatch(
      /Plan: 12 devices of 12 customers[\s\S]+Warning: [\s\S]+ask them to sign in again/,
    );
    desk.screen.type('13');
    desk.screen.press('Enter');
    await desk.screen.shows('That is not 12.');
    expect(instructions(sandbox)).toEqual([]);
    desk.screen.press('BSpace', '2', 'Enter');
    const { code } = await desk.end();
    expect(code).toBe(0);
    const { history } = desk.screen;
    expect(history).toContain('✔ Type 12 to reboot 12 devices; Enter alone declines. 12');
    expect(history).toMatch(/^12 devices in \d+ s: ✓ rebooted 12$/m);
    expect(history.match(/^dev_\w+ +✓ rebooted/gm)).toHaveLength(12);
    expect(instructions(sandbox)).toHaveLength(12);
  });

  it.each([
    ['Enter alone', ['Enter'], 7, 'Cancelled.'],
    ['no', ['n', 'o', 'Enter'], 7, 'Cancelled.'],
    ['Ctrl-D', ['C-d'], 7, 'Cancelled.'],
    ['Ctrl-C', ['C-c'], 130, 'Interrupted.'],
  ])('are left alone at %s', async (_what, keys, expected, says) => {
    const sandbox = await sandboxForTest();
    const desk = await Desk.at(sandbox, { rows: 60 });
    desk.run(`remo devices reboot ${twelve(sandbox)}`);
    await desk.screen.shows('? Type 12');
    desk.screen.press(...keys);
    const { code, text } = await desk.end();
    expect(code).toBe(expected);
    expect(text).toContain(says);
    expect(instructions(sandbox)).toEqual([]);
  });

  it.each([
    ['en_US.UTF-8', /Type 12 to reboot 12 devices/, /That is not 12\./, '13', '12'],
    ['ja_JP.UTF-8', /12台の機器を再起動する場合は 12 と/, /12 と一致しません。/, '１３', '１２'],
  ])('are asked about and reported in forty columns (%s)', async (lang, question, wrong, no, yes) => {
    const sandbox = await sandboxForTest();
    const desk = await Desk.at(sandbox, { columns: 40, rows: 100, lang });
    desk.run(`remo devices reboot ${twelve(sandbox)} --no-wait`);
    // The terminal breaks the line where it will.
    const joined = async (what: RegExp) =>
      expect.poll(() => desk.screen.history.replaceAll('\n', ' '), { timeout: 10_000 }).toMatch(what);
    await joined(question);
    desk.screen.type(no);
    desk.screen.press('Enter');
    await joined(wrong);
    desk.screen.press('C-u');
    desk.screen.type(yes);
    desk.screen.press('Enter');
    const { code, text } = await desk.end();
    expect(code).toBe(0);
    expect(instructions(sandbox)).toHaveLength(12);
    const rows = text.split('\n').filter(line => /^dev_\w+ +✓ /.test(line));
    expect(rows).toHaveLength(12);
    for (const row of rows) expect(stringWidth(row)).toBeLessThanOrEqual(40);
    expect(desk.screen.text).not.toContain('\ufffd');
  });

  it('of a run are gone on with by their number, and it reads well in Japanese', async () => {
    const sandbox = await sandboxForTest();
    const desk = await Desk.at(sandbox, { rows: 60, lang: 'ja_JP.UTF-8' });
    // Closed at any time that this test is run: the hour after next begins in one hour at least.
    const hour = (later: number) => `${(new Date().getUTCHours() + later) % 24}:00`;
    const window = `--window ${hour(2)}-${hour(3)} --tz UTC --window-stop`;
    desk.run(`remo devices reboot ${twelve(sandbox)} --yes --no-wait ${window}`);
    const { code, text } = await desk.end();
    expect(code).toBe(3);
    const [, run] = /remo batches resume (\S+)/.exec(text) ?? [];
    expect(text).toMatch(/ほか11台: - 未実行\r?\n[\s\S]*時間帯の外です/);
    desk.run(`remo batches resume ${run} --now`);
    await desk.screen.shows('12台の機器を再起動する場合は 12 と入力してください(Enter だけで取り消し)。');
    desk.screen.type('12');
    desk.screen.press('Enter');
    expect((await desk.end()).code).toBe(0);
    expect(desk.screen.history).toMatch(/^12台、所要時間\d+秒: ✓ 受付済み 12$/m);
    expect(instructions(sandbox)).toHaveLength(12);
  });

  it('of a terminal that is closed: those under way are finished, no more are started, and the journal ends', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 1.5 });
    const desk = await Desk.at(sandbox);
    const ids = cameras(sandbox, 2, 2);
    // The shell that waits for the exit code outlives the terminal.
    desk.run(`sh -c 'trap "" HUP; remo devices reboot ${ids.join(' ')} --yes; echo $? >"$HOME/ended"' `);
    await expect.poll(() => instructions(sandbox).length, { timeout: 10_000 }).toBe(2);
    desk.screen.close();
    await expect.poll(() => desk.written('ended'), { timeout: 10_000 }).toBe('129\n');
    expect(instructions(sandbox)).toHaveLength(2);
    const [journal = ''] = journalFiles(desk.folder);
    expect(linesOf(journal).at(-1)).toMatchObject({ type: 'end', stopped_by: 'interrupted' });
    expect((await readRecord(journal)).devices.map(({ outcome }) => outcome)).toEqual([
      'rebooted',
      'not_attempted',
      'rebooted',
      'not_attempted',
    ]);
  });

  it('are left alone when the terminal is closed at the question', async () => {
    const sandbox = await sandboxForTest();
    const desk = await Desk.at(sandbox, { rows: 60 });
    desk.run(`sh -c 'trap "" HUP; remo devices reboot ${twelve(sandbox)}; echo $? >"$HOME/ended"'`);
    await desk.screen.shows('? Type 12');
    desk.screen.close();
    await expect.poll(() => desk.written('ended'), { timeout: 10_000 }).toBe('129\n');
    expect(instructions(sandbox)).toEqual([]);
  });
});
