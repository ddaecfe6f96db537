import { describe, expect, it } from 'vitest';
import { type DeviceListProblem, type PlanFileProblem, RemoError } from '../../src/errors.js';
import { renderError } from '../../src/terminal/errors.js';
import { fakeContext } from '../support/host.js';

async function told(error: RemoError, lang: 'en' | 'ja'): Promise<string> {
  const { host, context } = await fakeContext({ env: { REMO_LANG: lang } });
  context.instructsReboots = true;
  await renderError(error, context);
  return host.err;
}

const listProblems: DeviceListProblem[] = [
  ...(['utf16', 'encoding', 'empty', 'no_id', 'id', 'no_column', 'quote', 'comment'] as const).map(kind => ({
    kind,
  })),
  { kind: 'columns', wanted: 2, found: 3 },
  { kind: 'syntax', trouble: 'comma' },
];
const planProblems: PlanFileProblem[] = [
  { kind: 'encoding' },
  { kind: 'not_a_plan' },
  { kind: 'syntax', trouble: 'comma' },
  { kind: 'version', version: '2' },
  { kind: 'field', at: 'devices.1.device_id' },
];

describe.each(['en', 'ja'] as const)('what is told of devices to reboot, in %s', lang => {
  const ids = Array.from({ length: 23 }, (_, index) => `dev_${index + 1}`);

  it('of a list that is broken: which, where, what and what to do', async () => {
    const texts = await Promise.all(
      listProblems.map(problem =>
        told(new RemoError('device_list_broken', { path: 'devices.txt', line: 12, problem }), lang),
      ),
    );
    for (const text of texts) {
      expect(text).toContain('devices.txt');
      expect(text).toContain(lang === 'en' ? 'line 12' : '12行目');
      expect(text.trimEnd().split('\n')).toHaveLength(3);
      expect(text).not.toMatch(/undefined|\[object/);
    }
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('of a plan that is broken: which, where, what and what to do', async () => {
    const texts = await Promise.all(
      planProblems.map(problem =>
        told(new RemoError('plan_file_broken', { path: 'plan.json', line: 3, column: 5, problem }), lang),
      ),
    );
    for (const text of texts) {
      expect(text).toContain('plan.json');
      expect(text).toContain(lang === 'en' ? 'line 3, column 5' : '3行目の5文字目');
      expect(text).toContain('--save-plan');
      expect(text).not.toMatch(/undefined|\[object/);
    }
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('of devices that are not there, with the lines that name them, twenty at most', async () => {
    const lines = Object.fromEntries(ids.map((id, index) => [id, 2 * index + 1]));
    const text = await told(new RemoError('device_not_found', { ids, lines, path: 'devices.txt' }), lang);
    expect(text).toContain('devices.txt');
    expect(text).toContain(
      lang === 'en' ? '  line 39: dev_20\n  and 3 more\n' : '  39行目: dev_20\n  ほか3台\n',
    );
    expect(text).not.toContain('dev_21');
  });

  it('of devices that are not there, as they were named on the command line', async () => {
    const few = await told(new RemoError('device_not_found', { ids: ids.slice(0, 2) }), lang);
    expect(few).toMatch(lang === 'en' ? /: dev_1 and dev_2\n/ : /: dev_1、dev_2\n/);
    const many = await told(new RemoError('device_not_found', { ids }), lang);
    expect(many).toMatch(lang === 'en' ? /dev_20 and 3 more\n/ : /dev_20、ほか3台\n/);
  });

  it('of devices that changed hands: whose they were, and whose they are', async () => {
    const devices = ids.map(id => ({ id, was: 'cus_1', now: `cus\x1b[2J_2` }));
    const error = new RemoError('plan_changed', { path: 'plan.json', devices });
    expect(error.exitCode).toBe(7);
    const text = await told(error, lang);
    expect(text).toMatch(/dev_1: .*cus_1.*cus\uFFFD\[2J_2/);
    expect(text).not.toContain('dev_21');
  });

  it('of a number of devices that is not the one expected', async () => {
    const error = new RemoError('count_mismatch', { wanted: 10, found: 9, skipped: 1 });
    expect(error.exitCode).toBe(7);
    const [what] = (await told(error, lang)).split('\n');
    expect(what).toContain(
      lang === 'en'
        ? 'The plan would reboot 9 devices (1 more is skipped), not 10.'
        : '再起動の対象は10台ではなく9台です(ほかに対象外が1台あります)。',
    );
  });
});
