import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../../context.js';
import type { RemoCommand } from '../command.js';
import { pageOf } from './page.js';
import { roffOf } from './roff.js';
import { sectionsOf, topicNames } from './topics.js';

/**
 * Writes a man page for each command, in the language of the context: into `man1` of the folder as the system's own
 * pages are laid out, other languages than English into a folder of their own in between.
 */
export async function writeManPages(folder: string, program: RemoCommand, context: Context): Promise<void> {
  const { lang, messages } = context;
  const target = path.join(folder, ...(lang === 'en' ? [] : [lang]), 'man1');
  await mkdir(target, { recursive: true });
  const commands = [program, ...program.descendants()];
  for (const command of commands) {
    const page = pageOf(command, messages);
    // The topics are chapters of remo(1); there they take the place of the list of their names.
    const topics = command === program ? topicNames.flatMap(topic => sectionsOf(topic, messages)) : [];
    const sections = [
      ...page.sections.filter(({ title }) => title !== messages.help.titles.topics),
      ...topics,
    ];
    const text = roffOf({ ...page, sections }, messages.topics.man, __VERSION__, relatives(command, program));
    await writeFile(path.join(target, `${pageName(command)}.1`), text);
  }
}

const pageName = (command: RemoCommand) => ['remo', ...command.words].join('-');

/** The pages that belong to the same noun; of the program, all nouns. */
function relatives(command: RemoCommand, program: RemoCommand): string[] {
  const noun = command.commands.length > 0 ? command : (command.parent as RemoCommand);
  const near = [program, noun, ...noun.verbs()].filter(one => one !== command);
  return [...new Set(near.map(pageName))];
}
