import { Command, Option, type ParseOptionsResult } from 'commander';
import { settingRules } from '../config.js';
import type { Context } from '../context.js';
import { type ExitCode, RemoError } from '../errors.js';
import { nearest } from '../nearest.js';
import { oneOf } from '../values.js';

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

/** Words, ready or still to be loaded. */
type Words = readonly string[] | (() => Promise<readonly string[]>);

/** What completion offers for a value; `listOf` for several with a comma between two. */
export type Offer = ValueKind | Words | { listOf: Words };

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

  unknownCommand(): never {
    const command = this.args[0] ?? '';
    const known = this.createHelp().visibleCommands(this);
    const names = known.map(sub => sub.name());
    throw new RemoError('unknown_command', { command, ...nearest(command, names) });
  }

  missingArgument(argument: string): never {
    throw new RemoError('missing_argument', { argument });
  }

  optionMissingArgument({ long, flags }: { long?: string; flags: string }): never {
    throw new RemoError('missing_value', { option: long ?? flags });
  }

  _excessArguments(received: string[]): never {
    throw new RemoError('excess_argument', { argument: received[this.registeredArguments.length] ?? '' });
  }

  /** Adds examples to the end of the help, and the exit codes that mean something special here. */
  footer(context: Context, examples: readonly string[], exitCodes: readonly string[] = []): this {
    const { help } = context.messages;
    const section = (title: string, lines: readonly string[]) =>
      lines.length === 0 ? [] : ['', title, ...lines.map(line => `  ${line}`)];
    const lines = [...section(help.examples, examples), ...section(help.exitCodes, exitCodes)];
    return this.addHelpText('after', lines.join('\n'));
  }

  /** For a command that mends settings or says what is wrong with them: it looks at each by itself. */
  toleratingBadSettings(): this {
    this.toleratesBadSettings = true;
    return this;
  }

  /** Adds the option for a command that shows a table. */
  tables({ messages }: Context): this {
    return this.option(settingRules.wide.flag ?? '', messages.help.listings.wide);
  }

  /** As `runs`, for a command that does nothing but list: its table can be shown by a pager. */
  lists<A extends unknown[]>(
    context: Context,
    exits: Exits,
    handler: (...args: A) => Promise<ExitCode | undefined>,
  ): this {
    const { pager } = context.messages.help.listings;
    return this.tables(context)
      .addOption(new Option(settingRules.pager.flag ?? '', pager).preset('true'))
      .runs(exits, async (...args: A) => {
        const command = context.pager;
        if (command === undefined) return handler(...args);
        const { throughPager } = await import('../terminal/external-pager.js');
        return throughPager(context, command, () => handler(...args));
      });
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

  /** What to do when the command is called. A handler that gives no exit code means 0. */
  runs<A extends unknown[]>(exits: Exits, handler: (...args: A) => Promise<ExitCode | undefined>): this {
    return this.action(async (...args) => {
      exits.code = (await handler(...(args as unknown as A))) ?? 0;
    });
  }
}
