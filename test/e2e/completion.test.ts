import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { folderForTest, type ProgramOptions, remo, soon } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

const ask = async (options: ProgramOptions, ...words: string[]) => {
  const { code, out, err } = await remo(['__complete', 'zsh', ...words, '='], options);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.split('\n').slice(1, -1);
};
const customersOf = (options: ProgramOptions) => ask(options, 'devices', 'show');
const remembered = (folder: string): string[] => {
  try {
    return readdirSync(path.join(folder, '.cache/remo/completion'));
  } catch {
    return [];
  }
};

async function signedIn(sandbox: Sandbox): Promise<{ folder: string; credential: string }> {
  const folder = folderForTest();
  const env = { REMO_API_URL: sandbox.apiUrl };
  expect((await remo(['login', '--device'], { folder, env })).code).toBe(0);
  sandbox.requests.length = 0;
  return { folder, credential: path.join(folder, '.local/state/remo/credentials/default.json') };
}

describe('completion, in processes of its own', () => {
  it('has in a moment what it did not have at first, by one fetch', async () => {
    const sandbox = await sandboxForTest({ autoApprove: true, customers: 40 });
    const { folder } = await signedIn(sandbox);
    await Promise.all([customersOf({ folder }), customersOf({ folder }), customersOf({ folder })]);
    await expect.poll(() => customersOf({ folder }), soon).toContain('sakura@example.jp\tさくら商店');
    expect(sandbox.requests.map(request => request.path)).toEqual([expect.stringMatching(/\/customers\?/)]);
    expect(remembered(folder)).toEqual([expect.stringMatching(/^default@[0-9a-f]{32}\.customers$/)]);
    expect((await remo(['logout'], { folder })).code).toBe(0);
    expect(remembered(folder)).toEqual([]);
  });

  it('renews the sign-in where it has to, and keeps it', async () => {
    const sandbox = await sandboxForTest({ autoApprove: true });
    const { folder, credential } = await signedIn(sandbox);
    const before = JSON.parse(readFileSync(credential, 'utf8'));
    writeFileSync(credential, JSON.stringify({ ...before, expiresAt: Date.now() - 1 }));
    await expect.poll(() => customersOf({ folder }), soon).not.toEqual([]);
    const after = JSON.parse(readFileSync(credential, 'utf8'));
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect((await remo(['whoami'], { folder })).code).toBe(0);
  });

  it('does not wait for a backend that does not answer', async () => {
    const sandbox = await sandboxForTest({ autoApprove: true });
    const { folder } = await signedIn(sandbox);
    sandbox.faults.add({ kind: 'hang', path: /customers/ });
    expect(await customersOf({ folder })).toEqual([]);
    await expect.poll(() => sandbox.requests.length, soon).toBe(1);
    expect(remembered(folder)).toEqual([expect.stringMatching(/\.customers\.new$/)]);
  });

  it('ends in the background where the system will not have its folder', async () => {
    const sandbox = await sandboxForTest();
    const ended = await remo(['__fetch', 'customers'], { sandbox, env: { REMO_CACHE_DIR: '/proc/x' } });
    expect(ended.code).toBe(1);
    expect(sandbox.requests).toEqual([]);
  });

  it('is silent when signed out, and where no backend is known', async () => {
    const sandbox = await sandboxForTest();
    const options = { folder: folderForTest(), env: { REMO_API_URL: sandbox.apiUrl } };
    expect(await customersOf(options)).toEqual([]);
    // The attempt stays for a while, so that nobody tries at each TAB.
    await expect.poll(() => remembered(options.folder), soon).toHaveLength(1);
    expect(await customersOf(options)).toEqual([]);
    expect(sandbox.requests).toEqual([]);
    expect(await customersOf({})).toEqual([]);
  });

  it('offers the runs of this computer with their reasons, and to be gone on with the unfinished ones', async () => {
    const sandbox = await sandboxForTest({ bootSeconds: 600 });
    const folder = folderForTest();
    const [first = '', second = ''] = [...sandbox.fleet.devices.values()].flatMap(
      ({ id, status, behavior }) => (status === 'online' && behavior === 'normal' ? [id] : []),
    );
    const reboot = (id: string, ...words: string[]) =>
      remo(['devices', 'reboot', id, '--yes', ...words], { sandbox, folder });
    expect((await reboot(first, '--reason', 'ticket "4711"')).code).toBe(0);
    expect((await reboot(second, '--wait=1s', '--reason', '映像停止')).code).toBe(8);
    const [newer, older] = await ask({ folder }, 'batches', 'show');
    expect(newer).toMatch(/^\d{8}T\d+Z-[0-9a-f]{6}\t映像停止$/);
    expect(older).toMatch(/\tticket "4711"$/);
    expect(await ask({ folder }, 'notices')).toEqual([newer, older]);
    expect(await ask({ folder }, 'batches', 'resume')).toEqual([newer]);
  });
});
