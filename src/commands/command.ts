import { Command } from 'commander';
import type { Context } from '../context.js';
import { type ExitCode, RemoError } from '../errors.js';
import { nearest } from '../nearest.js';
import type { ListingOptions } from '../terminal/listing.js';
import { asksForNames, type Declared, parseColumns, parseSort, settleListing } from './listing.js';

/** Where the command that ran leaves its exit code. */
export interface Exits {
  code: ExitCode;
}

/**
 * commander's Command, its errors turned into RemoErrors. The methods without `override` are the ones
 * that commander itself calls at each kind of bad usage (commander 14, lib/command.js).
 */
export class RemoCommand extends Command {
  /** Whether it is run although a setting (of a file, or of the environment) can't be used. */
  toleratesBadSettings = false;
  /** What there is to do before the handler; whether that was all. */
  private beforehand = async (): Promise<boolean> => false;

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

  unknownCommand(): never {
    const command = this.args[0] ?? '';
    const known = this.createHelp().visibleCommands(this);
    const names = known.map(sub => sub.name());
    throw new RemoError('unknown_command', { command, ...nearest(command, names) });
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

  /**
   * Takes the options of a command that lists something. They are settled before its handler is called, which gets
   * them as `ListingOptions`.
   */
  lists<O extends ListingOptions>(context: Context, declare: (options: O) => Promise<Declared>): this {
    const { listing } = context.messages.help;
    this.beforehand = async () => {
      const options = this.opts<O>();
      if (!options.columns && !options.sort && !options.excel) return false;
      const { output } = this.optsWithGlobals<{ output?: string }>();
      return settleListing(
        { ...options, ...(output === undefined ? {} : { output }) },
        await declare(options),
        context,
      );
    };
    return this.option('--columns <names>', listing.columns, parseColumns)
      .option('--sort <names>', listing.sort, parseSort)
      .option('--excel', listing.excel);
  }

  /** What to do when the command is called. A handler that gives no exit code means 0. */
  runs<A extends unknown[]>(exits: Exits, handler: (...args: A) => Promise<ExitCode | undefined>): this {
    return this.action(async (...args) => {
      if (await this.beforehand()) return;
      exits.code = (await handler(...(args as unknown as A))) ?? 0;
    });
  }
}
