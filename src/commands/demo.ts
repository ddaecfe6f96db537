import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { memoryStore } from '../auth/credential-store/memory.js';
import { Context } from '../context.js';
import type { ExitCode } from '../errors.js';
import { startSandbox } from '../sandbox/server.js';
import { styleOf } from '../terminal/style.js';

/** What carries out a command line; `cli.ts` hands its own in. */
type Run = (argv: readonly string[], context: Context) => Promise<ExitCode>;

/** The customer the story is about, and how long their camera takes to boot (seconds). */
const caller = 'sakura@example.jp';
const bootSeconds = 4;

/**
 * `remo demo`: the main job, command by command, against a sandbox of its own. Settings, credential and
 * journal live in memory or in a temporary folder that goes at the end.
 * @returns the exit code of the first command that did not end with 0
 */
export async function demo(context: Context, run: Run): Promise<ExitCode> {
  const { demo: texts } = context.messages;
  const style = await styleOf(context, 'stderr');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'remo-demo-'));
  const sandbox = await startSandbox({ autoApprove: true, bootSeconds });
  const store = memoryStore();
  const step = async (title: string, ...argv: string[]): Promise<ExitCode> => {
    // Each command gets a context of its own, as each would be a process of its own.
    const own = new Context(
      { ...context.host, env: rehearsalEnv(context, folder, sandbox.apiUrl) },
      {
        ...context.replacements,
        credentialStore: store,
        fleeting: true,
      },
    );
    context.io.err(`\n${style.dim(`# ${title}`)}\n${style.bold(`$ remo ${argv.join(' ')}`)}`);
    return run(argv, own);
  };
  try {
    context.io.err(texts.intro.join('\n'));
    const { steps } = texts;
    const { id } = sandbox.fleet.device({
      customer_id: sandbox.fleet.customer(caller).id,
      status: 'online',
      behavior: 'normal',
    });
    const yes = context.canAsk ? [] : ['--yes'];
    const script: [title: string, ...argv: string[]][] = [
      [steps.login, 'login', '--device'],
      [steps.whoami, 'whoami'],
      [steps.find, 'customers', 'list', '--email', 'sakura'],
      [steps.show, 'devices', 'show', caller],
      [steps.reboot, 'devices', 'reboot', id, '--wait', ...yes],
      [steps.status, 'devices', 'status', id],
    ];
    for (const [title, ...argv] of script) {
      const code = await step(title, ...argv);
      if (code !== 0) return code;
    }
    context.io.err(`\n${texts.outro}`);
    return 0;
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The user's environment without what would lead the demo elsewhere. */
function rehearsalEnv({ host, lang }: Context, folder: string, apiUrl: string) {
  const kept = Object.entries(host.env).filter(([name]) => !name.startsWith('REMO_'));
  return {
    ...Object.fromEntries(kept),
    REMO_API_URL: apiUrl,
    REMO_CONFIG_DIR: folder,
    REMO_STATE_DIR: folder,
    REMO_CACHE_DIR: folder,
    REMO_LANG: lang,
  };
}
