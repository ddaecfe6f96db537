import { readdirSync, readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { type SettingName, settingRules } from '../src/config.js';
import { ExitCode } from '../src/errors.js';
import { en } from '../src/messages/en.js';
import { remo } from './support/run.js';
import { sandboxForTest } from './support/sandbox.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

/** The rows of the table that has these column titles, each cell as it is written. */
function table(...titles: string[]): string[][] {
  const lines = readme.split('\n');
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map(text => text.trim());
  const start = lines.findIndex(line => line.startsWith('|') && cells(line).join('|') === titles.join('|'));
  if (start === -1) throw new Error(`README has no table with the columns ${titles.join(', ')}`);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map(cells);
}

/** What stands in backticks. */
function quoted(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

/** The command lines of the fenced blocks, `remo` and its words: of shells whole, of sessions what was typed. */
function commandLines(): string[][] {
  const blocks = [...readme.matchAll(/^```(sh|console)\n(.*?)^```/gms)];
  const typed = blocks.flatMap(([, kind, text = '']) => {
    const lines = text.replaceAll('\\\n', ' ').split('\n');
    return kind === 'sh' ? lines : lines.flatMap(line => (line.startsWith('$ ') ? line.slice(2) : []));
  });
  return typed
    .flatMap(line => line.replace(/\s#.*$/, '').split(/\|{1,2}|&&|;/))
    .map(command => command.replace(/\s\d?(>>?|<)\s?("[^"]*"|\S+)/g, ''))
    .map(command => [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(found => found.slice(1).join('')))
    .filter(([first]) => first === 'remo');
}

/** A command as its help describes it. */
interface Described {
  subcommands: string[];
  /** Every spelling of every flag, and whether a value follows it. */
  flags: Map<string, boolean>;
  required: number;
  /** How many there may be, where it is not variadic. */
  most: number;
  variadic: boolean;
}

async function describeCommand(words: readonly string[]): Promise<Described> {
  const { code, out } = await remo([...words, '--help']);
  if (code !== 0) throw new Error(`remo ${words.join(' ')} --help ended with ${code}`);
  const section = (title: string) => out.split(`${title}:\n`)[1]?.split('\n\n')[0]?.split('\n') ?? [];
  const listed = (title: string) =>
    section(title).flatMap(line => /^ {2}(?! )(.+?)(?: {2,}|$)/.exec(line)?.[1] ?? []);
  const flags = [...listed('Options'), ...listed('Global options')].flatMap(term =>
    [...term.matchAll(/(?<!\S)--?[a-z][\w-]*/gi)].map(
      ([flag]) => [flag, /<[^>]+>$/.test(term)] as [string, boolean],
    ),
  );
  const [usage = ''] = out.split('\n');
  return {
    subcommands: listed('Commands').flatMap(term => term.split(' ')[0] ?? []),
    flags: new Map(flags),
    required: usage.match(/<[^>]+>/g)?.length ?? 0,
    most: usage.replace('[options]', '').match(/<[^>]+>|\[[^\]]+\]/g)?.length ?? 0,
    variadic: usage.includes('...'),
  };
}

/** Every command that does something, by its words. */
async function leaves(words: readonly string[] = []): Promise<string[]> {
  const { subcommands } = await describeCommand(words);
  // That of the program has topics, those of the nouns are commander's own.
  const real = subcommands.filter(name => name !== 'help' || words.length === 0);
  if (real.length === 0) return [words.join(' ')];
  return (await Promise.all(real.map(name => leaves([...words, name])))).flat();
}

/** What is wrong with a command line, if anything. */
async function fault(line: readonly string[]): Promise<string | undefined> {
  const words = line.slice(1);
  const path: string[] = [];
  let command = await describeCommand(path);
  while (words[0] !== undefined && command.subcommands.includes(words[0])) {
    path.push(words.shift() ?? '');
    command = await describeCommand(path);
  }
  if (command.subcommands.length > 0) return `no such command: ${[...path, words[0]].join(' ')}`;
  let values = 0;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [flag = ''] = word.split('=');
    if (!word.startsWith('-')) values += 1;
    else if (!command.flags.has(flag)) return `${path.join(' ')} has no ${flag}`;
    else if (command.flags.get(flag) && !word.includes('=') && words.shift() === undefined)
      return `a value is missing after ${flag}`;
  }
  if (values < command.required) return 'an argument is missing';
  return values > command.most && !command.variadic ? 'an argument too many' : undefined;
}

describe('what the README says can be typed', () => {
  const lines = commandLines();

  it('is there to be checked', () => {
    expect(lines.length).toBeGreaterThan(8);
  });

  it.each(lines.map(line => [line.join(' '), line] as const))('%s', async (_text, line) => {
    expect(await fault(line)).toBeUndefined();
  });

  it('lists every command, and none that is not there', async () => {
    const listed = table('command', 'what it does').map(([cell]) =>
      (quoted(cell)[0] ?? '').replace(/^remo /, '').replace(/ [<[].*/, ''),
    );
    expect(listed.sort()).toEqual((await leaves()).sort());
  });

  it('names no flag that no command has', async () => {
    const known = new Set<string>();
    for (const command of ['', ...(await leaves())]) {
      for (const flag of (await describeCommand(command.split(' ').filter(Boolean))).flags.keys())
        known.add(flag);
    }
    for (const rule of Object.values(settingRules)) known.add(/--[a-z-]+/.exec(rule.flag ?? '')?.[0] ?? '');
    const prose = readme.replace(/^```.*?^```/gms, '');
    const named = quoted(prose).flatMap(text => text.match(/(?<!\S)--[a-z][a-z-]*/g) ?? []);
    expect(named.filter(flag => !known.has(flag))).toEqual([]);
    expect(named).toContain('--dry-run');
  });

  it('names npm scripts that exist', () => {
    const named = [...readme.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name);
    const scripts = Object.keys(manifest.scripts);
    expect(named.filter(name => !scripts.includes(name))).toEqual([]);
    expect(new Set(named)).toContain('demo');
    expect(scripts).toContain('test');
  });

  it('points to files that exist, and to headings that exist', async () => {
    const targets = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target = '']) => target);
    const anchors = [...readme.matchAll(/^#+ (.*)$/gm)].map(
      ([, heading = '']) =>
        `#${heading
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replace(/ /g, '-')}`,
    );
    expect(targets.length).toBeGreaterThan(3);
    for (const target of targets) {
      if (target.startsWith('#')) expect(anchors).toContain(target);
      else await access(path.join(root, target));
    }
  });

  it('asks for the Node.js that package.json asks for', () => {
    expect(`>=${/Node\.js (\d+\.\d+\.\d+) or newer/.exec(readme)?.[1]}`).toBe(manifest.engines.node);
  });
});

describe('settings', () => {
  const rows = table('flag', 'variable', 'in the profile', 'default');
  const rowOf = (name: SettingName) => rows.find(row => quoted(row[1])[0] === settingRules[name].env);

  it.each(Object.keys(settingRules) as SettingName[])('%s', name => {
    const { flag = '', env, kept, key, fallback, of } = settingRules[name];
    const [flags, variable, profile, standard] = rowOf(name) ?? [];
    const spellings = flag.match(/(?<![\w-])--?[a-z-]+/g) ?? [];
    expect(
      quoted(flags)
        .filter(word => word.startsWith('-'))
        .sort(),
    ).toEqual(spellings.sort());
    expect(quoted(flags).includes('login')).toBe(of === 'login');
    expect(quoted(variable)[0]).toBe(env);
    expect(quoted(profile)).toEqual(kept ? [key] : []);
    // Where a default is a word, it is this one.
    if (fallback !== undefined && !/^(true|false|en)$/.test(fallback))
      expect(quoted(standard)).toContain(fallback);
  });

  it('has a row for each variable that the program reads, and for no other', () => {
    const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
    const read = files
      .filter(file => file.endsWith('.ts') && !file.startsWith('messages'))
      .flatMap(
        file =>
          readFileSync(path.join(root, 'src', file), 'utf8').match(/(?<=')REMO_[A-Z_]*[A-Z](?=')/g) ?? [],
      );
    const listed = rows.flatMap(([, variable]) => quoted(variable).filter(text => text.startsWith('REMO_')));
    expect(listed.sort()).toEqual([...new Set(read)].sort());
  });

  it('names no other variable of ours but those of the tests', () => {
    const listed = rows.flatMap(([, variable]) => quoted(variable));
    const ci = readFileSync(path.join(root, '.ci/run'), 'utf8');
    const others = (readme.match(/REMO_[A-Z_]*[A-Z]/g) ?? []).filter(name => !listed.includes(name));
    expect(others.filter(name => !ci.includes(name))).toEqual([]);
    expect(others.length).toBeGreaterThan(0);
  });
});

describe('codes and outcomes', () => {
  it('has every exit code, once', () => {
    const listed = table('code', 'means').map(([code]) => Number(code));
    expect(listed).toEqual(Object.values(ExitCode));
    for (const [code, means] of table('code', 'means'))
      expect(means).toBe(en.topics.codes[Number(code) as ExitCode]);
  });

  it('has every outcome of a reboot, once', () => {
    const listed = table('outcome', 'means').map(([outcome]) => quoted(outcome)[0]);
    expect(listed.sort()).toEqual(Object.keys(en.reboot.outcome).sort());
  });
});

// The tables of fields are written from the schemas: test/docs.test.ts. That the output is so: test/outputs.test.ts.
describe('fields of the output', () => {
  it('of an error', async () => {
    const sandbox = await sandboxForTest();
    const { err } = await remo(['devices', 'reboot', 'nobody', '--yes', '-o', 'json'], { sandbox });
    const { error } = JSON.parse(err.trim().split('\n').at(-1) ?? '') as { error: object };
    const sentence = /one JSON object on a line of stderr:(.*?)\.\n/s.exec(readme)?.[1] ?? '';
    const [object, ...fields] = quoted(sentence);
    expect(object).toBe('error');
    expect(fields).toEqual(expect.arrayContaining(Object.keys(error)));
    expect(fields.filter(field => !(field in error))).toEqual(['request_id']);
  });
});

describe('the journal', () => {
  const rows = table('`type`', 'when', 'fields besides `type`');

  it('has the lines, and each the fields, that the README lists', async () => {
    const sandbox = await sandboxForTest();
    const online = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const fails = sandbox.fleet.device({ behavior: 'fails' });
    const stuck = sandbox.fleet.device({
      customer_id: sandbox.fleet.customer('mori@example.jp').id,
      status: 'online',
    });
    stuck.behavior = 'stuck';
    const offline = sandbox.fleet.device({ status: 'offline' });
    const ids = [online.id, fails.id, stuck.id, offline.id];
    const { folder } = await remo(['devices', 'reboot', ...ids, '--yes', '--wait=1500ms'], { sandbox });
    const [file = ''] = readdirSync(path.join(folder, 'batches'));
    const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
    await remo(['batches', 'resume', file.replace('.ndjson', ''), '--yes'], { sandbox, env });
    await remo(['batches', 'close', file.replace('.ndjson', ''), '--yes'], { env });
    const lines = readFileSync(path.join(folder, 'batches', file), 'utf8')
      .trim()
      .split('\n');
    const found = new Map<string, string[]>();
    for (const line of lines) {
      const { type, ...fields } = JSON.parse(line);
      const nested = [fields.options, fields.customers?.[0], fields.devices?.[0]];
      const names = [fields, ...nested].flatMap(object => Object.keys(object ?? {}));
      found.set(type, [...new Set(names)]);
    }
    const seldom = ['not_sent'];
    const listed = rows
      .map(([type, , fields]) => [quoted(type)[0] ?? '', [...new Set(quoted(fields))].sort()] as const)
      .filter(([type]) => !seldom.includes(type));
    expect(Object.fromEntries(listed)).toEqual(
      Object.fromEntries([...found].map(([type, fields]) => [type, fields.sort()])),
    );
    expect(readme).toContain('`batches/<batch id>.ndjson`');
    expect(file).toMatch(/^\d{8}T\d{9}Z-[0-9a-f]{6}\.ndjson$/);
  });
});
