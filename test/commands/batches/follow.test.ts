import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../../src/clock.js';
import { type Followed, followRun } from '../../../src/commands/batches/follow.js';
import type { Flags } from '../../../src/config.js';
import { RemoError } from '../../../src/errors.js';
import type { RunEvent } from '../../../src/reboot/course.js';
import type { Ending } from '../../../src/reboot/outcome.js';
import { fakeContext, type HostOptions } from '../../support/host.js';
import { plannedDevice } from '../../support/planned.js';

const back: Ending = { outcome: 'rebooted', bootedAt: '2026-11-23T03:01:00Z', tookMs: 60_000 };
const failed: Ending = { outcome: 'failed', reason: { code: 'reboot_failed', failure: null } };
const interrupted: Ending = { outcome: 'not_attempted', reason: { code: 'interrupted' } };
const forbidden = new RemoError('forbidden', { operation: 'createReboot', lost: false });

/** Three in the morning in London, noon in Tokyo. */
const noon = Date.parse('2026-11-23T03:00:00Z');

/** A clock that the test moves on. */
class Hand implements Clock {
  private time = noon;
  private readonly sleepers = new Set<{ until: number; wake: () => void }>();
  readonly now = () => this.time;

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.sleepers.add({ until: this.time + ms, wake: resolve });
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  }

  async pass(ms: number): Promise<void> {
    this.time += ms;
    for (const sleeper of this.sleepers) {
      if (sleeper.until > this.time) continue;
      this.sleepers.delete(sleeper);
      sleeper.wake();
    }
    await new Promise(resolve => setImmediate(resolve));
  }
}

async function scene(followed: Partial<Followed> = {}, options: HostOptions = {}, flags: Flags = {}) {
  const clock = new Hand();
  const { host, context } = await fakeContext(options, { clock });
  context.useFlags(flags);
  await context.speak();
  const follower = await followRun({ progress: 'auto', total: 1000, skipped: 0, ...followed }, context);
  onTestFinished(() => follower.stop());
  const tell = (...events: RunEvent[]) => {
    for (const event of events) follower.observe(event);
  };
  return { clock, host, context, follower, tell };
}

const planned = plannedDevice('dev_1', '正面入口');
const ended = (ending: Ending, id = 'dev_1', name = '正面入口'): RunEvent => ({
  type: 'ended',
  result: { planned: plannedDevice(id, name), ending },
});
const sleeping: RunEvent = {
  type: 'sleeping',
  until: Date.parse('2026-11-23T16:00:00Z'),
  timeZone: 'Asia/Tokyo',
};
const instructing: RunEvent = { type: 'instructing', planned };
const waiting: RunEvent = {
  type: 'waiting',
  planned,
  device: { ...planned.device, status: 'rebooting' },
};

describe('following a run without a terminal', () => {
  it('is a line for each device as it ends, and nothing on stdout', async () => {
    const { host, tell } = await scene();
    tell(instructing, waiting, ended(back), ended(failed, 'dev_2', 'レジ'));
    expect(host.err).toBe('   1/1000 ✓ rebooted  正面入口 (dev_1)\n   2/1000 ✗ failed  レジ (dev_2)\n');
    expect(host.out).toBe('');
  });

  it('speaks Japanese', async () => {
    const { host, context, tell } = await scene({}, {}, { lang: 'ja' });
    tell(instructing, ended(back), sleeping, { type: 'stopping', error: forbidden }, waiting);
    context.interrupt('SIGINT');
    expect(host.err.split('\n')).toEqual([
      '   1/1000 ✓ 再起動済み  正面入口 (dev_1)',
      '時間帯の外のため、01:00(Asia/Tokyo)まで待機しています',
      expect.stringMatching(/^これ以上の機器には指示しません: /),
      '中断: 処理中の1台の完了を待っています(もう一度 Ctrl-C で直ちに終了します)',
      '',
    ]);
  });

  it('lets no name be a line of its own', async () => {
    const { host, tell } = await scene();
    tell(ended(back, 'dev_1', '\r\n   2/1000 ✓ rebooted  x\x1b[2K'));
    expect(host.err).toBe('   1/1000 ✓ rebooted      2/1000 ✓ rebooted  x\uFFFD[2K (dev_1)\n');
  });

  it('is silent about a single device, which the report is about', async () => {
    const { host, context, tell } = await scene({ total: 1 });
    tell(instructing, waiting);
    context.interrupt('SIGINT');
    tell({ type: 'stopping', error: forbidden }, ended(back));
    expect(host.err).toBe('');
  });

  it('tells what holds the run up, and says nothing of each device whose turn never came', async () => {
    const { host, context, tell } = await scene();
    tell(sleeping, { type: 'awake' }, { type: 'stopping', error: forbidden }, instructing);
    context.interrupt('SIGINT');
    tell(ended(interrupted, 'dev_2'), ended(interrupted, 'dev_3'), ended(back));
    tell({ type: 'stopping', error: new RemoError('interrupted', { signal: 'SIGINT' }) });
    expect(host.err.split('\n')).toEqual([
      'Outside the time window: waiting until 01:00 (Asia/Tokyo)',
      expect.stringMatching(/^No more devices are started: /),
      'Interrupted: finishing 1 device in flight; press Ctrl-C again to leave at once',
      '   1/1000 ✓ rebooted  正面入口 (dev_1)',
      '',
    ]);
  });

  it('names the day where the time window opens on another', async () => {
    const { host, tell } = await scene();
    tell({ type: 'sleeping', until: Date.parse('2026-11-27T16:00:00Z'), timeZone: 'Asia/Tokyo' });
    expect(host.err).toContain('waiting until 2026-11-28 01:00 (Asia/Tokyo)');
  });
});

describe('following a run with --progress=plain', () => {
  it.each([false, true])('is a line every ten seconds, and one at the end (terminal: %s)', async tty => {
    const { clock, host, follower, tell } = await scene({ progress: 'plain' }, { tty });
    tell(instructing);
    await clock.pass(9_999);
    expect(host.err).toBe('');
    await clock.pass(1);
    expect(host.err).toBe('0/1000 done; 1 in flight\n');
    for (let index = 0; index < 8; index += 1) tell(ended(index === 7 ? failed : back, `dev_${index}`));
    await clock.pass(10_000);
    expect(host.err.split('\n')[1]).toBe('8/1000 done: ✓ rebooted 7, ✗ failed 1; 24/min; about 42 min left');
    follower.stop();
    follower.stop();
    expect(host.err.split('\n')).toHaveLength(4);
    await clock.pass(60_000);
    expect(host.err.split('\n')).toHaveLength(4);
    expect(host.err).not.toContain('\x1b');
  });

  it('speaks Japanese', async () => {
    const { clock, host, follower, tell } = await scene({ progress: 'plain' }, {}, { lang: 'ja' });
    await clock.pass(6_000);
    for (let index = 0; index < 60; index += 1) tell(ended(index % 2 ? failed : back, `dev_${index}`));
    tell(instructing);
    follower.stop();
    expect(host.err).toBe('60/1000 完了(✓ 再起動済み 30、✗ 失敗 30)、毎秒10台、残り約1分40秒、処理中1台\n');
  });

  it('tells of the waits, and is quiet in them', async () => {
    let pausedUntil: number | undefined;
    const { clock, host, tell } = await scene({ progress: 'plain', pausedUntil: () => pausedUntil });
    pausedUntil = noon + 40_000;
    await clock.pass(10_000);
    expect(host.err).toBe('0/1000 done; waiting 30 s, as the backend asked\n');
    tell(sleeping);
    await clock.pass(10_000);
    await clock.pass(10_000);
    expect(host.err.split('\n').slice(1)).toEqual([
      'Outside the time window: waiting until 01:00 (Asia/Tokyo)',
      '',
    ]);
    tell({ type: 'awake' });
    await clock.pass(10_000);
    expect(host.err.split('\n').slice(2)).toEqual(['0/1000 done', '']);
  });
});

describe('following a run on a terminal', () => {
  /** The last that was drawn, without colours and what moves the cursor. */
  const picture = (err: string) =>
    (err.split('\x1b[?2026h').at(-1) ?? '')
      .replace(/\x1b\[[?\d;]*[A-Za-z]|\r/g, '')
      .trim()
      .split('\n');
  const tty: HostOptions = { tty: true, columns: 100 };

  it('shows how far it is, how it ended, how fast it goes, and what is under way', async () => {
    const { clock, host, tell } = await scene({ total: 100 }, tty);
    for (let index = 0; index < 8; index += 1) {
      const one = plannedDevice(`dev_${index}`, `カメラ${index}`);
      tell({ type: 'instructing', planned: one });
    }
    await clock.pass(30_000);
    for (let index = 0; index < 20; index += 1) tell(ended(index ? back : failed, `old_${index}`));
    tell({ type: 'accepted', planned: plannedDevice('dev_0', 'カメラ0') });
    tell({ ...waiting, planned: plannedDevice('dev_1', 'カメラ1') });
    await expect
      .poll(() => picture(host.err))
      .toEqual([
        '[########--------------------------------]  20/100  20%',
        '✓ rebooted 19  ✗ failed 1',
        '30 s so far  40/min  about 2 min left',
        '  accepted  30 s  カメラ0 (dev_0)',
        '  waiting (rebooting)  30 s  カメラ1 (dev_1)',
        ...[2, 3, 4].map(index => `  sending  30 s  カメラ${index} (dev_${index})`),
        '  and 3 more',
      ]);
    expect(host.err).toContain('\x1b[31m✗ failed 1\x1b[39m');
  });

  it('shows what holds it up', async () => {
    const pausedUntil = () => noon + 12_000;
    const { host, context, tell } = await scene({ total: 2, pausedUntil }, tty);
    tell(sleeping, { type: 'stopping', error: forbidden }, waiting);
    await expect
      .poll(() => picture(host.err))
      .toEqual([
        expect.stringContaining('0/2  0%'),
        '0 s so far',
        'waiting 12 s, as the backend asked',
        expect.stringMatching(/^No more devices are started: /),
        expect.any(String),
        expect.any(String),
        'Outside the time window: waiting until 01:00 (Asia/Tokyo)',
        expect.stringContaining('正面入口'),
      ]);
    context.interrupt('SIGINT');
    expect(picture(host.err).slice(3, 5)).toEqual([
      'Interrupted: finishing 1 device in flight; press Ctrl-C',
      'again to leave at once',
    ]);
  });

  it('puts things below each other where there is no room beside, and leaves the bar out at last', async () => {
    const { host, tell } = await scene({}, { tty: true, columns: 20, env: { NO_COLOR: '1' } });
    tell(ended(back), ended(failed));
    await expect
      .poll(() => picture(host.err))
      .toEqual(['2/1000  0%', '✓ rebooted 1', '✗ failed 1', '0 s so far']);
  });

  it('is gone when the run is over', async () => {
    const { host, follower } = await scene({}, tty);
    follower.stop();
    expect(host.err.endsWith('\r\x1b[J')).toBe(true);
  });

  describe('for a single device', () => {
    // The spinner's library looks at the real environment too, and a CI's would hide it.
    beforeAll(() => {
      delete process.env['CI'];
    });

    it('is a spinner that says what is being done', async () => {
      const { host, follower, tell } = await scene({ total: 1 }, tty);
      tell(instructing);
      expect(host.err).toContain('正面入口 (dev_1): sending the instruction…');
      tell(waiting);
      expect(host.err).toContain('正面入口 (dev_1): waiting until it is back (rebooting)…');
      tell(sleeping);
      expect(host.err).toContain('Outside the time window: waiting until 01:00 (Asia/Tokyo)');
      follower.stop();
      expect(host.err.endsWith('\x1b[2K')).toBe(true);
    });
  });

  it.each<[string, HostOptions]>([
    ['a dumb terminal', { tty: true, env: { TERM: 'dumb' } }],
    ['a screen reader', { tty: true, env: { REMO_PLAIN: '1' } }],
    ['CI', { tty: true, env: { CI: '1' } }],
  ])('is a line for each device on %s', async (_what, options) => {
    const { host, tell } = await scene({}, options);
    tell(ended(back));
    expect(host.err).toMatch(/^ {3}1\/1000 [+✓] rebooted {2}正面入口 \(dev_1\)\n$/);
  });
});

describe('following a run is nothing at all', () => {
  it.each<[string, Partial<Followed>, Flags]>([
    ['with --progress=none', { progress: 'none' }, {}],
    ['with --quiet', {}, { quiet: true }],
    ['with --quiet and --progress=plain', { progress: 'plain' }, { quiet: true }],
  ])('%s', async (_what, followed, flags) => {
    const { clock, host, follower, tell } = await scene(followed, { tty: true }, flags);
    tell(instructing, sleeping, ended(back));
    await clock.pass(10_000);
    await delay(120);
    follower.stop();
    expect(host.err).toBe('');
  });
});
