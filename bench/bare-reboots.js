// Instructs the devices of a file, 32 side by side, with nothing but fetch: no journal, no checks, no report.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

const { REMO_API_URL, REMO_TOKEN } = process.env;
const ids = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n').values();

async function work() {
  for (const id of ids) {
    const response = await fetch(`${REMO_API_URL}/devices/${id}/reboots`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${REMO_TOKEN}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': randomUUID(),
      },
      body: '{}',
    });
    if (response.status !== 202) throw new Error(`${response.status}`);
    await response.json();
  }
}
await Promise.all(Array.from({ length: 32 }, work));
