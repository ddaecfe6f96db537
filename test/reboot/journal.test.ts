import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, newBatchId } from '../../src/reboot/journal.js';
import { readRecord } from '../../src/reboot/record.js';
import { held, intentLine, journalHeader } from '../support/journal.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'remo-journal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const header = journalHeader({ batch_id: 'batch-1' });
const resumed = { at: '2026-11-23T03:10:00.000Z', host: 'desk' };
const intent = (key: string) => intentLine('dev_1', key);
const lines = async (journal: Journal) =>
  (await readFile(journal.path, 'utf8')).split('\n').flatMap(line => (line ? [JSON.parse(line)] : []));

describe('a journal', () => {
  it('is one NDJSON file a run, its header first, readable by its owner alone', async () => {
    const journal = await Journal.create(path.join(folder, 'batches'), header, held);
    await journal.append(intent('k1'));
    await journal.close();
    expect(journal.path).toBe(path.join(folder, 'batches', 'batch-1.ndjson'));
    expect(await lines(journal)).toMatchObject([header, intent('k1')]);
    expect((await stat(journal.path)).mode & 0o777).toBe(0o600);
  });

  it('has an entry in the file when append resolves, and keeps the order of many at once', async () => {
    const journal = await Journal.create(folder, header, held);
    const keys = Array.from({ length: 200 }, (_, index) => `k${index}`);
    await Promise.all(keys.map(key => journal.append(intent(key))));
    expect((await lines(journal)).slice(1).map(({ key }) => key)).toEqual(keys);
    await journal.close();
  });

  it('takes entries one after the other, each as soon as the one before is on disk', async () => {
    const journal = await Journal.create(folder, header, held);
    for (const key of ['k1', 'k2', 'k3']) await journal.append(intent(key));
    expect((await lines(journal)).slice(1).map(({ key }) => key)).toEqual(['k1', 'k2', 'k3']);
    await journal.close();
  });

  it('never continues the file of another run', async () => {
    await (await Journal.create(folder, header, held)).close();
    await expect(Journal.create(folder, header, held)).rejects.toMatchObject({ code: 'journal_unwritable' });
  });

  it('that another process has gone on with since it was read is left as it is', async () => {
    const journal = await Journal.create(folder, header, held);
    const read = await readRecord(journal.path);
    await journal.append(intent('k1'));
    await expect(Journal.reopen(journal.path, read, resumed, held)).rejects.toMatchObject({
      code: 'batch_in_use',
      params: { batch: 'batch-1' },
    });
    expect(await lines(journal)).toMatchObject([header, intent('k1')]);
    await journal.close();
  });

  it('that another process writes to in the last moment is not gone on with, and tells the same as before', async () => {
    const journal = await Journal.create(folder, header, held);
    const read = await readRecord(journal.path);
    // Asked right before the line is written: in between, the other one wakes up.
    const late = async () => {
      await journal.append(intent('k1'));
      return true;
    };
    const reopened = Journal.reopen(journal.path, read, resumed, late);
    await expect(reopened).rejects.toMatchObject({ code: 'batch_in_use' });
    await (await Journal.reopen(journal.path, await readRecord(journal.path), resumed, held)).close();
    expect((await readRecord(journal.path)).devices).toMatchObject([{ key: 'k1', reason: 'in_flight' }]);
    await journal.close();
  });

  it('takes nothing more from a process that has lost the run, not even what it had in hand', async () => {
    let asked = 0;
    // The header and the first line were still its own.
    const journal = await Journal.create(folder, header, async () => ++asked !== 3);
    const first = journal.append(intent('k1'));
    // A turn later it has to wait for the flush of the first.
    await setImmediate();
    const second = journal.append(intent('k2')).catch(error => error);
    await first;
    expect(await second).toMatchObject({ code: 'batch_taken_over', params: { batch: 'batch-1' } });
    await expect(journal.append(intent('k3'))).rejects.toMatchObject({ code: 'batch_taken_over' });
    expect(await lines(journal)).toMatchObject([header, intent('k1')]);
    await journal.close();
  });

  it('says which folder it can not write', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    await expect(Journal.create(path.join(file, 'batches'), header, held)).rejects.toMatchObject({
      code: 'journal_unwritable',
      exitCode: 2,
      params: { path: path.join(file, 'batches', 'batch-1.ndjson') },
    });
  });

  it('refuses every entry after one could not be written', async () => {
    const journal = await Journal.create(folder, header, held);
    await journal.close();
    await expect(journal.append(intent('k1'))).rejects.toMatchObject({ code: 'journal_unwritable' });
    await expect(journal.append(intent('k2'))).rejects.toMatchObject({ code: 'journal_unwritable' });
  });

  it('sits in a folder only its owner can enter', async () => {
    const journal = await Journal.create(path.join(folder, 'state', 'batches'), header, held);
    await journal.close();
    expect((await stat(path.dirname(journal.path))).mode & 0o777).toBe(0o700);
    await chmod(folder, 0o700);
  });
});

describe('the name of a run', () => {
  it('sorts by time and is a plain file name', () => {
    const names = [
      newBatchId(Date.parse('2026-11-23T03:15:00.123Z'), '1f3a9c'),
      newBatchId(Date.parse('2026-11-23T03:15:01Z'), '000000'),
    ];
    expect(names).toEqual(['20261123T031500123Z-1f3a9c', '20261123T031501000Z-000000']);
  });
});
