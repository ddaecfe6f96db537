import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findBrowsers, openBrowser } from '../../src/auth/browser.js';

const display = { DISPLAY: ':0' };

test.each([
  ['the desktop', display, 'linux', [['xdg-open', '%s']]],
  ['Wayland', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', [['xdg-open', '%s']]],
  ['macOS', {}, 'darwin', [['open', '%s']]],
  ['Windows', {}, 'win32', [['rundll32', 'url.dll,FileProtocolHandler', '%s']]],
  ['$BROWSER without a desktop', { BROWSER: 'w3m' }, 'linux', [['w3m', '%s']]],
  [
    '$BROWSER as a list',
    { ...display, BROWSER: 'firefox --new-tab %s: chromium ' },
    'linux',
    [
      ['firefox', '--new-tab', '%s'],
      ['chromium', '%s'],
    ],
  ],
  [
    '$BROWSER on Windows',
    { BROWSER: '"C:\\Program Files\\Browser\\b.exe" --url=%s' },
    'win32',
    [['C:\\Program Files\\Browser\\b.exe', '--url=%s']],
  ],
  ['an empty $BROWSER', { ...display, BROWSER: ' : "" ' }, 'linux', [['xdg-open', '%s']]],
] as const)('%s opens addresses', (_what, env, platform, commands) => {
  expect(findBrowsers(env, platform)).toEqual({ commands });
});

test('no desktop and no $BROWSER, no browser', () => {
  expect(findBrowsers({}, 'linux')).toEqual({ missing: 'none' });
});

test.each(['SSH_CONNECTION', 'SSH_TTY'])('over SSH (%s) none is opened', name => {
  expect(findBrowsers({ ...display, BROWSER: 'firefox', [name]: 'x' }, 'linux')).toEqual({ missing: 'ssh' });
});

/** A program that writes its arguments and REMO_TOKEN to a file. */
function recorder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'remo-browser-'));
  const script = path.join(folder, 'record.mjs');
  const file = path.join(folder, 'called.json');
  writeFileSync(
    script,
    `import { writeFileSync } from 'node:fs';
    writeFileSync(${JSON.stringify(file)}, JSON.stringify([process.argv.slice(2), process.env.REMO_TOKEN ?? null]));`,
  );
  return {
    command: [process.execPath, script] as const,
    called: () => JSON.parse(readFileSync(file, 'utf8')),
  };
}

test('the address is one argument, whatever it contains, and secrets stay here', async () => {
  const { command, called } = recorder();
  const url = 'https://id.example/auth?a=1&b=$(touch x)`y`;"z" %s';
  const env = { PATH: process.env['PATH'], REMO_TOKEN: 'secret' };
  expect(await openBrowser([[...command, 'first', '%s']], url, env)).toBe(true);
  expect(called()).toEqual([['first', url], null]);
});

test('the next is tried when one is missing or fails', async () => {
  const { command, called } = recorder();
  const failing = [process.execPath, '-e', 'process.exit(3)'] as const;
  const opened = await openBrowser(
    [['/nonexistent/browser', '%s'], failing, [...command, '%s']],
    'https://a.example/',
    {},
  );
  expect(opened).toBe(true);
  expect(called()[0]).toEqual(['https://a.example/']);
});

test('when all fail it says so', async () => {
  expect(await openBrowser([['/nonexistent/browser', '%s']], 'https://a.example/', {})).toBe(false);
});
