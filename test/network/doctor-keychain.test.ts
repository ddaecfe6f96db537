import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Keyring, keyringMissing, startSession } from '../support/keyring.js';
import { remo } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

const missing = keyringMissing();
const skip = missing !== undefined && process.env['REMO_TEST_KEYCHAIN'] !== 'required';

describe.skipIf(skip)(`remo doctor and the real keychain${skip ? ` (skipped: ${missing})` : ''}`, () => {
  let keyring: Keyring;

  beforeAll(async () => {
    if (missing) throw new Error(`REMO_TEST_KEYCHAIN=required, but ${missing}`);
    keyring = await startSession();
  });
  afterAll(() => keyring?.close());
  beforeEach(() => keyring.stop());

  async function found() {
    const sandbox = await sandboxForTest();
    const { code, out } = await remo(['doctor', '-o', 'json'], {
      env: { ...keyring.env, REMO_CREDENTIAL_STORE: 'keychain', REMO_API_URL: sandbox.apiUrl },
    });
    const rows: { check: string; status: string; detail: string }[] = JSON.parse(out);
    const of = (check: string) => rows.find(row => row.check === check);
    return { code, store: of('credential_store'), signIn: of('sign_in'), connection: of('connection') };
  }

  it('writes, reads and deletes a probe, and finds nobody signed in', async () => {
    await keyring.start('unlocked');
    expect(await found()).toMatchObject({
      code: 4,
      store: { status: 'ok', detail: 'keychain: remo-cli/default' },
      signIn: { status: 'fail', detail: 'You are not signed in.' },
    });
  });

  it.each([
    ['locked', 'locked'],
    ['absent', 'No keychain service answers'],
  ])('that is %s is a failure; the network is looked at all the same', async (state, told) => {
    if (state === 'locked') {
      // There is nothing to lock before the login collection has been made.
      await keyring.start('unlocked');
      await keyring.stop();
      await keyring.start('locked');
    }
    expect(await found()).toMatchObject({
      code: 4,
      store: { status: 'fail', detail: expect.stringContaining(told) },
      signIn: { status: 'skipped' },
      connection: { status: 'ok' },
    });
  });
});
