import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listJournals } from '../../src/reboot/journals.js';
import { temporaryFolder } from '../support/run.js';

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
