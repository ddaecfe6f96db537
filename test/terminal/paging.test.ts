import { describe, expect, it } from 'vitest';
import { page, untilLeft } from '../../src/terminal/paging.js';
import { fakeContext, type HostOptions } from '../support/host.js';

const onTerminal: HostOptions = { tty: true, env: { LANG: 'en_US.UTF-8', NO_COLOR: '1' } };

describe('page', () => {
  const both = { next: true, previous: true };
  it.each([
    ['n', 'next'],
    [' ', 'next'],
    ['\r', 'next'],
    ['\x1b[C', 'next'],
    ['\x1b[6~', 'next'],
    ['ｎ', 'next'],
    ['p', 'previous'],
    ['b', 'previous'],
    ['\x1b[D', 'previous'],
    ['\x1b[5~', 'previous'],
    ['q', 'quit'],
    ['\x1b', 'quit'],
    ['\x04', 'quit'],
    ['xyz?q', 'quit'],
  ])('%j is %s', async (keys, expected) => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = page(context, both);
    await host.shown('n next   p previous   / search   q quit');
    host.type(keys);
    expect(await answer).toBe(expected);
    expect(host.stdin.rawMode).toBe(false);
  });

  it('offers only what there is; going on from the last page is leaving', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const first = page(context, { next: true, previous: false });
    expect(await host.shown('q quit')).not.toContain('previous');
    host.type('pn');
    expect(await first).toBe('next');
    const last = page(context, { next: false, previous: true });
    expect(await host.shown(/p previous {3}\/ search {3}q quit/)).not.toContain('n next');
    host.type(' ');
    expect(await last).toBe('quit');
  });

  it('leaves no line behind', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = page(context, both);
    await host.shown('q quit');
    const before = host.err.length;
    host.type('n');
    await answer;
    expect(host.err.slice(before)).toContain('\x1b[J');
    expect(host.err).not.toContain('\n');
  });

  it('ends with `interrupted` at Ctrl-C', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = page(context, both);
    await host.shown('q quit');
    host.type('\x03');
    await expect(answer).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
  });

  it.each([
    ['/sakura\r', 'sakura'],
    ['／ さくら \r', 'さくら'],
    ['/ab\x7fc\r', 'ac'],
    ['/nq p\r', 'nq p'],
    ['/\r', ''],
  ])('%j looks for %j', async (keys, search) => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = page(context, both);
    await host.shown('q quit');
    host.type(keys);
    expect(await answer).toEqual({ search });
  });

  it('shows what is typed after the /, made harmless', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = page(context, both);
    await host.shown('q quit');
    host.type('/さ\u202e');
    await host.shown('/さ\uFFFD');
    host.type('\r');
    await answer;
  });

  it.each([
    ['Escape', '\x1b'],
    ['Backspace when nothing is left', '\x7f\x7f\x7f'],
    ['Ctrl-C', '\x03'],
  ])('%s only gives up the text', async (_key, keys) => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = page(context, both);
    await host.shown('q quit');
    host.type('/ab');
    await host.shown('/ab');
    host.type(keys);
    await host.shown('q quit');
    host.type('n');
    expect(await answer).toBe('next');
    expect(host.stdin.rawMode).toBe(false);
  });
});

describe('untilLeft', () => {
  const never = () => new Promise<string>(() => {});

  it('gives what the work gives, and takes its line away', async () => {
    const { host, context } = await fakeContext(onTerminal);
    expect(await untilLeft(context, 'Looking', async () => 'found')).toBe('found');
    expect(host.stdin.rawMode).toBe(false);
    await expect(untilLeft(context, 'Looking', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it.each(['\x1b', 'q', '\x03', '\x04'])('is left by %j, and tells the work', async key => {
    const { host, context } = await fakeContext(onTerminal);
    let told: AbortSignal | undefined;
    const answer = untilLeft(context, 'Looking', left => {
      told = left;
      return never();
    });
    await host.shown('Looking');
    host.type(key);
    expect(await answer).toBeUndefined();
    expect(told?.aborted).toBe(true);
    expect(host.stdin.rawMode).toBe(false);
  });

  it('ends with the run that is interrupted', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = untilLeft(context, 'Looking', never);
    await host.shown('Looking');
    context.interrupt('SIGTERM');
    await expect(answer).rejects.toMatchObject({ code: 'interrupted', exitCode: 143 });
  });
});
