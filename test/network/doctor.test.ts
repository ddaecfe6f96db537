import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { authority, type Identity } from '../support/certificates.js';
import { remo } from '../support/program.js';
import { backendForTest, host, proxyForTest, trusting } from './partner.js';

async function doctor(sandbox: Sandbox, env: Record<string, string>) {
  const { accessToken: REMO_TOKEN } = await sandbox.issueToken();
  const { code, out, err } = await remo(['doctor', '-o', 'json'], {
    env: { REMO_API_URL: sandbox.apiUrl, REMO_TOKEN, ...env },
  });
  const rows: { check: string; status: string; detail: string; fix: string | null }[] = JSON.parse(out);
  const of = (check: string) => rows.find(row => row.check === check);
  return { code, err, of, failed: rows.filter(({ status }) => status === 'fail').map(({ check }) => check) };
}

describe('remo doctor through a proxy', () => {
  it('names the proxy without its password, and who issued the certificate', async () => {
    const { sandbox, issuer, routes } = await backendForTest();
    const proxy = await proxyForTest({ routes, credentials: 'partner:password-of-proxy' });
    const { code, of, failed } = await doctor(sandbox, {
      HTTPS_PROXY: `http://partner:password-of-proxy@${proxy.address}`,
      NODE_EXTRA_CA_CERTS: trusting(issuer),
    });
    expect({ code, failed }).toEqual({ code: 0, failed: [] });
    expect(of('proxy')?.detail).toBe(`http://${proxy.address} (from HTTPS_PROXY, with a user name)`);
    expect(of('dns')?.detail).toContain(`the proxy itself looks up ${host}`);
    expect(of('tls')).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/^issued by Internet CA, /),
    });
    expect(of('account')?.status).toBe('ok');
  });

  it('says that it asks for a password', async () => {
    const { sandbox, routes } = await backendForTest();
    const proxy = await proxyForTest({ routes, credentials: 'partner:password-of-proxy' });
    const { code, of, failed } = await doctor(sandbox, { HTTPS_PROXY: proxy.address });
    expect({ code, failed }).toEqual({ code: 6, failed: ['tls'] });
    expect(of('tls')?.fix).toContain('HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT');
    expect(sandbox.requests).toEqual([]);
  });
});

describe('remo doctor and a proxy that inspects TLS', () => {
  async function inspected(identity: (company: ReturnType<typeof authority>) => Identity) {
    const { sandbox, routes } = await backendForTest();
    const company = authority('Company Inspection CA');
    const proxy = await proxyForTest({ routes, inspects: { [host]: identity(company) } });
    const look = (env: Record<string, string>) => doctor(sandbox, { HTTPS_PROXY: proxy.address, ...env });
    return { sandbox, look, trusted: { NODE_EXTRA_CA_CERTS: trusting(company) } };
  }

  it('tells by the issuer that one does, and what to do; sends nothing', async () => {
    const { sandbox, look, trusted } = await inspected(company => company.issue(host));
    const { code, of, failed } = await look({});
    expect({ code, failed }).toEqual({ code: 6, failed: ['tls'] });
    expect(of('tls')?.detail).toContain('issued by Company Inspection CA');
    expect(of('tls')?.fix).toContain('NODE_EXTRA_CA_CERTS=company.pem');
    expect(sandbox.requests).toEqual([]);

    const missing = '/nonexistent/company.pem';
    expect(existsSync(missing)).toBe(false);
    const unreadable = await look({ NODE_EXTRA_CA_CERTS: missing });
    expect(unreadable.of('tls')).toMatchObject({ status: 'fail', fix: expect.stringContaining(missing) });
    expect((await look(trusted)).code).toBe(0);
  });

  it.each([
    ['has expired', (company: ReturnType<typeof authority>) => company.issue(host, -0.5), 'fail', 'renew'],
    [
      'is for another host',
      (company: ReturnType<typeof authority>) => company.issue('x.test'),
      'fail',
      'another',
    ],
    ['ends soon', (company: ReturnType<typeof authority>) => company.issue(host, 5), 'warn', 'soon'],
  ])('a certificate that %s', async (_what, identity, status, told) => {
    const { look, trusted } = await inspected(identity);
    const { code, of } = await look(trusted);
    expect(code).toBe(status === 'fail' ? 6 : 0);
    expect(of('tls')).toMatchObject({ status, fix: expect.stringContaining(told) });
  });
});
