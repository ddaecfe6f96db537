import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { en } from '../../src/messages/en.js';
import { ja } from '../../src/messages/ja.js';
import type { Example } from '../../src/messages/lesson.js';
import type { Sandbox } from '../../src/sandbox/server.js';
import { browserEnv } from '../support/browser.js';
import { folderForTest, type ProgramOptions, remo, shell, startRemo } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What help and man pages show, in both languages. */
const helped = [en, ja].flatMap(({ lessons }) =>
  Object.values(lessons).flatMap(({ examples }: { examples: readonly Example[] }) =>
    examples.map(({ line }) => line),
  ),
);

/** What the README has in blocks of shell, and what is typed in its sessions; whole scripts have tests of their own. */
function typedIn(readme: string): string[] {
  const blocks = [...readme.matchAll(/^```(sh|console)\n(.*?)^```/gms)];
  return blocks.flatMap(([, kind, text = '']) => {
    if (/^#|\bnpm /.test(text)) return [];
    const lines = text
      .replace(/\\\n\s*/g, '')
      .trimEnd()
      .split('\n');
    return kind === 'sh' ? lines : lines.flatMap(line => (line.startsWith('$ ') ? line.slice(2) : []));
  });
}
const documented = readdirSync(root)
  .filter(name => /^README.*\.md$/.test(name))
  .flatMap(name => typedIn(readFileSync(path.join(root, name), 'utf8')));

const all = [...new Set([...helped, ...documented])];
const isSandbox = (line: string) => line.startsWith('remo sandbox');
/** Without a customer or a device they are picked on a terminal: the tests of picking do so. */
const picks = (line: string) => /^remo devices reboot( --?[a-z]+( "[^"]*")?)*$/.test(line);
const asks = (line: string) =>
  /^remo (devices reboot|batches (resume|close))\b/.test(line) && !/--(yes|confirm|dry-run)\b/.test(line);

/** A folder with what the examples take for granted: files, a profile, and in place of RUN one that is there. */
async function desk(line: string, sandbox: Sandbox): Promise<{ script: string; options: ProgramOptions }> {
  const folder = folderForTest();
  const write = (name: string, text: string, mode = 0o600) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text, { mode });
  };
  const { accessToken } = await sandbox.issueToken();
  const online = sandbox.fleet
    .customer('sakura@example.jp')
    .devices.filter(({ status }) => status === 'online');
  write('ids.txt', online.map(({ id }) => `${id}\n`).join(''));
  write('token.txt', `${accessToken}\n`);
  write(
    'bin/remo',
    `#!/bin/sh\nexec "${process.execPath}" "${path.join(root, 'bin/remo.js')}" "$@"\n`,
    0o755,
  );
  for (const made of ['.zfunc', '.config/fish/completions'])
    mkdirSync(path.join(folder, made), { recursive: true });
  const signsIn = /^remo log(in|out)/.test(line);
  const env = {
    REMO_API_URL: sandbox.apiUrl,
    REMO_TOKEN: signsIn ? undefined : accessToken,
    BROWSER: browserEnv().BROWSER,
  };
  const options = { sandbox, env, folder };
  await remo(['config', 'set', 'api_url', sandbox.apiUrl, '--profile', 'lab'], options);
  const run = line.includes('RUN') ? await recorded(/resume|close/.test(line), options) : '';
  const script = line
    .replaceAll('RUN', run)
    .replaceAll('http://127.0.0.1:4010/partner/v1', sandbox.apiUrl)
    // At whatever time of day the test runs.
    .replace('01:00-05:00', '00:00-23:59');
  return { script, options };
}

/** A run that the computer has on record; one that stopped is left to be gone on with. */
async function recorded(stopped: boolean, options: ProgramOptions): Promise<string> {
  const some = stopped
    ? ['--customer', 'kitahama@example.jp', '--max-failures', '0']
    : ['dev_4f2cr961dj', '--wait'];
  await remo(['devices', 'reboot', ...some, '--yes'], options);
  const [found] = JSON.parse((await remo(['batches', 'list', '-o', 'json'], options)).out);
  expect(found.state).toBe(stopped ? 'unfinished' : 'finished');
  return found.batch_id;
}

/** Runs a line in the shell that it is for. */
function enter(line: string, options: ProgramOptions) {
  const [, forShell] = /completion (zsh|bash)\)/.exec(line) ?? [];
  const start = forShell === 'zsh' ? 'autoload -U compinit; compinit -u -D;\n' : '';
  // There is no PowerShell here: only what it would be given is looked at.
  const words = line.replace(/ \| Out-String.*/, '');
  const script = forShell ? `exec ${forShell} -c '${`${start}${words}`.replaceAll("'", `'\\''`)}'` : words;
  return shell(`cd "$HOME"; PATH="$HOME/bin:$PATH"; export PATH\n${script}`, options);
}

/** Those that end otherwise, with good reason. */
const ends: Record<string, number> = {
  // It looks for credentials in the keychain, too, and there is none here.
  'remo logout --all': 4,
  // One of the devices is offline.
  'remo devices show sakura@example.jp -o ndjson | remo devices reboot --file - --yes': 3,
  // The device that stopped the run has failed for good.
  'remo batches resume RUN': 3,
  'remo batches resume RUN --yes --max-failures 10': 3,
};

describe('every example of help and README', () => {
  it('is there to be run', () => {
    expect(helped.length).toBeGreaterThan(60);
    expect(documented.length).toBeGreaterThan(8);
  });

  it.each(all.filter(line => !isSandbox(line) && !picks(line)))(
    '%s',
    async line => {
      const sandbox = await sandboxForTest({ autoApprove: true, bootSeconds: 0.3 });
      const { script, options } = await desk(line, sandbox);
      if (asks(line)) {
        const asked = await enter(script, options);
        expect([asked.code, asked.err]).toEqual([7, expect.stringContaining('--yes')]);
      }
      const { code, err } = await enter(asks(line) ? `${script} --yes` : script, options);
      expect({ code, err }).toMatchObject({
        code: ends[line] ?? 0,
        err: expect.not.stringContaining('Usage'),
      });
      if (code === 0) expect(err).not.toContain('Error:');
    },
    60_000,
  );

  it.each(all.filter(isSandbox))('%s', async line => {
    const words = line.split(' ').slice(1);
    const folder = folderForTest();
    // The usual port may be taken here.
    const running = await startRemo([...words, ...(words.includes('--port') ? [] : ['--port', '0'])], {
      folder,
    });
    await running.shows(/http:\/\/127\.0\.0\.1:\d+\/partner\/v1\n/, 'out');
    expect((await running.endedBy('SIGINT')).code).toBe(0);
  });
});
