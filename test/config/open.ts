import { systemClock } from '../../src/clock.js';
import { ConfigFile } from '../../src/config/file.js';

/** A settings file as a process of its own would have it. */
export function openConfig(file: string, clock = systemClock): ConfigFile {
  return new ConfigFile(file, { clock, signal: new AbortController().signal, random: Math.random });
}

/** The same, read. */
export async function loadedConfig(file: string): Promise<ConfigFile> {
  const config = openConfig(file);
  await config.load();
  return config;
}
