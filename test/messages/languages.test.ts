import os from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, type ErrorParams, RemoError } from '../../src/errors.js';
import { en } from '../../src/messages/en.js';
import { ja } from '../../src/messages/ja.js';
import { renderError } from '../../src/terminal/errors.js';
import { fakeContext } from '../support/host.js';
import { type RunOptions, remo, temporaryFolder } from '../support/run.js';
import { sandboxForTest } from '../support/sandbox.js';
import { foreignWords } from './purity.js';
import { samples, theirWords } from './samples.js';

const languages = ['en', 'ja'] as const;

/** Every text as it stands in the source, those with parts left out included. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [value.toString()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

describe('what sees a word of the other language', () => {
  it.each([
    ['en', 'No device: 機器がありません', ['機器がありません']],
    ['en', 'No such device.', []],
    ['ja', '機器が offline です。device が見つかりません。', ['device']],
    ['ja', 'サーバーの応答: no such file', ['no', 'such', 'file'].filter(word => word !== 'file')],
    ['ja', 'ログインしてください: remo login --profile lab', []],
    ['ja', '環境変数 REMO_TOKEN と remo.reboot(RFC 9457)を確認してください。', []],
    ['ja', '使い方: remo devices show [options] <customer>', []],
  ] as const)('in %s: %s', (lang, text, found) => {
    expect(foreignWords(text, lang)).toEqual(found);
  });
});

describe('every error', () => {
  const each = (Object.keys(samples) as ErrorCode[]).map(code => [code, samples[code]] as const);

  it.each(each)('%s is told in one language', async (code, cases: readonly ErrorParams[ErrorCode][]) => {
    for (const lang of languages) {
      for (const params of cases) {
        const { host, context } = await fakeContext({ env: { REMO_LANG: lang } });
        await renderError(new RemoError(code, params), context);
        expect(host.err).not.toMatch(/undefined|\[object|NaN/);
        expect(foreignWords(host.err, lang, theirWords)).toEqual([]);
      }
    }
  });

  it('of the system has the meaning of the code in Japanese, and the words of the system where that is not known', async () => {
    const { host, context } = await fakeContext({ env: { REMO_LANG: 'ja' } });
    const detail = "ENOENT: no such file or directory, open 'plan.json'";
    await renderError(new RemoError('file_unreadable', { path: 'plan.json', detail }), context);
    expect(host.err).toContain('plan.json を読み込めません: ファイルまたはフォルダーがありません(ENOENT)\n');
    await renderError(new RemoError('file_unreadable', { path: 'x', detail: 'EWEIRD: odd' }), context);
    expect(host.err).toContain('x を読み込めません: 詳細: EWEIRD: odd\n');
  });

  it('of a server has its words in quotes', async () => {
    const error = new RemoError('request_rejected', {
      operation: 'createReboot',
      status: 423,
      serverCode: 'locked',
      detail: 'Under repair.',
    });
    const told = await Promise.all(
      languages.map(async lang => {
        const { host, context } = await fakeContext({ env: { REMO_LANG: lang } });
        await renderError(error, context);
        return host.err.split('\n')[0];
      }),
    );
    expect(told).toEqual([
      'Error: The backend refused the request: 423 locked: "Under repair." (createReboot).',
      'エラー: サーバーがリクエストを受け付けませんでした: 423 locked「Under repair.」(createReboot)。',
    ]);
  });
});

/** The words of every command, nouns included. */
async function everyCommand(words: readonly string[] = []): Promise<string[][]> {
  const { out } = await remo([...words, '--help'], { env: { REMO_CONFIG_DIR: '/nowhere' } });
  const [, listed = ''] = out.split('Commands:\n');
  const [section = ''] = listed.split('\n\n');
  const names = [...section.matchAll(/^ {2}([a-z]+)(?= |$)/gm)].map(([, name = '']) => name);
  const below = names.filter(name => name !== 'help').map(name => everyCommand([...words, name]));
  return [[...words], ...(await Promise.all(below)).flat()];
}

describe('help', () => {
  let commands: string[][] = [];
  beforeAll(async () => {
    commands = await everyCommand();
  });

  it.each(languages)('of every command is in one language: %s', async lang => {
    expect(commands.length).toBeGreaterThan(25);
    for (const words of commands) {
      const { out, err, code } = await remo([...words, '--help', '--lang', lang], { columns: 80 });
      expect({ words, err, code }).toEqual({ words, err: '', code: 0 });
      // Names of commands and arguments, which stand before what is said of them.
      const said = out.replace(/^ {2}(?!remo )[a-z]+(?= )/gm, '');
      expect({ words, foreign: foreignWords(said, lang, ['sakura', 'lab']) }).toEqual({ words, foreign: [] });
    }
  });

  it.each(languages)('on every topic is in one language: %s', async lang => {
    for (const topic of ['exit-codes', 'environment', 'output']) {
      const { out, code } = await remo(['help', topic, '--lang', lang]);
      const fields = topic === 'output' ? ['error', 'message', 'params', 'devices', 'next'] : [];
      expect({ topic, code, foreign: foreignWords(out, lang, fields) }).toEqual({
        topic,
        code: 0,
        foreign: [],
      });
    }
  });

  it('in Japanese fits the terminal, and lines up', async () => {
    const { out } = await remo(['devices', 'reboot', '--help', '--lang', 'ja'], { columns: 80, tty: true });
    const options = out.split('オプション:\n')[1]?.split('\n\n')[0] ?? '';
    const { widthOf } = await import('../../src/terminal/width.js');
    for (const line of options.split('\n')) {
      expect(widthOf(line)).toBeLessThanOrEqual(80);
      expect(line).toMatch(/^.{28} {2}\S/);
    }
  });
});

describe('a day at work', () => {
  it.each(languages)('is told in one language throughout: %s', async lang => {
    const sandbox = await sandboxForTest({ customers: 25 });
    const theirs = ['nobody-at-all', os.hostname()].concat(
      sandbox.fleet.customers.flatMap(({ name, email, devices }) => [
        name,
        email,
        ...devices.flatMap(device => [device.name, device.model]),
      ]),
    );
    const folder = await temporaryFolder();
    const env = {
      REMO_LANG: lang,
      REMO_CONFIG_DIR: folder,
      REMO_STATE_DIR: folder,
      REMO_CREDENTIAL_STORE: 'file',
    };
    const seen: string[] = [];
    const enter = async (words: string[], options: RunOptions = {}) => {
      const ended = await remo(words, {
        sandbox,
        tty: { stdout: true, stderr: true },
        columns: 200,
        ...options,
        env: { ...env, NO_COLOR: '1', ...options.env },
      });
      const told = `${ended.out}${ended.err}`.replaceAll(folder, '/state');
      const foreign = foreignWords(told, lang, [
        ...theirs,
        sandbox.account.name,
        sandbox.account.email,
        ...theirWords,
      ]);
      expect({ words, told, foreign }).toMatchObject({ words, foreign: [] });
      seen.push(told);
      return ended;
    };
    const sakura = sandbox.fleet.customer('sakura@example.jp');
    const [good, failing] = sakura.devices.filter(({ status }) => status === 'online');
    if (!good || !failing) throw new Error('the sandbox has changed');
    failing.behavior = 'fails';
    sakura.signed_in = true;

    await enter(['whoami']);
    await enter(['customers', 'list']);
    await enter(['customers', 'list', '--email', 'nobody-at-all']);
    await enter(['customers', 'list', '--limit', '3']);
    await enter(['customers', 'list', '--columns', '?']);
    await enter(['customers', 'list', '--columns', 'x1']);
    await enter(['devices', 'show', sakura.email]);
    await enter(['devices', 'status', good.id, failing.id]);
    await enter(['devices', 'reboot', good.id, failing.id, good.id, '--dry-run']);
    await enter(['devices', 'reboot', good.id, failing.id, '--yes', '--wait=30s', '--progress', 'plain']);
    await enter(['devices', 'reboot', good.id]);
    await enter(['devices', 'reboot', 'dev_none', '--yes']);
    await enter(['batches', 'list']);
    const { out } = await remo(['batches', 'list', '-o', 'csv'], { env });
    const run = out.split('\r\n')[1]?.split(',')[0] ?? '';
    await enter(['batches', 'show', run]);
    await enter(['batches', 'resume', run]);
    await enter(['batches', 'close', run]);
    await enter(['batches', 'show', 'run_none']);
    await enter(['history']);
    await enter(['history', '--limit', '1']);
    await enter(['notices', run]);
    await enter(['notices', run, '--out', folder]);
    await enter(['notices', run, '--out', folder]);
    await enter(['config', 'list']);
    await enter(['config', 'set', 'lang', lang]);
    await enter(['config', 'set', 'timeout', 'x1']);
    await enter(['config', 'get', 'lang']);
    await enter(['config', 'unset', 'output']);
    await enter(['config', 'profiles']);
    await enter(['config', 'use', 'no_1']);
    await enter(['doctor']);
    await enter(['logout']);
    await enter(['completion']);
    await enter(['login', '--with-token'], { stdin: 'not a token' });
    await enter(['customers', 'list'], { env: { REMO_TOKEN: '' } });
    await enter(['customers', 'list'], { env: { REMO_API_URL: 'http://127.0.0.1:65533/v1' } });
    expect(seen.join('\n').length).toBeGreaterThan(5000);
  });
});

describe('Japanese texts', () => {
  const all = texts(ja);

  it('call what the portal calls ログイン by that name', () => {
    expect(
      all.filter(text => /サインイン|サインアウト/.test(text.replace(/Windowsにサインイン/g, ''))),
    ).toEqual([]);
  });

  it('call a device 機器, and say one word for one thing', () => {
    expect(
      all.filter(text =>
        /デバイス|ターミナル端末|(別の|任意の)ターミナルで(の|入力)|型番|ジャーナル|コンマ|バックエンド/.test(
          text,
        ),
      ),
    ).toEqual([]);
  });

  it('have half-width brackets and figures, and full-width punctuation', () => {
    expect(all.filter(text => /[（）！？：％０-９Ａ-Ｚａ-ｚ]/.test(text))).toEqual([]);
    expect(all.filter(text => /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}][,.](?![\w])/u.test(text))).toEqual(
      [],
    );
  });

  it('are polite where they are sentences', () => {
    const blunt =
      /(?<!まし|でし)た。|(?<!でしょ|ましょ)う。|(?<!で|ま)す。|(?<!くださ)い。|[くつぬぶむるだ]。/;
    expect(all.filter(text => blunt.test(text))).toEqual([]);
  });
});

describe('numbers, lists and counts', () => {
  it('are written as each language writes them', () => {
    expect(en.plan.total(1, 1)).toBe('Plan: 1 device of 1 customer (a customer is taken as one site).');
    expect(en.plan.total(1000, 12)).toMatch(/^Plan: 1,000 devices of 12 customers /);
    expect(ja.plan.total(1000, 12)).toMatch(/^予定: お客様12件の機器1,000台/);
    expect(en.plan.skipped(3, ['1 offline', '2 given more than once'])).toBe(
      'Skipped: 3 devices (1 offline and 2 given more than once).',
    );
    expect(ja.plan.skipped(3, ['オフライン1台', '重複2件'])).toBe('対象外: 3台(オフライン1台、重複2件)。');
    expect(en.plan.maxFailureRate(0.125)).toBe('Stops once more than 12.5% failed.');
    expect(ja.plan.maxFailureRate(0.125)).toBe('失敗が12.5%を超えたら停止します。');
    expect([1, 2].map(count => en.terminal.found('x', count, []))).toEqual(['"x": 1 row', '"x": 2 rows']);
    expect([0, 1, 2].map(count => en.batches.question(count))).toEqual([
      'Go on with 0 devices?',
      'Go on with 1 device?',
      'Go on with 2 devices?',
    ]);
  });
});
