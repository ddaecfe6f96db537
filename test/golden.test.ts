import { describe, expect, it, vi } from 'vitest';
import { widthOf } from '../src/terminal/width.js';
import { fakeClock } from './support/clock.js';
import { remo, temporaryFolder } from './support/run.js';
import { sandboxForTest } from './support/sandbox.js';

/** What is another each time, and what stands for it. A port of the system's choice has five digits. */
const chance: readonly [RegExp, (found: string) => string][] = [
  [/(?<=\d{8}T\d{9}Z-)[0-9a-f]{6}/g, () => '0a1b2c'],
  [/(?<=req_)[0-9a-f-]{36}/g, () => '0'.repeat(36)],
  // Where the line is full an address goes on in the next one.
  [/(?<=127\.0\.0\.(\n *)?1:)\d+(\n *\d+)?/g, found => found.replace(/\d/g, '0')],
];

/**
 * One sitting at a terminal: the commands and what they show, data first, then what is told beside it. The files are
 * to be looked at: `npx vitest run test/golden.test.ts -u` writes them anew.
 */
async function sitting(lang: 'en' | 'ja', columns: number) {
  // Nothing else depends on where the machine is.
  vi.stubEnv('TZ', 'Asia/Tokyo');
  const clock = fakeClock();
  const sandbox = await sandboxForTest({ now: () => clock.now(), customers: 25, bootSeconds: 5 });
  const sakura = sandbox.fleet.customer('sakura@example.jp');
  const [entrance, parking, till, recorder] = sakura.devices;
  if (!entrance || !parking || !till || !recorder) throw new Error('the sandbox has changed');
  till.behavior = 'fails';
  const folder = await temporaryFolder();
  const env = {
    LANG: 'C.UTF-8',
    REMO_LANG: lang,
    NO_COLOR: '1',
    // Nothing that moves.
    CI: '1',
    REMO_CONFIG_DIR: folder,
    REMO_STATE_DIR: folder,
  };
  const tty = { stdout: true, stderr: true };
  const shown: { command: string; text: string; tables: string }[] = [];
  const made = (text: string) => chance.reduce((sum, [what, instead]) => sum.replace(what, instead), text);
  async function enter(words: string[], own: Parameters<typeof remo>[1] = {}) {
    const place = { sandbox, replacements: { clock }, env, tty, columns, ...own };
    const { out, err } = await remo(words, place);
    const [data, told] = [out, err].map(text => made(text).replaceAll(folder, '/state'));
    shown.push({
      command: made(`$ remo ${words.join(' ')}`),
      text: `${data}${told}`.trimEnd(),
      tables: `${data}`,
    });
  }
  await enter(['customers', 'list']);
  await enter(['devices', 'show', sakura.email]);
  const ids = [entrance.id, parking.id, till.id];
  await enter([
    'devices',
    'reboot',
    ...ids,
    '--yes',
    '--wait=30s',
    '--concurrency',
    '1',
    '--progress',
    'none',
    '--reason',
    '映像停止 受付4711',
  ]);
  clock.advance(3 * 60_000);
  await enter(['devices', 'status', ...ids, recorder.id]);
  await enter(['batches', 'list']);
  const { out } = await remo(['batches', 'list', '-o', 'csv'], { env });
  await enter(['batches', 'show', out.split('\r\n')[1]?.split(',')[0] ?? '']);
  const settings = { REMO_CONFIG_DIR: '/nowhere', REMO_API_URL: 'https://partner.example/partner/v1' };
  await enter(['config', 'list'], { env: { ...env, ...settings } });
  await enter(['whoami'], { env: { ...env } });
  return shown;
}

describe.each(['en', 'ja'] as const)('a sitting in %s', lang => {
  it.each([40, 80, 120])('at %i columns', async columns => {
    const shown = await sitting(lang, columns);
    for (const { tables } of shown) {
      for (const line of tables.split('\n').filter(text => !/: {1,}\S/.test(text))) {
        expect(widthOf(line)).toBeLessThanOrEqual(columns);
      }
    }
    const text = shown.map(({ command, text }) => `${command}\n${text}\n`).join('\n');
    await expect(text).toMatchFileSnapshot(`golden/${lang}-${columns}.txt`);
  });
});
