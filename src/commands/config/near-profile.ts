import { settingRules } from '../../config.js';
import type { Context } from '../../context.js';
import { nearest } from '../../nearest.js';

/**
 * Says so where the profile that is named for this command is none that was ever stored, and another has nearly its
 * name: with the backend named elsewhere nothing else would tell.
 */
export function warnOfMistypedProfile(context: Context): void {
  const { io, messages } = context;
  const profile = mistypedProfile(context);
  if (!profile) return;
  io.err(`${messages.labels.warning} ${messages.config.noSuchProfile(profile.name, profile.meant)}`);
}

/** The profile that is named for this command and was never stored, and the one that was probably meant. */
export function mistypedProfile(context: Context): { name: string; meant: string } | undefined {
  try {
    const { value: name, origin } = context.setting('profile');
    if (origin !== 'flag' && origin !== 'environment') return undefined;
    const known = [...context.config.profileNames, settingRules.profile.fallback];
    const { suggestion: meant } = known.includes(name) ? {} : nearest(name, known);
    return meant === undefined ? undefined : { name, meant };
  } catch {
    // A name or a file that can't be used is told of by whoever needs it.
    return undefined;
  }
}
