import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import { converse, left, requireConversation, theme } from './converse.js';
import { inline } from './sanitise.js';
import { styleOf } from './style.js';

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
  const { default: ask } = await import('@inquirer/confirm');
  const { answerYes, answerNo } = context.messages.terminal;
  const style = await styleOf(context, 'stderr');
  const answer = await converse(context, channel =>
    ask(
      {
        message: inline(question),
        default: false,
        transformer: agreed => (agreed ? answerYes : answerNo),
        theme: { ...theme(style, context.messages), keywords: { yes: 'yes', no: 'no' } },
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
  const [{ default: ask }, { truncate, widthOf }] = await Promise.all([
    import('@inquirer/select'),
    import('./width.js'),
  ]);
  const style = await styleOf(context, 'stderr');
  const { symbols, terminal } = context.messages;
  const room = Math.max(1, (context.io.stderr.columns || 80) - 3);
  // Chosen by its place: what inquirer is given are no values of ours to merge, compare or print.
  // Inquirer takes some characters for wider than we do.
  const behind = Math.max(10, room - widthOf(inline(question)) - 8);
  const choices = labels.map((label, value) => ({
    value,
    name: truncate(inline(label), room, symbols.cut),
    // What was chosen stands behind the question, on one line with it.
    short: truncate(inline(label), behind, symbols.cut),
  }));
  return converse(context, channel =>
    ask(
      {
        message: inline(question),
        choices,
        loop: false,
        pageSize: 10,
        theme: {
          ...theme(style, context.messages),
          icon: { cursor: '>' },
          style: {
            ...theme(style, context.messages).style,
            keysHelpTip: () =>
              style.dim(`${symbols.upAndDown} ${terminal.move} ${symbols.between} Enter ${terminal.choose}`),
          },
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
  const { default: input } = await import('@inquirer/input');
  const style = await styleOf(context, 'stderr');
  return converse(context, channel =>
    input(
      {
        message: inline(question),
        validate: text => {
          const wrong = problem(text.trim());
          return wrong === undefined || inline(wrong);
        },
        theme: theme(style, context.messages),
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
  const { default: password } = await import('@inquirer/password');
  const { messages } = context;
  const base = theme(await styleOf(context, 'stderr'), messages);
  const hidden = { ...base, style: { ...base.style, maskedText: messages.terminal.typedUnseen } };
  return converse(context, channel =>
    password({ message: inline(question), mask: false, toggleMask: false, theme: hidden }, channel),
  );
}
