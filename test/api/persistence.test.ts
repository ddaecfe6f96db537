import { describe, expect, it } from 'vitest';
import { getAccount } from '../../src/api/account.js';
import { Pace } from '../../src/api/pace.js';
import { createReboot, findReboot } from '../../src/api/reboots.js';
import { limits, unattended } from '../../src/api/retry.js';
import { RemoError } from '../../src/errors.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { account, bench, failureOf, key, page, problem, reboot } from './support.js';

const interrupted = new RemoError('interrupted', { signal: 'SIGINT' });
const hour = 3_600_000;

const fine = () => Response.json(account);
const taken = () => Response.json(reboot(), { status: 202 });
const refused = (seconds: number) =>
  Response.json(problem(429, 'rate_limited'), {
    status: 429,
    headers: { 'Retry-After': String(seconds), 'X-Request-Id': 'req-429' },
  });
const failed = () => Response.json(problem(500, 'internal'), { status: 500 });
const broken = (code: string) => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
};
const lost = () => broken('ECONNRESET');

/** A client whose backend answers in turn, the last answer for ever, at `sent` (milliseconds from the start). */
function scene(...answers: (() => Response)[]) {
  const clock = new VirtualClock();
  const start = clock.now();
  const user = new AbortController();
  const sent: number[] = [];
  let patient = false;
  const parts = bench({
    clock,
    pace: new Pace(clock, () => 0.5),
    signal: user.signal,
    tolerance: () => (patient && !user.signal.aborted ? unattended : limits),
    fetch: async () => {
      sent.push(clock.now() - start);
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      return answer ? answer() : fine();
    },
  });
  const { request } = parts;
  return {
    ...parts,
    clock,
    start,
    user,
    sent,
    beUnattended: () => {
      patient = true;
    },
    read: () => getAccount(request),
    instruct: (notAfter?: number) =>
      createReboot(request, 'd1', { key, ...(notAfter === undefined ? {} : { notAfter: start + notAfter }) }),
    find: () => findReboot(request, 'd1', key),
    interruptAfter: async (ms: number) => {
      await clock.sleep(ms);
      user.abort(interrupted);
    },
  };
}

describe('an instruction that goes by an old reading of the device', () => {
  const instructBy = ({ request, start }: ReturnType<typeof scene>, freshUntil: number) =>
    createReboot(request, 'd1', { key, freshUntil: start + freshUntil });

  it('is not sent again after a wait that it was refused for, and that is told at once', async () => {
    const it = scene(() => refused(30), taken);
    const error = await it.clock.settle(failureOf(instructBy(it, 10_000)));
    expect(error).toMatchObject({ code: 'reading_outdated', params: { lost: false } });
    expect(it.clock.now() - it.start).toBe(0);
    expect(it.sent).toEqual([0]);
  });

  it('waits where the reading is young enough by the end of that', async () => {
    const it = scene(() => refused(30), taken);
    await it.clock.settle(instructBy(it, 31_000));
    expect(it.sent).toEqual([0, 30_000]);
  });

  it.each([
    ['got no answer', lost],
    ['the backend failed at', failed],
  ])(
    'is repeated all the same under its key after an attempt that %s: it may have been taken',
    async (_what, first) => {
      const it = scene(first, () => refused(30), taken);
      await it.clock.settle(instructBy(it, 10_000));
      expect(it.sent).toHaveLength(3);
    },
  );

  it('learns of a backend that wants to be left alone for too long', async () => {
    const it = scene(() => refused(61));
    const error = await it.clock.settle(failureOf(instructBy(it, 10_000)));
    expect(error).toMatchObject({ code: 'rate_limited' });
  });
});

describe('a request that was not refused itself', () => {
  it('waits with the one that was', async () => {
    const { clock, read, sent } = scene(() => refused(30), fine);
    const first = read();
    const second = clock.sleep(10_000).then(read);
    await clock.settle(Promise.all([first, second]));
    expect(sent).toEqual([0, 30_000, 30_200]);
  });

  it('is given up without being sent when the wait is longer than it bears', async () => {
    const { clock, read, sent } = scene(() => refused(61));
    await clock.settle(failureOf(read()));
    const error = await clock.settle(failureOf(read()));
    expect(error).toMatchObject({ code: 'rate_limited', params: { operation: 'getAccount', lost: false } });
    expect(error.params).not.toHaveProperty('requestId');
    expect(sent).toEqual([0]);
  });

  it('asks for its token only once it may leave', async () => {
    const { clock, read, session } = scene(() => refused(30), fine);
    let tokens = 0;
    session.token = async () => `token-${++tokens}`;
    const both = Promise.all([read(), clock.sleep(1000).then(read)]);
    await clock.settle(clock.sleep(20_000));
    expect(tokens).toBe(1);
    await clock.settle(both);
    expect(tokens).toBe(3);
  });

  it('does not leave in a pause that began while it got its token', async () => {
    const { clock, read, session, sent } = scene(() => refused(30), fine);
    let tokens = 0;
    session.token = async () => {
      if (++tokens > 1) await clock.sleep(5000);
      return `token-${tokens}`;
    };
    await clock.settle(Promise.all([read(), read()]));
    expect(sent[0]).toBe(0);
    expect(sent.slice(1).map(at => at >= 30_000)).toEqual([true, true]);
  });
});

describe('unattended', () => {
  it('a wish to wait of up to an hour is obeyed, as often as it comes', async () => {
    const { clock, read, sent, beUnattended } = scene(
      () => refused(3600),
      () => refused(3600),
      fine,
    );
    beUnattended();
    expect(await clock.settle(read())).toEqual(account);
    expect(sent).toEqual([0, hour, 2 * hour]);
  });

  it('what fails after such a wait is tried again as ever', async () => {
    const { clock, instruct, sent, beUnattended } = scene(() => refused(3600), lost, taken);
    beUnattended();
    expect((await clock.settle(instruct())).reboot.id).toBe('r1');
    expect(sent).toHaveLength(3);
  });

  it('a longer one ends the request, with its request id', async () => {
    const { clock, read, sent, beUnattended } = scene(() => refused(3601));
    beUnattended();
    const error = await clock.settle(failureOf(read()));
    expect(error).toMatchObject({ code: 'rate_limited', params: { requestId: 'req-429' } });
    expect(sent).toEqual([0]);
  });

  it('a request is refused twenty times before it is given up', async () => {
    const { clock, read, sent, beUnattended } = scene(() => refused(1));
    beUnattended();
    await clock.settle(failureOf(read()));
    expect(sent).toHaveLength(20);
  });

  it('Ctrl-C ends what waits for an hour, also what it would follow up otherwise', async () => {
    const { clock, start, read, instruct, find, sent, beUnattended, interruptAfter } = scene(lost, () =>
      refused(3600),
    );
    beUnattended();
    const instructed = failureOf(instruct());
    const all = [
      instructed,
      clock.sleep(9000).then(() => Promise.all([failureOf(read()), failureOf(find())])),
    ];
    await clock.settle(Promise.all([...all, interruptAfter(60_000)]));
    expect(clock.now()).toBe(start + 60_000);
    expect(await instructed).toMatchObject({ code: 'rate_limited', params: { lost: true } });
    expect(await all[1]).toMatchObject([{ code: 'interrupted' }, { code: 'rate_limited' }]);
    expect(sent).toHaveLength(2);
  });

  it('what was lost is still followed up after Ctrl-C where the wait is short', async () => {
    const { clock, instruct, find, beUnattended, interruptAfter, sent } = scene(
      lost,
      () => refused(30),
      taken,
      () => Response.json(page([reboot()])),
    );
    beUnattended();
    const both = clock.settle(
      Promise.all([instruct(), clock.sleep(5000).then(find), interruptAfter(10_000)]),
    );
    expect(await both).toMatchObject([{ reboot: { id: 'r1' } }, { id: 'r1' }, undefined]);
    expect(sent).toHaveLength(4);
  });
});

describe('an instruction that the user does not want to wait for', () => {
  it('is not sent when it has not been, while another one was refused', async () => {
    const { clock, read, instruct, sent, interruptAfter } = scene(() => refused(30));
    const others = failureOf(read());
    const own = clock.sleep(1000).then(() => failureOf(instruct()));
    await clock.settle(Promise.all([others, own, interruptAfter(2000)]));
    expect(await own).toBe(interrupted);
    expect(sent).toEqual([0]);
  });

  it('is not sent again when it was refused', async () => {
    const { clock, instruct, sent, interruptAfter } = scene(() => refused(30));
    const [error] = await clock.settle(Promise.all([failureOf(instruct()), interruptAfter(2000)]));
    expect(error).toBe(interrupted);
    expect(sent).toEqual([0]);
  });

  it('that the backend failed on, which may have acted on it, ends with that failure', async () => {
    const { clock, instruct, interruptAfter } = scene(failed, () => refused(30));
    const [error] = await clock.settle(Promise.all([failureOf(instruct()), interruptAfter(2000)]));
    expect(error).toMatchObject({ code: 'server_error', params: { status: 500, lost: false } });
  });
});

describe('an instruction whose key the backend may forget', () => {
  const instructUntil = ({ request, start }: ReturnType<typeof scene>, keyUntil: number) =>
    createReboot(request, 'd1', { key, keyUntil: start + keyUntil });

  it('is not sent again once that has happened', async () => {
    const made = scene(() => broken('ECONNREFUSED'));
    const error = await made.clock.settle(failureOf(instructUntil(made, 200)));
    expect(error).toMatchObject({ code: 'too_late', params: { operation: 'createReboot', lost: false } });
    expect(made.sent).toEqual([0]);
  });

  it('and that was refused for longer than anybody waits was refused for its rate', async () => {
    const made = scene(() => refused(30 * 3600));
    made.beUnattended();
    const error = await made.clock.settle(failureOf(instructUntil(made, 23 * hour)));
    expect(error).toMatchObject({ code: 'rate_limited', params: { retryAfterMs: 30 * hour } });
  });
});

describe('an instruction with a last moment', () => {
  it('is sent before it', async () => {
    const { clock, instruct } = scene(taken);
    expect((await clock.settle(instruct(1))).reboot.id).toBe('r1');
  });

  it.each([0, -1000])('is not sent at that moment or later (%i ms)', async notAfter => {
    const { clock, instruct, sent } = scene(taken);
    const error = await clock.settle(failureOf(instruct(notAfter)));
    expect(error).toMatchObject({
      code: 'window_closed',
      params: { operation: 'createReboot', lost: false },
    });
    expect(sent).toEqual([]);
  });

  it('is not sent when to get a token took until then', async () => {
    const { clock, instruct, session, sent } = scene(taken);
    session.token = async () => {
      await clock.sleep(2000);
      return 'token';
    };
    expect((await clock.settle(failureOf(instruct(2000)))).code).toBe('window_closed');
    expect(sent).toEqual([]);
  });

  it.each([
    ['a refusal', () => refused(30)],
    ['a connection that did not come about', () => broken('ECONNREFUSED')],
  ])('is given up at once when %s means waiting beyond it', async (_what, answer) => {
    const { clock, start, instruct } = scene(answer);
    const error = await clock.settle(failureOf(instruct(200)));
    expect(error).toMatchObject({ code: 'window_closed', params: { lost: false } });
    expect(clock.now()).toBe(start);
  });

  it('is given up as soon as a longer pause goes beyond it', async () => {
    const { clock, start, read, instruct } = scene(
      () => refused(10),
      () => refused(40),
    );
    const others = failureOf(read());
    const own = clock.sleep(1).then(() => failureOf(instruct(20_000)));
    await clock.settle(Promise.all([others, own]));
    expect((await own).code).toBe('window_closed');
    expect(clock.now()).toBeGreaterThan(start + 10_000);
  });

  it('that was lost before it says so', async () => {
    const { clock, instruct, sent } = scene(lost);
    const error = await clock.settle(failureOf(instruct(200)));
    expect(error).toMatchObject({ code: 'window_closed', params: { lost: true } });
    expect(sent).toEqual([0]);
  });

  it('that the backend failed on before it ends with that failure', async () => {
    const { clock, instruct } = scene(failed);
    const error = await clock.settle(failureOf(instruct(200)));
    expect(error).toMatchObject({ code: 'server_error', params: { status: 500, lost: false } });
  });
});
