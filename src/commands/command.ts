import { Command } from 'commander';
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

  override createCommand(name?: string): RemoCommand {
    return new RemoCommand(name);
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

  missingArgument(argument: string): never {
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
      .option(settingRules.pager.flag ?? '', pager)
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

  /** What to do when the command is called. A handler that gives no exit code means 0. */
  runs<A extends unknown[]>(exits: Exits, handler: (...args: A) => Promise<ExitCode | undefined>): this {
    return this.action(async (...args) => {
      exits.code = (await handler(...(args as unknown as A))) ?? 0;
    });
  }
}
