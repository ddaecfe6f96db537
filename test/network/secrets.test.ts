import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { attemptLine } from '../../src/api/attempt.js';
import { memoryStore } from '../../src/auth/credential-store/memory.js';
import { browserEnv } from '../support/browser.js';
import { remo } from '../support/run.js';
import { sandboxForTest } from '../support/sandbox.js';
import { secret, secretsIn, secretsOf } from '../support/secrets.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('what guards all output of the suite', () => {
  it('finds a secret in the forms it could be shown in', () => {
    const password = secret('p@ss:wörd/1');
    secretsOf({ https_proxy: 'http://me:long%20enough@proxy.test:1', REMO_TOKEN: 'token-from-environment' });
    for (const text of [
      password,
      encodeURIComponent(password),
      'long enough',
      'long%20enough',
      btoa('me:long enough'),
      'token-from-environment',
    ]) {
      expect(secretsIn(`x=${text}&`), text).not.toEqual([]);
    }
    expect(secretsIn('nothing of the kind')).toEqual([]);
  });

  it('knows the tokens and the codes that a sandbox issues', async () => {
    const sandbox = await sandboxForTest();
    const { accessToken, refreshToken } = await sandbox.issueToken();
    expect(secretsIn(accessToken)).toHaveLength(1);
    expect(secretsIn(refreshToken)).toHaveLength(1);
  });

  it('makes a test fail whose program shows one', async () => {
    const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
    const argv = [vitest, 'run', '--config', 'test/network/leak.config.ts'];
    const ran = await promisify(execFile)(process.execPath, argv, { cwd: root }).then(
      ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
      ({ code, stdout, stderr }) => ({ code, text: stdout + stderr }),
    );
    expect(ran.code).toBe(1);
    expect(ran.text).toMatch(/a secret is in the output of a run in memory: \S{4}…/);
    expect(ran.text).toMatch(/a secret is in the output of -e console.log\S+: \S{4}…/);
    expect(ran.text).toMatch(/2 failed.*1 passed/);
  }, 30_000);
});

describe('--debug', () => {
  it('tells every request of a sign-in in the browser, and no secret', async () => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(['login', '--debug'], {
      env: { ...browserEnv(), REMO_API_URL: sandbox.apiUrl },
      replacements: { credentialStore: memoryStore() },
    });
    expect(code).toBe(0);
    const told = err.split('\n').filter(line => line.startsWith('debug: '));
    expect(told.map(line => line.split(' ').slice(1, 4).join(' '))).toEqual([
      `GET ${sandbox.origin}/.well-known/oauth-protected-resource/partner/v1 200`,
      `GET ${sandbox.issuer}/.well-known/openid-configuration 200`,
      `POST ${sandbox.issuer}/token 200`,
      `GET ${sandbox.apiUrl}/account 200`,
    ]);
  });

  it('tells each attempt of a request with its number', async () => {
    const sandbox = await sandboxForTest();
    sandbox.faults.add({ kind: 'drop', path: /customers/ });
    const { err } = await remo(['customers', 'list', '--limit', '1', '--debug'], { sandbox });
    const told = err.split('\n').filter(line => line.startsWith('debug: '));
    expect(told[0]).toMatch(/ - attempt=1 ms=\d+ error=network detail=\S+$/);
    expect(told[1]).toMatch(/ 200 attempt=2 ms=\d+ request_id=req_\S+$/);
  });

  it.each([
    ['https://id.test/a?code=C0DE&state=5TATE', 'https://id.test/a?code=***&state=***'],
    ['https://id.test/device?user_code=WDJB-MJHT', 'https://id.test/device?user_code=***'],
    ['https://me:pa55word@id.test/#access_token=T0KEN', 'https://***@id.test/'],
    [
      'https://api.test/v1/c?email=a%40b&page=2&token=x',
      'https://api.test/v1/c?email=a%40b&page=2&token=***',
    ],
    ['https://api.test/v1/c?token=1&token=2', 'https://api.test/v1/c?token=***'],
  ])('of %s shows %s', (url, shown) => {
    expect(attemptLine({ method: 'GET', url, attempt: 1, ms: 2, status: 200 })).toBe(
      `debug: GET ${shown} 200 attempt=1 ms=2`,
    );
  });

  it('shows no credentials that an error message repeats', () => {
    const detail = 'Request cannot be constructed from https://me:pa55word@id.test/x';
    const line = attemptLine({ method: 'GET', url: 'https://id.test/', attempt: 1, ms: 2, detail });
    expect(line).toContain('https://***@id.test/x');
  });
});
