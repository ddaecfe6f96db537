import { it } from 'vitest';
import { openApi } from '../../src/api/index.js';
import { systemClock } from '../../src/clock.js';
import { fakeContext } from '../support/host.js';
import { sandboxForTest } from '../support/sandbox.js';
it.each([[20, 200, 8],[200, 2000, 32],[500,5000,32]])('real', async (rate, total, workers) => {
  const sandbox = await sandboxForTest({ ratePerSecond: rate });
  const { accessToken } = await sandbox.issueToken();
  const { context } = await fakeContext({ env: { REMO_API_URL: sandbox.apiUrl, REMO_TOKEN: accessToken } }, { clock: systemClock });
  const api = await openApi(context); api.workUnattended();
  const t = performance.now(); let left = total;
  await Promise.all(Array.from({ length: workers }, async () => { while (left-- > 0) await api.getAccount(); }));
  const s = (performance.now() - t) / 1000;
  console.log('REAL', rate, 'refused', sandbox.requests.filter(r => r.status === 429).length, 'of', sandbox.requests.length, 'throughput', (total / s / rate * 100).toFixed(0) + '%');
}, 60000);
