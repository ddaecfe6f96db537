import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { folderForTest, programEnv, remo } from '../support/program.js';
import { completes, openShell, type ShellName, whyNoShell } from '../support/real-shell.js';
import { sandboxForTest } from '../support/sandbox.js';

/** A person's shell, signed in, customers fetched. */
async function shellAt(name: ShellName, sandbox: Sandbox, more: Record<string, string> = {}) {
  const folder = folderForTest();
  const env = await programEnv({ sandbox, folder, env: more });
  // Fetching devices fetches customers as well.
  expect((await remo(['__fetch', 'devices'], { folder, env })).code).toBe(0);
  mkdirSync(path.join(folder, 'outgoing'));
  for (const file of ['list-a.txt', 'list-b.txt', 'plan with blank.json', 'outline.txt'])
    writeFileSync(path.join(folder, file), '');
  return { folder, screen: await openShell(name, { folder, env }) };
}

describe.each<ShellName>(['bash', 'zsh', 'fish'])('%s', name => {
  const reason = whyNoShell(name);

  // Each TAB is a process, and a test presses a dozen.
  const patience = { timeout: 90_000 };
  describe.skipIf(reason)(`in a real terminal${reason ? ` (skipped: ${reason})` : ''}`, patience, () => {
    it('completes commands, options and their values', async () => {
      const { screen } = await shellAt(name, await sandboxForTest());
      await completes(screen, 'remo dev', 'remo devices');
      await completes(screen, 'remo --lang ja batches res', 'remo --lang ja batches resume');
      await completes(screen, 'remo devices reboot --dry', 'remo devices reboot --dry-run');
      await completes(screen, 'remo devices reboot --yes --ye', 'remo devices reboot --yes --ye');
      await completes(screen, 'remo -o nd', 'remo -o ndjson');
      await completes(screen, 'remo --output=nd', 'remo --output=ndjson');
      await completes(screen, 'remo devices reboot --tz Asia/Tok', 'remo devices reboot --tz Asia/Tokyo');
      await completes(screen, 'remo devices reboot --tz asia/tok', 'remo devices reboot --tz Asia/Tokyo');
      await completes(
        screen,
        'remo batches show --outcome failed,unk',
        'remo batches show --outcome failed,unknown',
      );
      await completes(
        screen,
        'remo devices status --sort id,-boo',
        'remo devices status --sort id,-booted_at',
      );
      await completes(screen, 'remo devices status --sort -boo', 'remo devices status --sort -booted_at');
      await completes(screen, 'true; LANG=C remo devices sh', 'true; LANG=C remo devices show');
    });

    it('completes addresses and ids, across @ and : and =, in quotes and in the middle', async () => {
      const sandbox = await sandboxForTest();
      const { folder, screen } = await shellAt(name, sandbox);
      await completes(screen, 'remo devices show sakura@', 'remo devices show sakura@example.jp');
      await completes(screen, 'remo devices show sakura-', 'remo devices show sakura-umeda@example.jp');
      await completes(screen, 'remo devices show "sakura-', 'remo devices show "sakura-umeda@example.jp"');
      await completes(
        screen,
        'remo customers list --email=sakura-um',
        'remo customers list --email=sakura-umeda@example.jp',
      );
      const { hostname, port } = new URL(sandbox.apiUrl);
      const set = await remo(['config', 'set', 'api_url', sandbox.apiUrl], { folder });
      expect(set.code).toBe(0);
      await completes(
        screen,
        `remo --api-url http://${hostname}:`,
        `remo --api-url http://${hostname}:${port}/partner/v1`,
      );
      const [id = ''] = sandbox.fleet.devices.keys();
      await completes(screen, `remo devices status ${id.slice(0, -1)}`, `remo devices status ${id}`);
      screen.type('remo devices show sakura@ -o json');
      screen.press(...Array.from({ length: ' -o json'.length }, () => 'Left'), 'Tab');
      await screen.shows(/^\$ remo devices show sakura@example\.jp +-o json/m);
    });

    it.runIf(name === 'zsh')('shows a backslash as it is', async () => {
      const sandbox = await sandboxForTest();
      const { email } = sandbox.fleet.customer('sakura@example.jp');
      sandbox.fleet.customer(email).name = 'C:\\temp\\new';
      const { screen } = await shellAt(name, sandbox);
      screen.type('remo devices show saku');
      screen.press('Tab', 'Tab');
      await screen.shows('C:\\temp\\new');
    });

    it('completes files and folders where one is expected, and nowhere else', async () => {
      const { screen } = await shellAt(name, await sandboxForTest());
      await completes(screen, 'remo devices reboot --file list-b', 'remo devices reboot --file list-b.txt');
      await completes(screen, 'remo devices reboot --file=list-b', 'remo devices reboot --file=list-b.txt');
      await completes(
        screen,
        'remo devices reboot --plan plan',
        'remo devices reboot --plan plan\\ with\\ blank.json',
      );
      // zsh takes the slash back when something else is typed.
      const folder = name === 'zsh' ? 'outgoing' : 'outgoing/';
      await completes(screen, 'remo notices RUN --out out', `remo notices RUN --out ${folder}`);
      await completes(screen, 'remo devices show list-', 'remo devices show list-');
    });

    it('shows what there is to choose from, and what it is', async () => {
      const { screen } = await shellAt(name, await sandboxForTest(), { REMO_LANG: 'ja' });
      screen.type('remo batches ');
      screen.press('Tab');
      if (name === 'bash') screen.press('Tab');
      const shown = await screen.shows(/resume.*途中で止まった実行を再開します/);
      expect(shown).toMatch(/list.*実行の一覧を新しい順に表示します/);
    });
  });
});
