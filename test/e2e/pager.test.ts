import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Desk } from '../support/desk.js';
import { folderForTest, remo, soon } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';
import { whyNoTerminal } from '../terminal/tmux.js';

const reason = whyNoTerminal();

describe.skipIf(reason)(`--pager${reason ? ` (skipped: ${reason})` : ''}`, () => {
  /** A terminal of 24 lines, which 137 customers do not fit. */
  async function desk(columns = 80) {
    const sandbox = await sandboxForTest();
    return { sandbox, desk: await Desk.at(sandbox, { columns, rows: 24, lang: 'C.UTF-8' }) };
  }

  it('shows the whole list in less, and what there is to say when it is left', async () => {
    const { sandbox, desk: at } = await desk();
    at.run('remo customers list --pager');
    // Less shows a colon, and waits.
    expect(await at.screen.shows(/^:$/m)).not.toContain('Too narrow');
    at.screen.press('G');
    await at.screen.shows(/\(END\)/);
    expect(at.screen.text).toContain(sandbox.fleet.customers.at(-1)?.id);
    at.screen.press('q');
    const { code, text } = await at.end();
    expect(code).toBe(0);
    expect(text).toMatch(/Too narrow for: LINKED ON\./);
  });

  it('that is left early ends the command quietly with 0', async () => {
    const { desk: at } = await desk();
    at.run('remo customers list --pager');
    await at.screen.shows(/^:$/m);
    at.screen.press('q');
    const { code, text } = await at.end();
    expect(code).toBe(0);
    expect(text).not.toContain('Error');
  });

  it('leaves Ctrl-C to less, as often as it comes', async () => {
    const { desk: at } = await desk();
    at.run('remo customers list --pager');
    await at.screen.shows(/^:$/m);
    at.screen.press('C-c');
    at.screen.press('C-c');
    at.screen.press('Space');
    await at.screen.shows(/^:$/m);
    at.screen.press('q');
    expect((await at.end()).code).toBe(0);
  });

  it('that has nothing to show yet leaves Ctrl-C to the command', async () => {
    const sandbox = await sandboxForTest({ latencyMs: 30_000 });
    const at = await Desk.at(sandbox);
    at.run('remo customers list --pager');
    await expect.poll(() => sandbox.requests.length, soon).toBe(1);
    at.screen.press('C-c');
    expect((await at.end()).code).toBe(130);
  });

  it('leaves at once what fits the screen', async () => {
    const { desk: at } = await desk();
    at.run('remo devices show --pager sakura@example.jp');
    const { code, text } = await at.end();
    expect(code).toBe(0);
    expect(text).toMatch(/E-mail address: +sakura@example\.jp\n[\s\S]*正面入口[\s\S]*Too narrow for/);
  });

  it.each([
    ['--pager="sed s/^/A:/"', '', 'A:'],
    ['--pager', 'PAGER="sed s/^/B:/"', 'B:'],
    ['', 'REMO_PAGER="sed s/^/C:/" PAGER=nosuch', 'C:'],
    ['', 'REMO_PAGER=1 PAGER="X=D: sh -c \'sed s/^/\\$X/\'"', 'D:'],
  ])('is what the flag says, else REMO_PAGER, else PAGER: %s %s', async (flag, variables, mark) => {
    const { desk: at } = await desk();
    at.run(`${variables} remo devices show ${flag} sakura@example.jp`);
    const { code, text } = await at.end();
    expect(code).toBe(0);
    expect(text).toContain(`${mark}E-mail address:`);
  });

  it.each([
    ['PAGER alone', 'PAGER=nosuch', ''],
    ['--pager=off', 'REMO_PAGER=nosuch', '--pager=off'],
    ['-o json', 'REMO_PAGER=nosuch', '-o json'],
  ])('is not asked for by %s', async (_what, variables, flags) => {
    const { desk: at } = await desk();
    at.run(`${variables} remo devices show ${flags} sakura@example.jp`);
    const { code, text } = await at.end();
    expect(code).toBe(0);
    expect(text).toContain('dev_');
  });

  it('that can not be run is an error that says what to do', async () => {
    const { desk: at } = await desk();
    at.run('remo devices show --pager=no-such-pager sakura@example.jp');
    const { code, text } = await at.end();
    expect(code).toBe(2);
    expect(text).toContain("Error: The pager can't be run: no-such-pager");
    expect(text.replaceAll('\n', '')).toContain('--pager=off');
  });

  it('is not told errors, which come after it', async () => {
    const { desk: at } = await desk();
    at.run('remo devices show --pager="sed s/^/A:/" nobody@example.jp');
    const { code, text } = await at.end();
    expect(code).toBe(5);
    expect(text).toContain('Error: No customer');
    expect(text).not.toContain('A:');
  });

  it('with --wide scrolls to the side', async () => {
    const { desk: at } = await desk();
    at.run('remo customers list --wide --pager');
    const before = await at.screen.shows(/^:$/m);
    expect(before).not.toContain('LINKED ON');
    at.screen.press('Right');
    await at.screen.shows('LINKED ON');
    at.screen.press('q');
    expect((await at.end()).code).toBe(0);
  });

  it('gets no name to run: what customers are called is text', async () => {
    const { sandbox, desk: at } = await desk();
    const trap = path.join(folderForTest(), 'trap');
    sandbox.fleet.customer('sakura@example.jp').name = `$(touch ${trap}) \`touch ${trap}\``;
    at.run('remo devices show --pager=cat sakura@example.jp');
    expect((await at.end()).text).toContain('$(touch');
    expect(existsSync(trap)).toBe(false);
  });
});

describe('without a terminal', () => {
  it('nothing goes through a pager', async () => {
    const sandbox = await sandboxForTest();
    const folder = folderForTest();
    writeFileSync(path.join(folder, 'pager'), '#!/bin/sh\nsed s/^/A:/\n', { mode: 0o755 });
    const env = { REMO_PAGER: path.join(folder, 'pager') };
    for (const flags of [[], ['-o', 'table']]) {
      const { code, out } = await remo(['devices', 'show', 'sakura@example.jp', ...flags], { sandbox, env });
      expect(code).toBe(0);
      expect(out).not.toMatch(/^A:/m);
    }
  });
});
