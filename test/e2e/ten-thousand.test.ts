import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { folderForTest, remo } from '../support/program.js';

it('10,000 devices from a list are instructed once each, and none is missing from the report', async () => {
  // The backend of the bench, four devices a customer, without a delay.
  const backend = fork(fileURLToPath(new URL('../../bench/reboot-backend.js', import.meta.url)), ['4', '0']);
  onTestFinished(() => void backend.kill());
  const [{ url }] = (await once(backend, 'message')) as [{ url: string }];
  const folder = folderForTest();
  const ids = Array.from({ length: 10_000 }, (_, index) => `dev_${index}`);
  writeFileSync(path.join(folder, 'ids.txt'), ids.join('\n'));
  const argv = [
    'devices',
    'reboot',
    '--file',
    path.join(folder, 'ids.txt'),
    '--no-wait',
    '--concurrency',
    '64',
  ];
  const env = { REMO_API_URL: url, REMO_TOKEN: 'bench' };
  const { code, out } = await remo([...argv, '--yes', '--quiet', '-o', 'json'], { env, folder });
  expect(code).toBe(0);
  const results = JSON.parse(out) as { device_id: string; outcome: string }[];
  expect(results.map(({ device_id }) => device_id)).toEqual(ids);
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
  backend.send('counted?');
  const [{ posts, devices }] = (await once(backend, 'message')) as [{ posts: number; devices: number }];
  expect({ posts, devices }).toEqual({ posts: 10_000, devices: 10_000 });
}, 240_000);
