import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Journal } from '../../src/reboot/journal.js';
import { isFinished, type JournalEntry, type JournalHeader, readRecord } from '../../src/reboot/record.js';
import { held, intentLine, journalHeader } from '../support/journal.js';
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
  const journal = await Journal.create(await temporaryFolder(), header(waitMs), held);
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
      "a device skipped for somebody else's reboot",
      [
        {
          type: 'skipped',
          at,
          device_id: 'a',
          key: null,
          reason: 'recently_rebooted',
          reboot_id: 'rb_other',
          requested_at: at,
          requested_by: 'taro@partner.example',
        },
      ],
      null,
      { rebootId: 'rb_other', requestedAt: at, requestedBy: 'taro@partner.example', settled: true },
    ],
    [
      "a failed reboot, with the backend's words",
      [
        intent,
        accepted,
        {
          type: 'failed',
          at,
          device_id: 'a',
          key: 'k1',
          reason: 'reboot_failed',
          failure: 'watchdog',
          request_id: null,
        },
      ],
      60_000,
      { outcome: 'failed', failure: 'watchdog' },
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

  it.each<[string, JournalEntry[], string | null]>([
    ['what stopped it', [intent, { type: 'end', at, stopped_by: 'network' }], 'network'],
    ['nothing while it has not ended', [intent], null],
    [
      'what stopped it, as long as nothing was done since',
      [intent, { type: 'end', at, stopped_by: 'network' }, { type: 'resumed', at, host: 'desk' }],
      'network',
    ],
    [
      'nothing once it was gone on with',
      [{ type: 'end', at, stopped_by: 'network' }, { type: 'resumed', at, host: 'desk' }, intent],
      null,
    ],
  ])('tells of %s', async (_what, entries, stoppedBy) => {
    expect(await readRecord(await journalOf(entries))).toMatchObject({ stoppedBy });
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
        const journal = await Journal.reopen(file, record, { at, host: 'desk' }, held);
        await journal.append(intent);
        await journal.close();
        const bytes = await readFile(file);
        const kept = bytes.subarray(0, record.wholeBytes);
        expect(kept.equals(whole.subarray(0, record.wholeBytes))).toBe(true);
        const added = bytes.subarray(record.wholeBytes).toString().trimEnd().split('\n');
        expect(added.map(line => JSON.parse(line))).toMatchObject([
          { type: 'resumed', host: 'desk' },
          intent,
        ]);
        await readRecord(file);
      }),
      { numRuns: 100 },
    );
  });

  it('reads what one who slept writes behind what a kill tore off', async () => {
    const path = await journalOf([intent]);
    const late = { at, type: 'intent', device_id: 'b', customer_id: 'cus', key: 'k2', booted_at: null };
    const line = { ...late, owner_signed_in: null, process: '0badf00d' };
    // Another process had the run meanwhile, and was killed in the middle of its line.
    for (const torn of [
      '{',
      '{"type":"res',
      '{"at":"2026-11-23T03:0',
      '{"at":"2026-11-23T03:00:01Z","type":"acc',
    ]) {
      const before = await readFile(path, 'utf8');
      const own = { ...line, process: JSON.parse(before.split('\n')[0] ?? '').process };
      await writeFile(path, `${before}${torn}${JSON.stringify(line)}\n`);
      expect((await readRecord(path)).devices[1]).toMatchObject({ outcome: 'not_attempted' });
      await writeFile(path, `${before}${torn}${JSON.stringify(own)}\n`);
      expect((await readRecord(path)).devices[1]).toMatchObject({ outcome: 'unknown', key: 'k2' });
      await writeFile(path, before);
    }
  });

  it('goes by those who had the run, whatever one that had lost it adds later, and wherever that comes', async () => {
    const file = path.join(await temporaryFolder(), 'run-1.ndjson');
    const write = (lines: readonly object[]) =>
      writeFile(
        file,
        [{ ...header(60_000), process: 'p0' }, ...lines].map(line => `${JSON.stringify(line)}\n`).join(''),
      );
    const told = async (lines: readonly object[]) => {
      await write(lines);
      const { devices, process } = await readRecord(file);
      return { devices, process };
    };
    const blank = { at, request_id: null };
    const line = (keys: readonly string[]): fc.Arbitrary<JournalEntry> =>
      fc
        .record({ device_id: fc.constantFrom('a', 'b'), key: fc.constantFrom(...keys), kind: fc.nat(6) })
        .map(({ device_id, key, kind }) => {
          const of = { device_id, key };
          const lines: JournalEntry[] = [
            intentLine(device_id, key),
            { ...accepted, ...of },
            { ...rebooted, ...of },
            { type: 'not_sent', at, ...of, reason: 'interrupted' },
            { type: 'failed', ...blank, ...of, reason: 'refused' },
            { type: 'unknown', ...blank, ...of, reason: 'no_answer' },
            { type: 'skipped', at, ...of, reason: 'offline', reboot_id: null },
          ];
          return lines[kind] as JournalEntry;
        });
    // What each of three processes writes while the run is its own, and what it writes after that.
    const part = fc.record({
      own: fc.array(line(['k1', 'k2']), { maxLength: 4 }),
      late: fc.array(fc.tuple(line(['late']), fc.nat(12)), { maxLength: 4 }),
      // It may have read the journal before another one did, and say later that it goes on.
      claims: fc.option(fc.nat(12), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.tuple(part, part, part), async parts => {
        const lawful = parts.flatMap(({ own }, index) => {
          const process = `p${index}`;
          const resumed = { type: 'resumed', at, host: 'desk', process, after: `p${index - 1}` };
          return [...(index > 0 ? [resumed] : []), ...own.map(entry => ({ ...entry, process }))];
        });
        const whole: object[] = [...lawful];
        for (const [index, { late, claims }] of parts.entries()) {
          const lost = () => whole.findIndex(entry => 'after' in entry && entry.after === `p${index}`) + 1;
          const add = (entry: object, place: number) => {
            if (lost() > 0) whole.splice(Math.min(lost() + place, whole.length), 0, entry);
          };
          for (const [entry, place] of late) add({ ...entry, process: `p${index}` }, place);
          const claim = { type: 'resumed', at, host: 'desk', process: 'other', after: `p${index}` };
          if (claims !== undefined) {
            add({ ...intentLine('a', 'other'), process: 'other' }, claims);
            add(claim, claims);
          }
        }
        expect(await told(whole)).toEqual(await told(lawful));
      }),
      { numRuns: 200 },
    );
  });

  it('takes a device for under way again that a later line says is about to be instructed', async () => {
    const skipped: JournalEntry = {
      type: 'skipped',
      at,
      device_id: 'a',
      key: 'k1',
      reason: 'offline',
      reboot_id: null,
    };
    const { devices } = await readRecord(await journalOf([intent, skipped, intent]));
    expect(devices[0]).toMatchObject({ outcome: 'unknown', reason: 'in_flight', settled: false });
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
