import { describe, expect, it } from 'vitest';
import { RemoError } from '../../src/errors.js';
import { renderError } from '../../src/terminal/errors.js';
import { widthOf } from '../../src/terminal/width.js';
import { fakeContext } from '../support/host.js';

const stderrOnly = { tty: { stderr: true }, columns: 40 };

describe('lines for a person on stderr', () => {
  it.each(['C.UTF-8', 'ja_JP.UTF-8'])('are broken between words on a terminal (%s)', async LANG => {
    const { host, context } = await fakeContext({ ...stderrOnly, env: { LANG } });
    const { labels, reboot } = context.messages;
    context.io.err(`${labels.warning} ${reboot.warning.join('\n')}`);
    const lines = host.err.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(40);
    const glue = LANG.startsWith('ja') ? '' : ' ';
    expect(lines.map(line => line.trim()).join(glue)).toContain(reboot.warning.join(glue));
  });

  it.each([true, false])('stay as they are in a pipe, whatever stdout is (a terminal: %j)', async stdout => {
    const { host, context } = await fakeContext({ tty: { stdout, stderr: false }, columns: 40 });
    const line = 'word '.repeat(40).trimEnd();
    context.io.err(line);
    expect(host.err).toBe(`${line}\n`);
  });

  it('fit the terminal as wide as it is by then', async () => {
    const { host, context } = await fakeContext(stderrOnly);
    host.stderr.columns = 20;
    context.io.err('no wider than what is there now');
    expect(host.err).toBe('no wider than what\n  is there now\n');
  });

  it('leave the error as data on one line', async () => {
    const { host, context } = await fakeContext(stderrOnly);
    context.useFlags({ output: 'json' });
    await renderError(new RemoError('customer_not_found', { query: 'cus_1' }), context);
    const data = host.err.trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(data)).toMatchObject({ error: { code: 'customer_not_found' } });
    expect(host.err.split('\n').length).toBeGreaterThan(3);
  });
});
