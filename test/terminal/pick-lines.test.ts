import { describe, expect, it } from 'vitest';
import { search, tick } from '../../src/terminal/pick.js';
import { failures } from '../support/backend.js';
import { fakeContext, type HostOptions } from '../support/host.js';

const plain: HostOptions = { tty: true, env: { LANG: 'en_US.UTF-8', REMO_PLAIN: '1' } };
const devices = [
  { value: 'a', label: 'online  Front door' },
  { value: 'b', label: 'offline  \x1b[2JBack\ndoor', barred: 'It is offline.' },
  { value: 'c', label: 'online  Lift' },
  { value: 'd', label: 'online  Till' },
];

describe('search by lines', () => {
  it('lists what is found by number; another text searches again, a number chooses', async () => {
    const { host, context } = await fakeContext(plain);
    const asked: string[] = [];
    const answer = search(
      context,
      'Who?',
      async text => {
        asked.push(text);
        if (text === 'down') throw failures.rateLimited();
        return {
          options: ['one', 'two\x1b[2J'].map(label => ({ value: label, label })),
          notes: [`for ${text}`],
        };
      },
      '<who>',
    );
    await host.shown('Who? type a part of the e-mail address:');
    host.type('down\n');
    await host.shown('too many requests');
    await host.shown('Who?');
    host.type('x\n');
    await host.shown('1) one\n2) two\uFFFD[2J\nfor x\n');
    await host.shown('1-2, or another part of the e-mail address:');
    host.type('y\n');
    await host.shown('for y');
    await host.shown('1-2, or');
    host.type('２\n');
    expect(await answer).toBe('two\x1b[2J');
    expect(asked).toEqual(['down', 'x', 'y']);
    expect(host.out).toBe('');
    // Nothing is drawn over.
    expect(host.err).not.toContain('\x1b');
  });
});

describe('tick by lines', () => {
  it.each([
    ['1', ['a']],
    ['1 3-4', ['a', 'c', 'd']],
    ['4,1', ['a', 'd']],
    ['３、４', ['c', 'd']],
    ['a', ['a', 'c', 'd']],
  ])('%s', async (typed, expected) => {
    const { host, context } = await fakeContext(plain);
    const answer = tick(context, 'Which?', devices, '<id...>');
    await host.shown('2) offline  \uFFFD[2JBack door\n');
    await host.shown('as in 1 3-5');
    host.type(`${typed}\n`);
    expect(await answer).toEqual(expected);
    expect(host.err).not.toContain('\x1b');
  });

  it.each([
    ['', 'Expected: numbers from 1 to 4'],
    ['0', 'Expected: numbers from 1 to 4'],
    ['5', 'Expected: numbers from 1 to 4'],
    ['3-1', 'Expected: numbers from 1 to 4'],
    ['all', 'Expected: numbers from 1 to 4'],
    ['1-3', '2) It is offline.'],
  ])('asks again after %j', async (typed, says) => {
    const { host, context } = await fakeContext(plain);
    const answer = tick(context, 'Which?', devices, '<id...>');
    await host.shown('as in 1 3-5, or a for all:');
    host.type(`${typed}\n`);
    await host.shown(says);
    await host.shown('as in 1 3-5, or a for all:');
    host.type('1\n');
    expect(await answer).toEqual(['a']);
  });

  it('is left with the end of stdin, which Ctrl-D is', async () => {
    const { host, context } = await fakeContext(plain);
    const answer = tick(context, 'Which?', devices, '<id...>');
    answer.catch(() => {});
    await host.shown('as in');
    host.stdin.end();
    await expect(answer).rejects.toMatchObject({ code: 'declined' });
  });
});
