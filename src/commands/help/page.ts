import type { Option } from 'commander';
import { type SettingName, settingRules } from '../../config.js';
import type { ExitCode } from '../../errors.js';
import type { Messages } from '../../messages/en.js';
import type { Example, Lesson } from '../../messages/lesson.js';
import type { RemoCommand } from '../command.js';
import { matters } from './matters.js';

/** A word or flag, and what it means. */
export interface Item {
  term: string;
  about: string;
}

/** A chapter of help; only some of the kinds of content are there. */
export interface Section {
  title: string;
  /** Where to find more of its kind. */
  more?: string;
  paragraphs?: readonly string[];
  items?: readonly Item[];
  examples?: readonly Example[];
}

/** What there is to tell of a command, whatever it is written with: help on a terminal, or a man page. */
export interface Page {
  /** `remo devices reboot` */
  name: string;
  /** How to go on from there. */
  next?: string;
  usage: string;
  summary: string;
  sections: readonly Section[];
}

/** The page of a command, from its declaration and from the texts of the language. */
export function pageOf(command: RemoCommand, messages: Messages): Page {
  const [verb] = command.verbs();
  // A topic is shown as it is; with --help it would be the command that shows it.
  const further = command.name() === 'help' ? [] : ['--help'];
  return {
    ...(verb ? { next: messages.topics.helpIn([...verb.words, ...further].join(' ')) } : {}),
    name: ['remo', ...command.words].join(' '),
    usage: usageOf(command, messages),
    summary: command.description(),
    sections: [...declared(command, messages), ...taught(command, messages)],
  };
}

/** `remo devices show [options] [customer]`; the words for options and a command are commander's own. */
function usageOf(command: RemoCommand, { help: { titles } }: Messages): string {
  const usage = command.createHelp().commandUsage(command);
  return usage.replace('[options]', titles.someOptions).replace('[command]', titles.someCommand);
}

/** The topics that `remo help` has beside the commands. */
export function topicsOf(program: RemoCommand): readonly RemoCommand[] {
  return (program.commands.find(one => one.name() === 'help')?.commands ?? []) as RemoCommand[];
}

/** What commander knows: arguments, options and commands. */
function declared(command: RemoCommand, { help }: Messages): Section[] {
  const { titles } = help;
  const helper = command.createHelp();
  const options = (of: Option[]) =>
    // Without what commander adds in English, as `(preset: …)`: the texts say what is to be said.
    of.map(option => ({ term: helper.optionTerm(option), about: option.description }));
  const commands = (of: readonly RemoCommand[]) =>
    of.map(one => ({ term: one.name(), about: one.description() }));
  const isHelp = command.name() === 'help';
  const isRoot = command.parent === null;
  const sections: Section[] = [
    {
      title: titles.arguments,
      items: helper
        .visibleArguments(command)
        .map(one => ({ term: helper.argumentTerm(one), about: one.description })),
    },
    { title: titles.options, items: options(helper.visibleOptions(command)) },
    { title: titles.globalOptions, items: options(helper.visibleGlobalOptions(command)) },
    {
      title: isHelp ? titles.topics : titles.commands,
      items: commands(helper.visibleCommands(command) as RemoCommand[]),
    },
    { title: titles.topics, items: isRoot ? commands(topicsOf(command)).map(asTopic) : [] },
  ];
  return sections.filter(({ items = [] }) => items.length > 0);
}

const asTopic = ({ term, about }: Item) => ({ term: `help ${term}`, about });

/** What only the texts and the tables know: examples, exit codes, environment. */
function taught(command: RemoCommand, { help, lessons, topics }: Messages): Section[] {
  const words = command.words.join(' ') as keyof typeof lessons;
  const lesson: Lesson | undefined = lessons[words];
  const sections: Section[] = [
    { title: help.titles.examples, examples: lesson?.examples ?? [] },
    {
      title: help.titles.exitCodes,
      more: topics.allOf('exit-codes'),
      items: command.commands.length === 0 ? exitCodes(lesson, matters[words]?.exits ?? [], topics) : [],
    },
    {
      title: help.titles.environment,
      more: topics.allOf('environment'),
      items: variablesOf(command, matters[words]?.variables ?? []).map(name => ({
        term: name,
        about: topics.variables[name],
      })),
    },
  ];
  return sections.filter(({ items = [], examples = [] }) => items.length + examples.length > 0);
}

function exitCodes(lesson: Lesson | undefined, exits: readonly ExitCode[], { codes }: Messages['topics']) {
  const known: Partial<Record<number, string>> = { 0: codes[0] };
  for (const code of exits) known[code] = codes[code];
  return Object.entries({ ...known, ...lesson?.exitCodes }).map(([term, about]) => ({
    term,
    about: about ?? '',
  }));
}

type Variable = keyof Messages['topics']['variables'];

/** The variables that say what its options say, and others that matter to it. */
function variablesOf(command: RemoCommand, others: readonly Variable[]): Variable[] {
  const own = command.options.flatMap(
    option => (settingRules[option.attributeName() as SettingName]?.env as Variable | undefined) ?? [],
  );
  return command.parent === null ? [] : [...new Set([...own, ...others])];
}
