import { lstat, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RemoError } from '../../src/errors.js';
import { changedHands, readPlan, type SavedPlan, savePlan } from '../../src/reboot/plan-file.js';
import { journalHeader } from '../support/journal.js';
import { temporaryFolder } from '../support/run.js';

const plan: SavedPlan = {
  type: 'remo-plan',
  version: 1,
  saved_at: '2026-11-23T03:00:00.000Z',
  remo_version: '0.1.0',
  profile: 'default',
  api_url: 'https://host.example/partner/v1',
  reason: 'firmware, 受付4711',
  options: journalHeader({
    options: { window: { from: '22:00', to: '02:00', time_zone: 'Asia/Tokyo', stop: true } },
  }).options,
  devices: [
    { device_id: 'dev_1', device_name: '駐車場', customer_id: 'cus_1', customer_email: 'sakura@example.jp' },
    { device_id: 'dev_2', device_name: '', customer_id: 'cus_2', customer_email: 'ume@example.jp' },
  ],
  skipped: [{ device_id: 'dev_3', reason: 'offline' }],
};

async function file(content?: string | Buffer): Promise<string> {
  const name = path.join(await temporaryFolder(), 'plan.json');
  if (content !== undefined) await writeFile(name, content);
  return name;
}

describe('a plan that is saved', () => {
  it('is read as it was', async () => {
    const name = await file();
    await savePlan(name, plan);
    expect(await readPlan(name)).toEqual(plan);
  });

  it.skipIf(process.platform === 'win32')('is for its owner alone, as it names customers', async () => {
    const name = await file();
    await savePlan(name, plan);
    expect((await lstat(name)).mode & 0o777).toBe(0o600);
  });

  it('is not written over anything', async () => {
    const name = await file('mine');
    await expect(savePlan(name, plan)).rejects.toMatchObject({
      code: 'plan_exists',
      exitCode: 2,
      params: { path: name },
    });
    expect(await readFile(name, 'utf8')).toBe('mine');
    const link = path.join(path.dirname(name), 'link');
    await symlink('nowhere', link);
    await expect(savePlan(link, plan)).rejects.toMatchObject({ code: 'plan_exists' });
  });

  it('can not be saved below a file', async () => {
    const name = path.join(await file('mine'), 'plan.json');
    await expect(savePlan(name, plan)).rejects.toMatchObject({
      code: 'file_unwritable',
      params: { path: name },
    });
  });
});

describe('a plan that is read', () => {
  const source = JSON.stringify(plan, null, 2);

  it('may have a byte order mark, and fields of a newer remo', async () => {
    const name = await file(`\uFEFF${JSON.stringify({ ...plan, mood: 'good' })}`);
    expect(await readPlan(name)).toEqual(plan);
  });

  it.each<[what: string, content: string | Buffer, params: object]>([
    ['nothing', '', { problem: { kind: 'syntax', trouble: 'value' }, line: 1, column: 1 }],
    [
      'JSON that is cut off',
      source.slice(0, -20),
      { problem: { kind: 'syntax', trouble: expect.any(String) }, line: source.split('\n').length - 3 },
    ],
    ['another encoding', Buffer.from(source, 'utf16le').swap16(), { problem: { kind: 'encoding' } }],
    ['another kind of JSON', '[]', { problem: { kind: 'not_a_plan' } }],
    ['a journal', '{"type":"header","version":1}', { problem: { kind: 'not_a_plan' } }],
    ['a later version', '{"type":"remo-plan","version":2}', { problem: { kind: 'version', version: '2' } }],
    ['no version', '{"type":"remo-plan"}', { problem: { kind: 'not_a_plan' } }],
    [
      'a field of another type',
      source.replace('"dev_2"', '2'),
      { problem: { kind: 'field', at: 'devices.1.device_id' }, line: lineOf('"dev_2"') },
    ],
    [
      'a field that is missing',
      source.replace('"customer_id": "cus_2",', ''),
      { problem: { kind: 'field', at: 'devices.1.customer_id' }, line: lineOf('"dev_2"') - 1 },
    ],
    [
      'a window that is none',
      source.replace('"22:00"', '"25:00"'),
      { problem: { kind: 'field', at: 'options.window' }, line: lineOf('"window"') },
    ],
    [
      'nobody to work on it',
      source.replace('"concurrency": 8', '"concurrency": 0'),
      { problem: { kind: 'field', at: 'options.concurrency' }, line: lineOf('"concurrency"') },
    ],
  ])('is refused with %s, saying where', async (_what, content, params) => {
    const name = await file(content);
    await expect(readPlan(name)).rejects.toMatchObject({
      code: 'plan_file_broken',
      exitCode: 2,
      params: { path: name, ...params },
    });
  });

  function lineOf(part: string): number {
    return source.slice(0, source.indexOf(part)).split('\n').length;
  }

  it('has to be there, and to be a file', async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'plan.json'));
    for (const name of ['nowhere', 'plan.json']) {
      await expect(readPlan(path.join(folder, name))).rejects.toMatchObject({
        code: 'file_unreadable',
        exitCode: 2,
      });
    }
  });

  it('is a plan or refused, however it was changed', async () => {
    const name = await file();
    const change = fc.record({
      at: fc.nat(source.length),
      remove: fc.nat(4),
      insert: fc.oneof(fc.constantFrom('"', '{', '}', ',', ':', '\\', '0', '-', 'null'), fc.string()),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, remove, insert }) => {
        await writeFile(name, source.slice(0, at) + insert + source.slice(at + remove));
        const read = await readPlan(name).catch(error => {
          if (error instanceof RemoError && error.is('plan_file_broken')) return undefined;
          throw error;
        });
        if (read) expect(Object.keys(read)).toEqual(Object.keys(plan));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the devices of a plan', () => {
  it('are told where they belong to somebody else by now', () => {
    const now = [
      { id: 'dev_1', customer_id: 'cus_1' },
      { id: 'dev_2', customer_id: 'cus_9' },
      { id: 'dev_3', customer_id: 'cus_9' },
    ];
    expect(changedHands(plan, now)).toEqual([{ id: 'dev_2', was: 'cus_2', now: 'cus_9' }]);
  });

  it('are not told where nothing changed, or where they are gone', () => {
    expect(changedHands(plan, [{ id: 'dev_1', customer_id: 'cus_1' }])).toEqual([]);
  });
});
