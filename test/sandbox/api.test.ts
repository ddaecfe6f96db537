import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { operationId, operationIds, violations } from '../support/openapi.js';
import { sandboxForTest } from '../support/sandbox.js';
import { apiClient } from './api-client.js';

const key = 'key-0123456789abcdef';

/** One good request for every operation of the contract. */
async function callEverything(sandbox: Sandbox) {
  const api = await apiClient(sandbox);
  const customer = sandbox.fleet.customer('sakura@example.jp');
  const device = sandbox.fleet.device({ customer_id: customer.id, status: 'online' });
  const created = await api.reboot(device.id, key, { reason: '画面が固まる' });
  return [
    created,
    await api.get('/account'),
    await api.get('/customers'),
    await api.get(`/customers/${customer.id}`),
    await api.get(`/customers/${customer.id}/devices`),
    await api.get(`/devices/${device.id}`),
    await api.get(`/devices/${device.id}/reboots`),
    await api.get(`/reboots/${created.body.id}`),
  ];
}

describe('every operation', () => {
  it('answers as the contract says', async () => {
    const sandbox = await sandboxForTest();
    const answers = await callEverything(sandbox);
    expect(answers.map(({ status }) => status)).toEqual([202, ...Array(7).fill(200)]);
    const called = sandbox.requests.map(({ method, path }) =>
      operationId(method, path.replace('/partner/v1', '')),
    );
    expect(called.sort()).toEqual([...operationIds].sort());
  });

  it('sends nothing that the contract does not name', async () => {
    const sandbox = await sandboxForTest();
    const api = await apiClient(sandbox);
    const device = sandbox.fleet.device();
    expect(Object.keys((await api.get(`/devices/${device.id}`)).body).sort()).toEqual([
      'booted_at',
      'customer_id',
      'firmware_version',
      'id',
      'ip_address',
      'kind',
      'last_seen_at',
      'mac_address',
      'model',
      'name',
      'serial_number',
      'status',
    ]);
    expect(Object.keys((await api.get(`/customers/${device.customer_id}`)).body).sort()).toEqual([
      'device_count',
      'email',
      'id',
      'linked_at',
      'name',
      'signed_in',
    ]);
  });

  it('gives each answer its own request id, which the log has too', async () => {
    const sandbox = await sandboxForTest();
    const answers = await callEverything(sandbox);
    const ids = answers.map(({ headers }) => headers.get('X-Request-Id'));
    expect(new Set(ids).size).toBe(ids.length);
    expect(sandbox.requests.map(({ id }) => id)).toEqual(ids);
    expect(sandbox.requests.map(({ status }) => status)).toEqual(answers.map(({ status }) => status));
  });

  it('shows what a test changes while it runs', async () => {
    const sandbox = await sandboxForTest();
    const api = await apiClient(sandbox);
    const device = sandbox.fleet.device({ status: 'online' });
    device.name = '\u001b[31mred';
    device.status = 'unknown';
    expect((await api.get(`/devices/${device.id}`)).body).toMatchObject({
      name: '\u001b[31mred',
      status: 'unknown',
    });
  });
});

describe('the checker of answers itself', () => {
  const headers = new Headers({ 'X-Request-Id': 'r', 'Content-Type': 'application/json' });
  const account = { id: 'a', name: 'b', email: 'c', partner_code: 'd' };
  it.each([
    ['a field missing', 200, headers, { ...account, email: undefined }],
    ['a field of another type', 200, headers, { ...account, email: 1 }],
    ['no request id', 200, new Headers({ 'Content-Type': 'application/json' }), account],
    ['another media type', 200, new Headers({ 'X-Request-Id': 'r', 'Content-Type': 'text/plain' }), account],
    ['a status that is not there', 201, headers, account],
  ])('objects to %s', (_, status, headers, body) => {
    expect(violations('GET', '/account', { status, headers, text: JSON.stringify(body) })).not.toEqual([]);
  });

  it('objects to a time that is none', () => {
    const body = { id: 'a', name: 'b', email: 'c', linked_at: 'yesterday', device_count: 1, signed_in: null };
    expect(
      violations('GET', '/customers/a', { status: 200, headers, text: JSON.stringify(body) }),
    ).toHaveLength(1);
  });
});

describe('listing', () => {
  it('gives 20 a page unless told, and all pages together every customer once, in order', async () => {
    const sandbox = await sandboxForTest();
    const api = await apiClient(sandbox);
    const first = (await api.get('/customers')).body;
    expect([first.items.length, first.page, first.per_page, first.total]).toEqual([20, 1, 20, 137]);
    const ids: string[] = [];
    for (let page = 1; page <= 7; page += 1) {
      const { body } = await api.get(`/customers?page=${page}`);
      ids.push(...body.items.map(({ id }: { id: string }) => id));
    }
    expect(ids).toEqual(sandbox.fleet.customers.map(({ id }) => id));
    expect((await api.get('/customers?page=8')).body.items).toEqual([]);
    expect((await api.get('/customers?page=2&per_page=100')).body.items).toHaveLength(37);
  });

  it.each(['page=0', 'page=-1', 'page=x', 'page=', 'page=1.5', 'per_page=0', 'per_page=101', 'email='])(
    'refuses ?%s',
    async query => {
      const api = await apiClient(await sandboxForTest());
      const { status, body } = await api.get(`/customers?${query}`);
      expect([status, body.code]).toEqual([400, 'invalid_request']);
    },
  );

  it.each([
    ['SAKURA', ['sakura-umeda@example.jp', 'sakura@example.jp']],
    ['sakura@example.jp', ['sakura@example.jp']],
    ['mori@example.jp', ['mori@example.jp', 'omori@example.jp']],
    ['50%off', ['50%off@example.com']],
    ['under_score', ['under_score@example.com']],
    ['5.%', []],
    ['sakura.example', []],
    ['.*', []],
    ['obrien', ['OBrien@example.com']],
  ])('takes %j as literal text in any case', async (text, expected) => {
    const api = await apiClient(await sandboxForTest());
    const { body } = await api.get(`/customers?${new URLSearchParams({ email: text })}`);
    expect(body.items.map(({ email }: { email: string }) => email).sort()).toEqual(expected);
    expect(body.total).toBe(expected.length);
  });

  it('finds every address that contains % or _ and no other', async () => {
    const sandbox = await sandboxForTest();
    const api = await apiClient(sandbox);
    for (const text of ['%', '_']) {
      const { body } = await api.get(`/customers?per_page=100&email=${encodeURIComponent(text)}`);
      const expected = sandbox.fleet.customers.filter(({ email }) => email.includes(text));
      expect(body.items.map(({ id }: { id: string }) => id)).toEqual(expected.map(({ id }) => id));
    }
  });

  it('pages devices, and has none where there are none', async () => {
    const sandbox = await sandboxForTest();
    const api = await apiClient(sandbox);
    const many = sandbox.fleet.customer('minato@example.com');
    const { body } = await api.get(`/customers/${many.id}/devices?per_page=100&page=2`);
    expect([body.items.length, body.total]).toEqual([28, 128]);
    const none = sandbox.fleet.customer('kawai@example.jp');
    expect((await api.get(`/customers/${none.id}/devices`)).body).toMatchObject({ items: [], total: 0 });
    expect((await api.get(`/customers/${none.id}`)).body.device_count).toBe(0);
  });
});

describe('what is not there', () => {
  it.each(['/customers/x', '/customers/x/devices', '/devices/x', '/devices/x/reboots', '/reboots/x'])(
    'answers %s with 404',
    async path => {
      const api = await apiClient(await sandboxForTest());
      const { status, body } = await api.get(path);
      expect([status, body.code]).toEqual([404, 'not_found']);
    },
  );

  it.each(['a/b', 'a?b', 'a#b', 'a%b', 'a%2Fb', 'a\nb', 'カメラ', 'a b', ';', '"<>'])(
    'takes %j as one id',
    async id => {
      const sandbox = await sandboxForTest();
      const api = await apiClient(sandbox);
      const path = `/devices/${encodeURIComponent(id)}`;
      expect((await api.get(path)).body.code).toBe('not_found');
      const device = { ...sandbox.fleet.device({ status: 'online' }), id };
      sandbox.fleet.devices.set(id, device);
      expect((await api.get(path)).body.id).toBe(id);
      const { status, headers } = await api.reboot(id, key);
      expect(status).toBe(202);
      expect(headers.get('Location')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/partner\/v1\/reboots\/reb_/);
    },
  );

  it('refuses other methods with 405 and says which there are', async () => {
    const sandbox = await sandboxForTest();
    const api = await apiClient(sandbox);
    const { status, headers } = await api.send('DELETE', `/devices/${sandbox.fleet.device().id}/reboots`);
    expect([status, headers.get('Allow')]).toEqual([405, 'GET, POST']);
    expect((await api.send('POST', '/account')).status).toBe(405);
  });

  it('answers anything else with 404', async () => {
    const sandbox = await sandboxForTest();
    const api = await apiClient(sandbox);
    expect((await api.get('/nothing')).status).toBe(404);
    const outside = await fetch(`${sandbox.origin}/favicon.ico`);
    expect(outside.status).toBe(404);
    expect(await outside.json()).toMatchObject({ code: 'not_found' });
  });
});

describe('permission', () => {
  const metadata = (sandbox: Sandbox) =>
    `resource_metadata="${sandbox.origin}/.well-known/oauth-protected-resource/partner/v1"`;

  it.each([
    [undefined, ''],
    ['Basic abc', ''],
    ['Bearer', ''],
    ['Bearer nonsense', 'error="invalid_token", '],
  ])('refuses Authorization: %s', async (authorization, error) => {
    const sandbox = await sandboxForTest();
    const response = await fetch(`${sandbox.apiUrl}/account`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('WWW-Authenticate')).toBe(`Bearer ${error}${metadata(sandbox)}`);
    const text = await response.text();
    expect(violations('GET', '/account', { status: 401, headers: response.headers, text })).toEqual([]);
  });

  it('refuses a token that has expired or was revoked', async () => {
    const sandbox = await sandboxForTest();
    const api = await apiClient(sandbox);
    expect((await api.get('/account')).status).toBe(200);
    sandbox.revokeAccessTokens();
    expect((await api.get('/account')).status).toBe(401);
    const { accessToken } = await sandbox.issueToken({ expiresIn: 1 });
    const send = () =>
      fetch(`${sandbox.apiUrl}/account`, { headers: { Authorization: `Bearer ${accessToken}` } });
    expect((await send()).status).toBe(200);
    await expect.poll(async () => (await send()).status, { timeout: 3000 }).toBe(401);
  });

  it('asks for remo.reboot to reboot, and for remo.read in any case', async () => {
    const sandbox = await sandboxForTest();
    const reader = await apiClient(sandbox, 'openid remo.read');
    const device = sandbox.fleet.device({ status: 'online' });
    expect((await reader.get(`/devices/${device.id}`)).status).toBe(200);
    const { status, headers, body } = await reader.reboot(device.id, key);
    expect([status, body.code]).toEqual([403, 'forbidden']);
    expect(headers.get('WWW-Authenticate')).toContain('error="insufficient_scope", scope="remo.reboot"');
    expect(sandbox.reboots).toEqual([]);
    expect((await (await apiClient(sandbox, 'openid')).get('/account')).status).toBe(403);
  });

  it('names its authorization server in the metadata', async () => {
    const sandbox = await sandboxForTest();
    const response = await fetch(`${sandbox.origin}/.well-known/oauth-protected-resource/partner/v1`);
    expect(await response.json()).toMatchObject({
      resource: sandbox.apiUrl,
      authorization_servers: [sandbox.issuer],
      scopes_supported: ['remo.read', 'remo.reboot'],
    });
  });
});
