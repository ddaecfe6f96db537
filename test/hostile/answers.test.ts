import { describe, expect, it } from 'vitest';
import { machine } from '../commands/auth/machine.js';
import { remo } from '../support/run.js';
import { sandboxForTest } from '../support/sandbox.js';
import { expectDrivenLike, expectHarmless, lineCount } from './harmless.js';
import { peopleCalled } from './people.js';
import { crafted } from './texts.js';

describe('what a backend says when it refuses', () => {
  it.each([400, 401, 403, 404, 409, 422, 501])(
    'is told in lines of our own (%i)',
    async status => {
      const sandbox = await sandboxForTest({ customers: 10 });
      const run = async (text: string, output: string) => {
        const body = { code: text, title: text, detail: text, reboot_id: text };
        sandbox.faults.clear();
        sandbox.faults.add({
          kind: 'answer',
          path: /customers/,
          status,
          body,
          times: Number.POSITIVE_INFINITY,
        });
        const { code, out, err } = await remo(['customers', 'list', '-o', output], { sandbox });
        expectHarmless(out.replaceAll('\r\n', '\n'));
        expectHarmless(err);
        if (output === 'json')
          expect(JSON.parse(err.trimEnd().split('\n').at(-1) ?? '')).toHaveProperty('error');
        return [code, lineCount(err)];
      };
      const expected = { json: await run('word', 'json'), csv: await run('word', 'csv') };
      // A body of 64 KB is not read to its end.
      for (const text of crafted.filter(one => Buffer.byteLength(one) < 15_000)) {
        expect(await run(text, 'json')).toEqual(expected.json);
        expect(await run(text, 'csv')).toEqual(expected.csv);
      }
      sandbox.faults.clear();
    },
    180_000,
  );
});

describe('whoever is looked for', () => {
  it('is chosen from labels that drive nothing, one a line', async () => {
    const run = async (text: string) => {
      const { sandbox } = await peopleCalled([`query ${text}`, `query 2 ${text}`]);
      return remo(['devices', 'show', 'query'], {
        sandbox,
        tty: true,
        person: async host => {
          await host.shown('Which one?');
          host.type('\r');
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
      expect(lineCount(hostile.err)).toBe(lineCount(harmless.err));
    }
  }, 180_000);

  it('and not found, or found too often, is told in lines of our own', async () => {
    const run = async (text: string) => {
      const { sandbox } = await peopleCalled([`query ${text}`, `query 2 ${text}`]);
      const [many, none, noneListed] = [
        await remo(['devices', 'show', 'query'], { sandbox }),
        await remo(['devices', 'show', `nobody ${text}`.slice(0, 200)], { sandbox }),
        await remo(['customers', 'list', '--email', `nobody ${text}`.slice(0, 200)], { sandbox }),
      ];
      for (const { out, err } of [many, none, noneListed]) {
        expect(out).toBe('');
        expectHarmless(err);
      }
      // A text of several lines is no part of an address: that is told as well.
      expect([0, 2]).toContain(noneListed.code);
      return [[many.code, none.code], [many, none, noneListed].map(({ err }) => lineCount(err))];
    };
    const expected = await run('name');
    for (const text of crafted) expect(await run(text)).toEqual(expected);
  }, 180_000);
});

describe('an authorization server', () => {
  const device = ['login', '--device'];
  const signedOut = async () => {
    const sandbox = await sandboxForTest({ autoApprove: true, customers: 10 });
    const { remo: own } = machine({ REMO_API_URL: sandbox.apiUrl });
    return { sandbox, own };
  };

  it('writes its codes and addresses where they belong, and nowhere else', async () => {
    const run = async (text: string) => {
      const { sandbox, own } = await signedOut();
      const change = (body: object) => ({
        ...body,
        user_code: text,
        verification_uri_complete: `http://127.0.0.1/${text}`,
      });
      sandbox.faults.add({ kind: 'alter', path: /oidc\/device\/auth/, change });
      const { code, out, err } = await own(device);
      expect({ code, out }).toEqual({ code: 0, out: '' });
      expectHarmless(err);
      return lineCount(err);
    };
    const expected = await run('CODE-CODE');
    for (const text of crafted) expect(await run(text)).toBe(expected);
  }, 180_000);

  it.each([
    ['refuses', /oidc\/token/],
    ['refuses at once', /oidc\/device\/auth/],
  ])(
    '%s in a sentence of ours',
    async (_what, path) => {
      const run = async (text: string) => {
        const { sandbox, own } = await signedOut();
        const body = { error: text, error_description: text, error_uri: text };
        sandbox.faults.add({ kind: 'answer', path, status: 400, body });
        const { code, out, err } = await own(device);
        expect(out).toBe('');
        expectHarmless(err);
        return [code, lineCount(err)];
      };
      const expected = await run('access_denied');
      for (const text of crafted) expect(await run(text)).toEqual(expected);
    },
    180_000,
  );

  it.each(['issuer', 'token_endpoint', 'device_authorization_endpoint', 'authorization_servers'])(
    'whose %s is no address is told of in a sentence of ours',
    async field => {
      for (const text of crafted) {
        const { sandbox, own } = await signedOut();
        const of = field === 'authorization_servers' ? /oauth-protected-resource/ : /openid-configuration/;
        const change = (body: object) => ({
          ...body,
          [field]: field === 'authorization_servers' ? [text] : text,
        });
        sandbox.faults.add({ kind: 'alter', path: of, change });
        const { code, out, err } = await own(device);
        expect({ code, out }).toEqual({ code: 6, out: '' });
        expectHarmless(err);
        expect(lineCount(err)).toBeLessThan(6);
      }
    },
    180_000,
  );
});

describe('the pages of the sandbox', () => {
  it('have the tags they always have, whatever code comes with the address', async () => {
    const sandbox = await sandboxForTest({ customers: 10 });
    const page = async (text: string) => {
      const address = new URL(`${sandbox.issuer}/device`);
      address.searchParams.set('user_code', Buffer.from(text).toString());
      const html = await (
        await fetch(address, { headers: { 'accept-language': text.replace(/[^\x20-\x7e]/g, '') } })
      ).text();
      return html.match(/<\/?[a-z]+/gi);
    };
    const expected = await page('CODE-CODE');
    expect(expected?.length).toBeGreaterThan(5);
    for (const text of crafted.filter(({ length }) => length < 2_000))
      expect(await page(text)).toEqual(expected);
  });
});
