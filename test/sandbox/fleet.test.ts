import { describe, expect, it } from 'vitest';
import { fleetAnchor, generateFleet } from '../../src/sandbox/fleet.js';

const fleet = generateFleet(1, 137);
const devices = [...fleet.devices.values()];

describe('the fleet', () => {
  it('is the same for the same seed, another for another', () => {
    expect(generateFleet(1, 137).customers).toEqual(fleet.customers);
    expect(generateFleet(2, 137).customers.map(({ id }) => id)).not.toEqual(
      fleet.customers.map(({ id }) => id),
    );
  });

  it('keeps the identifiers that the documents name', () => {
    const { id, devices } = fleet.customer('sakura@example.jp');
    expect([id, ...devices.map(device => device.id).sort()]).toMatchInlineSnapshot(`
      [
        "cus_m0gzy8kqdz",
        "dev_4f2cr961dj",
        "dev_gh2sv859w9",
        "dev_kv7zpc9nyx",
        "dev_zaqv38vss7",
      ]
    `);
  });

  it('is ordered by id, and no id, address or serial number comes twice', () => {
    const ids = fleet.customers.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    for (const { devices, id } of fleet.customers) {
      expect(devices.map(device => device.id)).toEqual(devices.map(device => device.id).sort());
      expect(devices.every(device => device.customer_id === id)).toBe(true);
    }
    expect(new Set(fleet.customers.map(({ email }) => email.toLowerCase())).size).toBe(137);
    expect(new Set(devices.map(({ serial_number }) => serial_number)).size).toBe(devices.length);
    expect(new Set(devices.map(({ mac_address }) => mac_address)).size).toBe(devices.length);
  });

  it.each([1, 2, 3, 2 ** 31 - 1])('has everything there is to rehearse, with seed %d', seed => {
    const fleet = generateFleet(seed, 137);
    const devices = [...fleet.devices.values()];
    expect(fleet.customers).toHaveLength(137);
    expect(fleet.customer('kawai@example.jp').devices).toHaveLength(0);
    expect(fleet.customer('minato@example.com').devices.length).toBeGreaterThan(100);
    expect(new Set(fleet.customers.map(({ signed_in }) => signed_in))).toEqual(new Set([true, false, null]));
    expect(new Set(devices.map(({ kind }) => kind))).toEqual(new Set(['camera', 'recorder', 'other']));
    expect(devices.filter(({ behavior }) => behavior === 'fails')).toHaveLength(1);
    expect(fleet.device({ behavior: 'fails' }).status).toBe('online');
    expect(
      fleet
        .customer('sakura@example.jp')
        .devices.map(({ status }) => status)
        .sort(),
    ).toEqual(['offline', 'online', 'online', 'online']);
    expect(devices.filter(({ status }) => status === 'offline').length).toBeGreaterThan(20);
  });

  it('is plausible and belongs to nobody', () => {
    for (const { email } of fleet.customers) expect(email).toMatch(/@example\.(jp|com|net|org)$/);
    for (const device of devices) {
      expect(device.mac_address).toMatch(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/);
      if (device.ip_address) expect(device.ip_address).toMatch(/^192\.168\./);
      if (device.status === 'online') expect(device.booted_at).not.toBeNull();
      for (const time of [device.booted_at, device.last_seen_at]) {
        if (time) expect(Date.parse(time)).toBeLessThan(fleetAnchor);
      }
    }
    const names = fleet.customers.map(({ name }) => name);
    expect(names.some(name => /\p{Script=Han}/u.test(name))).toBe(true);
    expect(names.some(name => /^[A-Za-z ]+$/.test(name))).toBe(true);
  });

  it('has no address but mori@ that lies within another', () => {
    const emails = fleet.customers.map(({ email }) => email.toLowerCase());
    const within = emails.filter(email => emails.some(other => other !== email && other.includes(email)));
    expect(within).toEqual(['mori@example.jp']);
  });

  it('can be as large or as empty as a test wants', () => {
    expect(generateFleet(1, 0).customers).toEqual([]);
    expect(generateFleet(1, 5000).customers).toHaveLength(5000);
  });
});
