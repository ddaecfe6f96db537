import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, newBatchId } from '../../src/reboot/journal.js';
import { intentLine, journalHeader } from '../support/journal.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'remo-journal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const header = journalHeader({ batch_id: 'batch-1' });
const intent = (key: string) => intentLine('dev_1', key);
const lines = async (journal: Journal) =>
  (await readFile(journal.path, 'utf8')).split('\n').flatMap(line => (line ? [JSON.parse(line)] : []));

describe('a journal', () => {
  it('is one NDJSON file a run, its header first, readable by its owner alone', async () => {
    const journal = await Journal.create(path.join(folder, 'batches'), header);
    await journal.append(intent('k1'));
    await journal.close();
    expect(journal.path).toBe(path.join(folder, 'batches', 'batch-1.ndjson'));
    expect(await lines(journal)).toEqual([header, intent('k1')]);
    expect((await stat(journal.path)).mode & 0o777).toBe(0o600);
  });

  it('has an entry in the file when append resolves, and keeps the order of many at once', async () => {
    const journal = await Journal.create(folder, header);
    const keys = Array.from({ length: 200 }, (_, index) => `k${index}`);
    await Promise.all(keys.map(key => journal.append(intent(key))));
    expect((await lines(journal)).slice(1).map(({ key }) => key)).toEqual(keys);
    await journal.close();
  });

  it('takes entries one after the other, each as soon as the one before is on disk', async () => {
    const journal = await Journal.create(folder, header);
    for (const key of ['k1', 'k2', 'k3']) await journal.append(intent(key));
    expect((await lines(journal)).slice(1).map(({ key }) => key)).toEqual(['k1', 'k2', 'k3']);
    await journal.close();
  });

  it('never continues the file of another run', async () => {
    await (await Journal.create(folder, header)).close();
    await expect(Journal.create(folder, header)).rejects.toMatchObject({ code: 'journal_unwritable' });
  });

  it('that another process has gone on with since it was read is left as it is', async () => {
    const journal = await Journal.create(folder, header);
    const { size } = await stat(journal.path);
    await journal.append(intent('k1'));
    await expect(Journal.reopen(journal.path, size)).rejects.toMatchObject({
      code: 'batch_in_use',
      params: { batch: 'batch-1' },
    });
    expect(await lines(journal)).toEqual([header, intent('k1')]);
    await journal.close();
  });

  it('says which folder it can not write', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    await expect(Journal.create(path.join(file, 'batches'), header)).rejects.toMatchObject({
      code: 'journal_unwritable',
      exitCode: 2,
      params: { path: path.join(file, 'batches', 'batch-1.ndjson') },
    });
  });

  it('refuses every entry after one could not be written', async () => {
    const journal = await Journal.create(folder, header);
    await journal.close();
    await expect(journal.append(intent('k1'))).rejects.toMatchObject({ code: 'journal_unwritable' });
    await expect(journal.append(intent('k2'))).rejects.toMatchObject({ code: 'journal_unwritable' });
  });

  it('sits in a folder only its owner can enter', async () => {
    const journal = await Journal.create(path.join(folder, 'state', 'batches'), header);
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
