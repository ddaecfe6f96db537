import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderForTest, remo } from '../../support/program.js';
import { sandboxForTest } from '../../support/sandbox.js';

test('two profiles at once do not touch each other', async () => {
  const names = ['lab', '本番'];
  const sandboxes = await Promise.all(names.map(() => sandboxForTest({ autoApprove: true })));
  const folder = folderForTest();
  const backends = names.map((name, index) => ({ name, sandbox: sandboxes[index], folder }));
  // In real processes, on one home: sign-ins, settings and refreshes of the two at the same time.
  const each = <T>(work: (profile: (typeof backends)[number]) => Promise<T>) =>
    Promise.all(backends.map(work));

  const signedIn = await each(({ name, sandbox }) =>
    remo(['login', '--device', '--profile', name], { folder, env: { REMO_API_URL: sandbox?.apiUrl } }),
  );
  expect(signedIn.map(({ code }) => code)).toEqual([0, 0]);
  await Promise.all([
    ...backends.flatMap(({ name }) => [
      remo(['config', 'set', 'timeout', '20s', '--profile', name], { folder }),
      remo(['config', 'set', 'output', 'json', '--profile', name], { folder }),
    ]),
    remo(['config', 'use', 'lab'], { folder }),
  ]);
  const settings = JSON.parse(readFileSync(path.join(folder, '.config/remo/config.json'), 'utf8'));
  expect(settings).toMatchObject({
    current_profile: 'lab',
    profiles: Object.fromEntries(
      backends.map(({ name, sandbox }) => [
        name,
        { api_url: sandbox?.apiUrl, timeout: '20s', output: 'json', credential_store: 'file' },
      ]),
    ),
  });

  for (const sandbox of sandboxes) sandbox.revokeAccessTokens();
  const whoami = await each(({ name }) => remo(['whoami', '--profile', name], { folder }));
  expect(whoami.map(({ code, out }) => [code, JSON.parse(out)])).toEqual(
    backends.map(({ name, sandbox }) => [
      0,
      expect.objectContaining({ profile: name, api_url: sandbox?.apiUrl }),
    ]),
  );
  expect(sandboxes.map(({ tokenRequests }) => tokenRequests['refresh_token'])).toEqual([1, 1]);

  expect((await remo(['logout', '--profile', '本番'], { folder })).code).toBe(0);
  expect((await remo(['whoami', '--profile', '本番'], { folder })).code).toBe(4);
  const left = await remo(['whoami'], { folder });
  expect(JSON.parse(left.out)).toMatchObject({ profile: 'lab' });
});
