import {
  type Flags,
  type Places,
  type Setting,
  type SettingName,
  type Settings,
  type StoredSettings,
  settingNames,
  settingRules,
} from '../config.js';
import type { Environment } from '../environment.js';
import { RemoError } from '../errors.js';
import { settle, settleOne } from './settle.js';

/** The settings of one run, settled once from the command line, the environment and the settings file. */
export class HeldSettings {
  private flags: Flags = {};
  private settled: Settings | undefined;
  private tolerant = false;

  constructor(
    private readonly env: Environment,
    /** The settings file; while it is broken and that is tolerated, an empty one. */
    private file: StoredSettings,
  ) {}

  /** Takes the global flags of the command line. */
  useFlags(flags: Flags): void {
    this.flags = flags;
    this.settled = undefined;
  }

  /** Takes what the person answered as if it had been on the command line. */
  addFlags(flags: Flags): void {
    this.useFlags({ ...this.flags, ...flags });
  }

  /** @throws RemoError `invalid_value`, `config_broken`, `api_url_insecure` */
  get all(): Settings {
    this.settled ??= this.tolerant ? this.usable : settle(this.places);
    return this.settled;
  }

  /** One setting and where it comes from, whatever is wrong with the others. @throws as `all` */
  one<K extends SettingName>(name: K): Setting<Settings[K]> {
    try {
      return settleOne(name, this.places);
    } catch (error) {
      if (!this.tolerant) throw error;
      return settleOne(name, { flags: {}, env: {}, file: nothingIn(this.file.path) });
    }
  }

  /** One setting by the first of its places whose value can be used. @throws as `all` */
  firstUsable<K extends SettingName>(name: K): Settings[K] {
    const { [name]: _, ...flags } = this.flags;
    const env = { ...this.env, [settingRules[name].env]: undefined };
    const { places } = this;
    const file = nothingIn(this.file.path);
    for (const fewer of [places, { ...places, flags }, { ...places, flags, env }, { flags, env, file }]) {
      try {
        return settleOne(name, fewer).value;
      } catch {
        // The next one, then.
      }
    }
    return this.one(name).value;
  }

  /**
   * Goes on although there are settings that can't be used: each gets its default.
   * @returns what is wrong with them; of a broken file, once
   * @throws RemoError `invalid_value` for a flag, which whoever typed it can put right at once
   */
  tolerate(): RemoError[] {
    const errors: RemoError[] = [];
    for (const name of settingNames) {
      try {
        settleOne(name, this.places);
      } catch (error) {
        if (!(error instanceof RemoError)) throw error;
        if (error.is('invalid_value') && error.params.name.startsWith('--')) throw error;
        errors.push(error);
        // Flags and environment still count.
        if (error.is('config_broken')) this.file = nothingIn(this.file.path);
      }
    }
    this.tolerant = true;
    this.settled = undefined;
    return errors;
  }

  private get usable(): Settings {
    const all = settingNames.map(name => [name, this.one(name).value]);
    return Object.fromEntries(all) as Settings;
  }

  private get places(): Places {
    return { flags: this.flags, env: this.env, file: this.file };
  }
}

/** A settings file that holds nothing. */
function nothingIn(path: string): StoredSettings {
  return { path, currentProfile: undefined, profile: () => ({}) };
}
