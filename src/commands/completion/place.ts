import type { Option } from 'commander';
import type { RemoCommand } from '../command.js';

/** The word at the cursor, and what the words before it make of it. */
export interface Place {
  /** The command that the words before name. */
  command: RemoCommand;
  /** Whether it is asked for help about one of its commands. */
  helping: boolean;
  /** What stands of the word before the cursor. */
  word: string;
  /** The option whose value the word is, or holds behind `attached` (`--output=`, `-o`). */
  option?: Option;
  attached: string;
  /** The arguments before it. */
  operands: string[];
  /** The options before it, by their attributes: `--wait` and `--no-wait` have the same. */
  given: Set<string>;
  /** After `--` nothing is an option. */
  operandsOnly: boolean;
}

/** Settles what the last of some words is; the others stand before it, without the program's name. */
export function placeOf(program: RemoCommand, words: readonly string[]): Place {
  const place: Place = {
    command: program,
    helping: false,
    word: words.at(-1) ?? '',
    attached: '',
    operands: [],
    given: new Set(),
    operandsOnly: false,
  };
  let awaiting: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (awaiting) awaiting = undefined;
    else if (place.operandsOnly || !/^-./.test(word)) takeOperand(word, place);
    else if (word === '--') place.operandsOnly = true;
    else awaiting = takeFlags(word, place);
  }
  const own = awaiting ? { option: awaiting, attached: '' } : attachedTo(place);
  return own ? { ...place, ...own } : place;
}

/** The options that count for a command: its own and those of all. */
export function optionsOf(command: RemoCommand): Option[] {
  const helper = command.createHelp();
  return [...helper.visibleOptions(command), ...helper.visibleGlobalOptions(command)];
}

/** The commands that a command has, as its help lists them. */
export function commandsOf(command: RemoCommand): RemoCommand[] {
  return command.createHelp().visibleCommands(command) as RemoCommand[];
}

function takeOperand(word: string, place: Place): void {
  const { command, helping, operands } = place;
  const named = operands.length > 0 ? undefined : commandsOf(command).find(is(word));
  if (!named) operands.push(word);
  // Whoever asks for help names a command of the one that has the help command, or one below.
  else if (named.name() === 'help' && !helping) place.helping = true;
  else place.command = named;
}

const is = (word: string) => (command: RemoCommand) =>
  command.name() === word || command.aliases().includes(word);

/** Takes note of the options that a word is. @returns the one whose value the next word is */
function takeFlags(word: string, { command, given }: Place): Option | undefined {
  const known = optionsOf(command);
  for (const { flag, rest } of flagsIn(word)) {
    const option = known.find(({ short, long }) => flag === short || flag === long);
    if (!option) return undefined;
    given.add(option.attributeName());
    if (takesValue(option)) return option.required && rest === undefined ? option : undefined;
  }
  return undefined;
}

/** The option that the word at the cursor has a value for, and what stands before that value. */
function attachedTo({ command, word, operandsOnly }: Place): Pick<Place, 'attached'> & { option?: Option } {
  const known = optionsOf(command);
  for (const { flag, rest } of operandsOnly || !/^-./.test(word) ? [] : flagsIn(word)) {
    const option = known.find(({ short, long }) => flag === short || flag === long);
    if (!option) break;
    if (!takesValue(option)) continue;
    if (rest === undefined) break;
    return { option, attached: word.slice(0, word.length - rest.length) };
  }
  return { attached: '' };
}

const takesValue = ({ required, optional }: Option) => required || optional;

/** The flags that a word may be, and what would be the value of each: `--output=json`, `-ojson`, `-yf`. */
function flagsIn(word: string): { flag: string; rest?: string }[] {
  if (word.startsWith('--')) {
    const at = word.indexOf('=');
    return [at === -1 ? { flag: word } : { flag: word.slice(0, at), rest: word.slice(at + 1) }];
  }
  return [...word.slice(1)].map((letter, index) => {
    const rest = word.slice(index + 2);
    return { flag: `-${letter}`, ...(rest === '' ? {} : { rest }) };
  });
}
