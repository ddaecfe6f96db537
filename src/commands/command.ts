import { Command, Option, type ParseOptionsResult } from 'commander';
import { settingRules } from '../config.js';
import type { Context } from '../context.js';
import { type ExitCode, RemoError } from '../errors.js';
import { nearest } from '../nearest.js';
import type { ListingOptions } from '../terminal/listing.js';
import { oneOf } from '../values.js';
import { asksForNames, type Declared, namesOf, parseColumns, parseSort, settleListing } from './listing.js';

/** commander's parser of an option that takes one of a few words. It throws RemoError `invalid_value`. */
export function choice<T extends string>(flag: string, ...values: T[]) {
  return Object.assign((text: string) => oneOf(...values)(text, flag), { values });
}

/** Where the command that ran leaves its exit code. */
export interface Exits {
  code: ExitCode;
}

/** Kinds of values that there are different ones of for each person. */
export type ValueKind =
  | 'api-url'
  | 'customer'
  | 'device'
  | 'file'
  | 'folder'
  | 'kept-setting'
  | 'profile'
  | 'run'
  | 'setting'
  | 'setting-value'
  | 'time-zone'
  | 'unfinished-run';

/** Words, ready or still to be loaded, which may depend on the options that are given. */
export type Words = readonly string[] | ((given: ReadonlySet<string>) => Promise<readonly string[]>);

/** Several words with a comma between two; `signed` where each may have a `-` before it. */
export interface WordList {
  listOf: Words;
  signed?: true;
}

/** What completion offers for a value. */
export type Offer = ValueKind | Words | WordList;

type Handle = () => Promise<ExitCode | undefined>;
type Declare = (given: ReadonlySet<string>) => Promise<Declared>;

/** Someone wants to see the help of a command, or needs it: the verb is `missing`. It is laid out by those who show it. */
export class HelpAsked extends Error {
  override readonly name = 'HelpAsked';

  constructor(
    readonly command: RemoCommand,
    readonly missing = false,
  ) {
    super();
  }
}

/**
 * commander's Command, its errors turned into RemoErrors. The methods without `override` are the ones
 * that commander itself calls at each kind of bad usage (commander 14, lib/command.js).
 */
export class RemoCommand extends Command {
  /** Whether it is run although a setting (of a file, or of the environment) can't be used. */
  toleratesBadSettings = false;
  /** What completion offers, by the name of the argument or of the option (`savePlan`). */
  readonly offers: Record<string, Offer> = {};
  /** Whether it instructs reboots. */
  instructsReboots = false;
  /** What is done round the handler; gives the handler's exit code. */
  private around: (handle: Handle) => Promise<ExitCode | undefined> = handle => handle();

  override createCommand(name?: string): RemoCommand {
    return new RemoCommand(name);
  }

  /**
   * What commander reads the words by, with two rules of ours. An option of this command is no value of the one
   * before it: in `--reason $EMPTY --wait` the value is missing (`--reason=--wait` says it is meant). And an
   * option whose value is optional takes none from the next word (`--wait DEVICE_ID`), but the empty one.
   * @throws RemoError `missing_value`
   */
  override parseOptions(argv: string[]): ParseOptionsResult {
    const known = (word = '') => this.options.find(({ short, long }) => word === short || word === long);
    const end = argv.indexOf('--');
    const words = argv.map((word, at) => {
      const option = end === -1 || at < end ? known(word) : undefined;
      const next = argv[at + 1];
      if (option?.required && (next === '--' || known(next))) this.optionMissingArgument(option);
      return option?.optional ? `${word}=${option.presetArg ?? ''}` : word;
    });
    return super.parseOptions(words);
  }

  unknownOption(flag: string): never {
    const helper = this.createHelp();
    const known = [...helper.visibleOptions(this), ...helper.visibleGlobalOptions(this)];
    const [name = flag] = flag.split('=');
    const longs = known.flatMap(({ long }) => long ?? []);
    if (name === '--with-token' && longs.includes(name)) throw new RemoError('token_argument', {});
    // What follows the = may be a secret that was meant for an option of another name.
    throw new RemoError('unknown_option', { option: name, ...nearest(name, longs) });
  }

  /** Its words after the program's name: `devices reboot`. */
  get words(): string[] {
    const parent = this.parent as RemoCommand | null;
    return parent ? [...parent.words, this.name()] : [];
  }

  /** The commands that it has, as its help lists them, without the one that shows help. */
  verbs(): RemoCommand[] {
    const visible = this.createHelp().visibleCommands(this) as RemoCommand[];
    return visible.filter(one => one.name() !== 'help');
  }

  unknownCommand(): never {
    this.refuse(this.args[0] ?? '');
  }

  /** @throws RemoError `unknown_command`, with the nearest there is here, else with the one so called elsewhere */
  private refuse(command: string): never {
    const names = this.createHelp()
      .visibleCommands(this)
      .map(one => one.name());
    const near = nearest(command, names);
    const [elsewhere, ...more] = this.root.descendants().filter(one => one.name() === command);
    const suggestion = near.suggestion ?? (more.length > 0 ? undefined : elsewhere?.words.join(' '));
    const params = { command, of: this.words };
    throw new RemoError('unknown_command', suggestion === undefined ? params : { ...params, suggestion });
  }

  private get root(): RemoCommand {
    return (this.parent as RemoCommand | null)?.root ?? this;
  }

  /** Every command below it, as help lists them. */
  descendants(): RemoCommand[] {
    return this.verbs().flatMap(one => [one, ...one.descendants()]);
  }

  /** Nobody is shown the help of one command who asked for that of another. */
  override outputHelp(context?: { error?: boolean } | ((text: string) => string)): never {
    const [word, ...rest] = this.args;
    const asked = word === 'help' ? rest[0] : word;
    const takesVerb = this.commands.length > 0 && this.registeredArguments.length === 0;
    if (takesVerb && asked !== undefined && !asked.startsWith('-')) this.refuse(asked);
    throw new HelpAsked(this, typeof context === 'object' && context.error === true);
  }

  missingArgument(argument: string): void {
    // Which columns there are does not depend on it.
    if (asksForNames(this.opts())) return;
    throw new RemoError('missing_argument', { argument });
  }

  optionMissingArgument({ long, flags }: { long?: string; flags: string }): never {
    throw new RemoError('missing_value', { option: long ?? flags });
  }

  _excessArguments(received: string[]): never {
    throw new RemoError('excess_argument', { argument: received[this.registeredArguments.length] ?? '' });
  }

  /** For a command that mends settings or says what is wrong with them: it looks at each by itself. */
  toleratingBadSettings(): this {
    this.toleratesBadSettings = true;
    return this;
  }

  /**
   * Says what completion offers for the values of arguments and options, by their names. An option whose parser
   * takes a few words only (`choice`, and the settings) needs no saying.
   */
  completes(offers: Readonly<Record<string, Offer>>): this {
    Object.assign(this.offers, offers);
    return this;
  }

  /** For a command that instructs reboots: its errors say what they mean for the devices. */
  instructingReboots(): this {
    this.instructsReboots = true;
    return this;
  }

  /**
   * Takes the options of a command that lists something. What they ask for is settled before its handler is called,
   * which gets them as `ListingOptions`.
   * @param declare what is listed with the options that are given, by their names (`savePlan`)
   * @param alone whether listing is all it does: its table can be shown by a pager then
   */
  lists(context: Context, declare: Declare, { alone = true } = {}): this {
    const { listing } = context.messages.help;
    const { wide, pager } = settingRules;
    this.around = async handle => {
      const options = this.optsWithGlobals<ListingOptions & { output?: string }>();
      const declared = () => declare(new Set(Object.keys(this.opts())));
      if (await settleListing(options, declared, context)) return;
      const command = alone ? context.pager : undefined;
      if (command === undefined) return handle();
      const { throughPager } = await import('../terminal/external-pager.js');
      return throughPager(context, command, handle);
    };
    const names = async (given: ReadonlySet<string>) => namesOf(await declare(given));
    this.completes({ columns: { listOf: names }, sort: { listOf: names, signed: true } })
      .option('--columns <names>', listing.columns, parseColumns)
      .option('--sort <names>', listing.sort, parseSort)
      .option('--excel', listing.excel)
      .option(wide.flag ?? '', listing.wide);
    // Bare, it is the usual pager.
    return alone ? this.addOption(new Option(pager.flag ?? '', listing.pager).preset('true')) : this;
  }

  /** What to do when the command is called. A handler that gives no exit code means 0. */
  runs<A extends unknown[]>(exits: Exits, handler: (...args: A) => Promise<ExitCode | undefined>): this {
    return this.action(async (...args) => {
      exits.code = (await this.around(() => handler(...(args as unknown as A)))) ?? 0;
    });
  }
}
