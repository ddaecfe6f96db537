// What start-up costs: medians of interleaved runs of whole processes, and their ratios; how much memory
// a long listing takes; and how many devices a run instructs in a second.
// `npm run bench` builds first and runs this; `RUNS=50 npm run bench` counts more runs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { finished, median, peakMemory } from './measure.js';
import { measureReboots } from './reboots.js';

const runs = Number(process.env.RUNS ?? 25);
const remo = fileURLToPath(new URL('../bin/remo.js', import.meta.url));
const bare = fileURLToPath(new URL('bare-request.js', import.meta.url));

/** Runs each command in turn, A B A B …, and gives the sorted wall times of each in milliseconds. */
async function interleave(commands) {
  const times = commands.map(() => []);
  for (let run = -2; run < runs; run += 1) {
    for (const [index, { argv, env }] of commands.entries()) {
      const start = process.hrtime.bigint();
      await finished({ argv, env });
      const ms = Number(process.hrtime.bigint() - start) / 1e6;
      // The first two rounds warm the disk and the compile cache.
      if (run >= 0) times[index].push(ms);
    }
  }
  return times.map(list => list.sort((a, b) => a - b));
}

async function compare(title, ours, theirs, aim) {
  const [a, b] = await interleave([ours, theirs]);
  const ratio = median(a) / median(b);
  const row = list => `${median(list).toFixed(1)} ms (${list[0].toFixed(1)} to ${list.at(-1).toFixed(1)})`;
  process.stdout.write(
    `${title}\n  remo ${row(a)}, other ${row(b)}\n  ratio ${ratio.toFixed(2)}, aim at most ${aim}\n`,
  );
}

/** A backend with so many customers; pages are made once, so that its own work counts little. */
async function startBackend(total) {
  const customer = index => ({
    id: `cus_${String(index).padStart(8, '0')}`,
    name: `お客様 ${index}`,
    email: `shop${index}@example.jp`,
    linked_at: '2026-01-01T00:00:00Z',
    device_count: 3,
    signed_in: index % 2 === 0,
  });
  const items = page => Array.from({ length: 100 }, (_, index) => customer((page - 1) * 100 + index));
  const pageBody = page => JSON.stringify({ items: items(page), page, per_page: 100, total });
  const first = pageBody(1);
  const server = createServer((request, response) => {
    const page = Number(new URL(request.url, 'http://localhost').searchParams.get('page'));
    const body = page === 1 ? first : pageBody(page);
    response.writeHead(200, { 'Content-Type': 'application/json', 'X-Request-Id': 'bench' }).end(body);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/partner/v1`, close: () => server.close() };
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'remo-bench-'));
const backend = await startBackend(100);
const large = await startBackend(100_000);
try {
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('REMO_'))),
    REMO_CONFIG_DIR: folder,
    REMO_STATE_DIR: folder,
    REMO_CACHE_DIR: folder,
    NODE_COMPILE_CACHE: path.join(folder, 'compile-cache'),
    REMO_API_URL: backend.url,
    REMO_TOKEN: 'bench',
  };
  const version = spawnSync(process.execPath, ['--version'], { encoding: 'utf8' }).stdout.trim();
  process.stdout.write(
    `Node ${version}, ${runs} interleaved runs each, whole processes, wall time: median (min to max)\n\n`,
  );
  await compare(
    'remo --version, and node -e 0',
    { argv: [remo, '--version'], env },
    { argv: ['-e', '0'], env },
    1.2,
  );
  await compare(
    'remo customers list -o json, and five lines with global fetch',
    { argv: [remo, 'customers', 'list', '-o', 'json'], env },
    { argv: [bare], env },
    1.25,
  );
  const peak = await peakMemory({
    argv: [remo, 'customers', 'list'],
    env: { ...env, REMO_API_URL: large.url },
  });
  process.stdout.write(
    `remo customers list of 100,000 customers\n  peak resident memory ${peak} MB, aim at most 150\n`,
  );
  await measureReboots(env, Number(process.env.ROUNDS ?? 3));
} finally {
  backend.close();
  large.close();
  rmSync(folder, { recursive: true, force: true });
}
