import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.js';
import { instructions, ofDifferentOwners } from '../../support/fleet.js';
import { remo, temporaryFolder } from '../../support/run.js';
import { sandboxForTest } from '../../support/sandbox.js';

/** The words of a run that is told in every way, and does not take long. */
const settings = [
  ...['--no-wait', '--concurrency', '2', '--per-customer', '3', '--max-failures', '4', '--min-interval', '0'],
  ...['--max-failure-rate', '50%', '--window', '00:00-23:59', '--tz', 'Asia/Tokyo', '--reason', 'firmware'],
];

/** A saved plan of three devices, the middle one of them offline. */
async function savedPlan(words: readonly string[] = settings, name = 'plan.json') {
  const sandbox = await sandboxForTest();
  const devices = ofDifferentOwners(sandbox, 3);
  const ids = devices.map(({ id }) => id);
  const [, middle] = devices;
  if (middle) middle.status = 'offline';
  const file = path.join(await temporaryFolder(), name);
  const ended = await remo(['devices', 'reboot', ...ids, '--save-plan', file, '-o', 'json', ...words], {
    sandbox,
  });
  return { sandbox, devices, ids, middle, file, ended };
}

const run = (sandbox: Sandbox, file: string, ...words: string[]) =>
  remo(['devices', 'reboot', '--plan', file, ...words], { sandbox });

describe('remo devices reboot --save-plan', () => {
  it('shows and keeps the plan, for its owner alone, and sends nothing', async () => {
    const { sandbox, ids, file, ended } = await savedPlan();
    expect(ended.code).toBe(0);
    expect(ended.json()).toMatchObject([
      { device_id: ids[0], action: 'reboot' },
      { device_id: ids[1], action: 'skip', reason: 'offline' },
      { device_id: ids[2], action: 'reboot' },
    ]);
    for (const told of [
      'Plan: 2 devices of 2 customers',
      'may not be viewable',
      `Run it with: remo devices reboot --plan ${file}\n`,
    ])
      expect(ended.err).toContain(told);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      api_url: sandbox.apiUrl,
      reason: 'firmware',
      options: { wait_ms: null, concurrency: 2, window: { from: '00:00', time_zone: 'Asia/Tokyo' } },
      devices: [{ device_id: ids[0] }, { device_id: ids[2] }],
      skipped: [{ device_id: ids[1], reason: 'offline' }],
    });
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(instructions(sandbox)).toEqual([]);
    expect(await readdir(ended.folder)).toEqual([]);
  });

  it('names a file with a space in its name so that it can be pasted', async () => {
    const { file, ended } = await savedPlan([], 'my plan.json');
    expect(ended.err).toContain(`remo devices reboot --plan "${file}"\n`);
  });

  it('with --quiet still says what was asked for', async () => {
    const { ended } = await savedPlan(['--quiet']);
    expect(ended.err).toContain('Plan: 2 devices');
  });

  it('writes over nothing, and finds that before it asks for a thousand devices', async () => {
    const { sandbox, ids, file } = await savedPlan();
    const before = await readFile(file, 'utf8');
    sandbox.requests.length = 0;
    const { code, out, err } = await remo(['devices', 'reboot', ...ids, '--save-plan', file], { sandbox });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`${file} is there already`);
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(sandbox.requests).toEqual([]);
  });

  it('of a number that was not expected keeps nothing: 7', async () => {
    const { sandbox, ids, file } = await savedPlan();
    const other = `${file}.2`;
    const words = ['devices', 'reboot', ...ids, '--save-plan', other, '--confirm', '3'];
    const { code, err } = await remo(words, { sandbox });
    expect(code).toBe(7);
    expect(err).toContain('The plan would reboot 2 devices (1 more is skipped), not 3.');
    await expect(stat(other)).rejects.toThrow('ENOENT');
  });

  it('makes the folder for it, and says where it can not', async () => {
    const { sandbox, ids, file } = await savedPlan();
    const below = path.join(path.dirname(file), 'plans', 'plan.json');
    expect(await remo(['devices', 'reboot', ...ids, '--save-plan', below], { sandbox })).toMatchObject({
      code: 0,
    });
    const nowhere = path.join(file, 'plan.json');
    const { code, err } = await remo(['devices', 'reboot', ...ids, '--save-plan', nowhere], { sandbox });
    expect(code).toBe(2);
    expect(err).toContain(`${nowhere} can't be written`);
  });
});

describe('remo devices reboot --plan', () => {
  it('carries out exactly that plan, with its settings and its reason', async () => {
    const { sandbox, ids, middle, file } = await savedPlan();
    // What was not to be rebooted then is not now either.
    if (middle) middle.status = 'online';
    const { code, err, json, folder } = await run(sandbox, file, '--yes', '-o', 'json');
    expect(code).toBe(0);
    const wanted = [ids[0], ids[2]];
    expect(json()).toMatchObject(wanted.map(device_id => ({ device_id, outcome: 'accepted' })));
    expect(sandbox.reboots.map(({ reason }) => reason)).toEqual(['firmware', 'firmware']);
    expect(err).toContain('Up to 2 customers at once, 3 devices of a customer at a time');
    const [journal = ''] = await readdir(path.join(folder, 'batches'));
    const [line = ''] = (await readFile(path.join(folder, 'batches', journal), 'utf8')).split('\n');
    const { options } = JSON.parse(await readFile(file, 'utf8'));
    expect(JSON.parse(line)).toMatchObject({
      reason: 'firmware',
      options,
      devices: wanted.map(device_id => ({ device_id })),
    });
  });

  it('looks at each device anew: one that is offline by now is skipped', async () => {
    const { sandbox, devices, ids, file } = await savedPlan();
    if (devices[2]) devices[2].status = 'offline';
    const { code, json } = await run(sandbox, file, '--yes', '-o', 'json');
    expect(code).toBe(3);
    expect(json()).toMatchObject([
      { device_id: ids[0], outcome: 'accepted' },
      { device_id: ids[2], outcome: 'skipped', reason: 'offline' },
    ]);
  });

  it('refuses with 7 when a device belongs to another customer by now, and says whose', async () => {
    const { sandbox, devices, ids, file } = await savedPlan();
    const was = devices[0]?.customer_id ?? '';
    const now = sandbox.fleet.customer('kawai@example.jp').id;
    if (devices[0]) devices[0].customer_id = now;
    const { code, out, err } = await run(sandbox, file, '--yes');
    expect({ code, out }).toEqual({ code: 7, out: '' });
    expect(err).toContain(`${ids[0]}: was ${was}, now ${now}`);
    expect(instructions(sandbox)).toEqual([]);
    // Looking at it refuses as well: it could not be carried out.
    expect(await run(sandbox, file, '--dry-run')).toMatchObject({ code: 7 });
  });

  it('ends with 5 when a device is gone', async () => {
    const { sandbox, ids, file } = await savedPlan();
    sandbox.fleet.devices.delete(ids[2] ?? '');
    const { code, err } = await run(sandbox, file, '--yes');
    expect(code).toBe(5);
    expect(err).toContain(`No such device: ${ids[2]}`);
    expect(instructions(sandbox)).toEqual([]);
  });

  it('against another backend than it was made for sends nothing: 2', async () => {
    const { file } = await savedPlan();
    const other = await sandboxForTest();
    const { code, err } = await run(other, file, '--yes');
    expect(code).toBe(2);
    expect(err).toContain('was made for');
    expect(other.requests).toEqual([]);
  });

  it('asks, and needs --yes where nobody can be asked; --confirm counts; --dry-run only shows', async () => {
    const { sandbox, ids, file } = await savedPlan();
    expect(await run(sandbox, file)).toMatchObject({ code: 7 });
    expect(await run(sandbox, file, '--confirm', '3')).toMatchObject({ code: 7 });
    const shown = await run(sandbox, file, '--dry-run', '-o', 'json');
    expect(shown.json()).toMatchObject([{ device_id: ids[0] }, { device_id: ids[2] }]);
    expect(instructions(sandbox)).toEqual([]);
    expect(await run(sandbox, file, '--confirm', '2')).toMatchObject({ code: 0 });
    expect(instructions(sandbox)).toHaveLength(2);
  });

  it.each(['--plan', '--file'])('that is not there says so before it wants an answer: %s', async option => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(['devices', 'reboot', option, 'nope.json'], { sandbox });
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('nope.json') });
    expect(sandbox.requests).toEqual([]);
  });

  it('of which all is left out has nothing to do, as without the file: 3, and no journal', async () => {
    const sandbox = await sandboxForTest();
    const file = path.join(await temporaryFolder(), 'plan.json');
    const { id } = sandbox.fleet.device({ status: 'offline' });
    await remo(['devices', 'reboot', id, '--save-plan', file], { sandbox });
    const { code, out, err, folder } = await run(sandbox, file, '--yes', '-o', 'json');
    expect({ code, out }).toEqual({ code: 3, out: '[]\n' });
    expect(err).toBe('No device to reboot; nothing was sent.\n');
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['--no-wait'],
    ['--wait'],
    ['--concurrency', '8'],
    ['--per-customer', '1'],
    ['--canary', '1'],
    ['--max-failures', '0'],
    ['--max-failure-rate', '0'],
    ['--min-interval', '0'],
    ['--window', '01:00-05:00'],
    ['--reason', 'x'],
    ['--skip-missing'],
    ['--save-plan', 'other.json'],
  ])('has no place for %s %s: 2, asking nobody', async (option, ...value) => {
    const { sandbox, file } = await savedPlan();
    sandbox.requests.length = 0;
    const { code, err } = await run(sandbox, file, option, ...value);
    expect(code).toBe(2);
    expect(err).toContain(`--plan and ${option} can't be used together`);
    expect(sandbox.requests).toEqual([]);
  });

  it.each<[what: string, content: string | undefined, says: string]>([
    ['that is not there', undefined, "can't be read"],
    ['that is none', '{"id":"dev_1"}\n', 'it is not a plan that remo saved'],
    ['of a later version', '{"type":"remo-plan","version":9}', 'it is of version 9'],
  ])('%s is refused: 2, asking nobody', async (_what, content, says) => {
    const sandbox = await sandboxForTest();
    const file = path.join(await temporaryFolder(), 'plan.json');
    if (content !== undefined) await writeFile(file, content);
    const { code, err } = await run(sandbox, file, '--yes');
    expect(code).toBe(2);
    expect(err).toContain(file);
    expect(err).toContain(says);
    expect(sandbox.requests).toEqual([]);
  });

  it.each([
    [['--plan', ''], '--plan: "" is not usable'],
    [['dev_1', '--save-plan', ''], '--save-plan: "" is not usable'],
    [['dev_1', '--save-plan', 'p.json', '--yes'], "--save-plan and --yes can't be used together"],
  ])('nor %j', async (words, says) => {
    const sandbox = await sandboxForTest();
    const { code, err } = await remo(['devices', 'reboot', ...words], { sandbox });
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(sandbox.requests).toEqual([]);
  });
});
