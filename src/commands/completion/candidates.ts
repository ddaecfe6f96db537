import type { Option } from 'commander';
import { type SettingName, settingRules } from '../../config.js';
import type { Context } from '../../context.js';
import type { Offer, RemoCommand, WordList, Words } from '../command.js';
import { topicsOf } from '../help/page.js';
import { prepare } from './live.js';
import { commandsOf, optionsOf, type Place } from './place.js';
import { type Candidate, valuesOf, wordsOf } from './values.js';

/**
 * What is offered for a word. `part`: after one of these the word may go on. `file` and `folder`: the shell
 * offers its own.
 */
export interface Answer {
  how: 'words' | 'part' | 'file' | 'folder';
  candidates: Candidate[];
}

const words = (candidates: Candidate[]): Answer => ({ how: 'words', candidates });

/** What may stand in a place: commands, options or values, each as the whole word. */
export async function candidatesAt(place: Place, context: Context): Promise<Answer> {
  const { command, word, option, attached, operandsOnly, helping, operands } = place;
  if (option) {
    const value = word.slice(attached.length);
    const answer = await answerFor(offerOf(option, command), value, place, context);
    return { ...answer, candidates: startingWith(value, answer.candidates, attached) };
  }
  const argument = argumentAt(place);
  if (!argument || word.startsWith('-')) await prepareFor(command, context);
  if (word.startsWith('-') && !operandsOnly) return words(startingWith(word, options(place)));
  const isNoun = helping || command.commands.length > 0;
  // After a word that is no command of its nothing can be said.
  if (isNoun && operands.length > 0) return words([]);
  if (isNoun) return words(startingWith(word, nextCommands(place).map(asCandidate)));
  // Where nothing more may stand, an option may.
  if (!argument) return words(word === '' && !operandsOnly ? options(place) : []);
  const answer = await answerFor(command.offers[argument.name()], word, place, context);
  const left = answer.candidates.filter(({ text }) => !operands.includes(text));
  return { ...answer, candidates: startingWith(word, left) };
}

/** Who is on the way to a customer gets there with the next TAB or two; with the first word nobody is yet. */
async function prepareFor(command: RemoCommand, context: Context): Promise<void> {
  const nearby = command.parent ? [command, ...(command.commands as RemoCommand[])] : [];
  if (nearby.some(({ offers }) => Object.values(offers).includes('customer'))) await prepare(context);
}

/** The commands that may stand there; with `remo help` also its topics. */
function nextCommands({ command, helping }: Place): readonly RemoCommand[] {
  if (!helping) return commandsOf(command);
  return [...command.verbs(), ...(command.parent === null ? topicsOf(command) : [])];
}

function asCandidate(command: RemoCommand): Candidate {
  return { text: command.name(), about: command.description() };
}

function argumentAt({ command, operands }: Place) {
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  return registeredArguments[operands.length] ?? (last?.variadic ? last : undefined);
}

/** The options that are not given yet; the short ones too, once a `-` says that an option is wanted. */
function options({ command, word, given }: Place): Candidate[] {
  return optionsOf(command)
    .filter(option => option.variadic || !given.has(option.attributeName()))
    .flatMap(({ long, short, description }) =>
      (word === '-' ? [short, long] : [long]).flatMap(text => (text ? [{ text, about: description }] : [])),
    );
}

/** What an option's command says of its values, else the words that its parser takes. */
function offerOf(option: Option, command: RemoCommand): Offer | undefined {
  const name = option.attributeName();
  const holder = [command, ...ancestorsOf(command)].find(one => one.options.includes(option));
  return (
    holder?.offers[name] ?? wordsOf(option.parseArg) ?? wordsOf(settingRules[name as SettingName]?.parse)
  );
}

function ancestorsOf(command: RemoCommand): RemoCommand[] {
  const parent = command.parent as RemoCommand | null;
  return parent ? [parent, ...ancestorsOf(parent)] : [];
}

async function answerFor(
  offer: Offer | undefined,
  value: string,
  { operands, given }: Place,
  context: Context,
): Promise<Answer> {
  if (offer === undefined) return words([]);
  if (offer === 'file' || offer === 'folder') return { how: offer, candidates: [] };
  if (typeof offer === 'string') return words(await valuesOf(offer, { operands, context }));
  if (typeof offer === 'object' && 'listOf' in offer) {
    return listed(await load(offer.listOf, given), value, offer);
  }
  return words((await load(offer, given)).map(text => ({ text, about: '' })));
}

/** The words that a list can go on with: those that are not in it yet. */
function listed(known: readonly string[], value: string, { signed }: WordList): Answer {
  const bare = (word: string) => (signed ? word.replace(/^-/, '') : word);
  const chosen = value.split(',');
  const begun = chosen.pop() ?? '';
  if (!chosen.every(one => known.includes(bare(one)))) return words([]);
  const sign = begun.slice(0, begun.length - bare(begun).length);
  const left = known.filter(one => !chosen.map(bare).includes(one));
  const how = left.length > 1 ? 'part' : 'words';
  return { how, candidates: left.map(one => ({ text: [...chosen, sign + one].join(','), about: '' })) };
}

async function load(source: Words, given: ReadonlySet<string>): Promise<readonly string[]> {
  return typeof source === 'function' ? source(given) : source;
}

/** Those that begin with what is there, in small or capital letters where none does otherwise. */
function startingWith(start: string, candidates: readonly Candidate[], before = ''): Candidate[] {
  const exact = candidates.filter(({ text }) => text.startsWith(start));
  const lower = start.toLowerCase();
  const found =
    exact.length > 0 ? exact : candidates.filter(({ text }) => text.toLowerCase().startsWith(lower));
  return found.map(({ text, about }) => ({ text: before + text, about }));
}
