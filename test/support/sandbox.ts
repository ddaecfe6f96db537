import { onTestFinished } from 'vitest';
import { type Sandbox, type SandboxSettings, startSandbox } from '../../src/sandbox/server.js';
import { secret } from './secrets.js';

/**
 * A sandbox for one test, closed when the test ends. A planned fault that never befell a request fails the
 * test: it would have proved nothing. Reboots take 50 ms and device codes are polled every 20 ms unless told.
 */
export async function sandboxForTest(settings: SandboxSettings = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({
    bootSeconds: 0.05,
    pollSeconds: 0.02,
    onSecret: secret,
    ...settings,
  });
  onTestFinished(async () => {
    const unused = sandbox.faults.unused;
    await sandbox.close();
    if (unused.length > 0) throw new Error(`faults planned but never used: ${JSON.stringify(unused)}`);
  });
  return sandbox;
}

/** Answers a backend may give instead of the right one, for `faults.add({ kind: 'answer', ...problems.x })`. */
export const problems = {
  tooManyRequests: (retryAfter?: string) => problem(429, 'rate_limited', retryAfter),
  unavailable: (retryAfter?: string) => problem(503, 'unavailable', retryAfter),
  internal: () => problem(500, 'internal'),
  unauthenticated: () => problem(401, 'unauthenticated'),
  forbidden: () => problem(403, 'forbidden'),
  notFound: () => problem(404, 'not_found'),
  /** What a proxy in between answers. */
  html: (status = 502) => ({ status, body: '<html><body><h1>Bad Gateway</h1></body></html>' }),
};

function problem(status: number, code: string, retryAfter?: string) {
  return {
    status,
    headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter },
    body: { type: 'about:blank', title: code, status, code },
  };
}
