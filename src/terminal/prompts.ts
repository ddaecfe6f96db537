import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import { converse, left, requireConversation } from './converse.js';
import { sizeOf } from './io.js';
import type { Theme } from './prompt-theme.js';
import { inline } from './sanitise.js';

/** One of several to choose from. */
export interface Option<T> {
  value: T;
  label: string;
}

/**
 * Asks a yes-or-no question on stderr. Enter, Ctrl-D and the end of stdin are a no.
 * @param flag what would have answered it, for the error
 * @throws RemoError `answer_needed` where nobody can be asked; `interrupted` at Ctrl-C
 */
export async function confirm(context: Context, question: string, flag: string): Promise<boolean> {
  requireConversation(context, flag);
  if (context.setting('plain').value) return (await import('./line-prompts.js')).confirm(context, question);
  const [{ default: ask }, theme] = await Promise.all([import('@inquirer/confirm'), loadTheme(context)]);
  const { answerYes, answerNo } = context.messages.terminal;
  const answer = await converse(context, channel =>
    ask(
      {
        message: inline(question),
        default: false,
        transformer: agreed => (agreed ? answerYes : answerNo),
        theme: { ...theme, keywords: { yes: 'yes', no: 'no' } },
      },
      channel,
    ),
  );
  return answer === true;
}

/**
 * Lets the person choose one of several, on stderr.
 * @param flag what would have answered it, for the error
 * @throws RemoError `answer_needed` where nobody can be asked; `declined` at Ctrl-D; `interrupted` at Ctrl-C
 */
export async function choose<T>(
  context: Context,
  question: string,
  options: readonly Option<T>[],
  flag: string,
): Promise<T> {
  requireConversation(context, flag);
  const labels = options.map(({ label }) => label);
  const answer = context.setting('plain').value
    ? await (await import('./line-prompts.js')).choose(context, question, labels)
    : await chooseByKeys(context, question, labels);
  const chosen = answer === left ? undefined : options[answer];
  if (!chosen) throw new RemoError('declined', {});
  return chosen.value;
}

/** @returns the place of the one that was chosen, from 0 */
async function chooseByKeys(context: Context, question: string, labels: readonly string[]) {
  const [{ default: ask }, { fold, truncate, widthOf, wrap }, theme] = await Promise.all([
    import('@inquirer/select'),
    import('./width.js'),
    loadTheme(context),
  ]);
  const { symbols, terminal } = context.messages;
  const message = inline(question);
  const harmless = labels.map(label => inline(label));
  const size = () => sizeOf(context.io.stderr);
  const keys = () =>
    wrap(
      `${symbols.upAndDown} ${terminal.move} ${symbols.between} Enter ${terminal.choose}`,
      size().columns - 1,
    );
  return converse(context, channel =>
    ask(
      {
        message,
        // Chosen by its place: what inquirer is given are no values of ours to merge, compare or print.
        get choices() {
          const room = Math.max(1, size().columns - 3);
          // What was chosen stands behind the question, on one line with it. Inquirer takes some characters for
          // wider than we do.
          const behind = Math.max(10, room - widthOf(message) - 8);
          return harmless.map((label, value) => ({
            value,
            name: truncate(label, room, symbols.cut),
            short: truncate(label, behind, symbols.cut),
          }));
        },
        loop: false,
        get pageSize() {
          const { columns, rows } = size();
          // An empty line is above the keys.
          const taken = fold(`? ${message}`, columns).length + 1 + keys().length;
          return Math.max(1, Math.min(10, rows - taken));
        },
        theme: {
          ...theme,
          icon: { cursor: '>' },
          // Without it, what is typed jumps to an option; and any key that types nothing, to the first one.
          keybindings: ['vim'] as const,
          style: { ...theme.style, keysHelpTip: () => theme.style.help(keys().join('\n')) },
        },
      },
      channel,
    ),
  );
}

/**
 * Asks for a text, on stderr, until it is one that will do.
 * @param flag what would have answered it, for the error
 * @param problem what is wrong with a text, in the user's language; nothing if it will do
 * @throws RemoError `answer_needed` where nobody can be asked; `declined` at Ctrl-D; `interrupted` at Ctrl-C
 */
export async function ask(
  context: Context,
  question: string,
  flag: string,
  problem: (text: string) => string | undefined,
): Promise<string> {
  requireConversation(context, flag);
  const answer = context.setting('plain').value
    ? await (await import('./line-prompts.js')).ask(context, question, problem)
    : await askByKeys(context, question, problem);
  if (answer === left) throw new RemoError('declined', {});
  return answer.trim();
}

async function askByKeys(context: Context, question: string, problem: (text: string) => string | undefined) {
  const [{ default: input }, theme] = await Promise.all([import('@inquirer/input'), loadTheme(context)]);
  return converse(context, channel =>
    input(
      {
        message: inline(question),
        validate: text => {
          const wrong = problem(text.trim());
          return wrong === undefined || inline(wrong);
        },
        theme,
      },
      channel,
    ),
  );
}

/**
 * Asks for a secret, on stderr; nothing of what is typed is shown.
 * @param flag what would have answered it, for the error
 * @throws RemoError `answer_needed` where nobody can be asked; `declined` at Ctrl-D; `interrupted` at Ctrl-C
 */
export async function askSecret(context: Context, question: string, flag: string): Promise<string> {
  requireConversation(context, flag);
  const answer = context.setting('plain').value
    ? await (await import('./line-prompts.js')).line(context, inline(question), true)
    : await askSecretByKeys(context, question);
  if (answer === left) throw new RemoError('declined', {});
  return answer;
}

async function askSecretByKeys(context: Context, question: string) {
  const [{ default: password }, theme] = await Promise.all([
    import('@inquirer/password'),
    loadTheme(context),
  ]);
  const { typedUnseen } = context.messages.terminal;
  const hidden = { ...theme, style: { ...theme.style, maskedText: typedUnseen } };
  return converse(context, channel =>
    password({ message: inline(question), mask: false, toggleMask: false, theme: hidden }, channel),
  );
}

async function loadTheme(context: Context): Promise<Theme> {
  const { themeOf } = await import('./prompt-theme.js');
  return themeOf(context);
}
