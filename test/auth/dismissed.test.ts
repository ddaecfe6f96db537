import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { sandboxForTest } from '../support/sandbox.js';
import { describeKeychain } from './real-keychain.js';

const service = fileURLToPath(new URL('../support/dismissing-secret-service.py', import.meta.url));
/** The system's own, which has the packages of the system. */
const python = '/usr/bin/python3';
const missing =
  spawnSync(python, ['-c', 'import dbus, gi']).status !== 0 &&
  'python3-dbus and python3-gi are not installed';
const skip = missing && process.env['REMO_TEST_KEYCHAIN'] !== 'required';

describeKeychain('a dialog of the keychain that is dismissed', ({ keyring, remo }) => {
  /** Puts the service on the bus, where no keyring is. */
  async function dismissing(asksFor: 'create' | 'unlock') {
    const child = spawn(python, [service, asksFor], {
      env: keyring().env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
    const first = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (String(first[0]).trim() !== 'ready') throw new Error(missing || 'the service did not start');
  }

  test.skipIf(skip).for([
    ['create', 'The keychain was not unlocked: the password dialog was dismissed'],
    // libsecret tells of the collection alone.
    ['unlock', 'The keychain is locked'],
  ] as const)(`when asked to %s${skip ? ` (skipped: ${missing})` : ''}`, async ([asksFor, said]) => {
    await dismissing(asksFor);
    const sandbox = await sandboxForTest();
    for (const command of ['whoami', 'login']) {
      const { code, err } = await remo(sandbox, [command]);
      expect(code).toBe(4);
      expect(err).toContain(said);
      expect(err).toContain('--credential-store file');
    }
    expect(sandbox.requests).toEqual([]);
  });
});
