import os from 'node:os';
import { run } from './cli.js';
import { Context, type Host } from './context.js';
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

process.exitCode = await run(process.argv.slice(2), new Context(host));
