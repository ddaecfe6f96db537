import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import { type Exits, HelpAsked, type RemoCommand } from '../command.js';
import { type Topic, topicNames } from './topics.js';

/** Wires `remo help`, its topics, and what writes the man pages when the package is built. */
export function addHelp(program: RemoCommand, context: Context, exits: Exits): void {
  const { topics } = context.messages;
  const summaries: Record<Topic, string> = {
    'exit-codes': topics.exitCodes.summary,
    environment: topics.environment.summary,
    output: topics.output.summary,
  };
  const command = program
    .command('help')
    .description(topics.helpCommand)
    .argument('[command...]', topics.topic)
    .usage('[command]')
    .helpCommand(false)
    .toleratingBadSettings()
    .runs(exits, async (words: string[]) => {
      throw new HelpAsked(commandAt(program, words, topicNames));
    });
  for (const name of topicNames) {
    command
      .command(name)
      .description(summaries[name])
      .toleratingBadSettings()
      .runs(exits, async () => {
        const { showTopic } = await import('./show-topic.js');
        await showTopic(name, context);
      });
  }
  program
    .command('__man', { hidden: true })
    .argument('<folder>')
    .toleratingBadSettings()
    .runs(exits, async (folder: string) => {
      const { writeManPages } = await import('./man.js');
      await writeManPages(folder, program, context);
    });
}

/** The command that some words name. @throws RemoError `unknown_help`, for the first that is none */
function commandAt(program: RemoCommand, words: readonly string[], topics: readonly string[]): RemoCommand {
  let command = program;
  for (const word of words) {
    const found = command.commands.find(one => one.name() === word) as RemoCommand | undefined;
    if (!found) {
      const known = [...command.verbs().map(one => one.name()), ...(command === program ? topics : [])];
      throw new RemoError('unknown_help', {
        words: [...command.words, word].join(' '),
        ...nearest(word, known),
      });
    }
    command = found;
  }
  return command;
}
