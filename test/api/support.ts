import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Attempt } from '../../src/api/attempt.js';
import { type Client, type ClientParts, openClient } from '../../src/api/client.js';
import { Pace } from '../../src/api/pace.js';
import { limits } from '../../src/api/retry.js';
import type { Account, Customer, Device, Reboot } from '../../src/api/schemas.js';
import type { Clock } from '../../src/clock.js';
import { RemoError } from '../../src/errors.js';

/** A clock that stands still but for the sleeps, which take no time. */
export class FakeClock implements Clock {
  readonly sleeps: number[] = [];
  private time = Date.parse('2026-03-01T00:00:00Z');
  /** Called at the start of each sleep. */
  onSleep: () => void = () => {};

  now(): number {
    return this.time;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    this.onSleep();
    if (signal?.aborted) throw signal.reason;
    this.time += ms;
  }
}

/** A session whose tokens are token-1, token-2, …: each renewal gives the next. */
class FakeSession {
  renewals: string[] = [];
  current = 1;

  async token(): Promise<string> {
    return `token-${this.current}`;
  }

  async renew(rejected: string): Promise<string> {
    this.renewals.push(rejected);
    this.current++;
    return this.token();
  }
}

const baseUrl = 'https://api.example/partner/v1';

export interface Bench {
  request: Client;
  clock: FakeClock;
  session: FakeSession;
  attempts: Attempt[];
}

/** A client under the global fetch with a fake clock and session; jitter is always the half. */
export function bench(replaced: Partial<Omit<ClientParts, 'baseUrl'>> & { baseUrl?: string } = {}): Bench {
  const clock = new FakeClock();
  const random = () => 0.5;
  const session = new FakeSession();
  const attempts: Attempt[] = [];
  const request = openClient({
    session: async () => session,
    // Late, because nock replaces it.
    fetch: (...args) => fetch(...args),
    clock,
    random,
    pace: new Pace(replaced.clock ?? clock, random),
    tolerance: () => limits,
    userAgent: 'remo-cli/0 (test)',
    timeout: 5000,
    observe: attempt => attempts.push(attempt),
    ...replaced,
    baseUrl: new URL(replaced.baseUrl ?? baseUrl),
  });
  return { request, clock, session, attempts };
}

/** A server on loopback for one test; gives its base URL. */
export async function serve(listener: http.RequestListener): Promise<string> {
  const server = http.createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/partner/v1`;
}

/** The RemoError that a promise must be rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<RemoError> {
  const thrown = await promise.then(
    value => new Error(`no error, but ${JSON.stringify(value)}`),
    error => error,
  );
  if (thrown instanceof RemoError) return thrown;
  throw thrown;
}

export const problem = (status: number, code: string, more: object = {}) => ({
  type: 'about:blank',
  title: code,
  status,
  code,
  ...more,
});

export const account: Account = { id: 'a1', name: '山田', email: 'yamada@example.jp', partner_code: 'P1' };

export const customer = (id: string): Customer => ({
  id,
  name: '株式会社',
  email: `${id}@example.jp`,
  linked_at: '2025-01-01T00:00:00Z',
  device_count: 3,
  signed_in: null,
});

export const device = (id: string, customerId = 'c1'): Device => ({
  id,
  customer_id: customerId,
  name: 'Entrance',
  kind: 'camera',
  model: 'WV-X1',
  serial_number: 'S1',
  mac_address: '00:00:00:00:00:01',
  ip_address: null,
  firmware_version: null,
  status: 'online',
  last_seen_at: null,
  booted_at: '2025-01-01T00:00:00.123Z',
});

export const key = 'key-0123456789abcdef';

export const reboot = (more: Partial<Reboot> = {}): Reboot => ({
  id: 'r1',
  device_id: 'd1',
  customer_id: 'c1',
  status: 'accepted',
  reason: null,
  requested_at: '2026-03-01T00:00:00+09:00',
  requested_by: 'yamada@example.jp',
  completed_at: null,
  failure: null,
  idempotency_key: key,
  ...more,
});

export const page = <T>(items: T[], more: { page?: number; per_page?: number; total?: number } = {}) => ({
  items,
  page: 1,
  per_page: 100,
  total: items.length,
  ...more,
});
