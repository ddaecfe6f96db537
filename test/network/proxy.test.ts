import { describe, expect, it } from 'vitest';
import { authority } from '../support/certificates.js';
import { folderForTest, remo } from '../support/program.js';
import { backendForTest, host, proxyForTest, trusting } from './partner.js';

const apiUrl = `https://${host}/partner/v1`;
const through = [{ target: `${host}:443`, status: 200 }];
/** Each process opens at least one tunnel, and nothing else. */
const onlyTunnels = (tunnels: unknown[]) =>
  expect(new Set(tunnels.map(one => JSON.stringify(one)))).toEqual(
    new Set(through.map(one => JSON.stringify(one))),
  );

describe('a proxy that asks for a user name and a password', () => {
  const password = 'p@ss:wörd/1';
  const credentials = `remo:${password}`;
  const inUrl = `remo:${encodeURIComponent(password)}`;

  it('is passed by everything: signing in, reading, rebooting, signing out', async () => {
    const { sandbox, issuer, routes } = await backendForTest();
    const proxy = await proxyForTest({ routes, credentials });
    const folder = folderForTest();
    const env = {
      HTTPS_PROXY: `http://${inUrl}@${proxy.address}`,
      NODE_EXTRA_CA_CERTS: trusting(issuer),
      REMO_DEBUG: '1',
    };
    const run = (...argv: string[]) => remo(argv, { env, folder });

    const login = await run('login', '--device', '--api-url', apiUrl);
    expect(login).toMatchObject({ code: 0, out: '' });
    expect(login.err).toContain('Signed in as 山田 花子');
    const list = await run('customers', 'list', '--email', 'sakura');
    expect(list.code).toBe(0);
    expect(list.out).toContain('sakura@example.jp');
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const reboot = await run('devices', 'reboot', id, '--yes', '--wait', '-o', 'json');
    expect(reboot.code).toBe(0);
    expect(JSON.parse(reboot.out)).toMatchObject([{ device_id: id, outcome: 'rebooted' }]);
    expect(sandbox.rebootCount(id)).toBe(1);
    expect((await run('logout')).err).toContain('the session was ended at the server');

    onlyTunnels(proxy.tunnels);
    for (const { headers } of sandbox.requests) expect(headers).not.toHaveProperty('proxy-authorization');
    // Every request is told, those of the sign-in too; that no secret is among it, guard.ts looks after.
    const told = login.err.split('\n').filter(line => line.startsWith('debug: '));
    expect(told).toEqual([
      expect.stringMatching(
        /^debug: GET https:\/\/backend\.test\/\.well-known\/oauth-protected-resource\/partner\/v1 200 attempt=1 ms=\d+ request_id=req_\S+$/,
      ),
      expect.stringMatching(
        /^debug: GET https:\/\/backend\.test\/oidc\/\.well-known\/openid-configuration 200 /,
      ),
      expect.stringMatching(/^debug: POST https:\/\/backend\.test\/oidc\/device\/auth 200 /),
      expect.stringMatching(/^debug: POST https:\/\/backend\.test\/oidc\/token 200 /),
      expect.stringMatching(/^debug: GET https:\/\/backend\.test\/partner\/v1\/account 200 /),
    ]);
  });

  it.each([
    ['without them', ''],
    ['with wrong ones', 'remo:not-the-password@'],
  ])('%s nothing gets through, and how to name them is said', async (_what, user) => {
    const { sandbox, routes } = await backendForTest();
    const proxy = await proxyForTest({ routes, credentials });
    const env = {
      HTTPS_PROXY: `http://${user}${proxy.address}`,
      REMO_API_URL: apiUrl,
      REMO_TOKEN: 'some-token',
    };
    for (const command of ['whoami', 'login']) {
      const { code, out, err } = await remo([command], { env });
      expect({ code, out }).toEqual({ code: 6, out: '' });
      expect(err).toContain('asks for a user name and a password, or refused those it got. (CONNECT 407)');
      expect(err).toContain('HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT');
      expect(err).toContain('To find the cause: remo doctor');
    }
    expect(proxy.tunnels).toEqual([407, 407].map(status => ({ target: `${host}:443`, status })));
    expect(sandbox.requests).toEqual([]);
  });
});

describe('a proxy that inspects TLS with a CA of its own', () => {
  async function inspected() {
    const { sandbox, routes } = await backendForTest();
    const company = authority('Company Inspection CA');
    const proxy = await proxyForTest({ routes, inspects: { [host]: company.issue(host) } });
    const REMO_TOKEN = (await sandbox.issueToken()).accessToken;
    return { sandbox, company, env: { HTTPS_PROXY: proxy.address, REMO_API_URL: apiUrl, REMO_TOKEN } };
  }

  it('is trusted by its certificate in NODE_EXTRA_CA_CERTS', async () => {
    const { sandbox, company, env } = await inspected();
    const { code, out } = await remo(['whoami', '-o', 'json'], {
      env: { ...env, NODE_EXTRA_CA_CERTS: trusting(company) },
    });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ email: sandbox.account.email, api_url: apiUrl });
  });

  it.each([
    ['en', 'The certificate could not be verified.'],
    ['ja', '証明書を検証できません。'],
  ])('is refused without it, before anything is sent, and the way out is named (%s)', async (lang, told) => {
    const { sandbox, env } = await inspected();
    const { code, err } = await remo(['whoami', '--lang', lang, '-o', 'json'], { env });
    expect(code).toBe(6);
    expect(err).toContain(`${host}: ${told}`);
    expect(err).toContain('NODE_EXTRA_CA_CERTS');
    const { error } = JSON.parse(err.trimEnd().split('\n').at(-1) ?? '');
    expect(error).toMatchObject({ code: 'network', params: { trouble: 'tls', host } });
    expect(sandbox.requests).toEqual([]);
  });

  it('is refused when the certificate is for another host', async () => {
    const { sandbox, routes } = await backendForTest();
    const company = authority('Company Inspection CA');
    const proxy = await proxyForTest({ routes, inspects: { [host]: company.issue('other.test') } });
    const { code, err } = await remo(['whoami'], {
      env: {
        HTTPS_PROXY: proxy.address,
        NODE_EXTRA_CA_CERTS: trusting(company),
        REMO_API_URL: apiUrl,
        REMO_TOKEN: 'some-token',
      },
    });
    expect(code).toBe(6);
    expect(err).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(sandbox.requests).toEqual([]);
  });
});

describe('which proxy is used', () => {
  it('HTTPS_PROXY, and HTTP_PROXY where that is not set; none for what NO_PROXY lists', async () => {
    const { sandbox, issuer, routes } = await backendForTest();
    const [first, second] = [await proxyForTest({ routes }), await proxyForTest({ routes })];
    const common = {
      REMO_API_URL: apiUrl,
      REMO_TOKEN: (await sandbox.issueToken()).accessToken,
      NODE_EXTRA_CA_CERTS: trusting(issuer),
    };
    const whoami = (env: Record<string, string>) =>
      remo(['whoami', '--timeout', '5s'], { env: { ...common, ...env } });
    expect((await whoami({ HTTPS_PROXY: first.address, HTTP_PROXY: second.address })).code).toBe(0);
    expect([first.tunnels, second.tunnels]).toEqual([through, []]);
    expect((await whoami({ HTTP_PROXY: second.address })).code).toBe(0);
    expect([first.tunnels, second.tunnels]).toEqual([through, through]);
    // Reached directly, the name is not known here.
    const direct = await whoami({ HTTPS_PROXY: first.address, NO_PROXY: 'example.com,.test' });
    expect(direct.code).toBe(6);
    expect(direct.err).toContain('The name could not be found.');
    expect([first.tunnels, second.tunnels]).toEqual([through, through]);
  });

  it('none for this machine', async () => {
    const { sandbox, routes } = await backendForTest();
    const proxy = await proxyForTest({ routes });
    const env = {
      HTTPS_PROXY: proxy.address,
      HTTP_PROXY: proxy.address,
      REMO_API_URL: `http://127.0.0.1:${sandbox.port}/partner/v1`,
      REMO_TOKEN: (await sandbox.issueToken()).accessToken,
    };
    expect((await remo(['whoami'], { env })).code).toBe(0);
    expect(proxy.tunnels).toEqual([]);
  });
});
