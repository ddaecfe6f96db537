import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Configuration } from 'oidc-provider';
import type { Account } from '../api/schemas.js';
import { apiPath, createApi, metadataPath } from './api.js';
import { AuthorizationServer, type IssuedTokens, oidcPath, scopes } from './authorization.js';
import { Backend, type RebootRecord } from './backend.js';
import { Faults } from './faults.js';
import { type Fleet, fleetAnchor, generateFleet } from './fleet.js';
import { Problem } from './problem.js';
import { RateLimit } from './rate-limit.js';
import { createSignIn } from './sign-in.js';

export interface SandboxSettings {
  /** What the fleet is made from: the same seed gives the same fleet. 1 unless told. */
  seed?: number;
  /** 0, unless told: any free port. */
  port?: number;
  /** How long a reboot takes, seconds, fractions allowed. 8 unless told. */
  bootSeconds?: number;
  /** Device codes approve themselves. */
  autoApprove?: boolean;
  /** How long each answer of the API is held back, milliseconds. */
  latencyMs?: number;
  /** How many requests a second the API bears, whole; it refuses more with 429. Any number unless told. */
  ratePerSecond?: number;
  /** The clock of devices and reboots, milliseconds since the epoch. Tokens always go by the real one. */
  now?: () => number;
  /** Size of the fleet: 137 unless told. The first ten are always the same, see fleet.ts. */
  customers?: number;
  /** Lifetime of an access token, whole seconds: 3600 unless told. */
  tokenSeconds?: number;
  /** The `interval` of device sign-in, seconds: 1 unless told. */
  pollSeconds?: number;
  /** Laid over the authorization server's configuration. */
  oidc?: Partial<Configuration>;
  /** The origin it is reached at, where something with TLS stands in front of it; its own unless told. */
  publicOrigin?: string;
  /** Told each token and code that is issued: what must not be found in any output. */
  onSecret?: (secret: string) => void;
}

/** A request the sandbox got, whatever became of it. */
interface LoggedRequest {
  method: string;
  /** Path and query as they were sent. */
  path: string;
  headers: IncomingHttpHeaders;
  /** The X-Request-Id of the answer. */
  id: string;
  /** Undefined until answered. */
  status?: number;
  /** Who asked went away before the answer. */
  abandoned?: true;
}

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`, or the public one. */
  origin: string;
  /** What it listens on, on 127.0.0.1. */
  port: number;
  /** The base URL of the API, as `--api-url` takes it. */
  apiUrl: string;
  issuer: string;
  /** The partner user everybody is signed in as. */
  account: Account;
  fleet: Fleet;
  /** Every reboot instructed, oldest first. */
  reboots: readonly RebootRecord[];
  /** How often a device was instructed to reboot. */
  rebootCount(deviceId: string): number;
  /** The latest requests, oldest first. */
  requests: LoggedRequest[];
  /** Requests to the token endpoint that were processed, by grant type. */
  tokenRequests: Readonly<Record<string, number>>;
  faults: Faults;
  issueToken(wanted?: { scope?: string; expiresIn?: number }): Promise<IssuedTokens>;
  approveDevice(userCode: string): Promise<void>;
  /** Ends every access token at once; refresh tokens stay. */
  revokeAccessTokens(): void;
  /** Ends every session: no access or refresh token is good any more. */
  endSessions(): void;
  /** Stops listening and drops every connection; resolves when nothing of it is left. */
  close(): Promise<void>;
}

const account: Account = {
  id: 'usr_hanako',
  name: '山田 花子',
  email: 'hanako.yamada@partner.example',
  partner_code: 'PA-10482',
};
const keptRequests = 10_000;

/**
 * Starts a backend of the contract with its authorization server on one port of 127.0.0.1.
 * @throws NodeJS.ErrnoException `EADDRINUSE`, `EACCES`
 */
export async function startSandbox(settings: SandboxSettings = {}): Promise<Sandbox> {
  const { bootSeconds = 8, latencyMs = 0, now = Date.now } = settings;
  const fleet = generateFleet(settings.seed ?? 1, settings.customers ?? 137, Math.min(fleetAnchor, now()));
  const backend = new Backend(fleet, account, now, bootSeconds * 1000);
  const faults = new Faults();
  const requests: LoggedRequest[] = [];
  const server = createServer();
  server.listen(settings.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  // Only now is the port known that the issuer's name contains.
  const { port } = server.address() as AddressInfo;
  const origin = settings.publicOrigin ?? `http://127.0.0.1:${port}`;
  const authorization = new AuthorizationServer({
    origin,
    account,
    autoApprove: settings.autoApprove ?? false,
    tokenSeconds: settings.tokenSeconds ?? 3600,
    pollSeconds: settings.pollSeconds ?? 1,
    overrides: settings.oidc ?? {},
    onSecret: settings.onSecret,
  });
  const { ratePerSecond } = settings;
  const rateLimit = ratePerSecond === undefined ? undefined : new RateLimit(ratePerSecond);
  const api = createApi(backend, origin, authorization.checkToken, rateLimit);
  const answer = createListener(origin, api, authorization, account);
  server.on('request', (req, res) => {
    logRequest(requests, req, res);
    // Of the same clock as the times in its answers.
    res.setHeader('Date', new Date(now()).toUTCString());
    const latency = req.url?.startsWith(apiPath) ? latencyMs : 0;
    faults.befall(req, res, () => {
      if (latency > 0) faults.wait(latency, () => answer(req, res));
      else answer(req, res);
    });
  });
  return {
    origin,
    port,
    apiUrl: origin + apiPath,
    issuer: origin + oidcPath,
    account,
    fleet,
    reboots: backend.reboots,
    rebootCount: deviceId => backend.reboots.filter(record => record.deviceId === deviceId).length,
    requests,
    tokenRequests: authorization.tokenRequests,
    faults,
    issueToken: wanted => authorization.issueToken(wanted),
    approveDevice: userCode => authorization.approveDevice(userCode),
    revokeAccessTokens: () => authorization.revokeAccessTokens(),
    endSessions: () => authorization.endSessions(),
    close: async () => {
      faults.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Listener = (req: IncomingMessage, res: ServerResponse) => void;

/** Sends each request to the part that answers it. */
function createListener(
  origin: string,
  api: Hono,
  authorization: AuthorizationServer,
  user: Account,
): Listener {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get(metadataPath, c =>
    c.json({
      resource: origin + apiPath,
      authorization_servers: [origin + oidcPath],
      scopes_supported: scopes.filter(scope => scope.startsWith('remo.')),
      bearer_methods_supported: ['header'],
      resource_name: 'remo sandbox',
    }),
  );
  app.route('/', createSignIn(authorization.provider, user));
  app.route(apiPath, api);
  app.notFound(() => new Problem(404, 'not_found', 'There is nothing here.').toResponse());
  app.onError(error => {
    if (error instanceof Problem) return error.toResponse();
    throw error;
  });
  // The globals stay as they are: this process may be the CLI's own, with its fetch.
  const answerApp = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const answerOidc = authorization.provider.callback();
  return (req, res) => {
    const mounted = req.url === oidcPath || req.url?.startsWith(`${oidcPath}/`);
    if (!mounted || req.url === undefined) {
      void answerApp(req, res);
      return;
    }
    // oidc-provider learns from the difference where it is mounted.
    Object.assign(req, { originalUrl: req.url, url: req.url.slice(oidcPath.length) || '/' });
    void answerOidc(req, res);
  };
}

function logRequest(requests: LoggedRequest[], req: IncomingMessage, res: ServerResponse): void {
  const { method = '', url = '', headers } = req;
  const logged: LoggedRequest = { method, path: url, headers, id: `req_${randomUUID()}` };
  res.setHeader('X-Request-Id', logged.id);
  res.once('finish', () => {
    logged.status = res.statusCode;
  });
  res.once('close', () => {
    if (!res.writableFinished) logged.abandoned = true;
  });
  requests.push(logged);
  if (requests.length > keptRequests) requests.shift();
}
