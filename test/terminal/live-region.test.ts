import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Context } from '../../src/context.js';
import { type Line, liveRegion } from '../../src/terminal/live-region.js';
import { fakeContext, type HostOptions } from '../support/host.js';

const erase = '\r\x1b[J';
/** A frame as it goes out: without wrapping, all at once, and the cursor back in its first line. */
const frame = (...lines: string[]) =>
  `${erase}\x1b[?7l\x1b[?2026h\n${lines.map(line => `${line}\n`).join('')}\x1b[?2026l\x1b[?7h\x1b[${lines.length + 1}A`;

async function scene(lines: readonly Line[], options: HostOptions = {}) {
  const { host, context } = await fakeContext({ tty: true, env: { NO_COLOR: '1' }, ...options });
  const shown = { lines };
  const region = await show(context, () => shown.lines);
  return { host, context, region, shown };
}

async function show(context: Context, compose: (width: number) => readonly Line[]) {
  const region = await liveRegion(context, compose);
  onTestFinished(() => region.stop());
  return region;
}

describe('a live region', () => {
  it('draws its lines on stderr alone, anew when they change, and leaves nothing behind', async () => {
    const { host, region, shown } = await scene([['1/2'], ['one']]);
    expect(host.err).toBe(frame('1/2', 'one'));
    shown.lines = [['2/2']];
    await expect.poll(() => host.err).toBe(frame('1/2', 'one') + frame('2/2'));
    region.stop();
    region.stop();
    expect(host.err).toBe(frame('1/2', 'one') + frame('2/2') + erase);
    await delay(150);
    expect(host.err.endsWith(erase)).toBe(true);
    expect(host.out).toBe('');
  });

  it('is drawn ten times a second at most, and not at all while nothing changes', async () => {
    const { host, context } = await scene([['still']]);
    await delay(250);
    expect(host.err).toBe(frame('still'));
    let drawn = 0;
    await show(context, () => [[`${++drawn}`]]);
    await delay(450);
    expect(drawn).toBeLessThanOrEqual(5);
  });

  it('never hides the cursor: a second Ctrl-C would leave it hidden', async () => {
    const { host, region } = await scene([['x']]);
    region.stop();
    expect(host.err).not.toContain('\x1b[?25');
  });

  it('has what is written meanwhile above it, whole', async () => {
    const { host, context } = await scene([['x']]);
    context.io.err('a line');
    context.io.err('another');
    await expect.poll(() => host.err).toBe(`${frame('x')}${erase}a line\nanother\n${frame('x')}`);
  });

  it('makes room on stdout, too, where that is a terminal', async () => {
    const { host, context } = await scene([['x']]);
    await context.io.out('{"a":1}\n');
    await expect.poll(() => host.err).toBe(frame('x') + erase + frame('x'));
    expect(host.out).toBe('{"a":1}\n');
  });

  it('comes back only when the terminal has taken what was written', async () => {
    const { host, context } = await scene([['x']]);
    host.stdout.cork();
    await context.io.out('{"a":1}\n');
    await delay(150);
    expect(host.err).toBe(frame('x') + erase);
    host.stdout.uncork();
    await expect.poll(() => host.err).toBe(frame('x') + erase + frame('x'));
  });

  it('stays where it is while data goes elsewhere', async () => {
    const { host, context } = await scene([['x']], { tty: { stdin: true, stderr: true } });
    await context.io.out('{"a":1}\n');
    await delay(20);
    expect(host.err).toBe(frame('x'));
  });

  it('cuts each line by the cells it takes', async () => {
    const { host } = await scene([['[##] 1/2'], ['  東京本社ビル', ' 受付カメラ']], { columns: 20 });
    expect(host.err).toBe(frame('[##] 1/2', '  東京本社ビル 受…'));
  });

  it('leaves room for a terminal that is halved', async () => {
    const widths: number[] = [];
    for (const columns of [0, 20, 50, 80, 120, 200]) {
      const { context } = await fakeContext({ tty: true, columns });
      await show(context, width => {
        widths.push(width);
        return [];
      });
    }
    expect(widths).toEqual([60, 18, 45, 60, 60, 100]);
  });

  it('fits anew at once when the terminal is resized', async () => {
    const { host } = await scene([['a line of twenty-seven cells']]);
    host.stderr.columns = 20;
    host.stderr.emit('resize');
    expect(host.err).toBe(frame('a line of twenty-seven cells') + frame('a line of twenty-…'));
  });

  it('shows the first lines where the terminal has few', async () => {
    const { host, context } = await fakeContext({ tty: true });
    host.stderr.rows = 4;
    await show(context, () => [['1'], ['2'], ['3'], ['4']]);
    expect(host.err).toBe(frame('1', '2'));
  });

  it('lets no text drive the terminal, or begin a line', async () => {
    const { host } = await scene([['\x1b[2J\r\n9/9 forged\u202e'], [{ text: '\x07\x9b1m', look: 'bad' }]]);
    expect(host.err).toBe(frame('\uFFFD[2J 9/9 forged\uFFFD', '\uFFFD\uFFFD1m'));
  });

  it('sets parts of a line off, also where it is cut', async () => {
    const line: Line = ['1 ', { text: '正面入口', look: 'good' }, ' and more'];
    const { host } = await scene([line], { columns: 12, env: {} });
    expect(host.err).toBe(frame('1 \x1b[32m正面入…\x1b[39m'));
  });

  it('stays at an interruption, with the cursor below it, where the prompt of a shell belongs', async () => {
    const { host, context, region, shown } = await scene([['x']]);
    shown.lines = [['Interrupted']];
    context.interrupt('SIGINT');
    const last = frame('Interrupted').replace('\x1b[2A', '');
    expect(host.err).toBe(frame('x') + last);
    context.io.err('a line');
    await expect.poll(() => host.err).toBe(`${frame('x')}${last}\x1b[2A${erase}a line\n${last}`);
    region.stop();
    expect(host.err.endsWith(`${last}\x1b[2A${erase}`)).toBe(true);
  });
});
