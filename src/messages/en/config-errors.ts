import type { ConfigProblem, SyntaxTrouble } from '../../errors.js';
import type { ErrorTexts } from '../error-text.js';
import { listed } from './formats.js';

type ConfigErrors = Pick<
  ErrorTexts,
  | 'api_url_missing'
  | 'config_broken'
  | 'config_unwritable'
  | 'unknown_setting'
  | 'setting_not_kept'
  | 'unknown_profile'
>;

/** What is wrong with a text that should be JSON. */
export const syntax: Record<SyntaxTrouble, string> = {
  name: 'a name in double quotes is missing (is there a comma too many before?)',
  value: 'a value is missing',
  colon: 'a colon is missing',
  comma: 'a comma is missing',
  closing: 'a closing bracket is missing',
  string: 'a text is not closed: its second double quote is missing',
  extra: 'nothing more may follow here',
  comment: 'comments are not allowed',
  symbol: 'this is not JSON',
  escape: 'what follows the backslash is not JSON',
  character: 'a text may not contain this control character',
};

function problemText(problem: ConfigProblem): string {
  switch (problem.kind) {
    case 'unreadable':
      return problem.detail;
    case 'encoding':
      return 'it is not UTF-8';
    case 'syntax':
      return syntax[problem.trouble];
    case 'type': {
      const what = problem.at === '' ? 'it' : `"${problem.at}"`;
      return `${what} is not ${problem.wanted === 'object' ? 'an object' : 'a text'}`;
    }
  }
}

const onceOrDemo =
  'Name it once: remo login --api-url https://HOST/partner/v1 (or set REMO_API_URL). To try remo without one: remo demo';

function otherProfiles(profiles: readonly string[], suggestion?: string): string {
  if (suggestion) return `Did you mean the profile "${suggestion}"? See: remo config profiles`;
  return `Existing profiles: ${listed(profiles)}. Choose one: remo config use NAME`;
}

/** The English sentences of the errors about settings and profiles. */
export const configErrors: ConfigErrors = {
  api_url_missing: ({ profile, profiles, suggestion }) => ({
    what: `No backend is configured for the profile "${profile}".`,
    next: profiles.length === 0 ? onceOrDemo : `${otherProfiles(profiles, suggestion)}\n${onceOrDemo}`,
  }),
  config_broken: ({ path, problem, line, column }) => {
    const place =
      line === undefined ? '' : `, line ${line}${column === undefined ? '' : `, column ${column}`},`;
    return {
      what: `The settings file ${path}${place} can't be used: ${problemText(problem)}.`,
      next: 'Mend or remove it; remo has not changed it.',
    };
  },
  config_unwritable: ({ path, detail }) => ({
    what: detail
      ? `The settings could not be stored in ${path}: ${detail}`
      : `The settings could not be stored: another remo has kept ${path} locked for too long.`,
  }),
  unknown_setting: ({ setting, known, suggestion }) => ({
    what: `Unknown setting: ${setting}`,
    next: suggestion ? `Did you mean "${suggestion}"?` : `Settings: ${listed(known)}`,
  }),
  setting_not_kept: ({ setting, flag, env }) => ({
    what: `A profile does not hold the setting "${setting}".`,
    next:
      setting === 'profile'
        ? 'Choose the profile in use: remo config use NAME'
        : `Set it for one command with ${flag}, or for a session with ${env}.`,
  }),
  unknown_profile: ({ profile, profiles, suggestion }) => ({
    what: `There is no profile "${profile}".`,
    next:
      profiles.length === 0
        ? `A profile is made by its first setting: remo login --profile ${profile}`
        : suggestion
          ? `Did you mean "${suggestion}"?`
          : `Existing profiles: ${listed(profiles)}. A new one is made by: remo login --profile ${profile}`,
  }),
};
