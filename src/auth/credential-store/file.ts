import { chmod, readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { RemoError } from '../../errors.js';
import { makeFolder, writeFileAtomically } from '../../files.js';
import { type CredentialStore, deserialise, serialise } from './store.js';

export interface FileStoreOptions {
  /** The credentials go to a folder of their own in it. */
  directory: string;
  platform: NodeJS.Platform;
  /** Told the path each time a credential is written. */
  onWrite: (path: string) => void;
  /** Told the path of a credential that others could read; its mode has been put right. */
  onExposed: (path: string) => void;
}

/** Keeps each credential in a file that only its owner may read, for whoever chose that by name. */
export function fileStore({ directory, platform, onWrite, onExposed }: FileStoreOptions): CredentialStore {
  const folder = path.join(directory, 'credentials');
  const place = (entry: string) => path.join(folder, `${entry}.json`);
  const unwritable = (where: string) => (error: unknown) => {
    throw new RemoError('credential_unwritable', { place: where, detail: (error as Error).message });
  };

  async function prepareFolder(): Promise<void> {
    await makeFolder(folder);
    // It may have been there before, open to others. Windows has no such modes.
    if (platform !== 'win32') await chmod(folder, 0o700);
  }

  return {
    kind: 'file',
    place,
    isOpen: async () => true,
    async prove() {
      const probe = path.join(folder, `.${Math.random().toString(36).slice(2)}.probe`);
      await prepareFolder()
        .then(() => writeFileAtomically(probe, ''))
        .then(() => rm(probe, { force: true }))
        .catch(unwritable(folder));
    },
    async read(entry) {
      const file = place(entry);
      try {
        const { mode } = await stat(file);
        if (platform !== 'win32' && (mode & 0o077) !== 0) {
          await chmod(file, 0o600);
          onExposed(file);
        }
        return deserialise(await readFile(file, 'utf8'), entry, file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        if (error instanceof RemoError) throw error;
        throw new RemoError('credential_broken', { profile: entry, place: file }, { cause: error });
      }
    },
    async write(entry, credential) {
      const file = place(entry);
      await prepareFolder()
        .then(() => writeFileAtomically(file, serialise(credential)))
        .catch(unwritable(file));
      onWrite(file);
    },
    async remove(entry) {
      const file = place(entry);
      const names = await namesIn(folder);
      if (names.length === 0) return false;
      // What a killed writer left beside it has tokens in it too.
      const ours = names.filter(name => ownerOf(name) === entry);
      const probes = names.filter(name => name.endsWith('.probe'));
      await Promise.all([...ours, ...probes].map(name => rm(path.join(folder, name), { force: true }))).catch(
        unwritable(file),
      );
      // The folder goes with the last of them.
      await rmdir(folder).catch(() => {});
      return ours.length > 0;
    },
    list: async () => [...new Set((await namesIn(folder)).flatMap(name => ownerOf(name) ?? []))],
  };
}

/** The entry that a file is of, or a killed writer's next to it (`writeFileAtomically`). */
function ownerOf(name: string): string | undefined {
  return /^([^.].*)\.json(?:\.[a-z0-9]+\.tmp)?$/.exec(name)?.[1];
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(error => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new RemoError('credential_unwritable', { place: folder, detail: (error as Error).message });
  });
}
