import { flagSpellings, settingNames, settingRules } from '../../config.js';
import { ExitCode } from '../../errors.js';
import type { Messages } from '../../messages/en.js';
import type { Item, Section } from './page.js';

/** The topics of `remo help`, in the order they are listed in; each is made from the program's own tables. */
export const topicNames = ['exit-codes', 'environment', 'output'] as const;
export type Topic = (typeof topicNames)[number];

/** The description of a topic and its chapters. */
export function sectionsOf(topic: Topic, messages: Messages): readonly Section[] {
  return { 'exit-codes': exitCodes, environment, output }[topic](messages);
}

function exitCodes({ help, topics }: Messages): Section[] {
  const items = Object.values(ExitCode).map(code => ({ term: String(code), about: topics.codes[code] }));
  return [{ title: help.titles.exitCodes, paragraphs: topics.exitCodes.about, items }];
}

function environment({ help, topics }: Messages): Section[] {
  const { variables, environment: texts } = topics;
  const settings = new Map(settingNames.map(name => [settingRules[name].env, name]));
  const told = (name: string, about: string): Item => {
    const setting = settings.get(name);
    if (setting === undefined) return { term: name, about };
    const { kept, key, fallback, ambient } = settingRules[setting];
    const places = texts.places({
      flags: flagSpellings(setting),
      ...(kept ? { key } : {}),
      // Of switches the default is that they are off; what the system says comes before a default.
      ...(fallback === undefined || ambient || /^(true|false)$/.test(fallback) ? {} : { standard: fallback }),
    });
    return { term: name, about: places === '' ? about : `${about}\n${places}` };
  };
  const names = Object.entries(variables);
  const items = (of: typeof names) => of.map(([name, about]) => told(name, about));
  return [
    { title: help.titles.environment, paragraphs: texts.about },
    { title: texts.settings, items: items(names.filter(([name]) => settings.has(name))) },
    { title: texts.others, items: items(names.filter(([name]) => !settings.has(name))) },
  ];
}

function output({ topics }: Messages): Section[] {
  const { formats, output: texts } = topics;
  const items = Object.entries(formats).map(([term, about]) => ({ term, about }));
  return [
    {
      title: texts.formats,
      paragraphs: texts.about,
      items: [{ term: texts.tsv, about: texts.rows }, ...items],
    },
    { title: texts.rules, paragraphs: texts.scripts },
  ];
}
