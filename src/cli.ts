import { CommanderError } from 'commander';
import { addAuth } from './commands/auth/index.js';
import { addBatches } from './commands/batches/index.js';
import { type Exits, HelpAsked, RemoCommand } from './commands/command.js';
import { addCompletion } from './commands/completion/index.js';
import { addConfig } from './commands/config/index.js';
import { warnOfMistypedProfile } from './commands/config/near-profile.js';
import { addCustomers } from './commands/customers/index.js';
import { addDevices } from './commands/devices/index.js';
import { addDoctor } from './commands/doctor/index.js';
import { addHelp } from './commands/help/index.js';
import { addHistory } from './commands/history/index.js';
import { addNotices } from './commands/notices/index.js';
import { addRehearsal } from './commands/rehearsal.js';
import { type Flags, flagSpellings, settingNames, settingRules } from './config.js';
import type { Context } from './context.js';
import { asRemoError, ExitCode } from './errors.js';
import { renderError } from './terminal/errors.js';
import { ClosedPipe } from './terminal/io.js';

/**
 * The whole command line, ready to parse. The exit code of the command that runs ends up in `exits`;
 * `typed` are the words of the command line.
 */
function createProgram(context: Context, exits: Exits, typed: readonly string[]): RemoCommand {
  const { help } = context.messages;
  const { globals } = help;
  const { stdout } = context.host;
  const program = new RemoCommand('remo')
    .description(help.program)
    .version(__VERSION__, '-V, --version', help.versionOption)
    .helpOption('-h, --help', help.helpOption)
    // The nouns have commander's own; that of the program knows topics, too.
    .helpCommand('help [command]', help.helpCommand)
    .helpCommand(false)
    // Without what commander adds in English, as `(preset: …)`: the texts say what is to be said.
    .configureHelp({ showGlobalOptions: true, optionDescription: ({ description }) => description })
    .configureOutput({ writeOut: text => stdout.write(text) })
    .exitOverride();
  for (const name of settingNames) {
    const { flag, of } = settingRules[name];
    if (flag !== undefined && !of) program.option(flag, globals[name as keyof typeof globals]);
  }
  program.completes({ profile: 'profile', apiUrl: 'api-url' });
  addAuth(program, context, exits);
  addCustomers(program, context, exits);
  addDevices(program, context, exits, typed);
  addBatches(program, context, exits);
  addHistory(program, context, exits);
  addNotices(program, context, exits);
  addConfig(program, context, exits);
  addDoctor(program, context, exits);
  addCompletion(program, context, exits);
  addRehearsal(program, context, exits, run);
  addHelp(program, context, exits);
  // An error about a setting comes before anything the command does.
  program.hook('preAction', (_program, command) => {
    const { toleratesBadSettings, instructsReboots } = command as RemoCommand;
    context.useFlags(flagsOf(program, command as RemoCommand));
    context.instructsReboots = instructsReboots;
    if (!toleratesBadSettings) context.settings;
    warnOfMistypedProfile(context);
  });
  return program;
}

/** The settings that stand on the command line itself; commander's own defaults do not count. */
function flagsOf(program: RemoCommand, command: RemoCommand): Flags {
  const given = settingNames.flatMap(name => {
    const holder = [command, program].find(one => one.getOptionValueSource(name) === 'cli');
    return holder ? [[name, holder.getOptionValue(name)] as const] : [];
  });
  return Object.fromEntries(given);
}

/** How a flag looks with its value in the same word: `--output=json`, `-ojson`. */
const attached = (flag: string) => (flag.startsWith('--') ? `${flag}=` : flag);

/** The flags that decide how an error is told, or whose values completion offers, read without a parser. */
function earlyFlags(argv: readonly string[]): Flags {
  const given = (['lang', 'profile', 'output', 'apiUrl'] as const).flatMap(name => {
    const flags = flagSpellings(name);
    const at = argv.findIndex(word => flags.some(flag => word === flag || word.startsWith(attached(flag))));
    const word = argv[at];
    if (word === undefined) return [];
    const flag = flags.find(one => word === one || word.startsWith(attached(one))) ?? '';
    const value = word === flag ? argv[at + 1] : word.slice(attached(flag).length);
    return value ? [[name, value] as const] : [];
  });
  return Object.fromEntries(given);
}

/**
 * Puts the value of `--sort` into the same word: in `--sort -outcome` commander would find `-o utcome`. A letter by
 * itself is an option: in `--sort $EMPTY -o json` the value is missing.
 */
function attachSort(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  const words: string[] = [];
  for (const [at, word] of argv.entries()) {
    const isFlag = end === -1 || at < end;
    if (isFlag && words.at(-1) === '--sort' && /^-[^-]./.test(word)) words[words.length - 1] += `=${word}`;
    else words.push(word);
  }
  return words;
}

/**
 * Runs one command line (without `node` and the script) and tells its exit code. Nothing is thrown: an
 * error is told on stderr, once, in the user's language.
 */
export async function run(argv: readonly string[], context: Context): Promise<ExitCode> {
  const [first, ...request] = argv;
  if (first === '__complete') return offer(request, context);
  const unsubscribe = context.host.onSignal(signal => {
    // The terminal sends Ctrl-C to all that run in it; a pager has its own ideas of it.
    if (signal === 'SIGINT' && context.io.diverted) return false;
    // A run that writes to no terminal goes on without one, as `nohup` has it, whose setting Node undoes.
    const { stdoutIsTerminal, stderrIsTerminal } = context.io;
    const detached = !(stdoutIsTerminal || stderrIsTerminal);
    if (signal === 'SIGHUP' && context.instructsReboots && detached) return false;
    context.interrupt(signal);
    return true;
  });
  const exits: Exits = { code: ExitCode.done };
  try {
    const words = argv.length === 0 ? ['--help'] : attachSort(argv);
    context.useFlags(earlyFlags(words));
    await context.speak();
    await createProgram(context, exits, argv).parseAsync(words, { from: 'user' });
    await context.io.flush();
    return exits.code;
  } catch (thrown) {
    if (thrown instanceof HelpAsked || thrown instanceof CommanderError) return endOfHelp(thrown, context);
    // Nobody reads on (`| head`): a listing is done then; what became of devices stands.
    if (thrown instanceof ClosedPipe) return exits.code;
    const error = context.signal.aborted ? asRemoError(context.signal.reason) : asRemoError(thrown);
    await renderError(error, context);
    return error.exitCode;
  } finally {
    unsubscribe();
  }
}

/** Answers a shell that completes a command line. Whatever goes wrong, nobody is to read it there. */
async function offer(request: readonly string[], context: Context): Promise<ExitCode> {
  try {
    const { complete, requestOf } = await import('./commands/completion/complete.js');
    const asked = requestOf(request);
    context.useFlags(earlyFlags(attachSort(asked.words.slice(0, -1))));
    await context.speak();
    await complete(asked, createProgram(context, { code: ExitCode.done }, []), context);
    await context.io.flush();
  } catch {
    // No candidates, then.
  }
  return ExitCode.done;
}

/**
 * Shows the help that was asked for; the version commander has shown by itself.
 * @returns the exit code: what is missing is bad usage, help asked for is not
 */
async function endOfHelp(thrown: HelpAsked | CommanderError, context: Context): Promise<ExitCode> {
  try {
    if (thrown instanceof HelpAsked) {
      const { showHelp } = await import('./commands/help/text.js');
      await showHelp(thrown, context);
    }
    await context.io.flush();
  } catch (error) {
    if (error instanceof ClosedPipe) return ExitCode.done;
    const told = asRemoError(error);
    await renderError(told, context);
    return told.exitCode;
  }
  return thrown instanceof HelpAsked && thrown.missing ? ExitCode.usage : ExitCode.done;
}
