import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/reboot/plan.js';
import { FakeBackend, failure, failures } from '../support/backend.js';
import { fakeClock } from '../support/clock.js';

const lookUp = { minIntervalMs: 0, concurrency: 8 };

function fleet() {
  const clock = fakeClock();
  const backend = new FakeBackend(clock);
  backend.addDevice('a');
  backend.addDevice('b', { customer_id: 'cus_2' });
  backend.addDevice('off', { status: 'offline' });
  backend.addDevice('busy', { status: 'rebooting' });
  backend.addDevice('odd', { status: 'unknown' });
  return { clock, backend };
}

describe('a plan', () => {
  it('has every device with its owner, in the order given', async () => {
    const { clock, backend } = fleet();
    const { devices } = await makePlan(['b', 'a'], backend, clock, lookUp);
    expect(devices.map(({ device, customer }) => [device.id, customer.id])).toEqual([
      ['b', 'cus_2'],
      ['a', 'cus_1'],
    ]);
  });

  it('leaves out what is offline or rebooting, and what is given again', async () => {
    const { clock, backend } = fleet();
    const { devices } = await makePlan(['a', 'off', 'busy', 'a', 'odd'], backend, clock, lookUp);
    expect(devices.map(({ device, skip }) => [device.id, skip?.code])).toEqual([
      ['a', undefined],
      ['off', 'offline'],
      ['busy', 'already_rebooting'],
      ['a', 'duplicate'],
      ['odd', undefined],
    ]);
  });

  it('asks for each device and each owner once', async () => {
    const { clock, backend } = fleet();
    await makePlan(['a', 'off', 'a'], backend, clock, lookUp);
    expect(backend.calls.sort()).toEqual(['GET customer cus_1', 'GET device a', 'GET device off']);
  });

  it('names every device that does not exist', async () => {
    const { clock, backend } = fleet();
    await expect(makePlan(['nope', 'a', 'gone'], backend, clock, lookUp)).rejects.toMatchObject({
      code: 'device_not_found',
      params: { ids: ['nope', 'gone'] },
      exitCode: 5,
    });
  });

  it('names every device that may not be seen; the others go on without it where that is wanted', async () => {
    const { clock, backend } = fleet();
    const getDevice = backend.getDevice.bind(backend);
    backend.getDevice = async id => {
      if (id === 'b') throw failures.forbidden();
      return getDevice(id);
    };
    await expect(makePlan(['a', 'b'], backend, clock, lookUp)).rejects.toMatchObject({
      code: 'device_forbidden',
      params: { ids: ['b'] },
      exitCode: 4,
    });
    const plan = await makePlan(['a', 'b'], backend, clock, { ...lookUp, skipMissing: true });
    expect(plan.devices).toMatchObject([
      { device: { id: 'a' } },
      { device: { id: 'b' }, skip: { code: 'denied' } },
    ]);
  });

  /** The backend fails at these devices. */
  function failingAt(backend: FakeBackend, ...ids: string[]) {
    const getDevice = backend.getDevice.bind(backend);
    backend.getDevice = async id => {
      if (ids.includes(id)) throw failure('server_error', { operation: 'getDevice', status: 500 });
      return getDevice(id);
    };
  }

  it('names the device that the backend fails at', async () => {
    const { clock, backend } = fleet();
    failingAt(backend, 'b');
    const params = { operation: 'getDevice', status: 500, device: 'b' };
    await expect(makePlan(['a', 'b'], backend, clock, lookUp)).rejects.toMatchObject({
      code: 'server_error',
      params,
    });
  });

  it('goes on without a device that the backend fails at, where that is wanted, while it answers for others', async () => {
    const { clock, backend } = fleet();
    failingAt(backend, 'b', 'busy');
    const options = { ...lookUp, skipUnreadable: true };
    const { devices } = await makePlan(['b', 'a', 'busy'], backend, clock, options);
    expect(devices).toMatchObject([
      { device: { id: 'b' }, skip: { code: 'unreadable', error: { code: 'server_error' } } },
      { device: { id: 'a' } },
      { device: { id: 'busy' }, skip: { code: 'unreadable' } },
    ]);
    await expect(makePlan(['b', 'busy'], backend, clock, options)).rejects.toMatchObject({
      params: { device: 'b' },
    });
    // That it does not know one is an answer, too.
    const rest = await makePlan(['b', 'gone'], backend, clock, { ...options, skipMissing: true });
    expect(rest.devices.map(({ skip }) => skip?.code)).toEqual(['unreadable', 'gone']);
  });

  it('takes many failures in a row for a backend that fails, and asks no more', async () => {
    const { clock, backend } = fleet();
    const ids = Array.from({ length: 100 }, (_, index) => `d${index}`);
    for (const id of ids) backend.addDevice(id);
    failingAt(backend, ...ids.slice(1));
    const options = { ...lookUp, concurrency: 1, skipUnreadable: true };
    await expect(makePlan(ids, backend, clock, options)).rejects.toMatchObject({ params: { device: 'd1' } });
  });

  it('names the reboot of a device that came back while it was being looked at', async () => {
    const { clock, backend } = fleet();
    const { reboot } = await backend.createReboot('a', { key: 'somebody-else-01234' });
    backend.recentReboots = async () => ({ reboots: [{ ...reboot, status: 'completed' }] });
    const options = { minIntervalMs: 600_000, concurrency: 8 };
    const { devices } = await makePlan(['a'], backend, clock, options);
    expect(devices[0]?.device.status).toBe('rebooting');
    expect(devices[0]?.skip).toMatchObject({ code: 'recently_rebooted', rebootId: reboot.id });
  });

  it('fails when the backend can not be asked', async () => {
    const { clock, backend } = fleet();
    backend.lookErrors.push(failures.refused());
    await expect(makePlan(['a'], backend, clock, lookUp)).rejects.toMatchObject({
      code: 'network',
      exitCode: 6,
    });
  });
});
