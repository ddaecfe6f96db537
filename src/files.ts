import { mkdir, open, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder for its owner alone, and those above it that are missing. Node's own recursive way never ends where
 * the system will not have a folder, as in /proc.
 * @throws NodeJS.ErrnoException
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeOne(folder);
  } catch (error) {
    const above = path.dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error;
    await makeFolder(above);
    await makeOne(folder);
  }
}

async function makeOne(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 }).catch(async error => {
    const isThere = await stat(folder).catch(() => undefined);
    if (!isThere?.isDirectory()) throw error;
  });
}

/**
 * Replaces a file's whole content so that a reader sees the old or the new one, never a part:
 * written to a file beside it (mode 0600), fsynced, renamed.
 * @throws NodeJS.ErrnoException
 */
export async function writeFileAtomically(file: string, content: string): Promise<void> {
  await makeFolder(path.dirname(file));
  const beside = `${file}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    const handle = await open(beside, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/**
 * Removes what killed writers of a file left beside it. Nobody may be writing it meanwhile.
 * @throws NodeJS.ErrnoException
 */
export async function removeLeftovers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.`;
  const left = (await readdir(folder)).filter(
    name => name.startsWith(start) && /^[a-z0-9]+\.tmp$/.test(name.slice(start.length)),
  );
  await Promise.all(left.map(name => rm(path.join(folder, name), { force: true })));
}

/** The file that a symbolic link stands for, even one that is still to be made; anything else itself. */
export async function followLink(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const target = await readlink(file).catch(() => undefined);
  return target === undefined ? file : path.resolve(path.dirname(file), target);
}
