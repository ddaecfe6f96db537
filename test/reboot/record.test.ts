import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../src/reboot/journal.js';
import { listJournals } from '../../src/reboot/journals.js';
import { isFinished, type JournalEntry, type JournalHeader, readRecord } from '../../src/reboot/record.js';
import { intentLine, journalHeader } from '../support/journal.js';
import { temporaryFolder } from '../support/run.js';

const header = (waitMs: number | null = null): JournalHeader =>
  journalHeader({ options: { wait_ms: waitMs }, devices: [{ device_id: 'a' }, { device_id: 'b' }] });
const at = '2026-11-23T03:00:01.000Z';
const intent: JournalEntry = intentLine('a', 'k1');
const accepted: JournalEntry = {
  type: 'accepted',
  at,
  device_id: 'a',
  key: 'k1',
  reboot_id: 'rb_1',
  requested_at: at,
  request_id: 'r1',
};
const rebooted: JournalEntry = { type: 'rebooted', at, device_id: 'a', key: 'k1', booted_at: at };

async function journalOf(entries: readonly JournalEntry[], waitMs: number | null = null): Promise<string> {
  const journal = await Journal.create(await temporaryFolder(), header(waitMs));
  for (const entry of entries) await journal.append(entry);
  await journal.close();
  return journal.path;
}

describe('the record of a run', () => {
  it.each<[string, JournalEntry[], number | null, object]>([
    ['nothing', [], null, { outcome: 'not_attempted', settled: false }],
    [
      'the intent alone: it may have been sent',
      [intent],
      null,
      { outcome: 'unknown', reason: 'in_flight', key: 'k1', settled: false },
    ],
    [
      'an accepted instruction not waited for',
      [intent, accepted],
      null,
      { outcome: 'accepted', rebootId: 'rb_1', settled: true },
    ],
    [
      'an accepted instruction still to be waited for',
      [intent, accepted],
      60_000,
      { outcome: 'accepted', settled: false },
    ],
    [
      'the proof that it is back',
      [intent, accepted, rebooted],
      60_000,
      { outcome: 'rebooted', bootedAt: at, settled: true },
    ],
    [
      'a failure',
      [
        intent,
        { type: 'failed', at, device_id: 'a', key: 'k1', reason: 'refused: rate_limited', request_id: null },
      ],
      null,
      { outcome: 'failed', reason: 'refused: rate_limited', settled: true },
    ],
    [
      'an unknown outcome',
      [
        intent,
        { type: 'unknown', at, device_id: 'a', key: 'k1', reason: 'no_answer: network', request_id: null },
      ],
      null,
      { outcome: 'unknown', settled: false },
    ],
    [
      'a device skipped',
      [{ type: 'skipped', at, device_id: 'a', key: null, reason: 'offline', reboot_id: null }],
      null,
      { outcome: 'skipped', reason: 'offline', settled: true },
    ],
    [
      'a duplicate after the device itself',
      [
        intent,
        accepted,
        { type: 'skipped', at, device_id: 'a', key: null, reason: 'duplicate', reboot_id: null },
      ],
      null,
      { outcome: 'accepted', settled: true },
    ],
  ])('tells of %s', async (_what, entries, waitMs, expected) => {
    const { devices } = await readRecord(await journalOf(entries, waitMs));
    expect(devices[0]).toMatchObject({ deviceId: 'a', ...expected });
    expect(devices[1]).toMatchObject({ deviceId: 'b', outcome: 'not_attempted' });
  });

  it('is finished when every device is settled', async () => {
    expect(isFinished(await readRecord(await journalOf([intent, accepted])))).toBe(false);
    const other = [intent, accepted].map(entry => ({
      ...entry,
      device_id: 'b',
      key: 'k2',
    })) as JournalEntry[];
    expect(isFinished(await readRecord(await journalOf([intent, accepted, ...other])))).toBe(true);
  });

  it('cut at any byte tells of whole lines only, and can be gone on with', async () => {
    const whole = await readFile(await journalOf([intent, accepted, rebooted]));
    const firstLine = whole.indexOf('\n') + 1;
    const folder = await temporaryFolder();
    const file = path.join(folder, 'run-1.ndjson');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: firstLine, max: whole.length }), async cut => {
        await writeFile(file, whole.subarray(0, cut));
        const record = await readRecord(file);
        expect(whole[record.wholeBytes - 1]).toBe(0x0a);
        const journal = await Journal.reopen(file, record.wholeBytes);
        await journal.append(intent);
        await journal.close();
        const bytes = await readFile(file);
        const kept = bytes.subarray(0, record.wholeBytes);
        expect(kept.equals(whole.subarray(0, record.wholeBytes))).toBe(true);
        expect(JSON.parse(bytes.subarray(record.wholeBytes).toString())).toEqual(intent);
        await readRecord(file);
      }),
      { numRuns: 100 },
    );
  });

  it('leaves out kinds of lines it does not know, and fields too', async () => {
    const file = await journalOf([intent]);
    await writeFile(
      file,
      `${await readFile(file, 'utf8')}{"type":"weather","at":"${at}"}\n${JSON.stringify({ ...accepted, more: 1 })}\n`,
    );
    expect((await readRecord(file)).devices[0]).toMatchObject({ outcome: 'accepted' });
  });

  it.each([
    ['garbage', 'oops\n', 3],
    ['a line without its fields', '{"type":"accepted"}\n', 3],
  ])('with %s in the middle names the line', async (_what, line, number) => {
    const file = await journalOf([intent]);
    await writeFile(file, `${await readFile(file, 'utf8')}${line}${JSON.stringify(accepted)}\n`);
    await expect(readRecord(file)).rejects.toMatchObject({
      code: 'journal_broken',
      params: { path: file, line: number },
    });
  });

  it('without a whole header is broken in line 1', async () => {
    const file = path.join(await temporaryFolder(), 'x.ndjson');
    await writeFile(file, '{"type":"header"');
    await expect(readRecord(file)).rejects.toMatchObject({ code: 'journal_broken', params: { line: 1 } });
  });
});

describe('the journals of a folder', () => {
  it('come newest first; none when there is no folder', async () => {
    const folder = await temporaryFolder();
    for (const name of ['20261101T000000Z-a.ndjson', '20261102T000000Z-b.ndjson', 'other.txt'])
      await writeFile(path.join(folder, name), '');
    expect((await listJournals(folder)).map(({ batchId }) => batchId)).toEqual([
      '20261102T000000Z-b',
      '20261101T000000Z-a',
    ]);
    expect(await listJournals(path.join(folder, 'nowhere'))).toEqual([]);
  });
});
