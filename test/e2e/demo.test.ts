import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderForTest, remo, shell, soon, startRemo } from '../support/program.js';

/** Every place that a program may leave something in, all empty. */
function places() {
  const root = folderForTest();
  const names = ['HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'TMPDIR'];
  const env: Record<string, string> = Object.fromEntries(names.map(name => [name, path.join(root, name)]));
  for (const folder of Object.values(env)) mkdirSync(folder);
  const left = () => readdirSync(root, { recursive: true }).filter(name => !names.includes(String(name)));
  // Node's own cache of compiled code, which Node puts into TMPDIR, is none of the demo's.
  return { env: { ...env, NODE_DISABLE_COMPILE_CACHE: '1', REMO_CREDENTIAL_STORE: undefined }, left };
}

/** Each command of the demo, and what its output has. */
const commands: [command: RegExp, output: RegExp][] = [
  [/^\$ remo login --device$/m, /[A-Z]{4}-[A-Z]{4}/],
  [/^\$ remo whoami$/m, /\tPA-10482$/m],
  [/^\$ remo customers list --email sakura$/m, /\tsakura-umeda@example\.jp\t/],
  [/^\$ remo devices show sakura@example\.jp$/m, /\t正面入口\t/],
  [/^\$ remo devices reboot dev_\w+ --wait --yes$/m, /\trebooted\t/],
  [/^\$ remo devices status dev_\w+$/m, /\tonline\t/],
];

describe('remo demo', () => {
  it('does the whole job in a pipe, each command before its output, in both languages; nothing is left', async () => {
    // Settings of the user's lead it nowhere else.
    const own = { REMO_API_URL: 'https://backend.invalid/', REMO_TOKEN: 'token', REMO_OUTPUT: 'json' };
    const [here, there, apart] = [places(), places(), places()];
    const [english, japanese, separate] = await Promise.all([
      shell('remo demo 2>&1', { env: { ...here.env, ...own } }),
      shell('remo demo 2>&1', { env: { ...there.env, LANG: 'ja_JP.UTF-8' } }),
      remo(['demo', '--lang', 'ja'], { env: apart.env }),
    ]);
    for (const { code, out } of [english, japanese]) {
      expect(code).toBe(0);
      let rest = out;
      for (const [command, output] of commands) {
        // All that was written before the command, then the rest.
        expect(rest.search(command)).toBeGreaterThan(-1);
        const before = rest.slice(0, rest.search(command));
        expect(before).not.toMatch(output);
        rest = rest.slice(before.length).replace(command, '');
        expect(rest).toMatch(output);
      }
      expect(out).toMatch(/remo sandbox\n$/);
    }
    expect(english.out).toMatch(
      /Nothing is kept[\s\S]*Signed in as 山田 花子[\s\S]*Video from[\s\S]*was signed in/,
    );
    expect(japanese.out).toMatch(/再起動した機器の映像[\s\S]*ログイン中でした/);
    // Apart, stdout has the data alone.
    expect(separate.code).toBe(0);
    // Its journal is gone with it.
    expect(separate.err).not.toContain('remo notices');
    expect(separate.out).not.toMatch(/\$ remo|ログイン/);
    for (const [, output] of commands.slice(1)) expect(separate.out).toMatch(output);
    expect([here, there, apart].map(({ left }) => left())).toEqual([[], [], []]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ended by %s half-way leaves nothing either', async (signal, code) => {
    const { env, left } = places();
    const running = await startRemo(['demo'], { env });
    await expect.poll(() => running.err, soon).toMatch(/\$ remo devices reboot/);
    const ended = await running.endedBy(signal);
    expect(ended.code).toBe(code);
    expect(ended.took).toBeLessThan(1500);
    expect(left()).toEqual([]);
  });
});
