import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.js';
import { page } from '../../src/terminal/paging.js';
import { ask, choose, confirm } from '../../src/terminal/prompts.js';
import { fakeContext, type HostOptions } from '../support/host.js';

const onTerminal: HostOptions = { tty: true, env: { LANG: 'en_US.UTF-8', NO_COLOR: '1' } };
const question = 'Reboot cam_1?';
const show = '\x1b[?25h';

describe('confirm', () => {
  it.each([
    ['y\r', true],
    ['yes\r', true],
    ['Y\r', true],
    ['\r', false],
    ['n\r', false],
    ['はい\r', false],
    ['yess\r', false],
    ['\x04', false],
    ['y\x04', false],
  ])('%j means %s', async (keys, expected) => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = confirm(context, question, '--yes');
    await host.shown('(y/N)');
    host.type(keys);
    expect(await answer).toBe(expected);
    expect(host.out).toBe('');
    expect(host.stdin.rawMode).toBe(false);
    expect(host.err).toContain(show);
  });

  it('is declined when stdin ends', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = confirm(context, question, '--yes');
    await host.shown('(y/N)');
    host.stdin.end();
    expect(await answer).toBe(false);
  });

  it('ends with `interrupted` at Ctrl-C, the terminal as it was', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = confirm(context, question, '--yes');
    await host.shown('(y/N)');
    host.type('\x03');
    await expect(answer).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
    expect(host.stdin.rawMode).toBe(false);
    expect(host.err).toContain(show);
  });

  it('ends when the run is interrupted from outside', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = confirm(context, question, '--yes');
    await host.shown('(y/N)');
    context.interrupt('SIGTERM');
    await expect(answer).rejects.toMatchObject({ code: 'interrupted', exitCode: 143 });
    expect(host.stdin.rawMode).toBe(false);
  });

  it('does not ask at all when the run is interrupted already', async () => {
    const { host, context } = await fakeContext(onTerminal);
    context.interrupt('SIGINT');
    await expect(confirm(context, question, '--yes')).rejects.toMatchObject({ code: 'interrupted' });
    expect(host.err).toBe('');
  });

  it('does not take what was typed before it asked', async () => {
    const { host, context } = await fakeContext(onTerminal);
    host.type('y\ry\r');
    const answer = confirm(context, question, '--yes');
    await host.shown('(y/N)');
    host.type('\r');
    expect(await answer).toBe(false);
  });

  it('leaves nothing on stdin behind, so that questions can follow each other', async () => {
    const { host, context } = await fakeContext(onTerminal);
    for (const [keys, expected] of [
      ['y\r', true],
      ['\r', false],
      ['y\r', true],
    ] as const) {
      const answer = confirm(context, question, '--yes');
      await host.shown('(y/N)');
      host.type(keys);
      expect(await answer).toBe(expected);
      await host.shown(show);
    }
    expect(host.stdin.listenerCount('end')).toBeLessThan(4);
  });

  it('asks and echoes in Japanese, with y and n for keys', async () => {
    const { host, context } = await fakeContext({
      ...onTerminal,
      env: { LANG: 'ja_JP.UTF-8', NO_COLOR: '1' },
    });
    const answer = confirm(context, '再起動しますか。', '--yes');
    await host.shown('再起動しますか。 (y/N)');
    host.type('y\r');
    await answer;
    expect(host.err).toContain('再起動しますか。 はい');
  });

  it('neutralises what comes from the server, and has no colour under NO_COLOR', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = confirm(context, 'Reboot \x1b[2J\u202ecam\n? fake (y/N) Yes\x07?', '--yes');
    await host.shown('(y/N)');
    expect(host.err).toContain('Reboot \uFFFD[2J\uFFFDcam ? fake (y/N) Yes\uFFFD?');
    expect(host.err).not.toMatch(/\x1b\[\d+m/);
    host.type('\r');
    await answer;
  });
});

describe.each<[string, string, (context: Context) => Promise<unknown>]>([
  ['confirm', '--flag', context => confirm(context, question, '--flag')],
  ['choose', '--flag', context => choose(context, question, [{ value: 1, label: 'one' }], '--flag')],
  ['page', '--all', context => page(context, { next: true, previous: false })],
])('%s where nobody can be asked', (_name, flag, ask) => {
  it.each<[string, HostOptions, boolean]>([
    ['no terminal', {}, true],
    ['stdin is no terminal', { tty: { stdout: true, stderr: true } }, true],
    ['stderr is no terminal', { tty: { stdin: true, stdout: true } }, true],
    ['CI', { tty: true, env: { CI: 'true' } }, true],
    ['--no-input', { tty: true }, false],
  ])('%s: names the flag and writes nothing', async (_what, options, input) => {
    const { host, context } = await fakeContext(options);
    context.useFlags({ input });
    await expect(ask(context)).rejects.toMatchObject({
      code: 'answer_needed',
      params: { flag },
      exitCode: 7,
    });
    expect(host.out + host.err).toBe('');
  });
});

describe('choose', () => {
  const options = [
    { value: { id: 'a' }, label: 'a@example.com  Sato' },
    { value: { id: 'b' }, label: `b@example.com  \x1b[2J${'長'.repeat(200)}` },
  ];

  it('gives back the value under the cursor, the very same one', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = choose(context, 'Which?', options, '<customer>');
    const shown = await host.shown('Enter choose');
    expect(shown).toContain('> a@example.com  Sato');
    expect(shown).toContain('b@example.com  \uFFFD[2J長');
    expect(shown).toContain('長…');
    host.type('\x1b[B');
    await host.shown('> b@');
    host.type('\r');
    expect(await answer).toBe(options[1]?.value);
    expect(host.out).toBe('');
    expect(host.err).not.toMatch(/\x1b\[\d+m/);
  });

  it.each([
    ['\x04', { code: 'declined', exitCode: 7 }],
    ['\x03', { code: 'interrupted', exitCode: 130 }],
  ])('ends without a choice at %j', async (keys, expected) => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = choose(context, 'Which?', options, '<customer>');
    await host.shown('Enter choose');
    host.type(keys);
    await expect(answer).rejects.toMatchObject(expected);
    expect(host.stdin.rawMode).toBe(false);
    expect(host.err.lastIndexOf(show)).toBeGreaterThan(host.err.lastIndexOf('\x1b[?25l'));
  });
});

describe('ask', () => {
  const short = (text: string) => (text.length > 3 ? 'Too long.' : undefined);

  it('gives back what was typed, without the spaces around it', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = ask(context, 'Name?', '--name', short);
    await host.shown('Name?');
    host.type(' abc \r');
    expect(await answer).toBe('abc');
    expect(host.out).toBe('');
    expect(host.stdin.rawMode).toBe(false);
  });

  it('says what is wrong, and lets the person change it', async () => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = ask(context, 'Name?', '--name', short);
    await host.shown('Name?');
    host.type('abcd\r');
    await host.shown('Too long.');
    host.type('\x7f\r');
    expect(await answer).toBe('abc');
  });

  it.each([
    ['Ctrl-D', '\x04', 'declined'],
    ['Ctrl-C', '\x03', 'interrupted'],
  ])('%s is an error', async (_key, keys, code) => {
    const { host, context } = await fakeContext(onTerminal);
    const answer = ask(context, 'Name?', '--name', short);
    await host.shown('Name?');
    host.type(`x${keys}`);
    await expect(answer).rejects.toMatchObject({ code });
    expect(host.stdin.rawMode).toBe(false);
  });

  it('asks nobody where nobody can answer', async () => {
    const { host, context } = await fakeContext();
    const answer = ask(context, 'Name?', '--name', short);
    await expect(answer).rejects.toMatchObject({ code: 'answer_needed', params: { flag: '--name' } });
    expect(host.err).toBe('');
  });
});
