import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/auth/credential-store/memory.js';
import { run } from '../../../src/cli.js';
import { Context } from '../../../src/context.js';
import { temporaryFolder } from '../../auth/signed-in.js';
import { fakeHost } from '../../support/host.js';
import { sandboxForTest } from '../../support/sandbox.js';

const asked = 'Address of the backend (https://…):';

/** `remo login --device` by a person on a terminal, with no backend configured. */
function loginOnTerminal(env: Record<string, string> = {}) {
  const home = temporaryFolder();
  const host = fakeHost({ env: { LANG: 'C.UTF-8', NO_COLOR: '1', ...env }, home, tty: true, columns: 200 });
  const running = run(['login', '--device'], new Context(host, { credentialStore: memoryStore() }));
  const settings = () => JSON.parse(readFileSync(path.join(home, '.config/remo/config.json'), 'utf8'));
  return { host, running, settings };
}

describe('login without a backend', () => {
  it('asks for its address, and remembers it', async () => {
    const sandbox = await sandboxForTest({ autoApprove: true });
    const { host, running, settings } = loginOnTerminal({ REMO_PROFILE: 'lab' });
    await host.shown(asked);
    host.type(`  ${sandbox.apiUrl}/ \r`);
    expect(await running).toBe(0);
    expect(host.err).toContain('Signed in as 山田 花子');
    expect(host.out).toBe('');
    expect(settings().profiles).toMatchObject({ lab: { api_url: sandbox.apiUrl } });
  });

  it('says what is wrong with an answer, and asks again', async () => {
    const sandbox = await sandboxForTest({ autoApprove: true });
    const { host, running } = loginOnTerminal();
    await host.shown(asked);
    host.type('remo.example\r');
    await host.shown('The address: "remo.example" is not usable. Expected: an address such as https://');
    host.type('\x15http://remo.example/v1\r');
    await host.shown('Plain http is allowed to this machine only');
    host.type('\x15https://me:hunter2x@remo.example/v1\r');
    await host.shown('The address: "https://***@remo.example/v1" is not usable.');
    host.type(`\x15${sandbox.apiUrl}\r`);
    expect(await running).toBe(0);
  });

  it.each([
    ['Ctrl-C', '\x03', 130],
    ['Ctrl-D', '\x04', 7],
  ])('ends at %s with nothing stored', async (_key, keys, code) => {
    const { host, running, settings } = loginOnTerminal();
    await host.shown(asked);
    host.type(keys);
    expect(await running).toBe(code);
    expect(settings).toThrow('ENOENT');
    expect(host.stdin.rawMode).toBe(false);
  });

  it.each<[string, Record<string, string>]>([
    ['in CI', { CI: '1' }],
    ['with REMO_INPUT=0', { REMO_INPUT: '0' }],
  ])('%s asks nobody: bad usage', async (_where, env) => {
    const { host, running } = loginOnTerminal(env);
    expect(await running).toBe(2);
    expect(host.err).toContain('No backend is configured for the profile "default".');
  });

  it('asks in Japanese', async () => {
    const { host, running } = loginOnTerminal({ REMO_LANG: 'ja' });
    await host.shown('接続先のURL(https://…):');
    host.type('x\r');
    await host.shown('接続先のURL: 「x」は使えません。 使える値: https://host.example');
    host.type('\x03');
    expect(await running).toBe(130);
  });
});
