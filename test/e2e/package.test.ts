import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderForTest, programEnv } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const execute = promisify(execFile);

/** The variables that `npm test` sets would turn npm's other commands to this project. */
const npmEnv = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^npm_/i.test(name) || /^npm_config_(cache|registry|userconfig)$/i.test(name),
  ),
);

async function npm(...argv: string[]): Promise<string> {
  return (await execute('npm', argv, { cwd: root, env: npmEnv })).stdout;
}

describe('the package', () => {
  let folder: string;
  let tarball: string;
  let files: string[];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'remo-package-'));
    // Built anew here, dist/ would be gone for a moment under the tests that run beside this one.
    const [packed] = JSON.parse(
      await npm('pack', '--json', '--ignore-scripts', '--pack-destination', folder),
    );
    tarball = path.join(folder, packed.filename);
    files = packed.files.map(({ path }: { path: string }) => path);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what runs and what explains it, and nothing else', () => {
    const { outputs } = JSON.parse(readFileSync(path.join(root, 'dist/metafile-esm.json'), 'utf8'));
    const explains = ['CHANGELOG.md', 'LICENSE', 'README.ja.md', 'README.md'];
    const runs = ['bin/package.json', 'bin/remo.js', 'package.json', ...Object.keys(outputs)];
    const { man } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const pages = man.flatMap((file: string) => [file, file.replace('/man1/', '/ja/man1/')]);
    expect(files.sort()).toEqual([...explains, ...runs, ...pages].sort());
    const others = files.filter(file => !/^dist\/((main|chunks\/[\w-]+)\.js|man\/)/.test(file));
    expect(others).toHaveLength(7);
  });

  it('has no step of its own at installation, and needs one package beside it', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(Object.keys(manifest.dependencies)).toEqual(['keytar']);
    const steps = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(manifest.scripts).filter(name => steps.includes(name))).toEqual([]);
  });

  it('works from a clean prefix, with what is in it alone', async ({ skip }) => {
    const prefix = path.join(folder, 'prefix');
    const quick = ['--prefer-offline', '--fetch-retries=0', '--no-audit', '--no-fund'];
    try {
      await npm('install', '--global', `--prefix=${prefix}`, ...quick, tarball);
    } catch (error) {
      const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ENOTCACHED/;
      const [code] = unreachable.exec((error as { stderr?: string }).stderr ?? '') ?? [];
      if (!code || process.env['CI']) throw error;
      skip(`the package registry is not to be reached (${code})`);
    }
    const installed = path.join(prefix, 'lib/node_modules');
    expect(readdirSync(installed)).toEqual(['remo-cli']);
    expect(
      readdirSync(path.join(installed, 'remo-cli/node_modules')).filter(name => name[0] !== '.'),
    ).toEqual(['keytar', 'node-addon-api']);

    const sandbox = await sandboxForTest();
    const home = folderForTest();
    const env = await programEnv({ sandbox, folder: home });
    const bin = path.join(prefix, 'bin');
    // The launcher finds node by the PATH; this one, whatever else is installed.
    const run = (argv: string[], more: Record<string, string> = {}) =>
      execute(path.join(bin, 'remo'), argv, {
        cwd: home,
        env: { ...env, PATH: [path.dirname(process.execPath), bin, '/usr/bin', '/bin'].join(':'), ...more },
      });
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(await run(['--version'])).toEqual({ stdout: `${version}\n`, stderr: '' });
    const list = await run(['customers', 'list']);
    expect(list.stderr).toBe('');
    expect(list.stdout.trimEnd().split('\n')).toHaveLength(137);
    const table = await run(['customers', 'list', '-o', 'table'], { LANG: 'ja_JP.UTF-8' });
    expect(table.stdout).toContain('お客様名');

    if (process.platform !== 'win32') {
      const page = readFileSync(path.join(prefix, 'share/man/man1/remo-devices-reboot.1'), 'utf8');
      expect(page).toContain('.TH REMO\\-DEVICES\\-REBOOT 1');
    }

    // The keychain's module is found, whether or not there is a keychain here.
    const keychain = run(['logout'], {
      REMO_TOKEN: '',
      REMO_CREDENTIAL_STORE: 'keychain',
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus',
    });
    if (process.platform === 'linux') {
      await expect(keychain).rejects.toMatchObject({
        code: 4,
        stderr: expect.not.stringMatching(/Cannot find/),
      });
    }
    await keychain.catch(() => {});
  });
});
