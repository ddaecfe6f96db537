import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { outcomes } from '../../../src/reboot/outcome.js';
import { remo, temporaryFolder } from '../../support/run.js';
import { offered, offeredToBash } from './ask.js';

const texts = async (...words: string[]) => (await offered(words)).texts;

describe('commands', () => {
  it('are offered with what they do, in the user’s language', async () => {
    const english = await offered(['devices', '']);
    expect(english).toMatchObject({ code: 0, err: '', how: 'words' });
    expect(english.texts).toEqual(['show', 'status', 'reboot', 'help']);
    expect(english.about['status']).toBe('show state, boot time and last reboot of devices');
    const japanese = await offered(['--lang', 'ja', 'devices', '']);
    expect(japanese.about['status']).toBe('機器の状態、起動日時、直近の再起動を表示します');
  });

  it.each<[string[], string[]]>([
    [['dev'], ['devices']],
    [['DEV'], ['devices']],
    [['co'], ['config', 'completion']],
    [['--profile', 'lab', '-o', 'json', 'batches', 're'], ['resume']],
    [['help', 'dev'], ['devices']],
    [
      ['help', 'devices', ''],
      ['show', 'status', 'reboot'],
    ],
    [['help', 'devices', 'show', ''], []],
    [['help', 'ex'], ['exit-codes']],
    [['devices', 'help', 'show', ''], []],
    [['devices', 'help', 're'], ['reboot']],
    [['nonsense', ''], []],
    [['devices', 'nonsense', ''], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', 'powershell'],
    ],
  ])('%j: %j', async (words, expected) => {
    expect(await texts(...words)).toEqual(expected);
  });

  it('those that are not for people stay hidden', async () => {
    expect((await texts('')).filter(text => text.startsWith('_'))).toEqual([]);
  });
});

describe('options', () => {
  it('come long, and short as well after a single dash', async () => {
    expect(await texts('devices', 'reboot', '--ye')).toEqual(['--yes']);
    expect(await texts('devices', 'reboot', '-')).toEqual(
      expect.arrayContaining(['-y', '--yes', '-o', '--output']),
    );
    expect(await texts('devices', 'reboot', '--')).not.toContain('-y');
  });

  it.each([
    [['devices', 'reboot', '--yes'], ['--yes']],
    [['devices', 'reboot', '-y'], ['--yes']],
    [
      ['devices', 'reboot', '--wait=5m'],
      ['--wait', '--no-wait'],
    ],
    [
      ['devices', 'reboot', '--no-wait'],
      ['--wait', '--no-wait'],
    ],
    [['-o', 'json', 'devices', 'reboot'], ['--output']],
    [
      ['devices', 'reboot', '-yf', 'list.txt'],
      ['--yes', '--file'],
    ],
  ])('after %j none of %j', async (before, given) => {
    const left = await texts(...before, '--');
    expect(left).toContain('--dry-run');
    expect(left.filter(text => given.includes(text))).toEqual([]);
  });

  it('are offered unasked where nothing else may stand', async () => {
    expect(await texts('whoami', '')).toContain('--output');
    expect(await texts('batches', 'list', '')).toContain('--quiet');
  });

  it('after -- there are none', async () => {
    expect(await texts('devices', 'reboot', '--', '--ye')).toEqual([]);
    expect(await texts('whoami', '--', '')).toEqual([]);
  });
});

describe('values', () => {
  it.each<[string[], string[]]>([
    [
      ['-o', ''],
      ['table', 'json', 'ndjson', 'csv', 'yaml'],
    ],
    [['--output=n'], ['--output=ndjson']],
    [['-on'], ['-ondjson']],
    [
      ['--lang', ''],
      ['ja', 'en'],
    ],
    [
      ['login', '--credential-store', ''],
      ['keychain', 'file'],
    ],
    [
      ['devices', 'reboot', '--status', 'o'],
      ['online', 'offline'],
    ],
    [['devices', 'reboot', '--kind', 'c'], ['camera']],
    [
      ['devices', 'reboot', '--progress', ''],
      ['auto', 'plain', 'none'],
    ],
    [['batches', 'resume', '--progress', 'p'], ['plain']],
    [
      ['notices', '--format', ''],
      ['text', 'eml'],
    ],
    [['batches', 'show', '--outcome', ''], [...outcomes]],
    [['devices', 'reboot', '--tz', 'Asia/Tok'], ['Asia/Tokyo']],
    [['notices', '--tz', 'asia/tok'], ['Asia/Tokyo']],
    [['notices', '--tz', 'UT'], ['UTC']],
    [['config', 'get', 'cr'], ['credential_store']],
    [['config', 'set', 'q'], []],
    [['config', 'get', 'q'], ['quiet']],
    [
      ['config', 'set', 'lang', ''],
      ['ja', 'en'],
    ],
    [['config', 'set', 'output', 't'], ['table']],
    [['config', 'set', 'timeout', ''], []],
    [['--timeout', ''], []],
    // A bare --wait takes no value from the next word.
    [['devices', 'reboot', '--wait', '--ye'], ['--yes']],
  ])('%j: %j', async (words, expected) => {
    expect(await texts(...words)).toEqual(expected);
  });

  it('lists go on after a comma, each word once, without a space behind it', async () => {
    const more = await offered(['batches', 'show', '--outcome', 'failed,']);
    expect(more.how).toBe('part');
    expect(more.texts).toEqual(outcomes.filter(one => one !== 'failed').map(one => `failed,${one}`));
    expect(await texts('batches', 'show', '--outcome=failed,unk')).toEqual(['--outcome=failed,unknown']);
    expect(await texts('batches', 'show', '--outcome', 'nonsense,')).toEqual([]);
  });

  it.each([
    [['customers', 'list', '--columns', 'e'], ['email']],
    [
      ['config', 'profiles', '--columns=name,'],
      ['--columns=name,in_use', '--columns=name,api_url'],
    ],
    [
      ['config', 'profiles', '--sort', ''],
      ['in_use', 'name', 'api_url'],
    ],
    // Descending, on the way and behind.
    [['devices', 'status', '--sort', '-boo'], ['-booted_at']],
    [['customers', 'list', '--sort=-device_count,na'], ['--sort=-device_count,name']],
    [['customers', 'list', '--sort', 'name,-nope,'], []],
    [['config', 'profiles', '--sort', '-name,in_use,'], ['-name,in_use,api_url']],
    // In this the format is no `utcome`.
    [['devices', 'reboot', '--sort', '-outcome', '--columns', 'bat'], ['batch_id']],
    // The plan has columns of its own.
    [['devices', 'reboot', '--columns', 'act'], []],
    [['devices', 'reboot', '--dry-run', '--columns', 'act'], ['action']],
    [['devices', 'reboot', '--save-plan', 'plan.json', '--columns', 'out'], []],
  ])('the columns there are, in a list that goes on: %j: %j', async (words, expected) => {
    expect(await texts(...words)).toEqual(expected);
  });

  it.each([
    ['file', ['devices', 'reboot', '--file', 'li']],
    ['file', ['devices', 'reboot', '-f', '']],
    ['file', ['devices', 'reboot', '--plan=']],
    ['file', ['devices', 'reboot', '--save-plan', '']],
    ['file', ['sandbox', '--ready-file', '']],
    ['folder', ['notices', 'RUN', '--out', '']],
  ])('%s: the shell’s own for %j', async (how, words) => {
    expect(await offered(words)).toMatchObject({ how, texts: [] });
  });

  it('profiles and their backends', async () => {
    const folder = await temporaryFolder();
    const env = { REMO_CONFIG_DIR: folder };
    for (const [profile, url] of Object.entries({
      横浜: 'https://yokohama.example/v1',
      lab: 'http://127.0.0.1:4010/v1',
    }))
      await remo(['config', 'set', 'api_url', url, '--profile', profile], { env });
    expect((await offered(['--profile', ''], { env })).about).toEqual({
      横浜: 'https://yokohama.example/v1',
      lab: 'http://127.0.0.1:4010/v1',
    });
    expect((await offered(['config', 'use', 'l'], { env })).texts).toEqual(['lab']);
    const urls = ['https://yokohama.example/v1', 'http://127.0.0.1:4010/v1'];
    expect((await offered(['--api-url', 'http'], { env })).texts).toEqual(urls);
    expect((await offered(['config', 'set', 'api_url', ''], { env })).texts).toEqual(urls);
    expect((await offered(['config', 'set', '--profile', 'lab', 'api'], { env })).about['api_url']).toBe(
      urls[1],
    );
  });

  it('a broken settings file takes away no more than what is in it', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'config.json'), '{"profiles":');
    const env = { REMO_CONFIG_DIR: folder };
    expect((await offered(['devices', ''], { env })).texts).toContain('show');
    expect((await offered(['config', 'get', 'la'], { env })).texts).toEqual(['lang']);
    expect(await offered(['--profile', ''], { env })).toMatchObject({ code: 0, out: '', err: '' });
  });
});

describe('what bash replaces', () => {
  it.each([
    ['remo dev', 'dev', ['devices']],
    ['remo --output=nd', 'nd', ['ndjson']],
    ['remo devices reboot --tz Asia/Tok', 'Asia/Tok', ['Asia/Tokyo']],
    ['LANG=C remo dev', 'dev', ['devices']],
    ['remo "dev', 'dev', ['devices']],
    ['/opt/remo/bin/remo dev', 'dev', ['devices']],
  ])('%s', async (line, part, expected) => {
    expect((await offeredToBash(line, part)).texts).toEqual(expected);
  });

  it('follows the last @ or : alone', async () => {
    const env = { REMO_CONFIG_DIR: await temporaryFolder() };
    await remo(['config', 'set', 'api_url', 'http://127.0.0.1:4010/v1'], { env });
    expect((await offeredToBash('remo --api-url http:', '', { env })).texts).toEqual(['//127.0.0.1:4010/v1']);
    expect((await offeredToBash('remo --api-url http://127.0.0.1:40', '40', { env })).texts).toEqual([
      '4010/v1',
    ]);
  });

  it('shows several with what they are, in lines that fit; one that is inserted stands alone', async () => {
    const { texts: lines } = await offeredToBash('remo batches ', '');
    expect(lines[0]).toBe('list    (list the runs, newest first)');
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(80);
    expect((await offeredToBash('remo batches li', 'li')).texts).toEqual(['list']);
    // menu-complete inserts each of several.
    expect((await offeredToBash('remo batches ', '', { type: 37 })).texts[0]).toBe('list');
  });
});

describe('a request that is none', () => {
  it.each([[[]], [['bash']], [['zsh']], [['nonsense', 'x']], [['zsh', '--lang', 'xx', '=']]])(
    '%j',
    async request => {
      expect(await remo(['__complete', ...request])).toMatchObject({ code: 0, err: '' });
    },
  );
});
