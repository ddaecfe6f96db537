import { keptKeys, settingNames, settingRules } from '../../config.js';
import type { Context } from '../../context.js';
import { journalFolder, listJournals, reasonIn } from '../../reboot/journals.js';
import type { ValueKind } from '../command.js';
import { deadline, live } from './live.js';

/** A text that may stand on the command line, and what a person reads beside it. */
export interface Candidate {
  text: string;
  about: string;
}

interface Asked {
  /** The arguments before the value. */
  operands: readonly string[];
  context: Context;
}

/** So many runs are offered, the newest. */
const mostRuns = 50;

const sources: Record<Exclude<ValueKind, 'file' | 'folder'>, (asked: Asked) => Promise<Candidate[]>> = {
  'api-url': async ({ context }) =>
    profiles(context).map(({ text, about }) => ({ text: about, about: text })),
  // People know the address, not the id.
  customer: async ({ context }) =>
    (await live('customers', context)).map(({ name, email }) => ({ text: email, about: name })),
  device: async ({ context }) =>
    (await live('devices', context)).map(({ id, name, email }) => ({
      text: id,
      about: `${name} — ${email}`,
    })),
  'kept-setting': async ({ context }) => settings(context).filter(({ text }) => keptKeys.includes(text)),
  profile: async ({ context }) => profiles(context),
  run: async ({ context }) => runs(context),
  setting: async ({ context }) => settings(context),
  'setting-value': async ({ context, operands: [key] }) => {
    if (key === settingRules.apiUrl.key) return sources['api-url']({ context, operands: [] });
    const name = settingNames.find(one => settingRules[one].key === key);
    return (name ? (wordsOf(settingRules[name].parse) ?? []) : []).map(text => ({ text, about: '' }));
  },
  'time-zone': async () => ['UTC', ...Intl.supportedValuesOf('timeZone')].map(text => ({ text, about: '' })),
  'unfinished-run': async ({ context }) => unfinishedRuns(context),
};

/** What is one word to each of the shells as it stands; anything else would have to be quoted. */
const harmless = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.@:%+=/-]*$/u;
const longest = 254;

/**
 * The values of a kind, each once. What a shell could take for anything but one word (`$(…)` in an address) is left
 * out: it comes from a server.
 */
export async function valuesOf(
  kind: Exclude<ValueKind, 'file' | 'folder'>,
  asked: Asked,
): Promise<Candidate[]> {
  const found = (await sources[kind](asked)).filter(
    ({ text }) => text.length <= longest && harmless.test(text),
  );
  return [...new Map(found.map(candidate => [candidate.text, candidate])).values()];
}

/** The words that a parser made by `oneOf` or `choice` takes. */
export function wordsOf(parse: unknown): readonly string[] | undefined {
  return (parse as { values?: readonly string[] } | undefined)?.values;
}

function profiles({ config }: Context): Candidate[] {
  return config.profileNames.map(name => ({ text: name, about: config.profile(name)['api_url'] ?? '' }));
}

function settings(context: Context): Candidate[] {
  return settingNames.map(name => {
    const { key } = settingRules[name];
    try {
      return { text: key, about: context.setting(name).text ?? '' };
    } catch {
      // One that can't be used is there to be mended.
      return { text: key, about: '' };
    }
  });
}

async function runs({ directories }: Context): Promise<Candidate[]> {
  const journals = await listJournals(journalFolder(directories.state));
  return Promise.all(
    journals
      .slice(0, mostRuns)
      .map(async ({ batchId, path }) => ({ text: batchId, about: (await reasonIn(path)) ?? '' })),
  );
}

/** Whether a run is finished only its whole journal says. */
async function unfinishedRuns(context: Context): Promise<Candidate[]> {
  const journals = await listJournals(journalFolder(context.directories.state));
  const { isFinished, readRecord } = await import('../../reboot/record.js');
  const found: Candidate[] = [];
  for (const [index, { batchId, path }] of journals.slice(0, mostRuns).entries()) {
    // The newest one is looked at, however slow the machine is.
    if (index > 0 && context.host.age() > deadline) break;
    const record = await readRecord(path).catch(() => undefined);
    if (record && !isFinished(record)) found.push({ text: batchId, about: record.header.reason ?? '' });
  }
  return found;
}
