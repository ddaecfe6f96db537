import { describe, expect, it } from 'vitest';
import { openResults } from '../../../src/commands/batches/results.js';
import type { OutputFormat } from '../../../src/config.js';
import type { DeviceResult, Ending } from '../../../src/reboot/outcome.js';
import { fakeContext } from '../../support/host.js';
import { plannedDevice } from '../../support/planned.js';

const back: Ending = { outcome: 'rebooted', bootedAt: '2026-11-23T03:01:00Z', tookMs: 60_000 };
const interrupted: Ending = { outcome: 'not_attempted', reason: { code: 'interrupted' } };
const result = (id: string, ending: Ending = back): DeviceResult => ({ planned: plannedDevice(id), ending });

async function scene(output: OutputFormat) {
  const { host, context } = await fakeContext();
  context.useFlags({ output });
  const plan = [result('a'), result('b'), result('c', interrupted)] as const;
  return { host, context, results: openResults('run-1', {}, context), plan };
}

const lines = (text: string) =>
  text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));

describe('the results of a run', () => {
  it('with -o ndjson are written as they end, and at the end only those that are left', async () => {
    const { host, results, plan } = await scene('ndjson');
    results.add(plan[1]);
    expect(lines(host.out)).toMatchObject([{ device_id: 'b', outcome: 'rebooted', batch_id: 'run-1' }]);
    results.add(plan[0]);
    expect(await results.finish({ results: plan })).toBeUndefined();
    expect(lines(host.out)).toMatchObject([
      { device_id: 'b' },
      { device_id: 'a' },
      { device_id: 'c', outcome: 'not_attempted', reason: 'interrupted' },
    ]);
  });

  it('has the same fields either way', async () => {
    const { host, results, plan } = await scene('ndjson');
    results.add(plan[0]);
    await results.finish({ results: plan });
    const [first, , last] = lines(host.out);
    expect(Object.keys(first)).toEqual(Object.keys(last));
  });

  it.each<OutputFormat>(['json', 'csv', 'table'])(
    'with -o %s are written at the end, in the plan’s order',
    async output => {
      const { host, results, plan } = await scene(output);
      results.add(plan[1]);
      results.add(plan[0]);
      expect(host.out).toBe('');
      expect(await results.finish({ results: plan })).toBeUndefined();
      const ids = [...host.out.matchAll(/^(?: *"device_id": "|)([abc])\b/gm)].map(([, id]) => id);
      expect(ids).toEqual(['a', 'b', 'c']);
    },
  );

  it.each<OutputFormat>(['ndjson', 'json'])('with -o %s end quietly when nobody reads on', async output => {
    const { host, results, plan } = await scene(output);
    host.stdout.breakWith('EPIPE');
    for (const one of plan) results.add(one);
    expect(await results.finish({ results: plan })).toBeUndefined();
  });

  it.each<OutputFormat>(['ndjson', 'json'])(
    'with -o %s go on to the end on a full disk, and say so then',
    async output => {
      const { host, results, plan } = await scene(output);
      results.add(plan[0]);
      host.stdout.breakWith('ENOSPC');
      results.add(plan[1]);
      await new Promise(resolve => setImmediate(resolve));
      results.add(plan[2]);
      expect(await results.finish({ results: plan })).toMatchObject({ code: 'output_failed' });
    },
  );

  it('escape in -o ndjson what could forge a line', async () => {
    const { host, results } = await scene('ndjson');
    results.add({ planned: plannedDevice('a', 'x\n{"device_id":"b"}\u2028\x1b[2J'), ending: back });
    expect(host.out.match(/\n/g)).toHaveLength(1);
    expect(host.out).toContain('\\u2028\\u001b[2J');
  });
});
