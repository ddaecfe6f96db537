import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { fakeHost } from '../support/host.js';
import { folderForTest, Running } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

// Not of the suite: the programs here show a secret, and each test but the last has to fail by guard.ts alone.

test('in memory', async () => {
  const { accessToken } = await (await sandboxForTest()).issueToken();
  fakeHost().stderr.write(`Authorization: Bearer ${accessToken}`);
});

test('as a process', async () => {
  const { refreshToken } = await (await sandboxForTest()).issueToken();
  const child = spawn(process.execPath, ['-e', `console.log(${JSON.stringify(refreshToken)})`]);
  expect((await new Running(child, folderForTest()).ended).code).toBe(0);
});

test('nothing', () => {
  fakeHost({ env: { REMO_TOKEN: 'a-secret-token' } }).stdout.write('nothing');
});
