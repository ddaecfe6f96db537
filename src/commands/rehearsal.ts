import type { Context } from '../context.js';
import { type ExitCode, RemoError } from '../errors.js';
import { parseInteger } from '../values.js';
import type { Exits, RemoCommand } from './command.js';
import type { SandboxOptions } from './sandbox.js';

type Run = (argv: readonly string[], context: Context) => Promise<ExitCode>;

/** Wires `remo sandbox` and `remo demo`. */
export function addRehearsal(program: RemoCommand, context: Context, exits: Exits, run: Run): void {
  const { sandbox, demo } = context.messages.help;
  program
    .command('sandbox')
    .description(sandbox.summary)
    .option('--port <n>', sandbox.port, text => parseInteger(text, '--port', 0, 65_535))
    .option('--seed <n>', sandbox.seed, text => parseInteger(text, '--seed', 0, 2 ** 31 - 1))
    .option('--boot-seconds <n>', sandbox.bootSeconds, parseSeconds)
    .option('--auto-approve', sandbox.autoApprove)
    .option('--latency <ms>', sandbox.latency, text => parseInteger(text, '--latency', 0, 60_000))
    .option('--rate-limit <n>', sandbox.rateLimit, text => parseInteger(text, '--rate-limit', 1, 1_000_000))
    .option('--ready-file <file>', sandbox.readyFile)
    .completes({ readyFile: 'file' })
    .runs(exits, async (options: SandboxOptions) => {
      const module = await import('./sandbox.js');
      await module.sandbox(options, context);
    });
  program
    .command('demo')
    .description(demo.summary)
    .runs(exits, async () => {
      const module = await import('./demo.js');
      return module.demo(context, run);
    });
}

function parseSeconds(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= 86_400) return seconds;
  throw new RemoError('invalid_value', {
    name: '--boot-seconds',
    value: text,
    expected: { kind: 'integer', min: 0, max: 86_400 },
  });
}
