import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { remo } from '../../support/run.js';
import { sandboxForTest } from '../../support/sandbox.js';
import { recordedRun, signature } from './recorded.js';

interface NoticeData {
  customer_id: string;
  customer_email: string;
  owner_signed_in: boolean | null;
  subject: string;
  body: string;
  devices: { device_id: string; outcome: string; instructed_at: string }[];
  path: string | null;
}

describe('a notice', () => {
  const devices = [
    { device_id: 'dev_a', device_name: '正面入口', outcome: 'rebooted' },
    { device_id: 'dev_b', device_name: 'レジ', outcome: 'accepted' },
    { device_id: 'dev_c', device_name: '駐車場', outcome: 'unknown' },
  ] as const;

  it('in Japanese', async () => {
    const { remo } = await recordedRun([{ devices }]);
    const { code, out } = await remo(['--lang', 'ja'], { env: signature });
    expect(code).toBe(0);
    expect(out).toBe(`宛先: sakura@example.jp
件名: 【ご連絡】防犯カメラ機器の再起動と再ログインのお願い

さくら商店 様

いつもお世話になっております。
横浜セキュリティ株式会社の山田 花子でございます。

このたび、お客様にご利用いただいております下記の機器に対し、弊社より遠隔で再起動の操作を行いましたので、ご連絡いたします。

・正面入口(機器ID: dev_a)
  2026年11月23日(月) 12:00 日本標準時 再起動を指示し、復帰を確認いたしました
・レジ(機器ID: dev_b)
  2026年11月23日(月) 12:00 日本標準時 再起動を指示いたしました
・駐車場(機器ID: dev_c)
  2026年11月23日(月) 12:00 日本標準時 再起動した可能性がございます

再起動した機器の映像は、しばらくの間、i-PRO Remo. サービスからご覧いただけない場合がございます。

再起動の際、お客様はサービスにログイン中でいらっしゃいました。お手数をおかけいたしますが、サービスに再度ログインしていただきますようお願い申し上げます。

ご不明な点がございましたら、下記までお問い合わせください。
ご不便をおかけいたしますが、何卒よろしくお願い申し上げます。

----------------------------------------
横浜セキュリティ株式会社
担当: 山田 花子
電話: 045-000-0000
メール: support@agency.example
`);
  });

  it('in English', async () => {
    const { remo } = await recordedRun([{ name: 'Corner Shop', devices }]);
    const { out } = await remo([], { env: { ...signature, REMO_SIGNATURE_COMPANY: 'Example Security' } });
    expect(out).toBe(`To: sakura@example.jp
Subject: Reboot of your security camera equipment: please sign in again

Dear Corner Shop,

This is 山田 花子 of Example Security.

We have remotely instructed a reboot of the following equipment of yours.

- 正面入口 (device ID: dev_a)
  Reboot instructed: Mon, 23 November 2026 at 12:00 Japan Standard Time. It is back online.
- レジ (device ID: dev_b)
  Reboot instructed: Mon, 23 November 2026 at 12:00 Japan Standard Time
- 駐車場 (device ID: dev_c)
  May have been rebooted: Mon, 23 November 2026 at 12:00 Japan Standard Time

Video from a device that was rebooted may not be viewable from the i-PRO Remo. Service for a while.

You were signed in to the service at that time. We are sorry for the trouble: please sign in to the service again.

If you have any questions, please contact us.
Thank you for your understanding.

----------------------------------------
Example Security
山田 花子
Phone: 045-000-0000
E-mail: support@agency.example
`);
  });

  it('says no more than what is known', async () => {
    const { remo } = await recordedRun([{ devices: [{ outcome: 'unknown', owner_signed_in: null }] }]);
    const english = (await remo([])).out;
    expect(english).toContain('could not make sure whether it was rebooted');
    expect(english).toContain('You may have been signed in');
    expect(english).not.toContain('have remotely instructed');
    const japanese = (await remo(['--lang', 'ja'])).out;
    expect(japanese).toContain('再起動したかどうかを確認できておりません');
    expect(japanese).toContain('ログイン中でいらっしゃった可能性がございます');
  });

  it('tells the reason of the run only if it is asked to', async () => {
    const { remo } = await recordedRun([{}], 'frozen picture, ticket 4711');
    expect((await remo([])).out).not.toContain('4711');
    expect((await remo(['--with-reason'])).out).toContain('\n\nReason: frozen picture, ticket 4711\n\n');
    const without = await recordedRun([{}]);
    expect((await without.remo(['--with-reason'])).out).not.toContain('Reason');
  });

  it('tells the time for the zone of --tz', async () => {
    const { remo } = await recordedRun([{}]);
    expect((await remo(['--tz', 'UTC'])).out).toContain('03:00 Coordinated Universal Time');
    const { code, err } = await remo(['--tz', 'Asia/Tokio']);
    expect(code).toBe(2);
    expect(err).toContain('--tz: "Asia/Tokio" is not usable.');
  });
});

describe('who gets a notice', () => {
  const customers = [
    { customer_id: 'in', devices: [{ owner_signed_in: false }, { owner_signed_in: true }] },
    { customer_id: 'maybe', devices: [{ owner_signed_in: false }, { owner_signed_in: null }] },
    { customer_id: 'out', devices: [{ owner_signed_in: false }] },
    { customer_id: 'failed', devices: [{ outcome: 'failed' }] },
    { customer_id: 'skipped', devices: [{ outcome: 'skipped' }] },
    { customer_id: 'waiting', devices: [{ outcome: 'not_attempted' }] },
  ] as const;
  const ids = (notices: NoticeData[]) => notices.map(notice => notice.customer_id);

  it('is whoever was signed in or may have been when a device rebooted or may have', async () => {
    const { remo } = await recordedRun(customers);
    const { json, err } = await remo(['-o', 'json']);
    const notices = json<NoticeData[]>();
    expect(ids(notices)).toEqual(['in', 'maybe']);
    expect(notices.map(notice => notice.owner_signed_in)).toEqual([true, null]);
    expect(err).toContain('1 customer who was not signed in is left out; to write to them too: --all');
    expect(err).toContain('remo batches resume run-1');
  });

  it('with --all also the others who may miss video, who need not sign in', async () => {
    const { remo } = await recordedRun(customers);
    const notices = (await remo(['--all', '-o', 'json'])).json<NoticeData[]>();
    expect(ids(notices)).toEqual(['in', 'maybe', 'out']);
    expect(notices[2]).toMatchObject({
      owner_signed_in: false,
      subject: 'Reboot of your security camera equipment',
    });
    expect(notices[2]?.body).not.toContain('sign in');
  });

  it('is of their devices only those that rebooted or may have', async () => {
    const { remo } = await recordedRun([{ devices: [{}, { outcome: 'failed' }, { outcome: 'unknown' }] }]);
    const [notice] = (await remo(['-o', 'json'])).json<NoticeData[]>();
    expect(notice?.devices).toEqual([
      {
        device_id: 'dev_1_1',
        device_name: '正面入口',
        outcome: 'accepted',
        instructed_at: '2026-11-23T03:00:00Z',
      },
      {
        device_id: 'dev_1_3',
        device_name: '正面入口',
        outcome: 'unknown',
        instructed_at: '2026-11-23T03:00:01.000Z',
      },
    ]);
  });

  it('may be nobody', async () => {
    const { folder, remo } = await recordedRun([{ devices: [{ outcome: 'failed' }] }]);
    const out = path.join(folder, 'drafts');
    const { code, err, ...ended } = await remo(['--out', out]);
    expect({ code, out: ended.out }).toEqual({ code: 0, out: '' });
    expect(err).toMatch(/^There is nobody to write to: .*\n$/);
    await expect(stat(out)).rejects.toThrow('ENOENT');
    expect(await remo(['-o', 'json', '--quiet'])).toMatchObject({ code: 0, out: '[]\n', err: '' });
  });
});

describe('the signature', () => {
  it('has placeholders for what is not set, and says so once', async () => {
    const { remo } = await recordedRun([{}, {}]);
    const { out, err } = await remo([]);
    expect(out).toContain('This is [Your name] of [Your company].');
    expect(out).toContain(
      '\n[Your company]\n[Your name]\nPhone: [Your phone number]\nE-mail: [Your e-mail address]\n',
    );
    expect(err).toBe(
      `Warning: The notices have placeholders in [ ], as these settings are missing: signature.company, signature.name, signature.phone and signature.email
To set one: remo config set signature.company TEXT\n`,
    );
    const japanese = await remo(['--lang', 'ja'], { env: { ...signature, REMO_SIGNATURE_PHONE: '' } });
    expect(japanese.out).toContain('\n電話: [電話番号]\n');
    expect(japanese.err).toContain('signature.phone');
    expect(japanese.err).not.toContain('signature.name');
  });

  it('is that of the profile', async () => {
    const { folder, remo: notices } = await recordedRun([{}]);
    const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
    const set = ['signature.company', '横浜セキュリティ', 'signature.email', 'support@agency.example'];
    for (let at = 0; at < set.length; at += 2) {
      const argv = ['config', 'set', ...set.slice(at, at + 2), '--profile', 'yokohama'];
      expect(await remo(argv, { env })).toMatchObject({ code: 0 });
    }
    expect((await notices(['--profile', 'yokohama'])).out).toContain('of 横浜セキュリティ.');
    expect((await notices([])).out).toContain('of [Your company].');
    const { code, err } = await remo(['config', 'set', 'signature.email', 'me@home, you@home'], { env });
    expect(code).toBe(2);
    expect(err).toContain('an e-mail address such as');
  });
});

describe('where notices go', () => {
  it('without --out: to stdout, one after the other', async () => {
    const { remo } = await recordedRun([{ email: 'one@example.jp' }, { email: 'two@example.jp' }]);
    const { out } = await remo([]);
    expect(out.split(/^={72}\n/m).map(notice => /To: (.*)/.exec(notice)?.[1])).toEqual([
      'one@example.jp',
      'two@example.jp',
    ]);
  });

  it('with --out: to a file each, for nobody else to read, and a list of them to stdout', async () => {
    const { folder, remo } = await recordedRun([{}, { customer_id: 'CUS/2' }]);
    const directory = path.join(folder, 'new', 'drafts');
    const { code, json } = await remo(['--out', directory, '-o', 'json'], { env: signature });
    expect(code).toBe(0);
    const files = json<NoticeData[]>().map(({ path: file }) => file ?? '');
    expect(files.map(file => path.dirname(file))).toEqual([directory, directory]);
    expect(files[0]).toBe(path.join(directory, 'run-1-cus_1.txt'));
    expect((await readdir(directory)).sort()).toEqual(files.map(file => path.basename(file)).sort());
    expect(await readFile(files[0] ?? '', 'utf8')).toBe(
      (await remo([], { env: signature })).out.split('\n====')[0],
    );
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('the list is a table for people and data for programs', async () => {
    const { folder, remo } = await recordedRun([{ devices: [{}, { device_name: 'レジ' }] }]);
    const out = ['--out', path.join(folder, 'drafts'), '--force'];
    const file = path.join(folder, 'drafts', 'run-1-cus_1.txt');
    const table = await remo([...out, '--no-color'], { tty: true, columns: 250 });
    expect(table.out).toMatch(/^CUSTOMER ID +CUSTOMER +E-MAIL +WAS SIGNED IN +DEVICES +FILE/m);
    expect(table.out).toMatch(
      /^cus_1 +さくら商店 +sakura@example.jp +yes +正面入口, レジ +\/.*run-1-cus_1.txt/m,
    );
    expect((await remo(out)).out).toBe(
      `cus_1\tさくら商店\tsakura@example.jp\ttrue\tdev_1_1 dev_1_2\t${file}\n`,
    );
    expect((await remo([...out, '-o', 'csv'])).out).toBe(
      `customer_id,customer_name,customer_email,owner_signed_in,device_ids,path\r\ncus_1,さくら商店,sakura@example.jp,true,dev_1_1 dev_1_2,${file}\r\n`,
    );
    const [line] = (await remo(['-o', 'ndjson'])).out.split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ customer_id: 'cus_1', path: null });
  });

  it('never over a file that is there, unless --force says so', async () => {
    const { folder, remo } = await recordedRun([{}, {}]);
    const directory = path.join(folder, 'drafts');
    await mkdir(directory);
    const second = path.join(directory, 'run-1-cus_2.txt');
    await writeFile(second, 'mine');
    const refused = await remo(['--out', directory]);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain(`${second} is there already; nothing was written.`);
    expect(refused.err).toContain('--force');
    expect(await readdir(directory)).toEqual(['run-1-cus_2.txt']);
    expect(await readFile(second, 'utf8')).toBe('mine');
    expect(await remo(['--out', directory, '--force'])).toMatchObject({ code: 0 });
    expect(await readFile(second, 'utf8')).toContain('Dear さくら商店,');
    expect((await remo(['--out', directory, '--lang', 'ja'])).err).toContain(
      '2件のファイルがすでに存在します',
    );
  });

  it('and if they can not be written there, that is said', async () => {
    const { folder, remo } = await recordedRun([{}]);
    await writeFile(path.join(folder, 'file'), '');
    const { code, err } = await remo(['--out', path.join(folder, 'file')]);
    expect(code).toBe(2);
    expect(err).toContain("can't be written");
  });
});

describe('bad usage', () => {
  it.each([
    [['--format', 'eml'], '--format eml needs --out DIR as well.'],
    [['--format', 'html'], '--format: "html" is not usable.'],
  ])('%j exits 2', async (argv, told) => {
    const { remo } = await recordedRun([{}]);
    const { code, out, err } = await remo(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(told);
  });

  it('of a run that is not there exits 2, with the nearest name', async () => {
    const { folder } = await recordedRun([{}]);
    const { code, err } = await remo(['notices', 'run-2'], { env: { REMO_STATE_DIR: folder } });
    expect(code).toBe(2);
    expect(err).toContain('Did you mean run-1?');
  });
});

it('an address that is none is warned of, and the notice is there all the same', async () => {
  const { remo } = await recordedRun([
    { email: 'sakura@example.jp, evil@example.com' },
    { name: '', email: '' },
  ]);
  const { code, out, err } = await remo([], { env: signature });
  expect(code).toBe(0);
  expect(out).toContain('To: sakura@example.jp, evil@example.com\n');
  expect(out).toContain('Dear customer,');
  expect(err.match(/^Warning: /gm)).toHaveLength(2);
  expect(err).toContain('sakura@example.jp, evil@example.com (cus_1)');
});

it('after a real run tells its owner of it', async () => {
  const sandbox = await sandboxForTest();
  const { id: customer_id } = sandbox.fleet.customer('sakura@example.jp');
  const device = sandbox.fleet.device({ customer_id, status: 'online' });
  const reboot = await remo(['devices', 'reboot', device.id, '--yes', '--wait', '-o', 'json'], {
    sandbox,
  });
  const [{ batch_id = '' } = {}] = reboot.json<{ batch_id: string }[]>();
  // Neither a backend nor a sign-in is needed any more.
  const env = { REMO_CONFIG_DIR: reboot.folder, REMO_STATE_DIR: reboot.folder };
  const { code, json } = await remo(['notices', batch_id, '-o', 'json', '--lang', 'ja'], { env });
  expect(code).toBe(0);
  expect(json<NoticeData[]>()).toMatchObject([
    {
      customer_email: 'sakura@example.jp',
      owner_signed_in: true,
      devices: [{ device_id: device.id, outcome: 'rebooted' }],
    },
  ]);
});
