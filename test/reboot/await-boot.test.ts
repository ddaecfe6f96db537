import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RemoError } from '../../src/errors.js';
import { awaitBoot } from '../../src/reboot/await-boot.js';
import { FakeBackend, failures } from '../support/backend.js';
import { fakeClock } from '../support/clock.js';

const before = '2026-11-01T00:00:00Z';

async function rebooting(prepare: (backend: FakeBackend) => void = () => {}) {
  const clock = fakeClock();
  const backend = new FakeBackend(clock);
  backend.addDevice('dev_1', { booted_at: before });
  prepare(backend);
  const { reboot } = await backend.createReboot('dev_1', { key: 'k' });
  const stop = new AbortController();
  const wait = (waitMs = 60_000, bootedBefore: string | null = before) =>
    awaitBoot({ reboot, bootedBefore, waitMs }, backend, clock, stop.signal, () => {});
  return { clock, backend, stop, wait };
}

/** Reads end with their signal, as those of the API do. */
function obedient(backend: FakeBackend) {
  const { getDevice } = backend;
  backend.getDevice = async (id, look) => {
    look?.signal?.throwIfAborted();
    return getDevice.call(backend, id);
  };
}

describe('waiting for a device', () => {
  it('ends when it is online with a later boot time, and says how long that took', async () => {
    const { wait } = await rebooting();
    const ending = await wait();
    expect(ending).toMatchObject({ outcome: 'rebooted', bootedAt: '2026-11-23T03:00:08.000Z' });
    expect(ending.outcome === 'rebooted' && ending.tookMs).toBeGreaterThanOrEqual(8_000);
    expect(ending.outcome === 'rebooted' && ending.tookMs).toBeLessThan(13_000);
  });

  it('does not take "online" in the old boot for a reboot', async () => {
    const { backend, wait } = await rebooting();
    backend.getDevice = async id => ({ ...backend.addDevice(id), status: 'online', booted_at: before });
    expect(await wait(20_000)).toEqual({
      outcome: 'unknown',
      reason: { code: 'not_back', waitedMs: 20_000 },
    });
  });

  it('where the old boot time was not known, asks for a boot after the instruction', async () => {
    const { backend, wait } = await rebooting();
    backend.getDevice = async id => ({
      ...backend.addDevice(id),
      status: 'online',
      booted_at: '2026-11-23T02:59:59Z',
    });
    expect(await wait(20_000, null)).toMatchObject({ outcome: 'unknown' });
  });

  it('does not take a boot before the instruction for its effect, whatever the backend says, while there is time', async () => {
    const { clock, backend, wait } = await rebooting();
    const { getDevice } = backend;
    const start = clock.now();
    // Answers come out of a cache for half a minute.
    backend.getDevice = async id =>
      clock.now() < start + 30_000
        ? { ...backend.addDevice(id), status: 'online', booted_at: '2026-11-23T02:59:59Z' }
        : getDevice.call(backend, id);
    expect(await wait(20_000)).toMatchObject({ outcome: 'rebooted', bootedAt: null });
    expect(await wait(20_000)).toMatchObject({
      outcome: 'rebooted',
      bootedAt: '2026-11-23T03:00:08.000Z',
    });
  });

  it('takes the word of the backend in the end, but not before, and does not tell a boot time then', async () => {
    const { clock, backend, wait } = await rebooting();
    backend.bootMs = 60_000;
    backend.getDevice = async id => ({
      ...backend.addDevice(id),
      status: 'online',
      booted_at: '2026-11-23T02:59:59Z',
    });
    expect(await wait(20_000)).toMatchObject({ outcome: 'unknown' });
    const start = clock.now();
    expect(await wait(60_000)).toMatchObject({ outcome: 'rebooted', bootedAt: null });
    expect(clock.now() - start).toBe(60_000);
  });

  it('sees a device whose clock is behind boot, and takes that with the word of the backend for its effect', async () => {
    const { clock, backend, wait } = await rebooting();
    const { getDevice } = backend;
    const start = clock.now();
    const behind = '2026-11-23T02:00:08Z';
    backend.getDevice = async id => {
      const device = await getDevice.call(backend, id);
      return device.status === 'online' ? { ...device, booted_at: behind } : device;
    };
    expect(await wait()).toMatchObject({ outcome: 'rebooted', bootedAt: behind });
    expect(clock.now() - start).toBeLessThan(13_000);
  });

  it('compares moments, not texts', async () => {
    const { backend, wait } = await rebooting();
    backend.getDevice = async id => ({
      ...backend.addDevice(id),
      status: 'online',
      booted_at: '2026-11-01T09:00:00+09:00',
    });
    expect(await wait(20_000)).toMatchObject({ outcome: 'unknown' });
  });

  it('ends as failed when the backend says that the reboot failed', async () => {
    const { wait } = await rebooting(backend => {
      backend.fate = 'failed';
    });
    expect(await wait()).toEqual({
      outcome: 'failed',
      reason: { code: 'reboot_failed', failure: 'watchdog', online: expect.any(Boolean) },
    });
  });

  it('ends as unknown when the time is up', async () => {
    const { clock, wait } = await rebooting(backend => {
      backend.fate = 'never';
    });
    const start = clock.now();
    expect(await wait(30_000)).toEqual({
      outcome: 'unknown',
      reason: { code: 'not_back', waitedMs: 30_000 },
    });
    expect(clock.now() - start).toBe(30_000);
  });

  it('sits out trouble with the network', async () => {
    const { backend, wait } = await rebooting();
    backend.lookErrors.push(failures.timeout(), failures.gateway());
    expect(await wait()).toMatchObject({ outcome: 'rebooted' });
  });

  it('ends as unknown at once when the session has ended', async () => {
    const { clock, backend, wait } = await rebooting();
    backend.lookErrors.push(failures.signedOut());
    const start = clock.now();
    expect(await wait()).toMatchObject({ outcome: 'unknown', reason: { code: 'unwatched' } });
    expect(clock.now() - start).toBeLessThan(2_000);
  });

  it('still looks once when the computer slept through the time', async () => {
    const { clock, wait } = await rebooting();
    clock.sleep = async () => clock.advance(3_600_000);
    expect(await wait()).toMatchObject({ outcome: 'rebooted' });
  });

  it('that is interrupted leaves the device accepted', async () => {
    const { clock, stop, wait } = await rebooting();
    const sleep = clock.sleep;
    clock.sleep = async (ms, signal) => {
      stop.abort(new RemoError('interrupted', { signal: 'SIGINT' }));
      await sleep(ms, signal);
    };
    expect(await wait()).toEqual({ outcome: 'accepted', reason: { code: 'wait_interrupted' } });
  });

  it('looks in peace after the computer has slept for longer than the time and the last look', async () => {
    const { clock, backend, wait } = await rebooting();
    clock.sleep = async () => {
      clock.advance(3_600_000);
      // In real time, as that is what limits a look.
      await delay(2_100);
    };
    obedient(backend);
    expect(await wait(1)).toMatchObject({ outcome: 'rebooted' });
  });

  it('says that it could not look, not that the device was not back, when the last look had no answer', async () => {
    const { backend, wait } = await rebooting();
    backend.getDevice = (_id, look) =>
      new Promise((_resolve, reject) => {
        look?.signal?.addEventListener('abort', () => reject(failures.timeout()));
      });
    expect(await wait(1)).toMatchObject({ outcome: 'unknown', reason: { code: 'unwatched' } });
  });

  it('does not take the boot that somebody else has caused since for the effect of a reboot that failed', async () => {
    const { clock, backend, wait } = await rebooting(fleet => {
      fleet.fate = 'failed';
    });
    clock.advance(3_600_000);
    backend.addDevice('dev_1', { booted_at: '2026-11-23T03:30:00Z' });
    expect(await wait()).toMatchObject({ outcome: 'failed', reason: { failure: 'watchdog' } });
  });

  it('goes by the boot alone where the backend can not tell how the reboot stands', async () => {
    const { clock, backend, wait } = await rebooting();
    clock.advance(60_000);
    backend.getReboot = async () => {
      throw failures.gateway();
    };
    expect(await wait()).toMatchObject({ outcome: 'rebooted', bootedAt: '2026-11-23T03:00:08.000Z' });
  });

  it('does not take the old boot for the new one when the clock of the device is ahead and no boot was known', async () => {
    const { backend, wait } = await rebooting(fleet => {
      fleet.bootMs = 40_000;
    });
    const { getDevice } = backend;
    const start = '2026-11-23T04:00:00Z';
    backend.getDevice = async id => {
      const device = await getDevice.call(backend, id);
      // It does not go down at once.
      return { ...device, status: 'online', booted_at: start };
    };
    expect(await wait(20_000, null)).toMatchObject({ outcome: 'unknown', reason: { code: 'not_back' } });
  });
});
