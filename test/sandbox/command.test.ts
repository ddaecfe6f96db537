import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type SandboxOptions, sandbox } from '../../src/commands/sandbox.js';
import { fakeContext, type HostOptions } from '../support/host.js';

function folder(): string {
  const made = mkdtempSync(path.join(os.tmpdir(), 'remo-sandbox-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Starts the command and waits until it listens; `end` interrupts it. */
async function started(options: SandboxOptions, host: HostOptions = {}) {
  const { context, host: streams } = await fakeContext(host);
  const done = sandbox({ port: 0, ...options }, context);
  await expect.poll(() => streams.out).toContain('\n');
  const end = async (signal: 'SIGINT' | 'SIGTERM' = 'SIGINT') => {
    context.interrupt(signal);
    await done;
  };
  return { streams, end, apiUrl: streams.out.trim() };
}

describe('remo sandbox', () => {
  it('says where it listens: the address on stdout, what to try on stderr', async () => {
    const { streams, end, apiUrl } = await started({
      seed: 3,
      autoApprove: true,
      bootSeconds: 0.5,
      latency: 1,
    });
    expect(streams.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/partner\/v1\n$/);
    expect(streams.err).toContain(`remo login --api-url ${apiUrl}`);
    expect(streams.err).toContain('remo customers list');
    expect((await fetch(`${apiUrl}/account`)).status).toBe(401);
    await end();
    await expect(fetch(apiUrl)).rejects.toThrow('fetch failed');
  });

  it('refuses more requests a second than it is to bear', async () => {
    const { end, apiUrl } = await started({ rateLimit: 1 });
    const statuses = [1, 2].map(async () => (await fetch(`${apiUrl}/account`)).status);
    expect((await Promise.all(statuses)).sort()).toEqual([401, 429]);
    await end();
  });

  it('speaks Japanese', async () => {
    const { streams, end } = await started({}, { env: { LANG: 'ja_JP.UTF-8' } });
    expect(streams.err).toContain('サンドボックス)を');
    await end('SIGTERM');
    expect(streams.err).toContain('終了しました');
  });

  it('says less when it is to be quiet', async () => {
    const { streams, end } = await started({}, { env: { REMO_QUIET: '1' } });
    expect(streams.err).not.toContain('remo login');
    await end();
  });

  it('writes the address into the ready file, and removes it at the end', async () => {
    const readyFile = path.join(folder(), 'url.txt');
    const { end, apiUrl } = await started({ readyFile });
    expect(readFileSync(readyFile, 'utf8')).toBe(`${apiUrl}\n`);
    await end();
    await expect(access(readyFile)).rejects.toThrow('ENOENT');
  });

  it('stops when the ready file cannot be written', async () => {
    const readyFile = folder();
    const { context, host } = await fakeContext();
    await expect(sandbox({ port: 0, readyFile }, context)).rejects.toMatchObject({
      code: 'file_unwritable',
      params: { path: readyFile },
    });
    expect(host.out).toBe('');
    await expect(access(readyFile)).resolves.toBeUndefined();
  });

  it('makes no folder for the ready file: one that is missing is a typo', async () => {
    const parent = path.join(folder(), 'typo');
    const readyFile = path.join(parent, 'sub', 'url.txt');
    const { context } = await fakeContext();
    await expect(sandbox({ port: 0, readyFile }, context)).rejects.toMatchObject({ code: 'file_unwritable' });
    await expect(access(parent)).rejects.toThrow('ENOENT');
  });

  it('names a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await expect.poll(() => server.listening).toBe(true);
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { context } = await fakeContext();
    await expect(sandbox({ port }, context)).rejects.toMatchObject({ code: 'port_in_use', params: { port } });
  });

  it('ends at once when it was interrupted before it listened', async () => {
    const { context } = await fakeContext();
    context.interrupt('SIGINT');
    await sandbox({ port: 0 }, context);
  });

  it('ends quietly when nobody reads its stdout', async () => {
    const { context, host } = await fakeContext();
    host.stdout.breakWith('EPIPE');
    await expect(sandbox({ port: 0 }, context)).rejects.toMatchObject({ name: 'ClosedPipe' });
  });
});
