import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { folderForTest, type Running, remo, soon, startRemo } from '../support/program.js';

/** Starts `remo sandbox` and waits for its ready file. */
async function startSandboxProcess(
  ...argv: string[]
): Promise<{ running: Running; readyFile: string; url: string }> {
  const readyFile = path.join(folderForTest(), 'url');
  const running = await startRemo(['sandbox', '--port', '0', '--ready-file', readyFile, ...argv]);
  await expect.poll(() => existsSync(readyFile), soon).toBe(true);
  return { running, readyFile, url: readFileSync(readyFile, 'utf8').trim() };
}

it('the main job against a sandbox in a process of its own: sign in, find, look, reboot, sign out', async () => {
  const { running, readyFile, url } = await startSandboxProcess('--auto-approve', '--boot-seconds', '0.1');
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/partner\/v1$/);
  await running.shows(/\n/, 'out');
  expect(running.out).toBe(`${url}\n`);
  expect(running.err).toContain(`remo login --api-url ${url}`);

  const folder = folderForTest();
  const signedIn = (...argv: string[]) => remo(argv, { folder, env: { REMO_CREDENTIAL_STORE: undefined } });
  const login = await signedIn('login', '--device', '--api-url', url, '--credential-store', 'file');
  expect(login).toMatchObject({ code: 0, out: '' });
  expect(login.err).toMatch(/enter the code {2}[A-Z]{4}-[A-Z]{4}/);
  expect(login.err).toContain('unencrypted');
  expect(login.err).toContain(
    'Signed in as 山田 花子 (hanako.yamada@partner.example), partner code PA-10482',
  );

  // From here on backend and store stand in the profile.
  const [whoami, customers, devices] = await Promise.all([
    signedIn('whoami', '-o', 'json'),
    signedIn('customers', 'list'),
    signedIn('devices', 'show', 'sakura@example.jp', '-o', 'json'),
  ]);
  expect(JSON.parse(whoami.out)).toMatchObject({
    partner_code: 'PA-10482',
    api_url: url,
    credential_source: 'file',
  });
  expect(customers.out.trimEnd().split('\n')).toHaveLength(137);
  const entrance = JSON.parse(devices.out).find(({ name }: { name: string }) => name === '正面入口');
  expect(entrance).toMatchObject({ model: 'WV-S1536LTN', status: 'online' });

  const reboot = await signedIn('devices', 'reboot', entrance.id, '--yes', '--wait', '-o', 'json');
  expect(reboot.code).toBe(0);
  const [outcome] = JSON.parse(reboot.out);
  expect(outcome).toMatchObject({ outcome: 'rebooted', booted_before: entrance.booted_at });
  expect(Date.parse(outcome.booted_at)).toBeGreaterThan(Date.parse(entrance.booted_at));
  // The owner was signed in: whom to call stands beside the data.
  expect(reboot.err).toContain('さくら商店 <sakura@example.jp> — was signed in');
  const status = await signedIn('devices', 'status', entrance.id, '-o', 'json');
  expect(JSON.parse(status.out)).toMatchObject([{ status: 'online', booted_at: outcome.booted_at }]);

  expect((await signedIn('logout')).err).toContain('ended at the server');
  expect((await signedIn('whoami')).code).toBe(4);

  const ended = await running.endedBy('SIGINT');
  expect(ended).toMatchObject({ code: 0, signal: null });
  expect(ended.err).toContain('The sandbox has stopped.');
  expect(existsSync(readyFile)).toBe(false);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

it('names a port in use, and another sandbox’s ready file stays', async () => {
  const { running, readyFile, url } = await startSandboxProcess();
  const second = await remo(['sandbox', '--port', new URL(url).port, '--ready-file', readyFile]);
  expect(second).toMatchObject({ code: 2, out: '' });
  expect(second.err).toContain(`Port ${new URL(url).port} is in use`);
  expect(second.err).toContain('--port 0');
  expect(readFileSync(readyFile, 'utf8')).toBe(`${url}\n`);
  expect((await running.endedBy('SIGTERM')).code).toBe(0);
});

it('ends with answers still held back', async () => {
  const { running, url } = await startSandboxProcess('--latency', '60000');
  const held = fetch(`${url}/account`).catch(error => error);
  // What is not of the API is answered at once: by now the request before it has arrived.
  expect((await fetch(new URL('/', url))).status).toBe(404);
  const { code, took } = await running.endedBy('SIGINT');
  expect(code).toBe(0);
  expect(took).toBeLessThan(1000);
  expect(await held).toBeInstanceOf(TypeError);
});
