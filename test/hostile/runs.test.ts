import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { widthOf } from '../../src/terminal/width.js';
import { type RunOptions, remo } from '../support/run.js';
import { sandboxForTest } from '../support/sandbox.js';
import { expectDrivenLike, expectHarmless, lineCount } from './harmless.js';
import { accountCalled, giveReason, peopleCalled } from './people.js';
import { anyText, crafted } from './texts.js';

/** Who would not do any harm, as many as there are others. */
const benign = crafted.map(() => 'name');
const always = { times: Number.POSITIVE_INFINITY };
const prefix = '/partner/v1';

/** A run of all the devices there are, on the same day in each sandbox. */
async function reboot(texts: readonly string[], argv: readonly string[], options: RunOptions = {}) {
  const { sandbox, ids } = await peopleCalled(texts);
  const ended = await remo(['devices', 'reboot', '--file', '-', ...argv], {
    sandbox,
    stdin: ids.join('\n'),
    ...options,
  });
  return { ...ended, sandbox, ids, env: { REMO_CONFIG_DIR: ended.folder, REMO_STATE_DIR: ended.folder } };
}

describe('what a run says on stderr', () => {
  it.each([['auto'], ['plain'], ['none']])('is as many lines as ever (--progress %s)', async progress => {
    const argv = ['--yes', '--no-wait', '--progress', progress];
    const [hostile, harmless] = [await reboot(crafted, argv), await reboot(benign, argv)];
    expect(hostile.code).toBe(0);
    expectHarmless(hostile.err);
    expect(lineCount(hostile.err)).toBe(lineCount(harmless.err));
    // The plan, the lines of the devices and the owners to contact: none runs over into a line that is not its own.
    const names = hostile.err.split('\n').map(line => line.replace(/<.*>/, ''));
    expect(Math.max(...names.map(widthOf))).toBeLessThan(140);
  });

  it('on a terminal drives it as ever, with a live region and after a question', async () => {
    const run = async (text: string) => {
      const { sandbox, ids } = await peopleCalled([text, text, text]);
      return remo(['devices', 'reboot', ...ids, '--no-wait'], {
        sandbox,
        tty: true,
        person: async host => {
          await host.shown('Reboot 3 devices?');
          host.type('y\r');
        },
      });
    };
    const harmless = await run('name');
    expect(harmless.code).toBe(0);
    for (const text of crafted) {
      const hostile = await run(text);
      expect(hostile.code).toBe(0);
      expectDrivenLike(hostile.err, harmless.err);
      expectDrivenLike(hostile.out, harmless.out);
      expect(hostile.err.match(/Reboot 3 devices\?/g)?.length).toBe(
        harmless.err.match(/Reboot 3 devices\?/g)?.length,
      );
    }
  }, 180_000);

  /** What the backend says of one device: the reboot failed, is another's, was refused. */
  const answers: Record<string, (text: string, sandbox: Sandbox, id: string) => void> = {
    'why a reboot failed': (text, sandbox, id) => {
      const device = sandbox.fleet.devices.get(id);
      if (device) device.behavior = 'fails';
      const change = (body: object) => ('failure' in body ? { ...body, failure: text } : body);
      sandbox.faults.add({ kind: 'alter', method: 'GET', path: /\/reboots\//, change, ...always });
    },
    'whose reboot is under way': (text, sandbox, id) => {
      const body = { code: 'reboot_in_progress', title: text, detail: text, reboot_id: text };
      sandbox.faults.add({
        kind: 'answer',
        method: 'POST',
        path: `${prefix}/devices/${id}/reboots`,
        status: 409,
        body,
      });
      const other = { code: 'not_found', title: text, detail: text };
      sandbox.faults.add({
        kind: 'answer',
        path: /\/partner\/v1\/reboots\//,
        status: 404,
        body: other,
        ...always,
      });
    },
    'why it refused': (text, sandbox, id) => {
      const body = { code: text, title: text, detail: text };
      sandbox.faults.add({
        kind: 'answer',
        method: 'POST',
        path: `${prefix}/devices/${id}/reboots`,
        status: 422,
        body,
      });
    },
    'who rebooted it before': (text, sandbox, id) => {
      const change = (body: { items: object[] }) => ({
        ...body,
        total: 1,
        items: [
          {
            id: text,
            device_id: id,
            customer_id: 'cus',
            status: 'completed',
            reason: text,
            requested_at: new Date().toISOString(),
            requested_by: text,
            completed_at: null,
            failure: null,
            idempotency_key: text,
          },
        ],
      });
      sandbox.faults.add({ kind: 'alter', method: 'GET', path: /\/devices\/.*\/reboots/, change, ...always });
    },
  };

  it.each(Object.entries(answers))(
    '%s is told in one line',
    async (_what, answer) => {
      const run = async (text: string, output: string) => {
        const { sandbox, ids } = await peopleCalled(['name']);
        const [id = ''] = ids;
        answer(text, sandbox, id);
        return remo(['devices', 'reboot', id, '--yes', '--wait', '-o', output], { sandbox });
      };
      const harmless = await run('word', 'ndjson');
      for (const text of crafted.slice(0, 6)) {
        const hostile = await run(text, 'ndjson');
        expect(hostile.code).toBe(harmless.code);
        expectHarmless(hostile.err);
        expectHarmless(hostile.out);
        expect(lineCount(hostile.err)).toBe(lineCount(harmless.err));
        expect(lineCount(hostile.out)).toBe(lineCount(harmless.out));
      }
    },
    180_000,
  );
});

describe('going on with a run, and the notices of it', () => {
  it('say nothing that was not theirs to say', async () => {
    const argv = ['--yes', '--no-wait', '--reason', 'why'];
    const [hostile, harmless] = [await reboot(crafted, argv), await reboot(benign, argv)];
    for (const { folder } of [hostile, harmless]) await giveReason(folder, crafted[6] ?? '');
    const of = async ({ env, folder, sandbox }: typeof hostile, ...rest: string[]) => {
      const [file = ''] = await readdir(path.join(folder, 'batches'));
      const words = rest.map(word => word.replace('RUN', path.basename(file, '.ndjson')));
      return remo(words, { env, sandbox });
    };
    for (const words of [
      ['batches', 'resume', 'RUN', '--yes'],
      ['notices', 'RUN', '--all', '--with-reason'],
      ['notices', 'RUN', '--all', '-o', 'csv'],
      ['batches', 'show', 'RUN', '-o', 'table'],
    ]) {
      const [theirs, ours] = [await of(hostile, ...words), await of(harmless, ...words)];
      expectHarmless(theirs.out.replaceAll('\r\n', '\n'));
      expectHarmless(theirs.err);
      expect(lineCount(theirs.out)).toBe(lineCount(ours.out));
    }
    const out = path.join(hostile.folder, 'drafts');
    for (const format of ['eml', 'text']) {
      expect(
        (await of(hostile, 'notices', 'RUN', '--all', '--with-reason', '--format', format, '--out', out))
          .code,
      ).toBe(0);
    }
    const files = await readdir(out);
    expect(files).toHaveLength(2 * crafted.length);
    for (const file of files) {
      const content = await readFile(path.join(out, file), 'utf8');
      if (file.endsWith('.txt')) expectHarmless(content);
      else {
        expect(content).toMatch(/^[\x20-\x7e\r\n]*$/);
        const { headers, text = '' } = await PostalMime.parse(content);
        expect(headers.map(({ key }) => key)).not.toContain('bcc');
        expectHarmless(text.replaceAll('\r\n', '\n'));
      }
    }
  }, 180_000);

  it('from a journal that somebody has written to are harmless as well', async () => {
    const { ids, env, folder, sandbox } = await reboot(benign, ['--yes', '--no-wait']);
    const [file = ''] = await readdir(path.join(folder, 'batches'));
    const source = await readFile(path.join(folder, 'batches', file), 'utf8');
    const run = path.basename(file, '.ndjson');
    for (const text of crafted.slice(0, 12)) {
      const ofHeader = { profile: text, host: text, requested_by: text, api_url: text, remo_version: text };
      const write = async (header: object, entry: object) => {
        const lines = source
          .trimEnd()
          .split('\n')
          .map((line, index) => JSON.stringify({ ...JSON.parse(line), ...(index === 0 ? header : entry) }));
        await writeFile(path.join(folder, 'batches', file), `${lines.join('\n')}\n`);
      };
      // What is no name of a run, or no time, makes it none of ours.
      for (const [header, entry] of [
        [{ ...ofHeader, batch_id: text }, {}],
        [{ ...ofHeader, started_at: text }, {}],
        [ofHeader, { at: text }],
        [ofHeader, { requested_at: text }],
      ] as const) {
        await write(header, entry);
        const { code, out, err } = await remo(['history', '-o', 'json'], { env });
        expect({ code, out }).toEqual({ code: 0, out: '[]\n' });
        expectHarmless(err);
      }
      await write(ofHeader, { key: text, request_id: text, reboot_id: text });
      for (const words of [['history'], ['batches', 'list'], ['batches', 'show', run], ['notices', run]]) {
        for (const output of ['table', 'csv', 'json']) {
          const { code, out, err } = await remo([...words, '-o', output, '--no-color'], { env, sandbox });
          expect(code).toBe(0);
          expectHarmless(out.replaceAll('\r\n', '\n'));
          expectHarmless(err);
          if (words[0] === 'history' && output === 'json') expect(JSON.parse(out)).toHaveLength(ids.length);
        }
      }
    }
  }, 180_000);
});

describe('whoever one is signed in as', () => {
  const commands = [
    ['whoami', '-o', 'table'],
    ['whoami'],
    ['whoami', '-o', 'csv'],
    ['doctor', '-o', 'ndjson'],
  ];

  it('whoami and doctor say it in their own lines', async () => {
    const sandbox = await sandboxForTest({ customers: 10 });
    const lines = async (text: string) => {
      sandbox.faults.clear();
      accountCalled(text, sandbox);
      const all: number[] = [];
      for (const argv of commands) {
        const { out, err } = await remo([...argv, '--no-color'], { sandbox });
        expectHarmless(out.replaceAll('\t', '').replaceAll('\r\n', '\n'));
        expectHarmless(err);
        all.push(lineCount(out));
      }
      const { out } = await remo(['whoami', '-o', 'table', '--no-color'], { sandbox, tty: { stdout: true } });
      expectHarmless(out);
      // On a terminal a long value goes on below itself, not below its label.
      all.push(out.split('\n').filter(line => !line.startsWith(' ')).length);
      expect(Math.max(...out.split('\n').map(widthOf))).toBeLessThanOrEqual(80);
      const { json } = await remo(['whoami', '-o', 'json'], { sandbox });
      expect(json()).toMatchObject({ name: text, email: text, partner_code: text });
      return all;
    };
    const expected = await lines('name');
    for (const text of crafted) expect(await lines(text)).toEqual(expected);
    await fc.assert(
      fc.asyncProperty(anyText, async text => {
        expect(await lines(text)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  }, 180_000);
});
