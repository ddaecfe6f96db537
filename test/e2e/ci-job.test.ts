import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { batchClient } from '../../src/sandbox/authorization.js';
import { shell } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
/** The block of the chapter "Signing in", as it stands there. */
const script = /^```sh\n(# a job: .*?)^```$/ms.exec(readme)?.[1] ?? '';

test('the job of the README runs as it is, with the address of a backend', async () => {
  const sandbox = await sandboxForTest({ customers: 30 });
  const address = 'https://api.example/partner/v1';
  expect(script).toContain(address);
  const { code, out, err } = await shell(`set -eu\n${script.replace(address, sandbox.apiUrl)}`, {
    env: { SECRET_FROM_YOUR_CI: batchClient.secret, REMO_CREDENTIAL_STORE: undefined },
  });
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('kept unencrypted') });
  expect(out).toContain(sandbox.account.email);
  expect(out.split('\n').filter(line => line.startsWith('{'))).toHaveLength(30);
  expect(sandbox.tokenRequests).toEqual({ client_credentials: 1 });
});
