import { keptKeys, type SettingName, type StoredSettings, settingRules } from '../config.js';
import { RemoError } from '../errors.js';
import type { FileLock } from '../lock.js';
import { nearest } from '../nearest.js';
import { type Content, readConfig } from './read.js';

/** How long to wait for another process that writes: as long as a killed one's lock needs to go stale, twice. */
const PATIENCE = 20_000;

/** The user's settings file: named profiles, each a few texts, and which of them is in use. */
export class ConfigFile implements StoredSettings {
  private content: Content | undefined;
  private failure: unknown;

  constructor(
    readonly path: string,
    private readonly timing: Pick<FileLock, 'clock' | 'signal' | 'random'>,
  ) {}

  /** Reads the file, once. That it can't be read is told by whoever asks for something in it. */
  async load(): Promise<void> {
    if (this.content || this.failure) return;
    try {
      this.content = await readConfig(this.path);
    } catch (error) {
      this.failure = error;
    }
  }

  /** @throws RemoError `config_broken` */
  private get loaded(): Content {
    if (this.content) return this.content;
    throw this.failure ?? new Error('load() comes first');
  }

  /** @throws RemoError `config_broken` */
  get currentProfile(): string | undefined {
    return this.loaded.current_profile;
  }

  /** @throws RemoError `config_broken` */
  get profileNames(): string[] {
    return Object.keys(this.loaded.profiles);
  }

  /** The settings of one profile by their keys; nothing for one that is not there. @throws RemoError `config_broken` */
  profile(name: string): Readonly<Record<string, string | undefined>> {
    const all = Object.entries(own(this.loaded.profiles, name) ?? {});
    return Object.fromEntries(all.filter(([key]) => keptKeys.includes(key))) as Record<string, string>;
  }

  /** Where the file holds what no setting is called, of one profile and at the top. @throws RemoError `config_broken` */
  unknownKeys(profile: string): string[] {
    const { profiles, current_profile: _, ...others } = this.loaded;
    const strange = Object.keys(own(profiles, profile) ?? {}).filter(key => !keptKeys.includes(key));
    return [...Object.keys(others), ...strange.map(key => `profiles.${profile}.${key}`)];
  }

  /**
   * Stores settings in a profile, which is made if it is not there; the rest of the file stays.
   * @throws RemoError `config_unwritable`, `config_broken` (a broken file is never overwritten)
   */
  store(profile: string, values: Partial<Record<SettingName, string>>): Promise<void> {
    return this.change(({ profiles }) => {
      const kept = own(profiles, profile) ?? {};
      for (const [name, text] of Object.entries(values)) kept[settingRules[name as SettingName].key] = text;
      profiles[profile] = kept;
    });
  }

  /**
   * Takes a key, known or not, out of a profile; the last one takes the profile along, unless it is in use.
   * @returns whether it was there
   * @throws as `store`
   */
  async remove(profile: string, key: string): Promise<boolean> {
    let found = false;
    await this.change(({ profiles, current_profile: current }) => {
      const kept = own(profiles, profile) ?? {};
      found = Object.hasOwn(kept, key);
      delete kept[key];
      if (found && Object.keys(kept).length === 0 && profile !== current) delete profiles[profile];
    });
    return found;
  }

  /**
   * Makes a profile the one in use. The default one need not be there.
   * @throws RemoError `unknown_profile`, and as `store`
   */
  use(profile: string): Promise<void> {
    return this.change(content => {
      const profiles = Object.keys(content.profiles);
      if (profile !== settingRules.profile.fallback && !profiles.includes(profile)) {
        throw new RemoError('unknown_profile', { profile, profiles, ...nearest(profile, profiles) });
      }
      content.current_profile = profile;
    });
  }

  /** Reads again, changes and writes, while no other process does so. */
  private async change(edit: (content: Content) => void): Promise<void> {
    const [{ withFileLock }, { followLink, removeLeftovers, writeFileAtomically }] = await Promise.all([
      import('../lock.js'),
      import('../files.js'),
    ]);
    const unwritable = (detail: string) => new RemoError('config_unwritable', { path: this.path, detail });
    const failed = (error: unknown) => {
      throw unwritable((error as Error).message);
    };
    // Where the file is a link, into a folder of dotfiles say, it stays one.
    const file = await followLink(this.path).catch(failed);
    const failure = (_lock: string, detail: string) => unwritable(detail);
    await withFileLock({ ...this.timing, file, patience: PATIENCE, failure }, async () => {
      const content = await readConfig(this.path);
      const before = JSON.stringify(content);
      edit(content);
      if (JSON.stringify(content) !== before) {
        await removeLeftovers(file).catch(failed);
        await writeFileAtomically(file, `${JSON.stringify(content, null, 2)}\n`).catch(failed);
      }
      this.content = content;
    });
  }
}

/** A profile of that very name; not what every object has (`constructor`). */
function own<T>(profiles: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(profiles, name) ? profiles[name] : undefined;
}
