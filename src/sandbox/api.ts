import { type Context, Hono } from 'hono';
import type { Backend } from './backend.js';
import { Problem } from './problem.js';
import type { RateLimit } from './rate-limit.js';

/** What an access token permits; undefined when it is not (or no longer) good. */
export type TokenCheck = (token: string) => Promise<{ scopes: ReadonlySet<string> } | undefined>;

/** Where the API stands below the origin. */
export const apiPath = '/partner/v1';
/** Where its metadata stands: RFC 9728, section 3.1. */
export const metadataPath = `/.well-known/oauth-protected-resource${apiPath}`;

/** The partner API of openapi.yaml, answered from a backend; to be mounted at `apiPath` of `origin`. */
export function createApi(
  backend: Backend,
  origin: string,
  checkToken: TokenCheck,
  rateLimit: RateLimit | undefined,
): Hono {
  const api = new Hono();
  const resourceMetadata = `resource_metadata="${origin}${metadataPath}"`;

  api.use(async (c, next) => {
    rateLimit?.admit();
    await authorize(c, checkToken, 'remo.read', resourceMetadata);
    await next();
  });

  api.get('/account', c => c.json(backend.account));
  api.get('/customers', c => {
    const email = c.req.query('email');
    if (email !== undefined && (email === '' || [...email].length > 254)) {
      throw new Problem(400, 'invalid_request', 'email must have 1 to 254 characters.');
    }
    return c.json(page(c, backend.customers(email), customer => backend.showCustomer(customer)));
  });
  api.get('/customers/:id', c => c.json(backend.showCustomer(backend.customer(c.req.param('id')))));
  api.get('/customers/:id/devices', c => {
    const { devices } = backend.customer(c.req.param('id'));
    return c.json(page(c, devices, device => backend.showDevice(device)));
  });
  api.get('/devices/:id', c => c.json(backend.showDevice(backend.device(c.req.param('id')))));
  api.get('/devices/:id/reboots', c => {
    const records = backend.rebootsOf(c.req.param('id'), c.req.query('idempotency_key'));
    return c.json(page(c, records, record => backend.showReboot(record)));
  });
  api.post('/devices/:id/reboots', async c => {
    await authorize(c, checkToken, 'remo.reboot', resourceMetadata);
    const key = idempotencyKey(c);
    const reason = await rebootReason(c);
    const { record, replayed } = backend.instruct(c.req.param('id'), key, reason);
    c.header('Location', `${origin}${apiPath}/reboots/${encodeURIComponent(record.id)}`);
    if (replayed) c.header('Idempotency-Replayed', 'true');
    return c.json(backend.showReboot(record), 202);
  });
  api.get('/reboots/:id', c => c.json(backend.showReboot(backend.reboot(c.req.param('id')))));

  refuseOtherMethods(api);
  return api;
}

/** RFC 9110, section 15.5.6: 405 names the methods there are. */
function refuseOtherMethods(api: Hono): void {
  const methods: Record<string, string> = {
    '/account': 'GET',
    '/customers': 'GET',
    '/customers/:id': 'GET',
    '/customers/:id/devices': 'GET',
    '/devices/:id': 'GET',
    '/devices/:id/reboots': 'GET, POST',
    '/reboots/:id': 'GET',
  };
  for (const [path, allowed] of Object.entries(methods)) {
    api.all(path, () => {
      throw new Problem(405, 'invalid_request', `Allowed here: ${allowed}.`, { headers: { Allow: allowed } });
    });
  }
}

/** RFC 6750, section 3.1, with the parameter that RFC 9728, section 5.1, adds. @throws Problem 401, 403 */
async function authorize(
  c: Context,
  checkToken: TokenCheck,
  scope: string,
  resourceMetadata: string,
): Promise<void> {
  const token = /^Bearer +([\w~+/.-]+=*)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  const challenge = (...parameters: string[]) => ({
    headers: { 'WWW-Authenticate': `Bearer ${[...parameters, resourceMetadata].join(', ')}` },
  });
  if (token === undefined) throw new Problem(401, 'unauthenticated', 'Sign in first.', challenge());
  const granted = await checkToken(token);
  if (!granted) {
    const extra = challenge('error="invalid_token"');
    throw new Problem(401, 'unauthenticated', 'The access token is not valid or has expired.', extra);
  }
  if (!granted.scopes.has(scope)) {
    const extra = challenge('error="insufficient_scope"', `scope="${scope}"`);
    throw new Problem(403, 'forbidden', `The access token lacks the scope ${scope}.`, extra);
  }
}

/** The page of a listing that the query asks for. @throws Problem 400 */
function page<T, V>(c: Context, all: readonly T[], show: (item: T) => V) {
  const number = queryInteger(c, 'page', 1, Number.MAX_SAFE_INTEGER);
  const perPage = queryInteger(c, 'per_page', 20, 100);
  const from = (number - 1) * perPage;
  return {
    items: all.slice(from, from + perPage).map(show),
    page: number,
    per_page: perPage,
    total: all.length,
  };
}

function queryInteger(c: Context, name: string, fallback: number, max: number): number {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > max) {
    throw new Problem(400, 'invalid_request', `${name} must be a whole number from 1 to ${max}.`);
  }
  return value;
}

function idempotencyKey(c: Context): string {
  const key = c.req.header('Idempotency-Key') ?? '';
  if (key.length < 16 || key.length > 128) {
    throw new Problem(400, 'invalid_request', 'Idempotency-Key must have 16 to 128 characters.');
  }
  return key;
}

async function rebootReason(c: Context): Promise<string | null> {
  const invalid = (detail: string) => new Problem(400, 'invalid_request', detail);
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('Content-Type') ?? '')) {
    throw invalid('The body must be application/json.');
  }
  const body: unknown = await c.req.json().catch(() => {
    throw invalid('The body is not JSON.');
  });
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('The body must be an object.');
  const { reason = null } = body as { reason?: unknown };
  if (reason === null) return null;
  if (typeof reason !== 'string' || [...reason].length > 500) {
    throw invalid('reason must be null or text of at most 500 characters.');
  }
  return reason;
}
