// A run of twelve devices that never were, followed in a real terminal by real-region.test.ts, which
// says on stdin what happens next.
import { createInterface } from 'node:readline';
import { followRun } from '../../src/commands/batches/follow.js';
import { openResults } from '../../src/commands/batches/results.js';
import { Context } from '../../src/context.js';
import type { DeviceResult } from '../../src/reboot/outcome.js';
import { plannedDevice } from '../support/planned.js';

const context = new Context({
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  platform: process.platform,
  arch: process.arch,
  nodeVersion: process.version,
  home: '/nonexistent',
  age: () => 0,
  inBackground: async () => {},
  endWithin() {},
  expectMuch() {},
  onSignal: () => () => {},
  onContinue: () => () => {},
});
context.useFlags({ output: 'ndjson' });
await context.speak();
process.on('SIGINT', () => {
  if (context.signal.aborted) {
    process.removeAllListeners('SIGINT');
    process.kill(process.pid, 'SIGINT');
  }
  context.interrupt('SIGINT');
});

const devices = Array.from({ length: 12 }, (_, index) =>
  // The third would like to be a line of its own, and to wipe the screen.
  plannedDevice(
    `dev_${index + 1}`,
    index === 2 ? '\r\n9/12 forged\x1b[2J' : `${index + 1}番倉庫の北側通用口カメラ`,
  ),
);
context.io.err('A line before');
const follower = await followRun({ progress: 'auto', total: devices.length, skipped: 0 }, context);
const results = openResults('run-1', {}, context);
const done: DeviceResult[] = [];

const steps: Record<string, () => void> = {
  start() {
    for (const planned of devices.slice(0, 8)) follower.observe({ type: 'instructing', planned });
  },
  wait() {
    for (const planned of devices.slice(0, 8)) {
      follower.observe({ type: 'waiting', planned, device: { ...planned.device, status: 'rebooting' } });
    }
  },
  end() {
    for (const planned of devices.slice(0, 3)) {
      const result: DeviceResult = { planned, ending: { outcome: 'rebooted', bootedAt: '', tookMs: 60_000 } };
      done.push(result);
      follower.observe({ type: 'ended', result });
      results.add(result);
    }
  },
  tell: () => context.io.err(`A line meanwhile ${'long '.repeat(12)}end`),
};
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'stop') break;
  steps[line]?.();
}
follower.stop();
await results.finish({ results: done });
context.io.err('A line after');
process.stdin.destroy();
