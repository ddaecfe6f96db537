// How many devices a run instructs in a second, beside others who send the same requests: a loop of nothing but
// fetch, and curl, one process a request; and how much memory a long run takes.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { finished, median, peakMemory } from './measure.js';

const file = name => fileURLToPath(new URL(name, import.meta.url));
/** How long the backend takes for each answer, milliseconds. */
const delay = 50;
/** The devices of one customer are instructed one after the other: fewer, larger ones leave workers idle at the end. */
const perCustomer = 4;
const concurrency = 32;
const ideal = (concurrency * 1000) / delay;

/** @param rounds how often each is run, in turn */
export async function measureReboots(env, rounds) {
  // Where the checkout is: the folder for temporary files may be memory, where flushing a journal costs nothing.
  const folder = mkdtempSync(file('../node_modules/.remo-bench-'));
  const backend = fork(file('reboot-backend.js'), [String(perCustomer), String(delay)]);
  try {
    const [{ url }] = await once(backend, 'message');
    const scene = { backend, folder, env: { ...env, REMO_API_URL: url, REMO_STATE_DIR: folder } };
    process.stdout.write(`a flush of this disk takes ${flushTime(folder).toFixed(2)} ms\n`);
    await compareRates(scene, 2_000, rounds);
    await measureMemory(scene, 10_000);
  } finally {
    backend.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compareRates(scene, count, rounds) {
  const ids = writeIds(scene, count);
  const others = { stderr: 'ignore', env: scene.env };
  const instructors = {
    remo: () => ({ ...others, argv: rebootsBy(ids) }),
    'a loop of fetch': () => ({ ...others, argv: [file('bare-reboots.js'), ids] }),
    'xargs -P32 curl': () => ({ ...others, ...rebootsByCurl(scene, count) }),
  };
  const rates = Object.fromEntries(Object.keys(instructors).map(name => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, instructor] of Object.entries(instructors)) {
      await finished(instructor());
      rates[name].push(await rateOf(scene, count));
    }
  }
  process.stdout.write(`${count} reboots, ${concurrency} at once, ${delay} ms an answer: ideal ${ideal}/s\n`);
  const bare = median(rates['a loop of fetch']);
  for (const [name, list] of Object.entries(rates)) {
    const rate = median(list);
    const range = `${Math.min(...list).toFixed(0)} to ${Math.max(...list).toFixed(0)}`;
    const share = ((100 * rate) / ideal).toFixed(0);
    process.stdout.write(
      `  ${name} ${rate.toFixed(0)}/s (${range}), ${share} % of the ideal, ${(rate / bare).toFixed(2)} of the loop\n`,
    );
  }
  process.stdout.write('  aim at least 85 % of the ideal\n');
}

async function measureMemory(scene, count) {
  const argv = [...rebootsBy(writeIds(scene, count)), '-o', 'json'];
  const peak = await peakMemory({ argv, env: scene.env, stderr: 'ignore' });
  await rateOf(scene, count);
  process.stdout.write(
    `remo devices reboot of ${count} devices, -o json\n  peak resident memory ${peak} MB, aim at most 150\n`,
  );
}

const rebootsBy = ids =>
  [file('../bin/remo.js'), 'devices', 'reboot', '--file', ids].concat([
    '--no-wait',
    '--concurrency',
    String(concurrency),
    '--yes',
  ]);

/** A line of arguments for each curl: a key and the address. */
function rebootsByCurl({ folder, env }, count) {
  const lines = idsOf(count).map(
    id => `-H Idempotency-Key:${randomUUID()} ${env.REMO_API_URL}/devices/${id}/reboots\n`,
  );
  const list = path.join(folder, 'curl');
  writeFileSync(list, lines.join(''));
  const headers = [`Authorization: Bearer ${env.REMO_TOKEN}`, 'Content-Type: application/json'];
  return {
    command: 'xargs',
    argv: ['-P', String(concurrency), '-L', '1', 'curl', '-s', '-f', '-d', '{}'].concat(
      headers.flatMap(header => ['-H', header]),
    ),
    stdin: openSync(list),
  };
}

const idsOf = count => Array.from({ length: count }, (_, index) => `dev_${index}`);

function writeIds({ folder }, count) {
  const list = path.join(folder, `${count}.txt`);
  writeFileSync(list, idsOf(count).join('\n'));
  return list;
}

/** Reboots a second, from the first request that came in to the last answer. @throws Error unless all were created */
async function rateOf({ backend }, count) {
  backend.send('counted?');
  const [{ posts, devices, seconds }] = await once(backend, 'message');
  if (posts !== count || devices !== count)
    throw new Error(`${posts} requests for ${devices} of ${count} devices`);
  return count / seconds;
}

/** What a line of the journal costs, milliseconds. */
function flushTime(folder) {
  const handle = openSync(path.join(folder, 'flush'), 'a');
  const times = Array.from({ length: 100 }, () => {
    const start = performance.now();
    writeSync(handle, 'x'.repeat(200));
    fdatasyncSync(handle);
    return performance.now() - start;
  });
  closeSync(handle);
  return median(times);
}
