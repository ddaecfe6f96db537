import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run } from '../../../src/cli.js';
import { Context } from '../../../src/context.js';
import { fakeHost } from '../../support/host.js';
import { remo, temporaryFolder } from '../../support/run.js';
import { problems, sandboxForTest } from '../../support/sandbox.js';
import { offered, signedInMachine } from './ask.js';

const emails = (fleet: { customers: readonly { email: string }[] }) =>
  fleet.customers.map(({ email }) => email);

describe('customers', () => {
  it('are offered by address, with their names, once they have been fetched', async () => {
    const sandbox = await sandboxForTest();
    const { offered, fetch } = await signedInMachine(sandbox);
    const first = await offered('devices', 'show', '');
    expect(first).toMatchObject({ code: 0, err: '', texts: [] });
    expect(first.background).toEqual([
      ['__fetch', 'customers', '--profile', 'default', '--api-url', sandbox.apiUrl],
    ]);
    expect(await fetch('customers')).toMatchObject({ code: 0, out: '', err: '' });
    sandbox.requests.length = 0;
    const second = await offered('devices', 'show', '');
    expect(second.texts.toSorted()).toEqual(emails(sandbox.fleet).toSorted());
    expect(second.about['sakura@example.jp']).toBe('さくら商店');
    for (const words of [
      ['devices', 'reboot', '--customer', 'sakura@'],
      ['customers', 'list', '--email', 'sakura@'],
    ])
      expect((await offered(...words)).texts).toEqual(['sakura@example.jp']);
    expect((await offered('customers', 'list', '--email=SAKURA@')).texts).toEqual([
      '--email=sakura@example.jp',
    ]);
    expect(second.background).toEqual([]);
    expect(sandbox.requests).toEqual([]);
  });

  it('are waited for, though not for long', async () => {
    const sandbox = await sandboxForTest();
    const { env, fetch } = await signedInMachine(sandbox);
    let age = 0;
    const clock = {
      now: () => Date.now(),
      sleep: async (ms: number) => {
        age += ms;
        if (age === 90) await fetch('customers');
      },
    };
    const { texts } = await offered(['devices', 'show', 'sakura@'], {
      env,
      age: () => age,
      replacements: { clock },
    });
    expect(texts).toEqual(['sakura@example.jp']);
    expect(age).toBe(90);
  });

  it('are given up at the deadline', async () => {
    const { env } = await signedInMachine(await sandboxForTest());
    let age = 100;
    const clock = { now: () => Date.now(), sleep };
    async function sleep(ms: number) {
      age += ms;
    }
    const { texts } = await offered(['devices', 'show', ''], {
      env,
      age: () => age,
      replacements: { clock },
    });
    expect(texts).toEqual([]);
    expect(age).toBeGreaterThanOrEqual(180);
    expect(age).toBeLessThan(200);
  });

  it('are fetched already by whoever comes near them, who is not kept waiting', async () => {
    const { env } = await signedInMachine(await sandboxForTest());
    const clock = { now: () => Date.now(), sleep: () => Promise.reject(new Error('nobody waits')) };
    for (const words of [
      ['devices', ''],
      ['customers', 'list', '--'],
    ]) {
      const near = await offered(words, { env, replacements: { clock } });
      expect(near.texts.length).toBeGreaterThan(0);
      expect(near.background).toHaveLength(1);
    }
    expect((await offered(['conf'], { env })).background).toEqual([]);
  });

  it('stop at a thousand', async () => {
    const sandbox = await sandboxForTest({ customers: 1250 });
    const { offered, fetch } = await signedInMachine(sandbox);
    await fetch('customers');
    const { length } = (await offered('devices', 'show', '')).texts;
    // Some have the same address.
    expect(length).toBeGreaterThan(950);
    expect(length).toBeLessThanOrEqual(1000);
  });
});

describe('devices', () => {
  it('are offered with name and owner, first those of whoever was looked at', async () => {
    const sandbox = await sandboxForTest();
    const { env, offered, fetch } = await signedInMachine(sandbox);
    const { id } = sandbox.fleet.customer('sakura@example.jp');
    const theirs = [...sandbox.fleet.devices.values()].filter(device => device.customer_id === id);
    expect((await remo(['devices', 'show', 'sakura@example.jp'], { env })).code).toBe(0);
    expect((await offered('devices', 'reboot', '')).background[0]).toContain('devices');
    sandbox.requests.length = 0;
    await fetch('devices');
    // Customers, and the devices of thirty of them.
    expect(sandbox.requests.filter(request => !request.path.includes('/devices'))).toHaveLength(2);
    expect(new Set(sandbox.requests.map(request => request.path.split('?')[0])).size).toBe(31);
    const { texts, about } = await offered('devices', 'reboot', '');
    expect(texts.slice(0, theirs.length).toSorted()).toEqual(theirs.map(device => device.id).toSorted());
    const entrance = theirs.find(device => device.name === '正面入口');
    expect(about[entrance?.id ?? '']).toBe('正面入口 — sakura@example.jp');
    const [first = '', second] = texts;
    expect((await offered('devices', 'status', first, '')).texts[0]).toBe(second);
  });

  it('are fetched again after another customer was looked at, and offered as they are meanwhile', async () => {
    const sandbox = await sandboxForTest();
    const { env, cache, files, offered, fetch } = await signedInMachine(sandbox);
    await fetch('devices');
    expect((await offered('devices', 'status', '')).background).toEqual([]);
    await remo(['devices', 'show', 'sakura@example.jp'], { env });
    const recent = (await files()).find(name => name.endsWith('.recent')) ?? '';
    const later = new Date(Date.now() + 1000);
    await utimes(path.join(cache, recent), later, later);
    const meanwhile = await offered('devices', 'status', '');
    expect(meanwhile.background).toHaveLength(1);
    expect(meanwhile.texts.length).toBeGreaterThan(0);
  });

  it('of a customer who has left are left out', async () => {
    const sandbox = await sandboxForTest();
    const { env, fetch, offered } = await signedInMachine(sandbox);
    await remo(['devices', 'show', 'sakura@example.jp'], { env });
    const { id } = sandbox.fleet.customer('sakura@example.jp');
    sandbox.faults.add({
      kind: 'answer',
      path: new RegExp(`/customers/${id}/devices`),
      ...problems.notFound(),
    });
    await fetch('devices');
    expect((await offered('devices', 'status', '')).texts.length).toBeGreaterThan(0);
  });
});

describe('what is remembered', () => {
  it('is for its owner alone', async () => {
    const { cache, files, fetch } = await signedInMachine(await sandboxForTest());
    await fetch('customers');
    const [file = ''] = await files();
    expect((await stat(path.join(cache, file))).mode & 0o777).toBe(0o600);
    expect((await stat(cache)).mode & 0o777).toBe(0o700);
  });

  it('is used for an hour, and after five minutes fetched again meanwhile', async () => {
    const sandbox = await sandboxForTest();
    const { env, fetch } = await signedInMachine(sandbox);
    await fetch('customers');
    const atAge = async (minutes: number) => {
      const clock = { now: () => Date.now() + minutes * 60_000, sleep: async () => {} };
      const found = await offered(['devices', 'show', 's'], { env, age: () => 999, replacements: { clock } });
      return [found.texts.length > 0, found.background.length];
    };
    expect(await atAge(4)).toEqual([true, 0]);
    expect(await atAge(6)).toEqual([true, 1]);
    expect(await atAge(61)).toEqual([false, 1]);
    // The clock was put back.
    expect(await atAge(-10)).toEqual([false, 1]);
  });

  it('belongs to a profile, a backend and a token', async () => {
    const sandbox = await sandboxForTest();
    const { env, fetch } = await signedInMachine(sandbox);
    await fetch('customers');
    const count = async (words: string[], more: Record<string, string> = {}) =>
      (await offered([...words, 'devices', 'show', ''], { env: { ...env, ...more }, age: () => 999 })).texts
        .length;
    expect(await count([])).toBeGreaterThan(0);
    expect(await count(['--profile', 'other'])).toBe(0);
    expect(await count(['--api-url', 'https://other.example'])).toBe(0);
    expect(await count([], { REMO_TOKEN: 'another' })).toBe(0);
  });

  it.each([
    ['torn', (whole: string) => whole.slice(0, whole.length / 2)],
    ['empty', () => ''],
    ['of another version', (whole: string) => whole.replace('"version":1', '"version":2')],
    ['something else', () => '[null, 1]'],
    ['too large', (whole: string) => whole + ' '.repeat(2_000_000)],
    ['without a time', (whole: string) => whole.replace(/"at":\d+/, '"at":null')],
  ])('counts for nothing where it is %s', async (_what, change) => {
    const { cache, files, fetch, offered } = await signedInMachine(await sandboxForTest());
    await fetch('customers');
    const [name = ''] = await files();
    const file = path.join(cache, name);
    await writeFile(file, change(await readFile(file, 'utf8')));
    expect(await offered('devices', 'show', '')).toMatchObject({ code: 0, err: '', texts: [] });
  });

  it('goes at a sign-out, also while it is being fetched', async () => {
    const sandbox = await sandboxForTest({ latencyMs: 100 });
    const { env, files, fetch } = await signedInMachine(sandbox);
    await fetch('customers');
    expect(await files()).toHaveLength(1);
    expect((await remo(['logout'], { env: { ...env, REMO_CREDENTIAL_STORE: 'file' } })).code).toBe(0);
    expect(await files()).toEqual([]);
    const fetching = fetch('customers');
    await expect.poll(files).toHaveLength(1);
    await remo(['logout', '--all'], { env: { ...env, REMO_CREDENTIAL_STORE: 'file' } });
    await fetching;
    expect(await files()).toEqual([]);
  });
});

describe('fetching', () => {
  it('happens once, however many ask', async () => {
    const sandbox = await sandboxForTest({ customers: 50 });
    const { fetch, offered } = await signedInMachine(sandbox);
    await Promise.all(Array.from({ length: 5 }, () => fetch('customers')));
    expect(sandbox.requests).toHaveLength(1);
    expect((await offered('devices', 'show', '')).texts.length).toBeGreaterThan(40);
  });

  it('that came to nothing is not tried again for half a minute, then it is', async () => {
    const sandbox = await sandboxForTest();
    const { cache, env, files, fetch, offered } = await signedInMachine(sandbox);
    const signedOut = { env: { ...env, REMO_TOKEN: 'ended' } };
    expect((await remo(['__fetch', 'customers'], signedOut)).code).toBe(4);
    const count = sandbox.requests.length;
    expect((await remo(['__fetch', 'customers'], signedOut)).code).toBe(0);
    expect(sandbox.requests).toHaveLength(count);
    const [attempt = ''] = await files();
    const earlier = new Date(Date.now() - 31_000);
    await utimes(path.join(cache, attempt), earlier, earlier);
    await remo(['__fetch', 'customers'], signedOut);
    expect(sandbox.requests.length).toBeGreaterThan(count);
    expect((await offered('devices', 'show', '')).texts).toEqual([]);
    await fetch('customers');
    expect((await offered('devices', 'show', '')).texts.length).toBeGreaterThan(0);
  });

  it('that came to nothing is not waited for: at once where it was before, else as soon as it has', async () => {
    const sandbox = await sandboxForTest();
    const { env } = await signedInMachine(sandbox);
    const signedOut = { ...env, REMO_TOKEN: 'ended' };
    let age = 0;
    const clock = {
      now: () => Date.now(),
      sleep: async (ms: number) => {
        age += ms;
        if (age === 60) await remo(['__fetch', 'customers'], { env: signedOut });
      },
    };
    const options = { env: signedOut, age: () => age, replacements: { clock } };
    expect((await offered(['devices', 'show', ''], options)).texts).toEqual([]);
    expect(age).toBe(60);
    expect((await offered(['devices', 'show', ''], options)).texts).toEqual([]);
    expect(age).toBe(60);
  });

  it('where the credential would have to be unlocked is not waited for either', async () => {
    const { env } = await signedInMachine(await sandboxForTest());
    const credentialStore = { isOpen: async () => false } as never;
    const locked = { ...env, REMO_TOKEN: undefined };
    await remo(['__fetch', 'customers'], { env: locked, replacements: { credentialStore } });
    const clock = { now: () => Date.now(), sleep: () => Promise.reject(new Error('nobody waits')) };
    const { code, background } = await offered(['devices', 'show', ''], {
      env: locked,
      replacements: { clock },
    });
    expect({ code, background }).toEqual({ code: 0, background: [] });
  });

  it('has an end, whatever it hangs in', async () => {
    const host = fakeHost({
      env: { REMO_CACHE_DIR: await temporaryFolder(), REMO_API_URL: 'https://127.0.0.1:1' },
    });
    await run(['__fetch', 'customers'], new Context(host));
    expect(host.limits).toEqual([30_000]);
  });

  it('keeps nothing of a listing that breaks off', async () => {
    const sandbox = await sandboxForTest({ customers: 250 });
    const { fetch, offered } = await signedInMachine(sandbox);
    sandbox.faults.add({ kind: 'answer', path: /page=3/, ...problems.forbidden() });
    await fetch('customers');
    expect((await offered('devices', 'show', '')).texts).toEqual([]);
  });

  it('asks no credential store that a person would have to open', async () => {
    const sandbox = await sandboxForTest();
    const { env } = await signedInMachine(sandbox);
    const asked: string[] = [];
    const credentialStore = new Proxy({} as never, {
      get: (_store, name) =>
        name === 'then'
          ? undefined
          : name === 'isOpen'
            ? async () => false
            : () => {
                asked.push(String(name));
                throw new Error('a dialog');
              },
    });
    const signedIn = { env: { ...env, REMO_TOKEN: undefined }, replacements: { credentialStore } };
    expect(await remo(['__fetch', 'customers'], signedIn)).toMatchObject({ code: 0, out: '', err: '' });
    expect(asked).toEqual([]);
    expect(sandbox.requests).toEqual([]);
  });
});

describe('hostile names', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '$(touch /tmp/x)',
      '`id`',
      'a\nforged\tline',
      "o'brien@x.jp",
      '"; rm -rf /',
      '\x1b[2Jx',
      '-rf',
      '~root',
      '=ls',
      'a:b',
      'a b',
      '!!',
      '\u202ecod.exe',
      '*',
      '{a,b}',
      'a\\',
      '#',
    ),
  );

  it('neither forge a candidate nor put anything on the line that a shell would take for more than a word', async () => {
    const sandbox = await sandboxForTest();
    const { cache, files, fetch, offered, env } = await signedInMachine(sandbox);
    await fetch('customers');
    const [name = ''] = await files();
    const customer = fc.record({ id: nasty, name: nasty, email: nasty });
    await fc.assert(
      fc.asyncProperty(fc.array(customer, { maxLength: 8 }), async entries => {
        await writeFile(path.join(cache, name), JSON.stringify({ version: 1, at: Date.now(), entries }));
        const { out, texts } = await offered('devices', 'show', '');
        const emails = entries.map(({ email }) => email);
        for (const text of texts) {
          expect(emails).toContain(text);
          expect(text).toMatch(/^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.@:%+=/-]*$/u);
        }
        const lines = out.split('\n');
        expect(lines).toHaveLength(texts.length + 2);
        expect(lines.slice(1, -1).every(line => line.split('\t').length === 2)).toBe(true);
        expect(out).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
        const bash = await remo(['__complete', 'bash', '9', '80', '', 'remo devices show '], { env });
        expect(bash.out.split('\n')).toHaveLength(texts.length + 2);
      }),
      { numRuns: 60 },
    );
  });
});
