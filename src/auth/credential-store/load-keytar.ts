import { createRequire } from 'node:module';
import path from 'node:path';
import type { Keytar } from './parts.js';

/**
 * Loads keytar, a native addon.
 * @throws Error with the message of the system itself
 */
export async function loadKeytar(platform: NodeJS.Platform, arch: string): Promise<Keytar> {
  try {
    return (await import('keytar')).default;
  } catch (error) {
    throw new Error(reason(platform, arch) ?? (error as Error).message, { cause: error });
  }
}

/** keytar hides why its addon does not load (a library of the system's is missing), so it is tried once more. */
function reason(platform: NodeJS.Platform, arch: string): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    const folder = path.dirname(require.resolve('keytar/package.json'));
    require(path.join(folder, 'prebuilds', `${platform}-${arch}`, 'keytar.node'));
    return undefined;
  } catch (error) {
    // The first line: Node adds the list of modules that wanted it.
    return (error as Error).message.split('\n')[0];
  }
}
