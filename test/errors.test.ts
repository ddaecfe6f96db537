import { describe, expect, it } from 'vitest';
import { asRemoError, type ErrorCode, ExitCode, RemoError } from '../src/errors.js';
import { en } from '../src/messages/en.js';
import { ja } from '../src/messages/ja.js';
import { renderError } from '../src/terminal/errors.js';
import { fakeContext } from './support/host.js';

const codes = Object.keys(en.errors) as ErrorCode[];
const exits: readonly number[] = Object.values(ExitCode);

describe('an error', () => {
  it.each(codes)('%s has one of the exit codes that the README promises', code => {
    expect(exits).toContain(new RemoError(code, { signal: 'SIGINT' } as never).exitCode);
  });

  it('interrupted has the exit code of its signal', () => {
    expect(new RemoError('interrupted', { signal: 'SIGINT' }).exitCode).toBe(130);
    expect(new RemoError('interrupted', { signal: 'SIGTERM' }).exitCode).toBe(143);
    expect(new RemoError('interrupted', { signal: 'SIGHUP' }).exitCode).toBe(129);
  });

  it('that is none of ours is a bug: 1, with what is needed to report it', async () => {
    const error = asRemoError(new TypeError('x is not a function'));
    expect(error).toMatchObject({ code: 'internal', exitCode: 1 });
    const { host, context } = await fakeContext();
    await renderError(error, context);
    expect(host.err).toContain('This is a bug.');
    expect(host.err).toContain('TypeError: x is not a function');
  });

  it('shows server text harmlessly: no control characters, no forged lines', async () => {
    const { host, context } = await fakeContext();
    const name = 'evil\x1b[2J\nError: all is well\u202e';
    const candidates = [{ id: 'cus_1', name, email: 'a@b' }];
    await renderError(new RemoError('customer_ambiguous', { query: 'x\ny', candidates, total: 1 }), context);
    expect(host.err).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
    expect(host.err.split('\n').filter(line => line.startsWith('Error: all'))).toEqual([]);
  });
});

describe('what a problem document says', () => {
  it('can not forge a line of its own', async () => {
    const { host, context } = await fakeContext();
    const params = {
      operation: 'createReboot',
      status: 422,
      serverCode: 'invalid_request',
      detail: 'a\nError: fake',
    };
    await renderError(new RemoError('request_rejected', params), context);
    expect(host.err).not.toMatch(/^Error: fake/m);
  });
});

describe('the two languages', () => {
  /** Every text of a language by its path; a function is a text still to be made. */
  function paths(value: unknown, at = ''): string[] {
    if (typeof value !== 'object' || value === null) return [at];
    return Object.entries(value).flatMap(([key, item]) => paths(item, `${at}.${key}`));
  }
  const text = (value: unknown): string =>
    typeof value === 'function'
      ? String(value)
      : typeof value === 'object' && value
        ? Object.values(value).map(text).join('\n')
        : String(value);

  it('have the same texts', () => {
    expect(paths(ja)).toEqual(paths(en));
  });

  it('are not mixed: no Japanese in the English one', () => {
    expect(text(en)).not.toMatch(/[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u);
  });

  it('are not mixed: no English sentence in the Japanese one', () => {
    const literals = [...text(ja).matchAll(/(['"`])((?:(?!\1).)*)\1/g)].map(([, , literal = '']) => literal);
    const english = literals.filter(
      literal => /\b(the|is|are|not|you|with|please)\b/i.test(literal) && !/[\p{sc=Hiragana}]/u.test(literal),
    );
    expect(english).toEqual([]);
  });
});
