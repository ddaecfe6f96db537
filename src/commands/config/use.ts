import type { Context } from '../../context.js';
import { parseProfileName } from '../../values.js';
import { hint, warnOfEnvironment } from './setting.js';

/**
 * `remo config use`: the profile of every command from now on that names no other.
 * @throws RemoError `unknown_profile`, `invalid_value`, and as `ConfigFile.use`
 */
export async function useProfile(name: string, context: Context): Promise<void> {
  await context.config.use(parseProfileName(name, '<name>'));
  hint(context.messages.config.inUse(name), context);
  warnOfEnvironment('profile', context);
}
