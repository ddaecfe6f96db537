import { beforeEach, describe, expect, it } from 'vitest';
import type { FleetDevice } from '../../src/sandbox/fleet.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import { sandboxForTest } from '../support/sandbox.js';
import { apiClient } from './api-client.js';

const key = (name: string) => `key-of-this-test-${name}`;
const start = Date.parse('2026-04-01T09:00:00Z');

let now: number;
let sandbox: Sandbox;
let api: Awaited<ReturnType<typeof apiClient>>;
let device: FleetDevice;
beforeEach(async () => {
  now = start;
  sandbox = await sandboxForTest({ bootSeconds: 10, now: () => now });
  api = await apiClient(sandbox);
  device = sandbox.fleet.device({ status: 'online' });
});
const shownDevice = async () => (await api.get(`/devices/${device.id}`)).body;

describe('a reboot', () => {
  it('is accepted, in progress, completed; the device is rebooting, then online with a later boot', async () => {
    const before = await shownDevice();
    const { status, body: reboot, headers } = await api.reboot(device.id, key('a'), { reason: 'frozen' });
    expect(status).toBe(202);
    expect(headers.get('Location')).toBe(`${sandbox.apiUrl}/reboots/${reboot.id}`);
    expect(headers.get('Idempotency-Replayed')).toBeNull();
    expect(reboot).toEqual({
      id: reboot.id,
      device_id: device.id,
      customer_id: device.customer_id,
      status: 'accepted',
      reason: 'frozen',
      requested_at: '2026-04-01T09:00:00.000Z',
      requested_by: sandbox.account.email,
      completed_at: null,
      failure: null,
      idempotency_key: key('a'),
    });
    // Still the old boot: being online proves nothing.
    expect(await shownDevice()).toMatchObject({ status: 'online', booted_at: before.booted_at });

    now = start + 1000;
    expect(await shownDevice()).toMatchObject({ status: 'rebooting', booted_at: before.booted_at });
    expect((await api.get(`/reboots/${reboot.id}`)).body).toMatchObject({
      status: 'in_progress',
      completed_at: null,
    });

    now = start + 10_000;
    const after = await shownDevice();
    expect(after.status).toBe('online');
    expect(Date.parse(after.booted_at)).toBeGreaterThan(start);
    expect(Date.parse(after.booted_at)).toBeLessThanOrEqual(now);
    expect((await api.get(`/reboots/${reboot.id}`)).body).toMatchObject({
      status: 'completed',
      completed_at: '2026-04-01T09:00:10.000Z',
    });
  });

  it('can follow another, and the list has the newest first', async () => {
    for (const name of ['a', 'b', 'c']) {
      expect((await api.reboot(device.id, key(name))).status).toBe(202);
      now += 20_000;
    }
    const { body } = await api.get(`/devices/${device.id}/reboots`);
    expect(body.items.map((item: { idempotency_key: string }) => item.idempotency_key)).toEqual(
      ['c', 'b', 'a'].map(key),
    );
    const one = await api.get(`/devices/${device.id}/reboots?idempotency_key=${key('b')}`);
    expect(one.body).toMatchObject({ total: 1, items: [{ idempotency_key: key('b') }] });
    const none = await api.get(`/devices/${device.id}/reboots?idempotency_key=another`);
    expect(none.body).toMatchObject({ total: 0, items: [] });
    expect(sandbox.rebootCount(device.id)).toBe(3);
  });

  it('fails where it always fails, with a reason, and leaves the device as it was', async () => {
    device = sandbox.fleet.device({ behavior: 'fails' });
    const before = await shownDevice();
    const { body: reboot } = await api.reboot(device.id, key('a'));
    expect(reboot.status).toBe('accepted');
    now += 5000;
    expect((await api.get(`/reboots/${reboot.id}`)).body.status).toBe('in_progress');
    now += 5000;
    const { body } = await api.get(`/reboots/${reboot.id}`);
    expect(body).toMatchObject({ status: 'failed', completed_at: '2026-04-01T09:00:10.000Z' });
    expect(body.failure).not.toBe('');
    expect(await shownDevice()).toMatchObject({ status: 'online', booted_at: before.booted_at });
  });

  it('is a later boot whatever the clock says', async () => {
    const old = await sandboxForTest({ now: () => 1_000_000_000 });
    const client = await apiClient(old);
    const { id, booted_at } = old.fleet.device({ status: 'online' });
    expect(Date.parse(booted_at ?? '')).toBeLessThan(1_000_000_000);
    expect((await client.reboot(id, key('a'))).body.requested_at).toBe('1970-01-12T13:46:40.000Z');
  });

  it('never ends where the device is stuck', async () => {
    device.behavior = 'stuck';
    const { body: reboot } = await api.reboot(device.id, key('a'));
    now += 86_400_000;
    expect((await api.get(`/reboots/${reboot.id}`)).body.status).toBe('in_progress');
    expect((await shownDevice()).status).toBe('rebooting');
  });
});

describe('a refusal', () => {
  it('says that a reboot runs, and which', async () => {
    const { body: running } = await api.reboot(device.id, key('a'));
    for (now of [start, start + 5000]) {
      const { status, body } = await api.reboot(device.id, key('b'));
      expect([status, body.code, body.reboot_id]).toEqual([409, 'reboot_in_progress', running.id]);
    }
    expect(sandbox.rebootCount(device.id)).toBe(1);
  });

  it('says that the device is offline', async () => {
    const { id } = sandbox.fleet.device({ status: 'offline' });
    const { status, body } = await api.reboot(id, key('a'));
    expect([status, body.code]).toEqual([409, 'device_offline']);
    expect(sandbox.reboots).toEqual([]);
  });

  it.each([
    ['a key too short', 'k'.repeat(15), {}],
    ['a key too long', 'k'.repeat(129), {}],
    ['a reason too long', key('a'), { reason: 'あ'.repeat(501) }],
    ['a reason that is no text', key('a'), { reason: 5 }],
    ['a body that is no object', key('a'), []],
    ['a body that is not JSON', key('a'), '{'],
    ['an empty body', key('a'), ''],
  ])('names %s', async (_, idempotencyKey, body) => {
    const answer = await api.reboot(device.id, idempotencyKey, body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(sandbox.reboots).toEqual([]);
  });

  it('names a key that is missing and a body of another type', async () => {
    const path = `/devices/${device.id}/reboots`;
    const json = { 'Content-Type': 'application/json' };
    expect((await api.send('POST', path, { headers: json, body: '{}' })).status).toBe(400);
    const text = { 'Idempotency-Key': key('a'), 'Content-Type': 'text/plain' };
    expect((await api.send('POST', path, { headers: text, body: '{}' })).status).toBe(400);
  });

  it.each([{}, { reason: null }, { reason: '' }, { reason: '😀'.repeat(500) }, { reason: 'x', unknown: 1 }])(
    'is not given to a body within bounds (%#)',
    async body => {
      expect((await api.reboot(device.id, 'k'.repeat(16), body)).status).toBe(202);
    },
  );
});

describe('an idempotency key', () => {
  it('answers with the same reboot however the device fares, and reboots nothing again', async () => {
    const first = await api.reboot(device.id, key('a'), { reason: 'once' });
    for (const [at, status] of [
      [start, 'accepted'],
      [start + 5000, 'in_progress'],
      [start + 60_000, 'completed'],
    ] as const) {
      now = at;
      const again = await api.reboot(device.id, key('a'), { reason: 'twice' });
      expect(again.status).toBe(202);
      expect(again.headers.get('Idempotency-Replayed')).toBe('true');
      expect(again.headers.get('Location')).toBe(first.headers.get('Location'));
      expect(again.body).toMatchObject({ id: first.body.id, status, reason: 'once' });
    }
    device.status = 'offline';
    expect((await api.reboot(device.id, key('a'))).status).toBe(202);
    expect(sandbox.rebootCount(device.id)).toBe(1);
  });

  it('belongs to its device alone', async () => {
    await api.reboot(device.id, key('a'));
    const other = [...sandbox.fleet.devices.values()].find(
      ({ id, status }) => id !== device.id && status === 'online',
    );
    const { status, body } = await api.reboot(other?.id ?? '', key('a'));
    expect([status, body.code]).toEqual([422, 'idempotency_key_reused']);
    expect(sandbox.reboots).toHaveLength(1);
  });

  it('is not used up by a refusal', async () => {
    device.status = 'offline';
    expect((await api.reboot(device.id, key('a'))).status).toBe(409);
    device.status = 'online';
    expect((await api.reboot(device.id, key('a'))).status).toBe(202);
  });

  it('creates one reboot when it comes many times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.reboot(device.id, key('a'))));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('Idempotency-Replayed') === null)).toHaveLength(1);
    expect(sandbox.rebootCount(device.id)).toBe(1);
  });
});
