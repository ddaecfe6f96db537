import { describe, expect, it } from 'vitest';
import { RemoError } from '../../src/errors.js';
import { instruct } from '../../src/reboot/instruct.js';
import { FakeBackend, failure, failures, type Mishap } from '../support/backend.js';
import { fakeClock } from '../support/clock.js';

const instruction = {
  deviceId: 'dev_1',
  key: 'key-0123456789abcdef',
  reason: 'frozen',
  notAfter: Date.UTC(2026, 10, 23, 5),
};

async function instructed(mishap?: Mishap, prepare: (backend: FakeBackend) => void = () => {}) {
  const clock = fakeClock();
  const backend = new FakeBackend(clock);
  backend.addDevice('dev_1');
  if (mishap) backend.mishaps.push(mishap);
  prepare(backend);
  return { backend, result: await instruct(instruction, backend, clock) };
}

/** A reboot that somebody else asked for. */
async function foreignReboot() {
  const backend = new FakeBackend(fakeClock());
  backend.addDevice('dev_1');
  return (await backend.createReboot('dev_1', { key: 'a-foreign-key-0123456789' })).reboot;
}

describe('an instruction', () => {
  it('that is accepted is taken, with the request id of the answer', async () => {
    const { backend, result } = await instructed();
    expect(result).toMatchObject({
      taken: true,
      reboot: { id: 'rb_1', reason: 'frozen' },
      requestId: 'req-1',
    });
    expect(backend.calls).toEqual(['POST reboot dev_1']);
  });

  it.each([
    ['timed out', failures.timeout()],
    ['was lost in a gateway', failures.gateway()],
    ['got an answer that is no answer', failures.garbled()],
    ['ended in an internal error of the backend', failures.internal()],
    ['met its own reboot when it was repeated', failures.busy(true)],
  ])('that %s but had arrived is found under its key', async (_what, error) => {
    const { backend, result } = await instructed({ taken: true, error });
    expect(result).toMatchObject({ taken: true, reboot: { id: 'rb_1' } });
    expect(backend.rebootsOf('dev_1')).toHaveLength(1);
  });

  it.each([
    ['timed out', failures.timeout()],
    ['was lost in a gateway', failures.gateway()],
    ['got an answer that is no answer', failures.garbled()],
  ])('that %s and is not found under its key is unknown, as it may still arrive', async (_what, error) => {
    const { backend, result } = await instructed({ taken: false, error });
    expect(result).toMatchObject({
      taken: false,
      ending: { outcome: 'unknown', reason: { code: 'no_answer' } },
    });
    // Asked twice: the backend may be at it still.
    expect(backend.calls.filter(call => call.startsWith('FIND'))).toHaveLength(2);
  });

  it('that was lost, with a backend that can no longer be asked, is unknown', async () => {
    const { result } = await instructed({ taken: true, error: failures.timeout() }, backend =>
      backend.searchErrors.push(failures.refused()),
    );
    expect(result).toMatchObject({ taken: false, ending: { outcome: 'unknown' } });
  });

  it.each([
    ['too many requests', failures.rateLimited(), { outcome: 'not_attempted' }],
    ['the session ended', failures.signedOut(), { outcome: 'not_attempted' }],
    ['no connection', failures.refused(), { outcome: 'not_attempted' }],
    ['no permission', failures.forbidden(), { outcome: 'failed', reason: { code: 'refused' } }],
    ['no such device', failure('not_found', { operation: 'createReboot' }), { outcome: 'skipped' }],
  ])(
    'that was certainly not taken (%s) ends there, and nobody is asked again',
    async (_what, error, ending) => {
      const { backend, result } = await instructed({ taken: false, error });
      expect(result).toMatchObject({ taken: false, ending });
      expect(backend.calls).toEqual(['POST reboot dev_1']);
    },
  );

  it.each([
    ['too many requests', failures.rateLimited()],
    ['an internal error', failures.internal()],
    ['that the device is offline', failures.offline()],
    ["somebody else's reboot", failures.busy()],
  ])(
    'that was lost once and refused after that (%s) is unknown: the first may still arrive',
    async (_what, error) => {
      const lost = new RemoError(error.code, { ...error.params, lost: true } as typeof error.params);
      const { result } = await instructed({ taken: false, error: lost }, backend => {
        backend.getReboot = async id => ({ ...(await foreignReboot()), id });
      });
      expect(result).toMatchObject({ taken: false, ending: { outcome: 'unknown' } });
    },
  );

  it('that was lost once and then refused for its own reboot is taken, though the key is not listed', async () => {
    const { backend, result } = await instructed({ taken: true, error: failures.busy(true) }, scene => {
      scene.findReboot = async () => undefined;
      scene.getReboot = async () => scene.reboots[0] ?? foreignReboot();
    });
    expect(result).toMatchObject({ taken: true, reboot: { id: 'rb_1' } });
    expect(backend.rebootsOf('dev_1')).toHaveLength(1);
  });

  it('that the backend answered with an internal error, and that is not found, failed', async () => {
    const { result } = await instructed({ taken: false, error: failures.internal() });
    expect(result).toMatchObject({ taken: false, ending: { outcome: 'failed' }, requestId: 'req-500' });
  });

  it.each([
    ['still in progress is skipped with its id', 'in_progress', 'rb_1'],
    ['over by then is skipped without', 'completed', undefined],
  ] as const)(
    "that meets somebody else's reboot which has no id in the refusal and is %s",
    async (_what, status, rebootId) => {
      const error = failure('reboot_in_progress', { operation: 'createReboot', lost: false });
      const foreign = await foreignReboot();
      const { result } = await instructed({ taken: false, error }, backend => {
        backend.recentReboots = async () => ({ reboots: [{ ...foreign, status }] });
      });
      const reason = { code: 'already_rebooting', ...(rebootId === undefined ? {} : { rebootId }) };
      expect(result).toEqual({ taken: false, ending: { outcome: 'skipped', reason } });
    },
  );

  it('leaves by its last moment: the API is told', async () => {
    const orders: unknown[] = [];
    await instructed(undefined, backend => {
      const { createReboot } = backend;
      backend.createReboot = async (id, order) => {
        orders.push(order);
        return createReboot.call(backend, id, order);
      };
    });
    const { key, notAfter } = instruction;
    expect(orders).toMatchObject([{ key, reason: 'frozen', notAfter }]);
  });

  it.each([
    ['the user did not want to wait', failures.interrupted(), { code: 'interrupted' }],
    ['its last moment had come', failures.late(), { code: 'stopped', error: { code: 'window_closed' } }],
  ])('that was not sent, as %s, was not attempted, and nobody is asked', async (_what, error, reason) => {
    const { backend, result } = await instructed({ taken: false, error });
    expect(result).toMatchObject({ taken: false, ending: { outcome: 'not_attempted', reason } });
    expect(backend.calls).toEqual(['POST reboot dev_1']);
  });

  it.each([
    ['had arrived is taken', true, { taken: true, reboot: { id: 'rb_1' } }],
    ['is not found is unknown', false, { taken: false, ending: { outcome: 'unknown' } }],
  ])('that was lost before its last moment came and %s', async (_what, taken, expected) => {
    const { result } = await instructed({ taken, error: failures.late(true) });
    expect(result).toMatchObject(expected);
  });

  it.each([
    ['just now is unknown, as that one may still arrive', 60_000, 'unknown'],
    ['long ago was not attempted', 600_000, 'not_attempted'],
  ])('that was not sent, and that another process may have given %s', async (_what, ago, outcome) => {
    const clock = fakeClock();
    const backend = new FakeBackend(clock);
    backend.addDevice('dev_1');
    backend.mishaps.push({ taken: false, error: failures.interrupted() });
    const result = await instruct(
      { ...instruction, earlier: { first: 0, last: clock.now() - ago } },
      backend,
      clock,
    );
    expect(result).toMatchObject({ taken: false, ending: { outcome } });
  });

  it("that meets somebody else's reboot is skipped, with that reboot's id", async () => {
    const { result } = await instructed({ taken: false, error: failures.busy() });
    expect(result).toMatchObject({
      ending: { outcome: 'skipped', reason: { code: 'already_rebooting', rebootId: 'rb_other' } },
    });
  });

  it('that can not reach the device is skipped as offline', async () => {
    const { result } = await instructed({ taken: false, error: failures.offline() });
    expect(result).toMatchObject({ ending: { outcome: 'skipped', reason: { code: 'offline' } } });
  });

  it.each<[string, Partial<FakeBackend>, object]>([
    [
      'and can not be looked at is unknown',
      { getReboot: async () => Promise.reject(failures.internal()) },
      { taken: false, ending: { outcome: 'unknown', reason: { code: 'no_answer' } } },
    ],
    [
      'and is not to be seen is looked for under its key',
      { getReboot: async () => Promise.reject(failure('not_found', { operation: 'getReboot' })) },
      { taken: true, reboot: { id: 'rb_1' } },
    ],
  ])('that is refused for a reboot of its own that is named %s', async (_what, broken, expected) => {
    const error = failure('reboot_in_progress', { operation: 'createReboot', lost: false, rebootId: 'rb_1' });
    const { result } = await instructed({ taken: true, error }, backend => Object.assign(backend, broken));
    expect(result).toMatchObject(expected);
  });

  it('that is refused for a reboot of its own, which the user does not want to wait for, is found out about', async () => {
    const looks: unknown[] = [];
    await instructed({ taken: true, error: failures.busy() }, backend => {
      backend.getReboot = async (_id, look?: unknown) => {
        looks.push(look);
        return foreignReboot();
      };
    });
    expect(looks).toEqual([{ settling: true }]);
  });

  it('that is refused for a reboot of its own is that reboot: something in between had sent it twice', async () => {
    const clock = fakeClock();
    const backend = new FakeBackend(clock);
    backend.addDevice('dev_1');
    const key = 'key-0123456789abcdef';
    const { reboot } = await backend.createReboot('dev_1', { key });
    const api = Object.assign(Object.create(backend), {
      createReboot: async () => {
        const params = { operation: 'createReboot', lost: false, rebootId: reboot.id };
        throw failure('reboot_in_progress', params);
      },
    });
    expect(await instruct({ deviceId: 'dev_1', key }, api, clock)).toMatchObject({
      taken: true,
      reboot: { id: reboot.id },
    });
  });
});
