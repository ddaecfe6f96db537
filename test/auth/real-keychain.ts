import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { type Keyring, keyringMissing, startSession } from '../support/keyring.js';
import { type Ended, type Running, startRemo } from '../support/program.js';
import { watchOutput } from '../support/secrets.js';

type Env = Record<string, string | undefined>;

export interface RealKeychain {
  keyring: () => Keyring;
  /** Starts the built program on the real keychain; its settings and state are the session's. */
  start: (sandbox: Sandbox, argv: readonly string[], env?: Env) => Promise<Running>;
  remo: (sandbox: Sandbox, argv: readonly string[], env?: Env) => Promise<Ended>;
}

const built = existsSync(new URL('../../dist/main.js', import.meta.url));
const missing = keyringMissing() ?? (built ? undefined : 'the program is not built (npm run build)');
const skip = missing !== undefined && process.env['REMO_TEST_KEYCHAIN'] !== 'required';

/** Tests with real processes and a real gnome-keyring on a session bus of their own. */
export function describeKeychain(name: string, tests: (real: RealKeychain) => void): void {
  describe.skipIf(skip)(`${name}${skip ? ` (skipped: ${missing})` : ''}`, () => {
    let session: Keyring | undefined;
    const keyring = () => {
      if (!session) throw new Error('not started yet');
      return session;
    };
    beforeAll(async () => {
      if (missing) throw new Error(`REMO_TEST_KEYCHAIN=required, but ${missing}`);
      session = await startSession();
    });
    afterAll(() => session?.close());

    async function start(sandbox: Sandbox, argv: readonly string[], env: Env = {}): Promise<Running> {
      const { env: found, home } = keyring();
      const all = { ...found, REMO_API_URL: sandbox.apiUrl, REMO_CREDENTIAL_STORE: undefined, ...env };
      const running = await startRemo(argv, { env: all, folder: home });
      watchOutput(`remo ${argv.join(' ')}`, () => running.out + running.err);
      return running;
    }
    tests({ keyring, start, remo: async (...wanted) => (await start(...wanted)).ended });
  });
}
