import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../src/files.js';
import { temporaryFolder } from './support/run.js';

describe('making a folder', () => {
  it('makes those above it too, for their owner alone; being there is enough', async () => {
    const folder = await temporaryFolder();
    await Promise.all([1, 2, 3].map(() => makeFolder(path.join(folder, 'a', 'b', 'c'))));
    // Others are at it as well, each at another step.
    for (let round = 0; round < 50; round += 1) {
      const deep = path.join(folder, String(round), 'b', 'c');
      await Promise.all(Array.from({ length: 20 }, () => makeFolder(deep)));
    }
    for (const made of ['a', 'a/b', 'a/b/c']) {
      expect((await stat(path.join(folder, made))).mode & 0o777).toBe(0o700);
    }
  });

  it('fails where a file is in the way, and where the system will have none', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(path.join(file, 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolder('/proc/nowhere/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
