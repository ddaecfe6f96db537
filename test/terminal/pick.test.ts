import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock.js';
import { type ErrorCode, type ErrorParams, RemoError } from '../../src/errors.js';
import { type Found, type Item, search, tick } from '../../src/terminal/pick.js';
import { failures } from '../support/backend.js';
import { fakeContext, type HostOptions } from '../support/host.js';

const onTerminal: HostOptions = { tty: true, env: { LANG: 'en_US.UTF-8', NO_COLOR: '1' } };
const down = '\x1b[B';
const up = '\x1b[A';
const enter = '\r';

/** A clock whose sleepers the test wakes: those who still want to be woken. */
function pausingClock(): Clock & { wake(): void; sleepers: number } {
  const wakers = new Set<() => void>();
  return {
    now: () => 0,
    get sleepers() {
      return wakers.size;
    },
    wake() {
      for (const waker of wakers) waker();
    },
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        const waker = () => {
          wakers.delete(waker);
          resolve();
        };
        wakers.add(waker);
        signal?.addEventListener('abort', () => {
          wakers.delete(waker);
          reject(signal.reason);
        });
      }),
  };
}

/** A search that the test answers, text by text. */
function slowSearch() {
  const asked: {
    text: string;
    signal: AbortSignal;
    answer(found: Found<string>): void;
    fail(e: Error): void;
  }[] = [];
  const find = (text: string, signal: AbortSignal) =>
    new Promise<Found<string>>((answer, fail) => {
      asked.push({ text, signal, answer, fail });
    });
  return { asked, find };
}

const found = (...labels: string[]): Found<string> => ({
  options: labels.map(label => ({ value: label, label })),
});

/** A search prompt that has shown what there is for the empty text. */
async function searching(first = found('one', 'two')) {
  const clock = pausingClock();
  const { host, context } = await fakeContext(onTerminal, { clock });
  const { asked, find } = slowSearch();
  const answer = search(context, 'Who?', find, '<who>');
  answer.catch(() => {});
  await host.shown('Searching…');
  asked[0]?.answer(first);
  await host.shown('Esc cancel');
  /** Types, and lets the pause pass. */
  const type = async (keys: string) => {
    const before = asked.length;
    host.type(keys);
    await expect.poll(() => clock.sleepers).toBe(1);
    clock.wake();
    await expect.poll(() => asked.length).toBe(before + 1);
    return asked[before];
  };
  return { host, context, clock, asked, answer, type };
}

describe('search', () => {
  it('asks for the empty text at once, and gives back what is under the cursor', async () => {
    const { host, asked, answer } = await searching();
    expect(asked.map(({ text }) => text)).toEqual(['']);
    host.type(`${down}${enter}`);
    expect(await answer).toBe('two');
    expect(host.out).toBe('');
    expect(host.err).toContain('✔ Who? two');
    expect(host.stdin.rawMode).toBe(false);
  });

  it('asks for what was typed once it has stood for a moment, not for each letter', async () => {
    const { host, clock, asked } = await searching();
    host.type('s');
    host.type('ak');
    host.type('u');
    await expect.poll(() => clock.sleepers).toBe(1);
    expect(asked).toHaveLength(1);
    clock.wake();
    await expect.poll(() => asked.map(({ text }) => text)).toEqual(['', 'saku']);
  });

  it('ends a request that is overtaken, and shows nothing of what it brings', async () => {
    const { host, answer, type } = await searching();
    const slow = await type('a');
    expect(slow?.signal.aborted).toBe(false);
    const quick = await type('b');
    expect(slow?.signal.aborted).toBe(true);
    quick?.answer(found('newer'));
    await host.shown('> newer');
    slow?.answer(found('older'));
    slow?.fail(new Error('older'));
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(host.err).not.toContain('older');
    host.type(enter);
    expect(await answer).toBe('newer');
  });

  it('chooses nothing of an earlier text: Enter waits for the answer, and takes it if it is just one', async () => {
    const { host, answer, type } = await searching();
    host.type(`${down}`);
    const asked = await type('x');
    host.type(enter);
    await new Promise(resolve => setTimeout(resolve, 20));
    asked?.answer(found('the one'));
    expect(await answer).toBe('the one');
  });

  it('lets the person choose where Enter came before several', async () => {
    const { host, answer, type } = await searching();
    const asked = await type('x');
    host.type(enter);
    await host.shown('Searching…');
    asked?.answer(found('first', 'second'));
    await host.shown('> first');
    host.type(`${down}${enter}`);
    expect(await answer).toBe('second');
  });

  it('keeps the text through the keys that only move', async () => {
    const { host, asked, type } = await searching();
    (await type('ab'))?.answer(found('ab one', 'ab two'));
    await host.shown('> ab one');
    host.type(`${down}\t${up}${down}`);
    await host.shown('> ab two');
    const next = await type('c');
    expect(next?.text).toBe('abc');
    expect(asked.map(({ text }) => text)).toEqual(['', 'ab', 'abc']);
  });

  it('says what went wrong at the backend, and tries again at the next key, whichever it is', async () => {
    const { host, asked, answer, clock, type } = await searching();
    (await type('ab'))?.fail(failures.rateLimited());
    await host.shown('too many requests');
    await host.shown('The next key tries again.');
    host.type(down);
    await expect.poll(() => clock.sleepers).toBe(1);
    clock.wake();
    await expect.poll(() => asked.map(({ text }) => text)).toEqual(['', 'ab', 'ab']);
    asked[2]?.answer(found('abel'));
    const shown = await host.shown('> abel');
    expect(shown.slice(shown.lastIndexOf('Who?'))).not.toContain('tries again');
    host.type(enter);
    expect(await answer).toBe('abel');
  });

  it.each<[ErrorCode, ErrorParams[ErrorCode]]>([
    ['session_ended', { profile: 'default' }],
    ['unauthenticated', { operation: 'listCustomers' }],
    ['forbidden', { operation: 'listCustomers' }],
  ])('ends with %s, the terminal as it was', async (code, params) => {
    const { host, answer, type } = await searching();
    (await type('a'))?.fail(new RemoError(code, params));
    await expect(answer).rejects.toMatchObject({ code, exitCode: 4 });
    expect(host.stdin.rawMode).toBe(false);
    expect(host.err.slice(host.err.lastIndexOf('Who?'))).not.toMatch(/Searching|one|Esc/);
  });

  it('does not hide a bug', async () => {
    const { answer, type } = await searching();
    (await type('a'))?.fail(new TypeError('a bug'));
    await expect(answer).rejects.toThrow('a bug');
  });

  it.each([
    ['Escape', '\x1b', { code: 'declined', exitCode: 7 }],
    ['Ctrl-D', '\x04', { code: 'declined', exitCode: 7 }],
    ['Ctrl-C', '\x03', { code: 'interrupted', exitCode: 130 }],
  ])('%s ends it, and the request under way', async (_key, keys, expected) => {
    const { host, answer, type } = await searching();
    const asked = await type('a');
    host.type(keys);
    await expect(answer).rejects.toMatchObject(expected);
    expect(asked?.signal.aborted).toBe(true);
    expect(host.stdin.rawMode).toBe(false);
  });

  it('ends when stdin ends, and when the run is interrupted from outside', async () => {
    const first = await searching();
    first.host.stdin.end();
    await expect(first.answer).rejects.toMatchObject({ code: 'declined' });
    const second = await searching();
    second.context.interrupt('SIGTERM');
    await expect(second.answer).rejects.toMatchObject({ code: 'interrupted', exitCode: 143 });
  });

  it('keeps a hostile label and a hostile note to their lines', async () => {
    const evil = '\x1b[2J\x9b31m\u202e\n> forged row\r\u2028? forged prompt (y/N)';
    const { host } = await searching({ options: [{ value: '', label: evil }], notes: [`note ${evil}`] });
    expect(host.err).not.toMatch(/\x1b\[2J|\x9b|\u202e|\u2028/);
    const lines = host.err.split('\n').map(line => line.replace(/\x1b\[[\d?;]*[A-Za-z]/g, ''));
    expect(lines.filter(line => line.startsWith('> forged'))).toEqual([]);
    expect(lines.filter(line => line.startsWith('? forged'))).toEqual([]);
    expect(lines).toContainEqual(expect.stringMatching(/^> \uFFFD\[2J\uFFFD31m\uFFFD > forged row/));
  });
});

const devices: Item<string>[] = [
  { value: 'a', label: 'online  Front door' },
  { value: 'b', label: 'offline  Back door', barred: 'It is offline.' },
  { value: 'c', label: 'online  Lift' },
  { value: 'd', label: 'online  レコーダー' },
];

async function ticking(items: readonly Item<string>[] = devices, options: HostOptions = onTerminal) {
  const { host, context } = await fakeContext(options);
  const answer = tick(context, 'Which?', items, '<id...>');
  answer.catch(() => {});
  await host.shown('selected');
  return { host, answer, context };
}

describe('tick', () => {
  it('has nothing ticked at first, and does not go on without', async () => {
    const { host, answer } = await ticking();
    expect(host.err).not.toContain('[x]');
    expect(host.err).toContain('0 of 4 devices selected');
    host.type(enter);
    await host.shown('Nothing is selected yet');
    host.type(` ${enter}`);
    expect(await answer).toEqual(['a']);
    expect(host.err).toContain('1 of 4 devices selected');
    expect(host.out).toBe('');
    expect(host.stdin.rawMode).toBe(false);
  });

  it('gives back those ticked in the order of the list, whatever the order of ticking', async () => {
    const { host, answer } = await ticking();
    host.type(`${down}${down}${down} ${up}${up}${up} ${enter}`);
    expect(await answer).toEqual(['a', 'd']);
  });

  it('ticks and unticks', async () => {
    const { host, answer } = await ticking();
    host.type(` ${down}${down}  ${enter}`);
    expect(await answer).toEqual(['a']);
  });

  it.each(['a', 'A', 'ａ'])('%s ticks all that can be ticked; once more, none', async key => {
    const { host, answer } = await ticking();
    host.type(key);
    await host.shown('3 of 4 devices selected');
    host.type(key);
    await host.shown('0 of 4 devices selected');
    host.type(` ${key}${enter}`);
    expect(await answer).toEqual(['a', 'c', 'd']);
  });

  it('says why one can’t be ticked', async () => {
    const { host, answer } = await ticking();
    host.type(`${down} `);
    await host.shown('It is offline.');
    expect(host.err).not.toContain('[x]');
    host.type(`${down} ${enter}`);
    expect(await answer).toEqual(['c']);
  });

  it('goes a page and to the ends, and not beyond', async () => {
    const many = Array.from({ length: 128 }, (_, index) => ({ value: `${index}`, label: `device ${index}` }));
    const { host, answer } = await ticking(many);
    host.type(`${up} \x1b[6~ \x1b[F ${down}\x1b[H\x1b[5~${down} `);
    host.type(enter);
    expect(await answer).toEqual(['0', '1', '15', '127']);
  });

  it('says which part of a long list is in sight', async () => {
    const many = Array.from({ length: 128 }, (_, index) => ({ value: `${index}`, label: `device ${index}` }));
    const { host } = await ticking(many);
    expect(host.err).toContain('0 of 128 devices selected · 1–15 of 128\n');
    host.type('\x1b[6~');
    await host.shown('· 9–23 of 128');
    host.type('/device 12');
    await host.shown(/0 of 128 devices selected\n/);
  });

  it.each([
    [80, ['● online   Front door (dev_1)  camera A1', '○ offline  Till (dev_2)  recorder B2']],
    [38, ['● online   Front door (dev_1)', '○ offline  Till (dev_2)']],
    [30, ['● Front door (dev_1)', '○ Till (dev_2)']],
    [20, ['● Front door…', '○ Till (dev_…']],
  ])('on %i columns shows the label, and beside it what there is room for', async (columns, rows) => {
    const online = { whole: '● online ', brief: '●' };
    const offline = { whole: '○ offline', brief: '○' };
    const { host } = await ticking(
      [
        { value: 'a', before: online, label: 'Front door (dev_1)', after: 'camera A1' },
        { value: 'b', before: offline, label: 'Till (dev_2)', after: 'recorder B2' },
      ],
      { ...onTerminal, columns },
    );
    for (const row of rows) expect(host.err).toMatch(new RegExp(`\\[ \\] ${row.replace(/[()]/g, '\\$&')}\n`));
  });

  it('is as good after hundreds of keys as before', async () => {
    const { host, answer } = await ticking();
    host.type(' '.repeat(301));
    await host.shown('1 of 4 devices selected');
    host.type(enter);
    expect(await answer).toEqual(['a']);
  });

  it('narrows the list to a text, keeps what is ticked, and ticks all of what is shown', async () => {
    const { host, answer } = await ticking();
    host.type(' /ｌｉｆ');
    const narrowed = await host.shown('/ｌｉｆ');
    expect(narrowed).toContain('Enter keep the filter · Esc show all');
    host.type(`${enter}a`);
    await host.shown('2 of 4 devices selected');
    host.type('\x1b');
    await host.shown(/Front door[\s\S]*Space select/);
    host.type(enter);
    expect(await answer).toEqual(['a', 'c']);
  });

  it('moves within what is shown, and takes the filter up again where it was', async () => {
    const { host, answer } = await ticking();
    host.type(`/online${down}${enter} `);
    await host.shown('1 of 4 devices selected');
    host.type('/x');
    await host.shown('No device matches "onlinex".');
    host.type('\x7f');
    await host.shown('Lift');
    host.type(`${enter}${enter}`);
    expect(await answer).toEqual(['c']);
  });

  it('has no item for Space or a where none matches', async () => {
    const { host, answer } = await ticking();
    host.type(`/zzz${enter} a${enter}`);
    await host.shown('Nothing is selected yet');
    host.type('\x03');
    await expect(answer).rejects.toMatchObject({ code: 'interrupted' });
  });

  it.each([
    ['Escape', '\x1b', { code: 'declined', exitCode: 7 }],
    ['Ctrl-D', '\x04', { code: 'declined', exitCode: 7 }],
    ['Ctrl-D while filtering', '/x\x04', { code: 'declined', exitCode: 7 }],
    ['Ctrl-C', '\x03', { code: 'interrupted', exitCode: 130 }],
    ['Ctrl-C while filtering', '/x\x03', { code: 'interrupted', exitCode: 130 }],
  ])('%s ends it without an answer, the terminal as it was', async (_key, keys, expected) => {
    const { host, answer } = await ticking();
    host.type(` ${keys}`);
    await expect(answer).rejects.toMatchObject(expected);
    expect(host.stdin.rawMode).toBe(false);
  });

  it('keeps a hostile label to its line, whatever its length', async () => {
    const evil = `\x1b[2J\n > [x] forged${'長'.repeat(10_000)}`;
    const { host } = await ticking([{ value: 'a', label: evil }, ...devices]);
    expect(host.err).not.toContain('\x1b[2J');
    const lines = host.err.split('\n').map(line => line.replace(/\x1b\[[\d?;]*[A-Za-z]/g, ''));
    expect(lines.filter(line => /^ ?> \[x\]/.test(line))).toEqual([]);
    expect(lines).toContainEqual(expect.stringMatching(/^> \[ \] \uFFFD\[2J {2}> \[x\] forged長+…$/));
  });

  it('speaks Japanese', async () => {
    const { host, context } = await fakeContext({ tty: true, env: { REMO_LANG: 'ja', NO_COLOR: '1' } });
    const answer = tick(context, 'どれですか。', devices, '<id...>');
    await host.shown('4台中0台を選択');
    host.type(' ');
    await host.shown('4台中1台を選択');
    host.type(enter);
    expect(await answer).toEqual(['a']);
  });
});

describe.each([
  [
    'search',
    (context: Parameters<typeof search>[0]) => search(context, 'Who?', async () => found('x'), '<who>'),
  ],
  ['tick', (context: Parameters<typeof tick>[0]) => tick(context, 'Which?', devices, '<who>')],
])('%s where nobody can be asked', (_name, ask) => {
  it.each<[string, HostOptions, boolean]>([
    ['no terminal', {}, true],
    ['stdin is no terminal', { tty: { stdout: true, stderr: true } }, true],
    ['stderr is no terminal', { tty: { stdin: true, stdout: true } }, true],
    ['CI', { tty: true, env: { CI: 'true' } }, true],
    ['--no-input', { tty: true }, false],
  ])('%s: names what would have answered and writes nothing', async (_what, options, input) => {
    const { host, context } = await fakeContext(options);
    context.useFlags({ input });
    await expect(ask(context)).rejects.toMatchObject({ code: 'answer_needed', params: { flag: '<who>' } });
    expect(host.out + host.err).toBe('');
  });
});
