import { describe, expect, it } from 'vitest';
import { remo, temporaryFolder } from '../support/run.js';
import { sandboxForTest } from '../support/sandbox.js';

const sakura = ['devices', 'show', 'sakura@example.jp'];

describe('--columns', () => {
  it('takes the commas of a Japanese keyboard and spaces, and a name given twice once', async () => {
    const sandbox = await sandboxForTest();
    const { out } = await remo([...sakura, '--columns', 'id， name、id, kind', '-o', 'csv'], { sandbox });
    expect(out.split('\r\n')[0]).toBe('id,name,kind');
  });

  it.each(['?', '？'])('%s lists the names with what they mean, in the language of the user', async which => {
    const english = await remo(['devices', 'show', '--columns', which]);
    expect(english).toMatchObject({ code: 0, err: '' });
    expect(english.out).toContain('serial_number\tserial number\n');
    const japanese = await remo(['devices', 'show', '--columns', which, '--lang', 'ja', '-o', 'table']);
    expect(japanese.out).toMatch(/^項目 +意味\n/);
    expect(japanese.out).toMatch(/^serial_number +製造番号$/m);
  });

  it('? needs no backend, no sign-in and none of the arguments; anything else does', async () => {
    expect((await remo(['devices', 'status', '--columns', '?'])).code).toBe(0);
    const { code, err } = await remo(['devices', 'status', '--columns', 'id']);
    expect(code).toBe(2);
    expect(err).toContain('An argument is missing: <id>');
  });

  it('? is about the plan where that is what is listed', async () => {
    const plan = await remo(['devices', 'reboot', '--columns', '?', '--dry-run']);
    const results = await remo(['devices', 'reboot', '--columns', '?']);
    expect(plan.out).toContain('action\t');
    expect(results.out).toContain('outcome\t');
  });

  it('applies to the rows of a run in JSON, beside what is said of the whole', async () => {
    const sandbox = await sandboxForTest();
    const folder = await temporaryFolder();
    const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
    const devices = [
      sandbox.fleet.device({ status: 'offline' }),
      sandbox.fleet.device({ behavior: 'fails' }),
    ];
    const argv = ['devices', 'reboot', ...devices.map(({ id }) => id), '--yes', '-o', 'json'];
    const reboot = await remo([...argv, '--columns', 'batch_id'], { sandbox, env });
    const [{ batch_id } = { batch_id: '' }, ...more] = reboot.json<{ batch_id: string }[]>();
    expect(more).toEqual([{ batch_id }]);
    const flags = ['--columns', 'outcome', '--sort', '-outcome', '-o', 'json'];
    const shown = await remo(['batches', 'show', batch_id, ...flags], { env });
    expect(shown.json()).toMatchObject({
      batch_id,
      devices: 2,
      results: [{ outcome: 'skipped' }, { outcome: 'failed' }],
    });
  });

  it('makes notices a list where they would be read one after the other', async () => {
    const sandbox = await sandboxForTest();
    const folder = await temporaryFolder();
    const env = { REMO_CONFIG_DIR: folder, REMO_STATE_DIR: folder };
    const { id } = sandbox.fleet.device({ status: 'online', behavior: 'normal' });
    const { out } = await remo(['devices', 'reboot', id, '--yes', '--columns', 'batch_id'], { sandbox, env });
    const notices = await remo(['notices', out.trim(), '--all', '--columns', 'device_ids,body'], { env });
    expect(notices.out).toMatch(new RegExp(`^${id}\\tDear `));
    expect(notices.out.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('--sort', () => {
  it.each([
    [['--sort', '-origin', '-o', 'json']],
    [['--sort=-origin', '-o', 'json']],
    [['-o', 'json', '--sort', '-origin']],
  ])('%j: a name after a - is no flag', async flags => {
    const { code, json } = await remo(['config', 'list', ...flags]);
    expect(code).toBe(0);
    const origins = json<{ origin: string }[]>().map(({ origin }) => origin);
    expect(origins).toEqual(origins.toSorted().reverse());
  });

  it('takes several, a comma between two', async () => {
    const sandbox = await sandboxForTest();
    const argv = [...sakura, '--columns', 'kind,name', '--sort', '-kind,name'];
    expect((await remo(argv, { sandbox })).out).toBe(
      'recorder\t録画機\ncamera\tレジ\ncamera\t正面入口\ncamera\t駐車場\n',
    );
  });

  it('holds the results of a run back until they can be ordered', async () => {
    const sandbox = await sandboxForTest();
    const ids = sandbox.fleet.customer('sakura@example.jp').devices.map(({ id }) => id);
    const flags = ['--yes', '--no-wait', '-o', 'ndjson', '--sort', 'device_name', '--columns', 'device_name'];
    const { out } = await remo(['devices', 'reboot', ...ids, ...flags], { sandbox });
    const names = out.trimEnd().split('\n');
    expect(names.map(line => JSON.parse(line).device_name)).toEqual(['レジ', '正面入口', '駐車場', '録画機']);
  });
});

describe('--excel', () => {
  const bom = '\uFEFF';

  it('is CSV with a byte order mark, on a terminal and whatever the settings say', async () => {
    const sandbox = await sandboxForTest();
    const some = [...sakura, '--columns', 'id,name'];
    const { out } = await remo([...some, '-o', 'csv'], { sandbox });
    const excel = [...some, '--excel'];
    const runs = await Promise.all([
      remo(excel, { sandbox }),
      remo(excel, { sandbox, tty: true }),
      remo(excel, { sandbox, env: { REMO_OUTPUT: 'json' } }),
      remo([...excel, '-o', 'csv'], { sandbox }),
    ]);
    for (const run of runs) expect(run).toMatchObject({ code: 0, out: bom + out });
  });

  it.each(['json', 'ndjson', 'yaml', 'table'])('is nothing that -o %s could be', async format => {
    const { code, out, err } = await remo(['config', 'list', '--excel', '-o', format]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`--excel and -o ${format} can't be used together.`);
  });

  it('goes for what doctor finds although a setting is wrong', async () => {
    const { out } = await remo(['doctor', '--excel', '--columns', 'check,status'], {
      env: { REMO_OUTPUT: 'nonsense', REMO_TIMEOUT: 'nonsense' },
    });
    expect(out).toMatch(new RegExp(`^${bom}check,status\r\n`));
    expect(out).toContain('settings,fail\r\n');
  });
});
