import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.js';
import { remo, temporaryFolder } from '../../support/run.js';
import { sandboxForTest } from '../../support/sandbox.js';

interface Summary {
  batch_id: string;
  state: string;
  devices: number;
  accepted: number;
  unknown: number;
  results: { device_id: string; outcome: string }[];
}

const online = (sandbox: Sandbox, count: number) =>
  [...sandbox.fleet.devices.values()]
    .filter(({ status, behavior }) => status === 'online' && behavior === 'normal')
    .slice(0, count)
    .map(({ id }) => id);

/** A finished run of three devices in a folder of its own. */
async function finishedRun() {
  const sandbox = await sandboxForTest();
  const folder = await temporaryFolder();
  const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
  const ids = online(sandbox, 3);
  const { json } = await remo(
    ['devices', 'reboot', ...ids, '--yes', '--no-wait', '--reason', 'night job', '-o', 'json'],
    {
      sandbox,
      env,
    },
  );
  const batchId = json<{ batch_id: string }[]>()[0]?.batch_id ?? '';
  const file = path.join(folder, 'batches', `${batchId}.ndjson`);
  return { sandbox, folder, env, ids, batchId, file };
}

/** The same, as if it had been killed after so many of its lines. */
async function killedRun(lines: number) {
  const run = await finishedRun();
  const kept = (await readFile(run.file, 'utf8')).split('\n').slice(0, lines).join('\n');
  await truncate(run.file, Buffer.byteLength(`${kept}\n`));
  return run;
}

describe('remo batches list', () => {
  it('has each run with its counts, newest first', async () => {
    const { env, sandbox, ids } = await finishedRun();
    await remo(['devices', 'reboot', sandbox.fleet.device({ status: 'offline' }).id, '--yes'], {
      sandbox,
      env,
    });
    const { code, json } = await remo(['batches', 'list', '-o', 'json'], { env });
    expect(code).toBe(0);
    expect(json<Summary[]>()).toMatchObject([
      { devices: 1, skipped: 1, state: 'finished' },
      { devices: ids.length, accepted: 3, reason: 'night job', state: 'finished' },
    ]);
    expect((await remo(['batches', 'list'], { env, tty: true, columns: 160 })).out).toContain('night job');
  });

  it('makes room for the counts that there are by those that are 0 in every run', async () => {
    const { env, ids } = await finishedRun();
    for (const LANG of ['C.UTF-8', 'ja_JP.UTF-8']) {
      const place = { env: { ...env, LANG, NO_COLOR: '1' }, tty: true, columns: 72 };
      const { out } = await remo(['batches', 'list'], place);
      const [header = '', , row = ''] = out.split('\n');
      expect(header).toMatch(/(DEVICES +ACCEPTED|機器数 +受付済み)$/);
      expect(row).toMatch(new RegExp(` ${ids.length} +${ids.length}$`));
    }
  });

  it('tells runs apart in the narrowest terminal', async () => {
    const { env, batchId } = await finishedRun();
    const { out } = await remo(['batches', 'list'], { env, tty: true, columns: 20 });
    expect(out).toContain(`${batchId.slice(0, 19)}…`);
    expect((await remo(['batches', 'list'], { env, tty: true, columns: 34 })).out).toContain(batchId);
  });

  it('without any run says so, and needs no backend', async () => {
    expect(await remo(['batches', 'list', '-o', 'json'])).toMatchObject({
      code: 0,
      out: '[]\n',
      err: 'No reboots have been recorded on this computer.\n',
    });
  });

  it('names a journal that can not be read, and lists the others', async () => {
    const { env, folder } = await finishedRun();
    await writeFile(path.join(folder, 'batches', '20000101T000000Z-bad.ndjson'), 'garbage\n');
    const { code, json, err } = await remo(['batches', 'list', '-o', 'json'], { env });
    expect(code).toBe(0);
    expect(json<Summary[]>()).toHaveLength(1);
    expect(err).toContain('20000101T000000Z-bad.ndjson');
  });
});

describe('remo batches show', () => {
  it('tells of a run and of each device', async () => {
    const { env, batchId, ids } = await finishedRun();
    const { json } = await remo(['batches', 'show', batchId, '-o', 'json'], { env });
    expect(json<Summary>()).toMatchObject({
      batch_id: batchId,
      state: 'finished',
      results: ids.map(device_id => ({ device_id, outcome: 'accepted' })),
    });
    const table = await remo(['batches', 'show', batchId], { env, tty: true, columns: 160 });
    expect(table.out).toContain('finished');
    for (const id of ids) expect(table.out).toContain(id);
  });

  it('with --outcome tells of those devices only', async () => {
    const { env, batchId } = await killedRun(2);
    const { out, err } = await remo(['batches', 'show', batchId, '--outcome', 'not_attempted'], { env });
    expect(out.trim().split('\n')).toHaveLength(2);
    expect(err).toContain(`remo batches resume ${batchId}`);
    expect(await remo(['batches', 'show', batchId, '--outcome', 'lost'], { env })).toMatchObject({ code: 2 });
  });

  it('of an unknown run exits 2, with the nearest name', async () => {
    const { env, batchId } = await finishedRun();
    const { code, err } = await remo(['batches', 'show', `${batchId.slice(0, -1)}z`], { env });
    expect(code).toBe(2);
    expect(err).toContain(`Did you mean ${batchId}?`);
    expect(await remo(['batches', 'show', '../config'], { env })).toMatchObject({ code: 2 });
  });
});

describe('remo batches resume', () => {
  it.each([1, 2, 3, 4, 5])(
    'of a run killed after %i lines ends with each device instructed once',
    async lines => {
      const { sandbox, env, ids, batchId } = await killedRun(lines);
      const { code } = await remo(['batches', 'resume', batchId, '--yes'], { sandbox, env });
      const { json } = await remo(['batches', 'show', batchId, '-o', 'json'], { env });
      const { results, state } = json<Summary>();
      expect(state).toBe('finished');
      // Those the cut journal had no intent of were instructed before the cut: to this journal they are new, and the
      // backend still has them rebooting.
      for (const id of ids) expect(sandbox.rebootCount(id)).toBeLessThanOrEqual(2);
      for (const { device_id, outcome } of results) {
        expect(['accepted', 'skipped']).toContain(outcome);
        if (outcome === 'skipped') expect(sandbox.rebootCount(device_id)).toBe(1);
      }
      expect([0, 3]).toContain(code);
    },
  );

  it('of a device that may have been instructed finds it at the backend under its key', async () => {
    const { sandbox, env, batchId, ids } = await killedRun(2);
    const [first] = (await readFile(path.join(env.REMO_STATE_DIR, 'batches', `${batchId}.ndjson`), 'utf8'))
      .split('\n')
      .slice(1);
    const { device_id } = JSON.parse(first ?? '') as { device_id: string };
    expect(ids).toContain(device_id);
    const { err } = await remo(['batches', 'resume', batchId, '--yes'], { sandbox, env });
    expect(err).toContain('may have been instructed already');
    expect(sandbox.rebootCount(device_id)).toBe(1);
  });

  it('of a finished run does nothing and says so', async () => {
    const { sandbox, env, batchId, ids } = await finishedRun();
    const { code, err } = await remo(['batches', 'resume', batchId, '--yes'], { sandbox, env });
    expect({ code, err }).toEqual({
      code: 0,
      err: `The run ${batchId} is finished; there is nothing to resume.\n`,
    });
    for (const id of ids) expect(sandbox.rebootCount(id)).toBe(1);
  });

  it('asks on a terminal, and no is no', async () => {
    const { sandbox, env, batchId } = await killedRun(2);
    const before = sandbox.reboots.length;
    const answer = (key: string) =>
      remo(['batches', 'resume', batchId], {
        sandbox,
        env,
        tty: true,
        person: async host => {
          await host.shown('Go on with');
          host.type(key);
          host.type('\r');
        },
      });
    expect(await answer('n')).toMatchObject({ code: 7 });
    expect(sandbox.reboots).toHaveLength(before);
    expect(await remo(['batches', 'resume', batchId], { sandbox, env })).toMatchObject({ code: 7 });
  });

  it('against another backend than the run was for sends nothing', async () => {
    const { env, batchId } = await killedRun(2);
    const other = await sandboxForTest();
    const { code, err } = await remo(['batches', 'resume', batchId, '--yes'], { sandbox: other, env });
    expect(code).toBe(2);
    expect(err).toContain('belongs to');
    expect(other.requests).toEqual([]);
  });

  it('leaves no lock behind', async () => {
    const { sandbox, env, folder, batchId } = await killedRun(2);
    await remo(['batches', 'resume', batchId, '--yes'], { sandbox, env });
    expect(await readdir(path.join(folder, 'batches'))).toEqual([`${batchId}.ndjson`]);
  });
});
