import { beforeAll, describe, expect, it } from 'vitest';
import { spinner } from '../../src/terminal/progress.js';
import { fakeContext, type HostOptions } from '../support/host.js';

const hidden = '\x1b[?25l';
const shown = '\x1b[?25h';

describe('spinner', () => {
  // The library looks at the real environment too, and a CI's would hide the spinner from these tests.
  beforeAll(() => {
    delete process.env['CI'];
  });

  it('shows its text on stderr alone and leaves nothing behind', async () => {
    const { host, context } = await fakeContext({ tty: true });
    const turning = await spinner(context, 'Waiting');
    turning.update('Waiting \x1b[2Jstill');
    context.io.err('A line meanwhile');
    turning.stop();
    turning.stop();
    expect(host.out).toBe('');
    expect(host.err).toContain('Waiting \uFFFD[2Jstill');
    expect(host.err).toContain('A line meanwhile\n');
    expect(host.err.endsWith('\x1b[2K')).toBe(true);
    expect(host.err.lastIndexOf(shown)).toBeGreaterThan(host.err.lastIndexOf(hidden));
  });

  it('gives the cursor back when the run is interrupted', async () => {
    const { host, context } = await fakeContext({ tty: true });
    await spinner(context, 'Waiting');
    expect(host.err).toContain(hidden);
    context.interrupt('SIGINT');
    expect(host.err).toContain(shown);
  });

  it('keeps to one line on a narrow terminal', async () => {
    const { host, context } = await fakeContext({ tty: true, columns: 20 });
    (await spinner(context, '再起動の完了を待っています。しばらくお待ちください。')).stop();
    expect(host.err).toContain(' 再起動の完了を…\x1b');
  });

  it('takes an empty CI for none, as every variable', async () => {
    const { host, context } = await fakeContext({ tty: true, env: { CI: '' } });
    (await spinner(context, 'Waiting')).stop();
    expect(host.err).toContain('Waiting');
  });

  it.each<[string, HostOptions, object]>([
    ['stderr is no terminal', { tty: { stdin: true, stdout: true } }, {}],
    ['--quiet', { tty: true }, { quiet: true }],
    ['CI', { tty: true, env: { CI: '1' } }, {}],
    ['a dumb terminal', { tty: true, env: { TERM: 'dumb' } }, {}],
  ])('shows nothing: %s', async (_what, options, flags) => {
    const { host, context } = await fakeContext(options);
    context.useFlags(flags);
    const turning = await spinner(context, 'Waiting');
    turning.update('x');
    turning.stop();
    expect(host.err).toBe('');
  });
});
