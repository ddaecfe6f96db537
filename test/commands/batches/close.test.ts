import { mkdir, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FakeHost } from '../../support/host.js';
import { remo } from '../../support/run.js';
import { type Result, scene } from './scene.js';

/** A run with a device that never comes back, and one that is left alone for that. */
async function openRun() {
  const made = await scene(2);
  const [first, second] = made.devices;
  if (!first || !second) throw new Error('a scene of two');
  second.customer_id = first.customer_id;
  // Recorders would come last.
  first.kind = 'camera';
  first.behavior = 'stuck';
  const ended = await made.reboot('--wait=1m');
  const results = ended.json<Result[]>();
  expect(results).toMatchObject([{ outcome: 'unknown' }, { outcome: 'not_attempted' }]);
  const run = results[0]?.batch_id ?? '';
  const env = { REMO_CONFIG_DIR: ended.folder, REMO_STATE_DIR: ended.folder };
  const batches = (words: string[], options: Parameters<typeof remo>[1] = {}) =>
    remo(['batches', ...words], { ...made.at, env, ...options });
  const state = async () => (await batches(['list', '-o', 'json'])).json<{ state: string }[]>()[0]?.state;
  return { ...made, run, batches, state, folder: ended.folder };
}

describe('remo batches close', () => {
  it('ends a run that can not be finished: it stays as it is, and is not gone on with', async () => {
    const { run, batches, state, sandbox } = await openRun();
    expect((await batches(['show', run, '-o', 'table'])).err).toContain(`remo batches close ${run}`);
    const requests = sandbox.requests.length;
    expect(await batches(['close', run, '--yes'])).toMatchObject({
      code: 0,
      out: '',
      err: `The run ${run} is closed; nothing more will be done with it.\n`,
    });
    expect(await state()).toBe('closed');
    const shown = await batches(['show', run, '-o', 'json']);
    expect(shown.json()).toMatchObject({ state: 'closed', unknown: 1, not_attempted: 1 });
    expect(shown.err).not.toContain('resume');
    // What became of the devices still decides: one is unknown.
    const resumed = await batches(['resume', run, '--yes']);
    expect(resumed).toMatchObject({ code: 8, out: '' });
    expect(resumed.err).toContain('is closed');
    expect((await batches(['close', run, '--yes'])).err).toContain('is closed');
    expect(sandbox.requests.filter(({ path }) => path.startsWith('/partner'))).toHaveLength(requests);
  });

  it('asks a person, and takes Enter for a no', async () => {
    const { run, batches, state } = await openRun();
    const person = async (host: FakeHost) => {
      await host.shown(`Close the run ${run} with 2 devices left open?`);
      host.type('\r');
    };
    expect(await batches(['close', run], { tty: true, person })).toMatchObject({ code: 7 });
    expect(await state()).toBe('unfinished');
  });

  it('where nobody can be asked does nothing without --yes', async () => {
    const { run, batches, state } = await openRun();
    const { code, err } = await batches(['close', run]);
    expect(code).toBe(7);
    expect(err).toContain('--yes');
    expect(await state()).toBe('unfinished');
  });

  it('of a run that is finished, or is none, says so', async () => {
    const { at, reboot } = await scene(1);
    const { json, folder } = await reboot();
    const run = json<Result[]>()[0]?.batch_id ?? '';
    const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
    const close = (name: string) => remo(['batches', 'close', name, '--yes'], { ...at, env });
    expect(await close(run)).toMatchObject({
      code: 0,
      err: `The run ${run} is finished; there is nothing to resume.\n`,
    });
    const none = await close(`${run}x`);
    expect(none.code).toBe(2);
    expect(none.err).toContain(run);
    const unasked = await remo(['batches', 'close', 'nope'], { ...at, env });
    expect(unasked).toMatchObject({ code: 2, err: expect.stringContaining('nope') });
  });
});

describe('a run that a process is at work on', () => {
  it('is running, until its lock has not been touched for ten seconds', async () => {
    const { run, state, folder } = await openRun();
    const lock = path.join(folder, 'batches', `${run}.lock`);
    await mkdir(lock);
    expect(await state()).toBe('running');
    const ago = new Date(Date.now() - 11_000);
    await utimes(lock, ago, ago);
    expect(await state()).toBe('unfinished');
    await rm(lock, { recursive: true });
    expect(await state()).toBe('unfinished');
  });
});
