import { describe, expect, it } from 'vitest';
import type { FleetDevice } from '../../../src/sandbox/fleet.js';
import { remo } from '../../support/run.js';
import { type Result, scene } from './scene.js';

describe('remo batches show', () => {
  /** A run with an outcome of each kind. */
  async function mixedRun() {
    const made = await scene(4);
    const [, bad, stuck, offline] = made.devices as [FleetDevice, FleetDevice, FleetDevice, FleetDevice];
    bad.behavior = 'fails';
    stuck.behavior = 'stuck';
    offline.status = 'offline';
    const ended = await made.reboot('--wait=10s', '--concurrency', '4');
    const [{ batch_id: run = '' } = {}] = ended.json<Result[]>();
    const show = (...words: string[]) =>
      remo(['batches', 'show', run, ...words], { env: { REMO_STATE_DIR: ended.folder }, tty: false });
    return { ...made, bad, stuck, offline, show };
  }

  it('with --outcome has those devices, and the counts of the whole run; and who asked for it', async () => {
    const { show, sandbox, bad, stuck } = await mixedRun();
    const { code, json } = await show('--outcome', 'failed,unknown', '-o', 'json');
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      requested_by: sandbox.account.email,
      devices: 4,
      rebooted: 1,
      failed: 1,
      skipped: 1,
      unknown: 1,
      results: [
        { device_id: bad.id, outcome: 'failed', reason: 'reboot_failed' },
        { device_id: stuck.id, outcome: 'unknown', reason: 'not_back' },
      ],
    });
  });

  it('has why a reboot failed, in the words of the backend', async () => {
    const { show } = await mixedRun();
    const failure = 'The device did not respond to the instruction.';
    const { json } = await show('--outcome', 'failed', '-o', 'json');
    expect(json()).toMatchObject({ results: [{ failure }] });
    expect((await show('--outcome', 'failed', '-o', 'table')).out).toContain(failure);
  });

  it.each([
    ['en', 'by hanako.yamada@partner.example'],
    ['ja', 'hanako.yamada@partner.example'],
  ])('has the reboot that a device was left out for, by whom and when (%s)', async (lang, who) => {
    const made = await scene(1);
    const [first] = (await made.reboot('--wait')).json<Result[]>();
    const again = await made.reboot();
    const [{ batch_id: run = '', ...told } = {}] = again.json<Result[]>();
    const env = { REMO_STATE_DIR: again.folder };
    const { json } = await remo(['batches', 'show', run, '-o', 'json'], { env, tty: false });
    const other = {
      reason: 'recently_rebooted',
      reboot_id: first?.reboot_id,
      requested_at: first?.requested_at,
    };
    expect(told).toMatchObject(other);
    expect(json()).toMatchObject({
      results: [{ ...other, requested_by: 'hanako.yamada@partner.example' }],
    });
    const table = await remo(['batches', 'show', run, '-o', 'table', '--lang', lang], { env });
    expect(table.out).toContain(who);
    expect(table.out).toContain(first?.reboot_id);
  });

  it.each([
    ['en', 'STOPPED BY: more failures than allowed'],
    ['ja', '中断の原因: 失敗した機器が上限を超えたため'],
  ])('says what stopped a run (%s)', async (lang, text) => {
    const made = await scene(3);
    for (const device of made.devices) device.behavior = 'fails';
    const ended = await made.reboot('--wait=10s', '--concurrency', '1', '--max-failures', '0');
    const [{ batch_id: run = '' } = {}] = ended.json<Result[]>();
    const show = (...words: string[]) =>
      remo(['batches', 'show', run, ...words], { env: { REMO_STATE_DIR: ended.folder }, tty: false });
    expect((await show('-o', 'json')).json()).toMatchObject({ stopped_by: 'too_many_failures' });
    expect((await show('-o', 'table', '--lang', lang)).out).toMatch(new RegExp(text.replace(': ', ': +')));
  });

  it.each([
    ['en', ['The reboot failed: ', 'Offline: ', 'not back in time.']],
    ['ja', ['再起動に失敗しました: ', 'オフラインのため、', '時間内に復帰しませんでした。']],
  ])('says in words why, in a table (%s); data has the code', async (lang, sentences) => {
    const { show } = await mixedRun();
    const { out } = await show('-o', 'table', '--lang', lang);
    for (const sentence of sentences) expect(out).toContain(sentence);
    expect(out).not.toContain('reboot_failed');
    expect((await show('-o', 'csv')).out).toContain(',reboot_failed,');
  });

  it.each([
    ['unknown, skipped', 2],
    ['skipped,skipped', 1],
    ['accepted', 0],
  ])('with --outcome %j has %i of the devices', async (outcome, count) => {
    const { show } = await mixedRun();
    const { out } = await show('--outcome', outcome, '-o', 'ndjson');
    expect(out.split('\n').slice(0, -1)).toHaveLength(count);
  });

  it.each(['', 'failed,', 'Failed', 'all'])('does not know the outcome %j: 2', async outcome => {
    const { show } = await mixedRun();
    const { code, err } = await show('--outcome', outcome);
    expect(code).toBe(2);
    expect(err).toContain('--outcome: ');
    expect(err).toContain('accepted, rebooted, failed, skipped, not_attempted or unknown');
  });
});
