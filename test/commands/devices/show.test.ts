import { describe, expect, it } from 'vitest';
import type { Device } from '../../../src/api/schemas.js';
import { remo } from '../../support/run.js';
import { sandboxForTest } from '../../support/sandbox.js';

describe('remo devices show', () => {
  it.each([
    ['an id', (email: string, id: string) => [email, id]],
    ['a whole e-mail address, though another contains it', (email: string) => [email, email]],
    ['an address in other case', (email: string) => [email, email.toUpperCase()]],
  ])('finds the customer by %s', async (_how, query) => {
    const sandbox = await sandboxForTest();
    const customer = sandbox.fleet.customer('mori@example.jp');
    const [, given = ''] = query(customer.email, customer.id);
    const { code, json } = await remo(['devices', 'show', given, '-o', 'json'], { sandbox });
    expect(code).toBe(0);
    expect(json<Device[]>().map(({ id }) => id)).toEqual(customer.devices.map(({ id }) => id));
  });

  it('finds the customer by a part of the address that names just one', async () => {
    const sandbox = await sandboxForTest();
    const { code, out } = await remo(['devices', 'show', 'umeda'], { sandbox });
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(3);
  });

  it('says beside the data whom a part of an address names, unless it is to be quiet', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.customer('sakura-umeda@example.jp');
    const show = async (...words: string[]) => (await remo(['devices', 'show', ...words], { sandbox })).err;
    expect(await show('umeda')).toBe(`Devices of さくら商店 梅田店 <sakura-umeda@example.jp> (${id})\n`);
    expect(await show('umeda', '--quiet')).toBe('');
    expect(await show(id)).toBe('');
  });

  it('asks but for the first few of all whom a part of an address names', async () => {
    const sandbox = await sandboxForTest();
    const { err } = await remo(['devices', 'show', 'example'], { sandbox });
    expect(err).toContain('"example" names 137 customers:');
    expect(sandbox.requests.map(({ path }) => path).slice(1)).toEqual([
      '/partner/v1/customers?email=example&page=1&per_page=20',
    ]);
  });

  it('on a terminal says how many of them the choice leaves out', async () => {
    const sandbox = await sandboxForTest();
    const { code } = await remo(['devices', 'show', '.'], {
      sandbox,
      tty: true,
      columns: 200,
      person: async host => {
        await host.shown('names 137 customers; 117 of them are not shown');
        host.type('\x04');
      },
    });
    expect(code).toBe(7);
  });

  it('keeps ids whole in the narrowest terminal, and the shape of the state rather than names', async () => {
    const sandbox = await sandboxForTest();
    const { devices } = sandbox.fleet.customer('minato@example.com');
    const { out } = await remo(['devices', 'show', 'minato@example.com'], {
      sandbox,
      tty: true,
      columns: 20,
    });
    for (const { id } of devices) expect(out).toMatch(new RegExp(`^${id}  .*[●○]`, 'm'));
  });

  it('finds an id in one request, and then reads just the devices', async () => {
    const sandbox = await sandboxForTest();
    const { id } = sandbox.fleet.customer('kitahama@example.jp');
    await remo(['devices', 'show', id], { sandbox });
    expect(sandbox.requests.map(({ path }) => path)).toEqual([
      `/partner/v1/customers/${id}`,
      `/partner/v1/customers/${id}/devices?page=1&per_page=100`,
    ]);
  });

  it('of a part that names several, off a terminal, exits 5 with the candidates', async () => {
    const sandbox = await sandboxForTest();
    const { code, out, err } = await remo(['devices', 'show', 'sakura', '-o', 'json'], { sandbox });
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toContain('"sakura" names 2 customers:');
    expect(err).toContain('sakura-umeda@example.jp');
    expect(JSON.parse(err.trim().split('\n').at(-1) ?? '')).toMatchObject({
      error: {
        code: 'customer_ambiguous',
        params: { total: 2, candidates: [{ email: 'sakura-umeda@example.jp' }, {}] },
      },
    });
  });

  it('of a part that names many, names the first of them and how many more', async () => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(['devices', 'show', 'example'], { sandbox });
    expect(code).toBe(5);
    expect(err.match(/cus_/g)).toHaveLength(20);
    expect(err).toContain('and 117 more');
  });

  it('of a part that names several, on a terminal, lets the person choose', async () => {
    const sandbox = await sandboxForTest();
    const { code, out } = await remo(['devices', 'show', 'sakura'], {
      sandbox,
      tty: true,
      columns: 200,
      person: async host => {
        await host.shown('Which one?');
        host.type('\x1b[B');
        host.type('\r');
      },
    });
    expect(code).toBe(0);
    expect(out).toContain('さくら商店');
    expect(out).toContain('signed in now');
    expect(out.match(/dev_/g)).toHaveLength(4);
  });

  it('with Ctrl-C at the choice ends with 130, with Ctrl-D with 7', async () => {
    const sandbox = await sandboxForTest();
    const answer = (key: string) =>
      remo(['devices', 'show', 'sakura'], {
        sandbox,
        tty: true,
        person: async host => {
          await host.shown('Which one?');
          host.type(key);
        },
      });
    expect((await answer('\x03')).code).toBe(130);
    expect((await answer('\x04')).code).toBe(7);
  });

  it('reads on to the last device of a customer with more than a page of them', async () => {
    const sandbox = await sandboxForTest();
    const { json } = await remo(['devices', 'show', 'minato@example.com', '-o', 'json'], { sandbox });
    expect(json<Device[]>()).toHaveLength(128);
  });

  it('of a customer without devices says so, and that is no error', async () => {
    const sandbox = await sandboxForTest();
    const { code, out, err } = await remo(['devices', 'show', 'kawai@example.jp', '-o', 'json'], { sandbox });
    const { id, name } = sandbox.fleet.customer('kawai@example.jp');
    const told = `${name} <kawai@example.jp> (${id}) has no devices.\n`;
    expect({ code, out, err }).toEqual({ code: 0, out: '[]\n', err: told });
  });

  it.each(['cus_nope', 'nobody@nowhere.example', 'a/b', '..', 'a?b#c', 'お客様', 'line\nbreak', '%2e%2e'])(
    'of nobody (%j) exits 5 and says that the customer has to register the agency',
    async query => {
      const sandbox = await sandboxForTest();
      const { code, out, err } = await remo(['devices', 'show', query], { sandbox });
      expect({ code, out }).toEqual({ code: 5, out: '' });
      expect(err).toContain('registered your agency');
      expect(err).toContain(query.replace('\n', ' '));
      expect(err.split('\n').filter(line => line.startsWith('break'))).toEqual([]);
    },
  );

  it('does not take the one customer of a backend that does not filter for the one looked for', async () => {
    const sandbox = await sandboxForTest({ customers: 1 });
    sandbox.faults.add({
      kind: 'alter',
      path: /email=ghost/,
      change: page => ({ ...page, items: [{ ...sandbox.fleet.customers[0], device_count: 4 }], total: 1 }),
    });
    const { code, out } = await remo(['devices', 'show', 'ghost@nowhere.example'], { sandbox });
    expect({ code, out }).toEqual({ code: 5, out: '' });
  });

  it('of an empty text ends with 2 and asks nobody', async () => {
    const sandbox = await sandboxForTest();
    expect(await remo(['devices', 'show', ''], { sandbox })).toMatchObject({ code: 2 });
    expect(sandbox.requests).toEqual([]);
  });

  it('shows a hostile name harmlessly in a table and in TSV, and loses nothing of it in JSON', async () => {
    const sandbox = await sandboxForTest();
    const customer = sandbox.fleet.customer('mori@example.jp');
    const [device] = customer.devices;
    const evil = '\x1b]0;owned\x07\x9b31mred\u202Egnp\nforged\trow';
    if (device) device.name = evil;
    customer.name = evil;
    const table = await remo(['devices', 'show', customer.id], {
      sandbox,
      tty: true,
      columns: 250,
      env: { NO_COLOR: '1' },
    });
    const tsv = await remo(['devices', 'show', customer.id], { sandbox });
    for (const { out } of [table, tsv]) expect(out).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(tsv.out.trim().split('\n')).toHaveLength(2);
    const asJson = await remo(['devices', 'show', customer.id, '-o', 'json'], { sandbox });
    expect(asJson.out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(asJson.json<Device[]>()[0]?.name).toBe(evil);
  });
});
