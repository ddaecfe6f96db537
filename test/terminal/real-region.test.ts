import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundle } from './bundle.js';
import { Screen, whyNoTerminal } from './tmux.js';

const reason = whyNoTerminal();

describe.skipIf(reason)(`a run in a real terminal${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'remo-region-'));
    await bundle('run-program', folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Starts the run in a fresh terminal, in which what is typed is not to be seen unless `echo`. */
  async function run({ columns = 120, lang = 'en', echo = false } = {}) {
    const screen = new Screen({ columns, rows: 24 }, { REMO_LANG: lang });
    onTestFinished(() => screen.close());
    const program = `${process.execPath} ${path.join(folder, 'run-program.mjs')}`;
    const quietly = echo ? '' : 'stty -echo;';
    screen.type(`${quietly} clear; ${program}; code=$?; stty echo; echo ended $code`);
    screen.press('Enter');
    await screen.shows('0/12  0%');
    const say = (step: string) => {
      screen.type(step);
      screen.press('Enter');
    };
    return { screen, say };
  }

  /** The run, stopped, has left the cursor and no more than its lines. */
  async function end(screen: Screen) {
    await screen.shows(/^ended 0$/m);
    expect(screen.cursorVisible).toBe(true);
    return screen.history;
  }

  /** tmux tells a program of a new size only when the size stays for a while. */
  const settled = () => new Promise(resolve => setTimeout(resolve, 400));
  const times = (text: string, what: RegExp) => (text.match(what) ?? []).length;

  it('shows how far it is and what is under way, lines above it, and nothing of it in the end', async () => {
    const { screen, say } = await run();
    say('start');
    await screen.shows(/^ {2}sending {2}\d s {2}1番倉庫の北側通用口カメラ \(dev_1\)$/m);
    say('wait');
    expect(await screen.shows(/^ {2}waiting \(rebooting\)/m)).toMatch(/^ {2}and 3 more$/m);
    say('end');
    say('tell');
    await screen.shows(
      /^A line meanwhile (long ){12}end\n\n\[#{10}-{30}\] {2}3\/12 {2}25%\n✓ rebooted 3\n\d+ s so far\n/m,
    );
    // The results, on stdout, went above it, too.
    expect(screen.history).toMatch(/^A line before\n\{"device_id":"dev_1".*\n\{.*\n\{.*\}\nA line meanwhile/);
    // The name of the third tried to be a line of its own.
    expect(screen.history).not.toMatch(/^\s*9\/12/m);
    say('stop');
    expect(await end(screen)).toMatch(
      /^A line before\n(\{"device_id.*\}\n){3}A line meanwhile .*end\nA line after\nended 0\n/,
    );
  });

  it.each([
    ['halved', 120, [60]],
    ['made smaller bit by bit', 80, [60, 54, 48, 43]],
  ])('leaves no rests where the terminal is %s, and takes the room again', async (_how, columns, sizes) => {
    const { screen, say } = await run({ columns });
    say('start');
    say('tell');
    await screen.shows('sending');
    for (const size of sizes) {
      screen.resize(size, 24);
      await settled();
      expect(times(screen.history, /0\/12/g)).toBe(1);
    }
    screen.resize(columns, 24);
    await screen.shows('カメラ (dev_');
    expect(times(screen.history, /0\/12/g)).toBe(1);
    say('stop');
    expect(await end(screen)).toMatch(
      /^A line before\nA line meanwhile (long ){12}end\nA line after\nended 0\n/,
    );
  });

  it('shows itself once, also where the terminal suddenly is a quarter as wide', async () => {
    const { screen, say } = await run({ columns: 80 });
    say('start');
    await screen.shows('sending');
    for (const size of [20, 80]) {
      screen.resize(size, 24);
      await settled();
      expect(times(screen.text, /0\/12/g)).toBe(1);
      expect(times(screen.text, /^ {2}sending/gm)).toBe(5);
    }
    say('stop');
    expect(times(await end(screen), /^A line (before|after)$/gm)).toBe(2);
  });

  it('fits into twenty columns in Japanese', async () => {
    const { screen, say } = await run({ columns: 20, lang: 'ja' });
    say('start');
    say('wait');
    const text = await screen.shows(/^ {2}復帰待ち/m);
    expect(text.split('\n').slice(2)).toEqual([
      expect.stringMatching(/^\[-+\] {2}0\/12 {2}0%$/),
      expect.stringMatching(/^経過\d秒$/),
      ...Array.from({ length: 5 }, () => expect.stringMatching(/^ {2}復帰待ち\(.*…$/)),
      '  ほか3台',
    ]);
    for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(18);
    say('stop');
    await end(screen);
  });

  it('says at Ctrl-C what is still being finished, and leaves nothing behind when it is', async () => {
    const { screen, say } = await run();
    say('start');
    await screen.shows('sending');
    screen.press('C-c');
    await screen.shows(
      /^Interrupted: finishing 8 devices in flight; press Ctrl-C\nagain to leave at once\n {2}sending/m,
    );
    expect(screen.text).not.toContain('^C');
    say('tell');
    await screen.shows(/^A line meanwhile/m);
    say('stop');
    expect(await end(screen)).toMatch(/^A line before\nA line meanwhile .*\nA line after\nended 0\n/);
  });

  it('leaves at the second Ctrl-C, with the cursor below what it showed last', async () => {
    const { screen, say } = await run({ lang: 'ja' });
    say('start');
    await screen.shows('指示を送信中');
    screen.press('C-c');
    await screen.shows(/^中断: 処理中の8台の完了を待っています/m);
    screen.press('C-c');
    expect(await screen.shows(/\n\$$/)).toMatch(/ {2}ほか3台\n(\^C)?\n\$$/);
    expect(screen.cursorVisible).toBe(true);
  });

  it('is drawn below what a person types, and below the shell after Ctrl-Z', async () => {
    const { screen, say } = await run({ echo: true });
    say('start');
    await screen.shows(/^start\n\n\[-+\][\s\S]*sending/m);
    screen.press('Enter');
    await screen.shows(/^start\n\n\n\[-+\]/m);
    screen.press('C-z');
    await screen.shows('Stopped');
    screen.type('fg');
    screen.press('Enter');
    await screen.shows(/\n\n\[-+\] {2}0\/12/);
    expect(times(screen.text, /0\/12/g)).toBe(1);
    say('stop');
    await screen.shows('A line after');
    expect(times(screen.history, /0\/12/g)).toBe(0);
  });
});
