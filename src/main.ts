import os from 'node:os';
import { setFlagsFromString } from 'node:v8';
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
      // The first ends in good order; who sends a second does not want to wait for that.
      if (++received > 1) leaveBy(signal);
      else callback(signal === 'SIGTERM' ? 'SIGTERM' : 'SIGINT');
    };
    process.on('SIGINT', handle).on('SIGTERM', handle);
    return () => process.off('SIGINT', handle).off('SIGTERM', handle);
  },
};

/** Ends the process by a signal to itself, which no thread and no handler holds up. */
function leaveBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

// What a listing streams through is short-lived; the young generation need not grow for it. 100,000 customers
// on Node 26: 177 MB without this, 140 MB with it.
setFlagsFromString('--semi-space-growth-factor=1');

const context = new Context(host);
process.exitCode = await run(process.argv.slice(2), context);
if (context.leavesThreadBehind) {
  const { interrupted, terminated } = ExitCode;
  leaveBy(
    process.exitCode === interrupted ? 'SIGINT' : process.exitCode === terminated ? 'SIGTERM' : 'SIGKILL',
  );
}
// A connection that is still being opened would hold the process up to its timeout; nobody waits for it.
setTimeout(() => process.exit(), 200).unref();
