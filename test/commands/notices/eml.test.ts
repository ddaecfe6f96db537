import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import PostalMime, { type Email } from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { isEmailAddress } from '../../../src/values.js';
import { type RecordedCustomer, recordedRun, signature } from './recorded.js';

/** The drafts that a run's notices come to, in the order of their customers. */
async function drafts(customers: readonly RecordedCustomer[], env: Record<string, string> = signature) {
  const { folder, remo } = await recordedRun(customers, 'a\r\nBcc: evil@example.com\x1b[2J');
  const out = path.join(folder, 'drafts');
  const ended = await remo(['--format', 'eml', '--out', out, '--lang', 'ja', '--with-reason'], { env });
  expect(ended.code).toBe(0);
  const files = (await readdir(out)).sort();
  const sources = await Promise.all(files.map(file => readFile(path.join(out, file), 'latin1')));
  const emails = await Promise.all(sources.map(source => PostalMime.parse(source)));
  return { ...ended, files, sources, emails, source: sources[0] ?? '', email: emails[0] as Email };
}

const namesOf = ({ headers }: Email) => headers.map(({ key }) => key).sort();

/** What every draft has, and nothing else. */
const headers = [
  'content-transfer-encoding',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'subject',
  'to',
  'x-unsent',
];

describe('an .eml', () => {
  it('opens as a draft with everything in it', async () => {
    const { email, files, source } = await drafts([{}]);
    expect(files).toEqual(['run-1-cus_1.eml']);
    expect(email).toMatchObject({
      subject: '【ご連絡】防犯カメラ機器の再起動と再ログインのお願い',
      from: { name: '横浜セキュリティ株式会社 山田 花子', address: 'support@agency.example' },
      to: [{ name: 'さくら商店', address: 'sakura@example.jp' }],
    });
    expect(email.text).toContain('さくら商店 様\r\n');
    expect(email.text).toContain('・正面入口(機器ID: dev_1_1)\r\n');
    expect(namesOf(email)).toEqual(headers);
    expect(source).toMatch(/^X-Unsent: 1\r$/m);
    expect(source).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m);
    expect(source).toMatch(/^Message-ID: <[\w-]+@agency\.example>\r$/m);
  });

  it('is plain ASCII in short lines, and its text has the line ends of mail', async () => {
    const { source } = await drafts([
      { name: '長い名前'.repeat(30), devices: [{ device_name: '名'.repeat(2000) }] },
    ]);
    expect(source).toMatch(/^[\x20-\x7e\r\n]*$/);
    expect(source.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of source.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
    const [, body = ''] = source.split('\r\n\r\n');
    const text = Buffer.from(body, 'base64').toString('utf8');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it.each([
    'Corner Shop',
    'Smith, Jones & "Sons" (Tokyo) <x@y.example>',
    '山田, "花子" 👩‍💻',
    '辻󠄀 葛󠄀城',
    'a\\b; c: d',
    "'quoted'",
  ])('keeps the name %s', async name => {
    const { email } = await drafts([{ name }]);
    expect(email.to).toEqual([{ name, address: 'sakura@example.jp' }]);
  });

  it('cuts a name that is too long for a header, but not in the text', async () => {
    for (const letter of ['x', '𠮷']) {
      const { email, source } = await drafts([{ name: letter.repeat(3000) }]);
      expect(email.to).toEqual([{ name: `${letter.repeat(99)}…`, address: 'sakura@example.jp' }]);
      expect(email.text).toContain(`${letter.repeat(3000)} 様`);
      for (const line of source.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
    }
  });

  it('lets no name pass for something else once it is decoded', async () => {
    const { email } = await drafts([{ name: '=?utf-8?B?IgpCY2M6IGV2aWxAZXhhbXBsZS5jb20=?= x' }]);
    expect(email.to).toEqual([
      { name: '= ?utf-8?B?IgpCY2M6IGV2aWxAZXhhbXBsZS5jb20= ?= x', address: 'sakura@example.jp' },
    ]);
  });

  it.each(['foo..bar.@docomo.example', "o'brien+tag@sub.example.co.jp"])(
    'is addressed to %s',
    async address => {
      const { source, err } = await drafts([{ name: '', email: address }]);
      expect(source.replace(/["<>]/g, '')).toContain(`\r\nTo: ${address}\r\n`);
      expect(err).not.toContain('Warning: ');
    },
  );

  it.each([
    'sakura@example.jp, evil@example.com',
    'sakura@example.jp\r\nBcc: evil@example.com',
    'sakura@example.jp>, <evil@example.com',
    '"a b"@example.jp',
    '=?utf-8?Q?evil=40example.com=2C?=@example.jp',
    '桜@example.jp',
    'sakura',
    `${'x'.repeat(300)}@example.jp`,
    '',
  ])('to %j, which is no address, leaves it to the engineer', async email => {
    const { source, emails, err } = await drafts([{ email }]);
    expect(emails[0]?.to).toBeUndefined();
    expect(emails.map(namesOf)).toEqual([headers.filter(name => name !== 'to')]);
    expect(source).not.toContain('evil');
    expect(err).toContain('メールアドレスは使用できません');
    expect(err).toContain('(cus_1)');
  });

  it('has no sender where none is set', async () => {
    const { email, source } = await drafts([{}], {});
    expect(namesOf(email)).toEqual(headers.filter(name => name !== 'from'));
    expect(email.text).toContain('メール: [メールアドレス]');
    expect(source).toMatch(/^Message-ID: <[\w-]+@localhost>\r$/m);
  });
});

describe('whatever the backend calls its customers and devices', () => {
  const hostile = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(
          '\r\n',
          '\n',
          '\r',
          '\x1b[2J',
          '\u202e',
          '\u2028',
          '\0',
          '\ud800',
          '=?utf-8?Q?=0D=0A?=',
        ),
        fc.constantFrom(
          'Bcc: evil@example.com',
          '<evil@example.com>',
          ',',
          ';',
          ':',
          '"',
          '\\',
          '@',
          '.',
          'さくら',
        ),
      ),
      { maxLength: 12 },
    )
    .map(parts => parts.join(''));
  const dangerous = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\p{Cs}]/u;

  it('a draft has its headers and no others, and its text no hidden line', async () => {
    const email = fc.oneof(hostile, fc.emailAddress());
    const customer = fc.record({ name: hostile, email, device_name: hostile, device_id: hostile });
    const harmless = (await drafts([{}])).email.text?.split('\r\n') ?? [];
    await fc.assert(
      fc.asyncProperty(customer, async ({ name, email, device_name, device_id }) => {
        const { sources, emails } = await drafts([{ name, email, devices: [{ device_name, device_id }] }]);
        const expected = isEmailAddress(email) ? headers : headers.filter(key => key !== 'to');
        expect(emails.map(namesOf)).toEqual([expected]);
        expect(sources[0]).toMatch(/^(?:[\x20-\x7e]{0,98}\r\n)*$/);
        expect(emails[0]?.subject).toBe('【ご連絡】防犯カメラ機器の再起動と再ログインのお願い');
        expect(emails[0]?.to?.map(({ address }) => address) ?? []).toEqual(
          isEmailAddress(email) ? [email] : [],
        );
        const lines = emails[0]?.text?.split('\r\n');
        expect(lines).toHaveLength(harmless.length);
        for (const line of lines ?? []) expect(line).not.toMatch(dangerous);
      }),
      { numRuns: 60 },
    );
  });

  it('the text has no hidden line either, nor has anything that is told', async () => {
    const customer = fc.record({ customer_id: hostile, name: hostile, email: hostile });
    await fc.assert(
      fc.asyncProperty(customer, hostile, async (one, device_name) => {
        const { folder, remo } = await recordedRun([{ ...one, devices: [{ device_name }] }], device_name);
        const out = ['--out', path.join(folder, 'drafts'), '--force'];
        const all = [['--with-reason'], ['-o', 'json'], out, [...out, '-o', 'csv'], [...out, '-o', 'table']];
        for (const argv of all) {
          const ended = await remo(argv);
          expect(ended.code).toBe(0);
          expect((ended.out + ended.err).replaceAll('\r\n', '\n')).not.toMatch(dangerous);
        }
        expect((await remo([])).out.split('\n')).toHaveLength(25);
      }),
      { numRuns: 30 },
    );
  });
});
