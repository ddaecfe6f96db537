import type { Setting } from '../../config.js';
import { listed } from './formats.js';

/** Settings and profiles. */
export const config = {
  columns: { name: 'Setting', value: 'Value', origin: 'From', source: 'Where' },
  origins: {
    flag: 'flag',
    environment: 'environment',
    profile: 'profile',
    file: 'settings file',
    default: 'default',
  } satisfies Record<Setting<unknown>['origin'], string>,
  /** What a setting without a value comes down to. */
  undecided: {
    api_url: 'not set',
    output: 'table on a terminal, TSV in a pipe',
    color: 'on a terminal',
    history_days: 'no limit',
  } as Record<string, string>,
  profileColumns: { in_use: 'In use', name: 'Profile', api_url: 'Backend' },
  noProfiles: 'There are no profiles yet. The first one is made by: remo login',
  notThereYet: (profile: string) =>
    `The profile in use, "${profile}", holds no settings yet; it is made by: remo login`,
  unknownKeys: (path: string, keys: readonly string[]) =>
    `${path} holds what is no setting of this version, and has no effect: ${listed(keys)}`,

  stored: (key: string, value: string, profile: string, isNew: boolean) =>
    `Stored in the ${isNew ? 'new ' : ''}profile "${profile}": ${key} = ${value}`,
  undo: (key: string, profile: string) => `To undo that: remo config unset ${key} --profile ${profile}`,
  noSuchProfile: (profile: string, meant: string) =>
    `There is no profile "${profile}". Did you mean "${meant}"? See: remo config profiles`,
  removed: (key: string, profile: string) => `Removed from the profile "${profile}": ${key}`,
  notHeld: (key: string, profile: string) => `The profile "${profile}" does not hold ${key}; nothing to do.`,
  inUse: (profile: string) => `Profile in use from now on: ${profile}`,
  environmentWins: (env: string) =>
    `${env} is set in the environment and wins. To use what is stored, unset it.`,

  askApiUrl: 'Address of the backend (https://…):',
  address: 'The address',
};
