import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from './bundle.js';
import { bash, Screen, whyNoTerminal } from './tmux.js';

const reason = whyNoTerminal();

describe.skipIf(reason)(`prompts in a real terminal${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let folder: string;
  let screen: Screen;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'remo-terminal-'));
    await bundle('prompt-program', folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => screen.close());

  /** Runs a program in a fresh terminal; its exit code and `stty` before and after end up in files. */
  function run(
    name: string,
    size = { columns: 80, rows: 24 },
    lang = 'en',
    env: Record<string, string> = {},
    shell?: readonly string[],
  ) {
    screen = new Screen(size, { REMO_LANG: lang, ...env }, shell);
    const file = (what: string) => path.join(folder, what);
    screen.type(
      `clear; stty -g >${file('before')}; ${process.execPath} ${file('prompt-program.mjs')} ${name}; echo $? >${file('code')}; stty -g >${file('after')}; echo do''ne`,
    );
    screen.press('Enter');
  }

  /** Waits for the end; the terminal must be as it was. */
  async function end() {
    const text = await screen.shows(/done$/m);
    const [before, after, code] = await Promise.all(
      ['before', 'after', 'code'].map(name => readFile(path.join(folder, name), 'utf8')),
    );
    expect(after).toBe(before);
    expect(screen.cursorVisible).toBe(true);
    return { code: Number(code), text };
  }

  it.each([
    [['y', 'Enter'], 'answer true', 0],
    [['Enter'], 'answer false', 0],
    [['C-d'], 'answer false', 0],
    [['C-c'], 'threw interrupted', 130],
  ])('confirm: %j', async (keys, answer, code) => {
    run('confirm', { columns: 80, rows: 24 }, 'ja');
    await screen.shows('? カメラ「玄関」を再起動しますか。 (y/N)');
    screen.press(...keys);
    const { text, code: actual } = await end();
    expect(text).toContain(answer);
    expect(actual).toBe(code);
    expect(text.match(/カメラ/g)).toHaveLength(1);
  });

  it('confirm wraps a question that is wider than the terminal, and redraws it in place', async () => {
    run('confirm', { columns: 20, rows: 24 });
    await screen.shows('(y/N)');
    screen.press('y');
    await screen.shows(/\(y\/N\)\s+y/);
    screen.press('BSpace');
    screen.press('n');
    await screen.shows(/\(y\/N\)\s+n/);
    screen.press('Enter');
    const { text } = await end();
    expect(text.match(/カメラ/g)).toHaveLength(1);
    expect(text).toContain('answer false');
  });

  it('browse turns pages and leaves only the pages behind', async () => {
    run('browse');
    await screen.shows(/1–5 of 13\nn next {3}\/ search {3}q quit$/);
    screen.press('Space');
    await screen.shows(/6–10 of 13\nn next {3}p previous {3}\/ search {3}q quit$/);
    screen.press('PageDown');
    await screen.shows(/11–13 of 13\np previous {3}\/ search {3}q quit$/);
    screen.press('Left');
    await screen.shows(/11–13 of 13\nID[\s\S]*6–10 of 13\nn next/);
    screen.press('q');
    const { text, code } = await end();
    expect(code).toBe(0);
    expect(text).not.toContain('q quit');
    expect(text).toMatch(/ {2}横浜支店\n6–10 of 13\nanswer \{"total":13\}\ndone$/m);
  });

  it.each([
    ['C-c', 130],
    ['C-d', 0],
    ['Escape', 0],
  ])('browse ends at %s', async (key, code) => {
    run('browse');
    await screen.shows('q quit');
    screen.press(key);
    expect((await end()).code).toBe(code);
  });

  it.each([20, 40])('choose on %i columns', async columns => {
    run('choose', { columns, rows: 24 });
    // Twenty columns are too few for the keys on one line.
    await screen.shows(/Enter\s+choose/);
    screen.press('Down');
    await screen.shows(/^> 横浜/m);
    screen.press('Down');
    await screen.shows(/^> Ito/m);
    screen.press('Enter');
    const { text } = await end();
    expect(text).toMatch(/^\? ?.*Which\? .*\nanswer "It"|^✔ Which\? Ito\nanswer "It"/m);
    expect(text).not.toContain('Sato');
  });

  /** A sign as it may be broken into lines. */
  const shown = (sign: string, flags = '') =>
    new RegExp([...sign].map(letter => letter.replace(/[()?/]/g, '\\$&')).join('\\s*'), flags);

  /** Each prompt, and what shows that it is there. */
  const prompts: [string, string][] = [
    ['confirm', '(y/N)'],
    ['choose', 'Which?'],
    ['ask', '台数を入力してください:'],
    ['secret', 'Token?'],
    ['browse', 'quit'],
  ];
  const terminals: [string, Record<string, string>][] = [
    ['a terminal', {}],
    ['a dumb one', { TERM: 'dumb' }],
    ['one for a screen reader', { REMO_PLAIN: '1' }],
  ];
  const everywhere = terminals.flatMap(([what, env]) =>
    prompts.map(([name, sign]) => [name, what, sign, env] as const),
  );

  it.each(everywhere)('%s on %s: Ctrl-C ends it, the terminal as it was', async (name, _what, sign, env) => {
    run(name, undefined, 'en', env);
    await screen.shows(sign);
    screen.press('C-c');
    const { code, text } = await end();
    expect(code).toBe(130);
    expect(text).toContain('threw interrupted');
  });

  it.each(everywhere)(
    '%s on %s: Ctrl-D leaves it, the terminal as it was',
    async (name, _what, sign, env) => {
      run(name, undefined, 'en', env);
      await screen.shows(sign);
      screen.press('C-d');
      const { text } = await end();
      expect(text).toMatch(/^(answer (false|\{"total":13\})|threw declined)$/m);
    },
  );

  // On a dumb terminal Node's readline, which hides the secret, does not know the key: nothing happens.
  const suspendable = everywhere.filter(([name, , , env]) => name !== 'secret' || env['TERM'] === undefined);

  it.each(suspendable)('%s on %s: Ctrl-Z puts it aside, fg asks it again', async (name, _what, sign, env) => {
    const drawn = env['TERM'] === undefined && env['REMO_PLAIN'] === undefined;
    run(name, { columns: 20, rows: 24 }, 'en', env, bash);
    await screen.shows(shown(sign));
    screen.press('C-z');
    await screen.shows('Stopped');
    const { text } = await end();
    // What is drawn leaves nothing for the shell to write into.
    expect(shown(sign).test(text)).toBe(!drawn);
    screen.type('tput -T xterm clear; fg');
    screen.press('Enter');
    // The shell tells first what goes on, by the path of node.
    await screen.shows(new RegExp(`^/[\\s\\S]*${shown(sign).source}`));
    expect(screen.text.match(shown(sign, 'g'))).toHaveLength(1);
    screen.press('C-d');
    await screen.shows(/answer\s+(false|\{"tot\s*al":13\})|threw declined/);
    screen.type(`tput -T xterm clear; stty -g >${path.join(folder, 'after')}; echo do''ne`);
    screen.press('Enter');
    await end();
  });

  it.each([
    ['confirm', 'y', /\(y\/N\)\s+y$/m, 'answer true'],
    ['choose', 'Down', /^> 横浜/m, 'answer "横浜"'],
    ['ask', '12', /: 12$/m, 'answer "12"'],
    ['browse', '/横浜', /^\/横浜$/m, 'of 13'],
  ])('%s goes on after fg where it was', async (name, keys, sign, answer) => {
    run(name, undefined, 'en', {}, bash);
    await screen.shows(/\?|quit/);
    if (keys === 'Down') screen.press(keys);
    else screen.type(keys);
    await screen.shows(sign);
    screen.press('C-z');
    await screen.shows('Stopped');
    screen.type('clear; fg');
    screen.press('Enter');
    await screen.shows(sign);
    screen.press('Enter');
    await screen.shows(answer);
  });

  it('a prompt stays where Ctrl-Z can not stop the program: there is no shell', async () => {
    screen = new Screen({ columns: 80, rows: 24 }, { REMO_LANG: 'en' }, [
      process.execPath,
      path.join(folder, 'prompt-program.mjs'),
      'confirm',
    ]);
    await screen.shows('(y/N)');
    screen.press('C-z');
    await new Promise(resolve => setTimeout(resolve, 200));
    screen.type('y');
    await screen.shows(/\(y\/N\) y$/m);
  });

  it.each<[string, string, RegExp]>([
    ['confirm', 'y', /\(y\/N\)\s+y$/m],
    ['choose', 'Down', /^> 横浜/m],
    ['ask', '1', /: 1$/m],
    ['secret', '', /not shown\)/],
    ['browse', '/x', /^\/x$/m],
  ])('%s is drawn anew when the terminal is resized, and stands there once', async (name, keys, sign) => {
    // At the foot, where a terminal that has been used has its prompt.
    screen = new Screen({ columns: 80, rows: 24 }, { REMO_LANG: 'en' });
    screen.type(`seq 40; ${process.execPath} ${path.join(folder, 'prompt-program.mjs')} ${name}`);
    screen.press('Enter');
    await screen.shows(/\?|quit/);
    if (keys === 'Down') screen.press(keys);
    else if (keys !== '') screen.type(keys);
    const before = await screen.shows(sign);
    for (const [columns, rows] of [
      [20, 12],
      [60, 20],
      [31, 10],
      [80, 24],
    ] as const) {
      screen.resize(columns, rows);
      // A process is told by a signal.
      await new Promise(resolve => setTimeout(resolve, 300));
      expect(screen.text.match(/カメラ|Which|台数|Token|\/x/g) ?? []).toHaveLength(1);
    }
    expect(screen.text.split('\n').slice(-3)).toEqual(before.split('\n').slice(-3));
    screen.press('C-c');
  });

  it.each([
    ['confirm', ['y'], 'answer true'],
    ['confirm', ['ｙｅｓ'], 'answer true'],
    ['confirm', [''], 'answer false'],
    ['confirm', ['はい'], 'answer false'],
    ['choose', ['4', '２'], 'answer "横浜"'],
    ['ask', ['１２', '12'], 'answer "12"'],
    ['secret', ['abc def'], 'answer 7'],
    ['browse', ['', 'q'], 'answer {"total":13}'],
  ])('%s as lines: %j', async (name, lines, answer) => {
    run(name, undefined, 'en', { REMO_PLAIN: '1' });
    for (const line of lines) {
      // Every question ends the screen, and waits there.
      await screen.shows(/[?:)]$/);
      screen.type(line);
      screen.press('Enter');
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    const { text } = await end();
    expect(text).toContain(answer);
    // Nothing was drawn over: all of it is still there, but the secret.
    if (name === 'secret') expect(text).not.toContain('abc');
    else for (const line of lines) expect(text).toContain(line);
    expect(text).not.toMatch(/[●○✔✓…–—]/);
  });

  it('confirm as a line does not take what was typed before it asked', async () => {
    screen = new Screen({ columns: 80, rows: 24 }, { REMO_PLAIN: '1', REMO_LANG: 'en' });
    screen.type(`clear; ${process.execPath} ${path.join(folder, 'prompt-program.mjs')} confirm; echo do''ne`);
    screen.press('Enter');
    screen.type('y');
    screen.press('Enter');
    screen.type('y');
    await screen.shows(/\(y\/N\)/);
    await new Promise(resolve => setTimeout(resolve, 200));
    screen.press('Enter');
    expect(await screen.shows(/^done$/m)).toContain('answer false');
  });

  it('browse looks for a text, Japanese as well, and sets it off', async () => {
    run('browse');
    await screen.shows('q quit');
    screen.type('/横浜');
    await screen.shows(/^\/横浜$/m);
    screen.press('Enter');
    await screen.shows(/1–5 of 13 · "横浜": 2 rows\nn next/);
    screen.type('／ｃ＿１３');
    screen.press('Enter');
    await screen.shows(/11–13 of 13 · "ｃ＿１３": 1 row\np previous/);
    screen.type('/nobody');
    screen.press('Enter');
    await screen.shows(/"nobody" is not found further on\. {3}p previous/);
    // Once more, it is said in the same place.
    const { text: before } = screen;
    screen.type('/');
    await screen.shows(/^\/$/m);
    screen.press('Enter');
    await screen.shows(/further on\. {3}p previous/);
    expect(screen.text).toBe(before);
    screen.type('/half');
    await screen.shows('/half');
    screen.press('C-c');
    await screen.shows(/further on\. {3}p previous/);
    screen.press('q');
    const { code, text } = await end();
    expect(code).toBe(0);
    expect(text).not.toContain('/half');
  });

  it('browse fits its columns to the terminal of the moment', async () => {
    // A process is told by a signal.
    const resized = () => new Promise(resolve => setTimeout(resolve, 200));
    run('wide', { columns: 80, rows: 24 });
    expect(await screen.shows('q quit')).toMatch(/ID +名前 +NOTE/);
    screen.resize(24, 24);
    await resized();
    screen.type('n');
    // tmux wraps what is there already; what comes now fits.
    await screen.shows(/c_6 +横浜[\s\S]*6–10 of 13 · not shown:\s+NOTE/);
    screen.resize(80, 24);
    await resized();
    screen.type('p');
    await screen.shows(/6–10 of 13[\s\S]*ID +名前 +NOTE[\s\S]*c_1 .*a note of some length[\s\S]*1–5 of 13/);
    screen.press('q');
    expect((await end()).code).toBe(0);
  });

  it('the spinner keeps to its line and gives the cursor back at Ctrl-C', async () => {
    run('spinner', { columns: 40, rows: 10 });
    await screen.shows(/^. 再起動/m);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(screen.text.match(/再起動の完了を待っています/g)).toHaveLength(1);
    expect(screen.cursorVisible).toBe(false);
    screen.press('C-c');
    const { text, code } = await end();
    expect(code).toBe(130);
    expect(text).not.toContain('再起動');
  });
});
