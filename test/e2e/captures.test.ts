import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Desk } from '../support/desk.js';
import { sandboxForTest } from '../support/sandbox.js';
import { whyNoTerminal } from '../terminal/tmux.js';

const reason = whyNoTerminal();

/** A command line as it was typed, and what the terminal showed. */
interface Taken {
  typed: string;
  shown: string;
}

/** The sessions that a page has captured, command by command. */
function sessionsIn(page: string): Taken[][] {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```console\n(.*?)^```/gms)].map(([, session = '']) =>
    session
      .split(/^\$ /m)
      .slice(1)
      .map(part => {
        const [typed = '', ...lines] = part.trimEnd().split('\n');
        return { typed, shown: lines.join('\n') };
      }),
  );
}

/** What is another each time: the code to enter, the port, how long a reboot took, the run. */
function settled(text: string): string {
  return text
    .replace(/\b[A-Z]{4}-[A-Z]{4}\b/g, 'AAAA-AAAA')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:4010')
    .replace(/\b\d(?= seconds|秒で)/g, '8')
    .replace(/\d{8}T\d{9}Z-[0-9a-f]{6}/g, 'RUN')
    .trimEnd();
}

/** Where an address is longer by a figure, lines break elsewhere. */
const unbroken = (text: string) => settled(text).replace(/\s/g, '');

/** Where it was captured. */
const zone = 'TZ=Asia/Tokyo';

/** Does what was captured, step by step. */
async function compare(session: readonly Taken[], lang: string): Promise<void> {
  const sandbox = await sandboxForTest({ autoApprove: true, bootSeconds: 2 });
  for (const { typed, shown } of session) {
    const desk = await Desk.at(sandbox, { columns: 100, lang });
    const signsIn = typed.startsWith('remo login');
    const line = typed.replace(/http:\S+/, sandbox.apiUrl);
    // There is no keychain here: where the sign-in is kept is another place.
    desk.run(signsIn ? `env -u REMO_TOKEN REMO_CREDENTIAL_STORE=file ${line}` : `${zone} ${line}`);
    if (typed.startsWith('remo devices reboot')) {
      await desk.screen.shows('(y/N)');
      desk.screen.type('y');
      desk.screen.press('Enter');
    }
    const { code, text } = await desk.end();
    expect(code).toBe(0);
    if (!signsIn) expect(settled(text)).toBe(settled(shown));
    else {
      for (const one of shown.replace(/(Kept in|保存先):.*/s, '').split(/\n(?! )/)) {
        expect(unbroken(text)).toContain(unbroken(one));
      }
    }
  }
}

/** Picks a customer and a device, and leaves once what was captured is to be seen. */
async function comparePicking([taken]: readonly Taken[], lang: string): Promise<void> {
  const desk = await Desk.at(await sandboxForTest(), { columns: 80, lang });
  desk.run(taken?.typed ?? '');
  await desk.screen.shows('> ');
  desk.screen.type('sakura@');
  await desk.screen.shows(/^> sakura@example\.jp/m);
  desk.screen.press('Enter');
  await desk.screen.shows('> [ ]');
  desk.screen.type(' ');
  expect(await desk.screen.shows('> [x]')).toBe(taken?.shown);
  desk.screen.press('Escape');
  await desk.end();
}

describe.skipIf(reason)(`what the pages show${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it.each([
    ['README.md', ['en_US.UTF-8', 'ja_JP.UTF-8'], 'en_US.UTF-8'],
    ['README.ja.md', ['en_US.UTF-8', 'ja_JP.UTF-8'], 'ja_JP.UTF-8'],
  ])(
    'in %s is what a terminal shows',
    async (page, locales, own) => {
      const [english = [], japanese = [], picking = [], ...more] = sessionsIn(page);
      expect([english.length, japanese.length, picking.length, more]).toEqual([4, 4, 1, []]);
      await compare(english, locales[0] ?? '');
      await compare(japanese, locales[1] ?? '');
      await comparePicking(picking, own);
    },
    60_000,
  );
});
