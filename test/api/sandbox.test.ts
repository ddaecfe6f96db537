import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Api, openApi } from '../../src/api/index.js';
import type { Page } from '../../src/api/schemas.js';
import { type Clock, systemClock } from '../../src/clock.js';
import { inParallel } from '../../src/reboot/plan.js';
import type { Fault } from '../../src/sandbox/faults.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import { fakeContext } from '../support/host.js';
import { problems, sandboxForTest } from '../support/sandbox.js';
import { FakeClock, failureOf, key } from './support.js';

async function signedIn(sandbox: Sandbox, clock: Clock = new FakeClock()): Promise<Api> {
  const { accessToken } = await sandbox.issueToken();
  const env = { REMO_API_URL: sandbox.apiUrl, REMO_TOKEN: accessToken, REMO_TIMEOUT: '300ms' };
  const { context } = await fakeContext({ env }, { clock });
  return openApi(context);
}

async function rows<T>(pages: AsyncIterable<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  for await (const { items } of pages) all.push(...items);
  return all;
}

describe('against the sandbox', () => {
  it('every operation works', async () => {
    const sandbox = await sandboxForTest();
    const api = await signedIn(sandbox);
    expect(await api.getAccount()).toEqual(sandbox.account);

    const customers = await rows(api.allCustomers({}));
    expect(customers).toHaveLength(137);
    const { items, total } = await api.customersPage({ page: 7, perPage: 20 });
    expect([items, total]).toEqual([customers.slice(120), 137]);
    const [first] = customers;
    expect(await rows(api.allCustomers({ email: first?.email ?? '' }))).toEqual([first]);

    const biggest = customers.reduce((a, b) => (a.device_count > b.device_count ? a : b));
    expect(await api.getCustomer(biggest.id)).toEqual(biggest);
    const devices = await rows(api.allDevices(biggest.id));
    expect(devices).toHaveLength(biggest.device_count);
    const few = (await api.devicesPage(biggest.id, { page: 2, perPage: 5 })).items;
    expect(few.map(({ id }) => id)).toEqual(devices.slice(5, 10).map(({ id }) => id));

    const id = devices.find(({ status }) => status === 'online')?.id ?? '';
    expect(await api.findReboot(id, key)).toBeUndefined();
    const receipt = await api.createReboot(id, { key, reason: 'テスト' });
    expect(receipt).toMatchObject({ replayed: false, reboot: { device_id: id, reason: 'テスト' } });
    expect((await api.createReboot(id, { key, reason: 'テスト' })).replayed).toBe(true);
    expect((await api.findReboot(id, key))?.id).toBe(receipt.reboot.id);
    expect((await api.getReboot(receipt.reboot.id)).requested_by).toBe(sandbox.account.email);
    expect((await api.getDevice(id)).id).toBe(id);
    expect(sandbox.rebootCount(id)).toBe(1);
  });

  it.each<Fault>([
    { kind: 'drop' },
    { kind: 'lose' },
    { kind: 'hang' },
    { kind: 'break' },
    { kind: 'answer', ...problems.internal() },
    { kind: 'answer', ...problems.tooManyRequests('2') },
    { kind: 'answer', ...problems.unavailable() },
    { kind: 'answer', ...problems.html(504) },
  ])('a device is rebooted once, whatever befalls the instruction twice: %o', async fault => {
    const sandbox = await sandboxForTest();
    const api = await signedIn(sandbox);
    const device = [...sandbox.fleet.devices.values()].find(({ status }) => status === 'online');
    sandbox.faults.add({ ...fault, method: 'POST', times: 2 });
    const { reboot } = await api.createReboot(device?.id ?? '', { key });
    expect(reboot.device_id).toBe(device?.id);
    expect(sandbox.rebootCount(reboot.device_id)).toBe(1);
  });

  it('a run that meets a rate limit reboots each device once, with few refusals', async () => {
    const sandbox = await sandboxForTest({ ratePerSecond: 30 });
    const api = await signedIn(sandbox, systemClock);
    const online = [...sandbox.fleet.devices.values()]
      .filter(({ status }) => status === 'online')
      .slice(0, 45);
    await inParallel(online, 16, async ({ id }) => {
      await api.createReboot(id, { key: randomUUID() });
    });
    expect(online.map(({ id }) => sandbox.rebootCount(id))).toEqual(online.map(() => 1));
    const refused = sandbox.requests.filter(({ status }) => status === 429);
    // Those that were under way at the first refusal, and a few while the rate is found.
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(20);
  });

  it('an answer that is cut off leaves the instruction open, and the key finds it', async () => {
    const sandbox = await sandboxForTest();
    const api = await signedIn(sandbox);
    const id = [...sandbox.fleet.devices.values()].find(({ status }) => status === 'online')?.id ?? '';
    sandbox.faults.add({ kind: 'cut', method: 'POST' });
    const error = await failureOf(api.createReboot(id, { key }));
    expect(error).toMatchObject({ code: 'bad_response', params: { lost: true } });
    expect((await api.findReboot(id, key))?.device_id).toBe(id);
  });
});
