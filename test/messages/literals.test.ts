import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const src = path.resolve(import.meta.dirname, '../../src');
/** Everything but the texts themselves, and the sandbox: a server, whose answers are in its own words. */
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => file.endsWith('.ts') && !/^(messages|sandbox)\/|\.d\.ts$/.test(file));

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}
/** A text that stands in the source, and the nodes it is in, the innermost first. */
interface Literal {
  text: string;
  line: number;
  within: readonly Node[];
}

/** Every text of a module: string literals and the fixed parts of templates. */
function literals(file: string, source: string): Literal[] {
  const found: Literal[] = [];
  const visit = (value: unknown, within: readonly Node[]): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, within);
    if (!isNode(value)) return;
    const text = textOf(value);
    if (text !== undefined) {
      found.push({ text, line: source.slice(0, value.start).split('\n').length, within });
    }
    for (const [name, child] of Object.entries(value)) {
      // The name of a property is no text.
      if (name !== 'key' || value.type !== 'Property' || value['computed'] === true)
        visit(child, [value, ...within]);
    }
  };
  visit(parseSync(file, source).program, []);
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function textOf(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node.type !== 'TemplateElement') return undefined;
  return (node['value'] as { cooked: string | null }).cooked ?? '';
}

/** The name by which something is called: `err` of `context.io.err(…)`. */
function calledAs(node: Node): string {
  const callee = node['callee'] as Node & { name?: string; property?: { name?: string } };
  return callee.property?.name ?? callee.name ?? '';
}

/** Two words with a space between, or letters that are not Latin: somebody is to read that. */
const prose = /[A-Za-z]{2,}[,:;]? [A-Za-z]|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u;
/** A command line, a flag or an argument, which are the same in every language. */
const commandLine = /^(\$ )?remo |^--?\w|^<\w+>$/;
/** What reads like prose and is none, and what nobody reads. */
const noProse: Record<string, readonly RegExp[]> = {
  'commands/help/roff.ts': [/^'\\" -\*- coding/, /^ 1 "" "remo $/, /^\.ad l$/],
  'auth/callback.ts': [/^text\/html; /, /^<!doctype html>/, /^">\n<meta/, /^<\/title>\n<style>/],
  'api/route.ts': [/^not a proxy we speak to$/],
  'commands/completion/scripts/bash.ts': [/./],
  'commands/completion/scripts/fish.ts': [/./],
  'commands/completion/scripts/powershell.ts': [/./],
  'commands/completion/scripts/zsh.ts': [/./],
  'config.ts': [/^openid offline_access /],
  'environment.ts': [/^Application Support$/],
};

/** The message of an error that only a bug throws; it is shown beside the stack. */
const ofABug = ({ within }: Literal) =>
  within.some(node => node.type === 'NewExpression' && /Error$/.test(calledAs(node)) && !told(node));
const told = (node: Node) => calledAs(node) === 'RemoError';

function proseIn(file: string, source: string): string[] {
  const excused = noProse[file] ?? [];
  return literals(file, source)
    .filter(({ text }) => prose.test(text) && !commandLine.test(text))
    .filter(literal => !ofABug(literal) && !excused.some(one => one.test(literal.text)))
    .map(({ line, text }) => `${file}:${line} ${JSON.stringify(text)}`);
}

/** What takes a text to a person. */
const sinks = new Set([
  'addHelpText',
  'aside',
  'ask',
  'askSecret',
  'choose',
  'confirm',
  'description',
  'err',
  'out',
  'summary',
]);
/** `stderr.write(…)`, `stdout.write(…)`. */
function isSink(node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = node['callee'] as { object?: { name?: string; property?: { name?: string } } };
  const on = callee.object?.property?.name ?? callee.object?.name;
  return sinks.has(calledAs(node)) || (calledAs(node) === 'write' && /^std(out|err)$/.test(on ?? ''));
}
/** What holds a text that a person reads: of prompts, tables and pages. */
const shownProperties = new Set(['fix', 'header', 'label', 'message', 'short', 'title']);
/** Calls of which the words are the machine's: paths, files, flags, what is compared or looked up. */
const forMachines = new Set(['get', 'has', 'includes', 'join', 'startsWith']);

/** Texts with letters in what is written, asked or shown. */
function shownIn(file: string, source: string): string[] {
  const excused = noProse[file] ?? [];
  return literals(file, source)
    .filter(({ text }) => /\p{L}{2}/u.test(text) && !commandLine.test(text))
    .filter(({ within }) => reachesAPerson(within))
    .filter(({ text }) => !excused.some(one => one.test(text)))
    .map(({ line, text }) => `${file}:${line} ${JSON.stringify(text)}`);
}

function reachesAPerson(within: readonly Node[]): boolean {
  for (const [index, node] of within.entries()) {
    const inner = within[index - 1];
    if (isSink(node)) return inner !== node['callee'];
    if (node.type === 'Property') return false;
    if (node.type === 'BinaryExpression' && node['operator'] !== '+') return false;
    if (/^(MemberExpression|SwitchCase|ImportExpression)$/.test(node.type)) return false;
    if (node.type === 'CallExpression' && forMachines.has(calledAs(node)) && inner !== node['callee'])
      return false;
    if (/^(ArrowFunctionExpression|FunctionExpression|BlockStatement)$/.test(node.type)) return false;
  }
  return false;
}

/** Titles of columns and labels of fields that stand in the source. */
function titlesIn(file: string, source: string): string[] {
  return literals(file, source)
    .filter(({ text, within }) => {
      const property = within.find(node => node.type === 'Property');
      const key = (property?.['key'] as { name?: string } | undefined)?.name ?? '';
      const direct = within.indexOf(property as Node) <= 1;
      // Of `text` the functions are for people; a text there is data.
      const shown =
        shownProperties.has(key) || (key === 'text' && within[0]?.type === 'ArrowFunctionExpression');
      return direct && shown && /\p{L}{2}/u.test(text);
    })
    .map(({ line, text }) => `${file}:${line} ${JSON.stringify(text)}`);
}

/** Descriptions that commander was given as they stand: the last argument of `option`, `argument`, `command`. */
function descriptionsIn(file: string, source: string): string[] {
  return literals(file, source)
    .filter(({ text, within: [call] }) => {
      if (call?.type !== 'CallExpression' || !/^(option|argument|addOption)$/.test(calledAs(call)))
        return false;
      const [, second] = call['arguments'] as Node[];
      return second?.type === 'Literal' && second['value'] === text;
    })
    .map(({ line, text }) => `${file}:${line} ${JSON.stringify(text)}`);
}

const looks = { proseIn, shownIn, titlesIn, descriptionsIn };

describe('a text for people', () => {
  it.each(files)('is not in %s, but in messages/', file => {
    const source = readFileSync(path.join(src, file), 'utf8');
    for (const look of Object.values(looks)) expect(look(file, source)).toEqual([]);
  });

  it.each([
    ['proseIn', `context.io.err('No such device.')`],
    ['proseIn', `const why = \`\${count} devices failed; \${rest}\`;`],
    ['proseIn', `throw new RemoError('bad_response', { detail: 'not a token' })`],
    ['proseIn', `const label = '機器'`],
    ['shownIn', `io.err(\`Done: \${count}\`)`],
    ['shownIn', `await context.io.out(broken ? 'broken' : '')`],
    ['shownIn', `stderr.write('Searching' + dots)`],
    ['shownIn', `await confirm(context, 'Sure?', flag)`],
    ['titlesIn', `const column = { name: 'id', header: () => 'Device', value }`],
    ['titlesIn', `const field = { name: 'id', label: 'Id' }`],
    ['descriptionsIn', `program.option('--all', 'everything')`],
  ] as const)('would be seen by %s in: %s', (look, source) => {
    expect(looks[look]('commands/made-up.ts', source)).toHaveLength(1);
  });

  it.each([
    `context.io.err(messages.reboot.journal(path.join(folder, \`\${id}.ndjson\`)))`,
    `io.err(host.env['REMO_TOKEN'] ? auth.tokenWins : '')`,
    `throw new Error('load() comes first')`,
    `if (kind === 'camera') io.err(plan.total(1, 1))`,
    `io.err(\`$ remo \${words}\`)`,
  ])('is not seen in: %s', source => {
    for (const look of Object.values(looks)) expect(look('commands/made-up.ts', source)).toEqual([]);
  });

  it('is excused only where it stands', () => {
    const unused = Object.entries(noProse).flatMap(([file, excuses]) => {
      const texts = literals(file, readFileSync(path.join(src, file), 'utf8')).map(({ text }) => text);
      return excuses.filter(one => !texts.some(text => one.test(text))).map(one => `${file} ${one}`);
    });
    expect(unused).toEqual([]);
  });
});
