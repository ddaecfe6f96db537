import type { DeviceListProblem, PlanFileProblem } from '../../errors.js';
import type { ErrorTexts } from '../error-text.js';
import { syntax } from './config-errors.js';
import { devices, listed, number } from './formats.js';

type PlanErrors = Pick<
  ErrorTexts,
  | 'device_list_broken'
  | 'device_not_found'
  | 'plan_file_broken'
  | 'plan_exists'
  | 'plan_changed'
  | 'plan_other_backend'
  | 'count_mismatch'
>;

/** What most errors mean for the devices. */
export const nothingSent = 'No reboot was instructed.';

/** So many devices are named by an error. */
const mostNamed = 20;

function someOf(lines: readonly string[], more: (left: number) => string): string[] {
  const left = lines.length - mostNamed;
  return left > 0 ? [...lines.slice(0, mostNamed), more(left)] : [...lines];
}

const andMore = (left: number) => `and ${number(left)} more`;

function listProblem(problem: DeviceListProblem): string {
  switch (problem.kind) {
    case 'utf16':
      return 'it is UTF-16';
    case 'encoding':
      return 'this is not UTF-8';
    case 'empty':
      return 'it names no device';
    case 'syntax':
      return syntax[problem.trouble];
    case 'no_id':
      return 'there is no text "id" or "device_id"';
    case 'id':
      return 'this is not one id, which has at most 200 characters and no white space';
    case 'no_column':
      return 'this line has several columns, and none is named "id" or "device_id"';
    case 'columns':
      return `this row has ${problem.found} columns, the first one has ${problem.wanted}`;
    case 'quote':
      return 'the double quotes of this row do not match';
    case 'comment':
      return 'this may be a comment or a row, as the ids are not in the first column';
  }
}

function listAdvice({ kind }: DeviceListProblem): string {
  switch (kind) {
    case 'utf16':
    case 'encoding':
      return 'Save it as UTF-8 (in Excel: "CSV UTF-8").';
    case 'no_column':
      return 'Put the names of the columns above them, or give one id a line. What remo writes into a pipe has no names of columns: add -o ndjson there.';
    case 'comment':
      return 'Take the line out, or make the ids the first column.';
    default:
      return 'Give one id a line (# begins a comment), or what remo writes with -o ndjson, -o json or -o csv.';
  }
}

function planProblem(problem: PlanFileProblem): string {
  switch (problem.kind) {
    case 'encoding':
      return 'it is not UTF-8';
    case 'syntax':
      return syntax[problem.trouble];
    case 'not_a_plan':
      return 'it is not a plan that remo saved';
    case 'version':
      return `it is of version ${problem.version}, and this remo reads version 1`;
    case 'field':
      return `"${problem.at}" is missing, or is not what it should be`;
  }
}

function place(line?: number, column?: number): string {
  if (line === undefined) return '';
  return `, line ${line}${column === undefined ? '' : `, column ${column}`},`;
}

/** The English sentences of the errors about what is to be rebooted. */
export const planErrors: PlanErrors = {
  device_list_broken: ({ path, line, problem }) => ({
    what: `The list of devices (${path}${line === undefined ? '' : `, line ${line}`}) can't be used: ${listProblem(problem)}.`,
    devices: nothingSent,
    next: listAdvice(problem),
  }),
  device_not_found: ({ ids, lines, path }) => {
    const named = ids.map(id => (lines?.[id] ? `line ${lines[id]}: ${id}` : id));
    return {
      what:
        path === undefined
          ? `No such device: ${listed(someOf(named, left => `${number(left)} more`))}`
          : [`No such device, named in ${path}:`, ...someOf(named, andMore).map(line => `  ${line}`)].join(
              '\n',
            ),
      devices: nothingSent,
      next: "See a customer's devices: remo devices show <customer>",
    };
  },
  plan_file_broken: ({ path, line, column, problem }) => ({
    what: `The plan ${path}${place(line, column)} can't be used: ${planProblem(problem)}.`,
    devices: nothingSent,
    next:
      problem.kind === 'version'
        ? 'Use the remo that saved it, or make a new plan with --save-plan.'
        : 'Make a new plan with --save-plan.',
  }),
  plan_exists: ({ path }) => ({
    what: `${path} is there already; the plan was not saved.`,
    devices: nothingSent,
    next: 'Name another file with --save-plan, or remove this one.',
  }),
  plan_changed: ({ path, devices: changed }) => ({
    what: [
      `The plan ${path} no longer holds. These devices belong to another customer by now:`,
      ...someOf(
        changed.map(({ id, was, now }) => `${id}: was ${was}, now ${now}`),
        andMore,
      ).map(line => `  ${line}`),
    ].join('\n'),
    devices: nothingSent,
    next: 'Make a new plan with --save-plan.',
  }),
  plan_other_backend: ({ path, madeFor, wanted }) => ({
    what: `The plan ${path} was made for ${madeFor}, but this command goes to ${wanted}.`,
    devices: nothingSent,
    next: `Carry it out with --api-url ${madeFor}, or with the --profile it was made with.`,
  }),
  count_mismatch: ({ wanted, found, skipped }) => {
    const more = skipped === 0 ? '' : ` (${number(skipped)} more ${skipped === 1 ? 'is' : 'are'} skipped)`;
    return {
      what: `The plan would reboot ${devices(found)}${more}, not ${number(wanted)}.`,
      devices: 'Nothing was sent.',
      next: 'Look at the plan with --dry-run, then give the number of its devices with --confirm.',
    };
  },
};
