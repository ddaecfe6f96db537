import os from 'node:os';
import type { Host } from './context.js';
import { ExitCode } from './errors.js';

/** The process this program runs in: the only place that reads `process`. */
const host: Host = {
  env: process.env,
  // Setting stdin up takes time, and few commands look at it.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  platform: process.platform,
  arch: process.arch,
  nodeVersion: process.versions.node,
  home: os.homedir(),
  onSignal(callback) {
    let received = 0;
    const handle = (signal: NodeJS.Signals) => {
      const known = signal === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
      // The first ends in good order; who sends a second does not want to wait for that.
      if (++received > 1) process.exit(known === 'SIGTERM' ? ExitCode.terminated : ExitCode.interrupted);
      callback(known);
    };
    process.on('SIGINT', handle).on('SIGTERM', handle);
    return () => process.off('SIGINT', handle).off('SIGTERM', handle);
  },
};

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // Scripts ask this often, and it needs neither a language nor a parser.
  process.stdout.write(`${__VERSION__}\n`);
} else {
  const { run, Context } = await import('./cli.js');
  process.exitCode = await run(argv, new Context(host));
  // A connection that is still being opened would hold the process up to its timeout; nobody waits for it.
  setTimeout(() => process.exit(), 200).unref();
}
