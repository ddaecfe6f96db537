import { lookup } from 'node:dns/promises';
import { access } from 'node:fs/promises';
import { isIP } from 'node:net';
import { networkFailure } from '../api/failure.js';
import { exemptionOf, proxyOf } from '../api/route.js';
import { limited } from '../api/time-limit.js';
import { findIssuer, openServer, resourceMetadataUrl } from '../auth/discovery.js';
import { offersCodeFlow, offersDeviceFlow } from '../auth/oidc.js';
import { contextFetch } from '../auth/refresh.js';
import { ExitCode, RemoError } from '../errors.js';
import { date } from '../terminal/columns.js';
import type { Check, Finding, Visit } from './check.js';
import { type Handshake, handshake } from './handshake.js';

// The way to the backend, step by step: each needs the one before.

const { backend, usage } = ExitCode;

/** The proxy, the names, TLS, the first answer, its clock, and how to sign in. */
export const networkChecks: readonly Check[] = [
  { name: 'proxy', exitCode: usage, look: proxy },
  { name: 'dns', needs: ['api_url', 'proxy'], exitCode: backend, look: dns },
  { name: 'tls', needs: ['dns'], exitCode: backend, look: certificate },
  { name: 'connection', needs: ['dns', 'tls'], exitCode: backend, look: connection },
  { name: 'clock', needs: ['connection'], exitCode: backend, look: clock },
  { name: 'discovery', needs: ['connection'], exitCode: backend, look: discovery },
];

const day = 86_400_000;
/** A certificate that ends sooner is worth a word. */
const soon = 14 * day;
/** How long a connection with its handshake may take: as long as for any request. */
const CONNECT_TIMEOUT = 10_000;
/** From which difference on a clock is worth a word, and from which on tokens and certificates fail. */
const skews = { warn: 60, fail: 600 };

async function proxy(visit: Visit): Promise<Finding> {
  const { context, apiUrl } = visit;
  const { doctor } = context.messages;
  const found = proxyOf(context.host.env);
  if (!found) return { status: 'ok', detail: doctor.proxyNone };
  const { protocol, host, username } = found.url;
  const exemption = apiUrl && exemptionOf(found, apiUrl);
  if (exemption) {
    const { hostname } = apiUrl;
    const detail =
      exemption.because === 'this_machine'
        ? doctor.proxyNotHere(hostname)
        : doctor.proxyExempt(hostname, exemption.name, exemption.entry);
    return { status: 'ok', detail };
  }
  visit.proxy = found;
  return { status: 'ok', detail: doctor.proxy(`${protocol}//${host}`, found.name, username !== '') };
}

async function dns({ context, apiUrl, proxy: through }: Visit): Promise<Finding> {
  const { doctor } = context.messages;
  const { hostname } = through?.url ?? known(apiUrl);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const detail = (text: string) => (through ? doctor.dnsOfProxy(text, known(apiUrl).hostname) : text);
  if (isIP(host)) return { status: 'ok', detail: detail(doctor.dnsAddress(host)) };
  const found = await lookup(host, { all: true }).catch(error => {
    throw networkError(error, host);
  });
  const addresses = found.slice(0, 3).map(({ address }) => address);
  return { status: 'ok', detail: detail(doctor.dns(host, addresses)) };
}

/** The error that a request would have ended with. */
function networkError(error: unknown, host: string): RemoError {
  if (error instanceof RemoError) return error;
  const { trouble, detail } = networkFailure(error);
  return new RemoError('network', { operation: 'doctor', trouble, host, detail }, { cause: error });
}

function known(apiUrl: URL | undefined): URL {
  if (!apiUrl) throw new Error('api_url comes first');
  return apiUrl;
}

async function certificate({ context, apiUrl, proxy: through }: Visit): Promise<Finding> {
  const { doctor } = context.messages;
  const url = known(apiUrl);
  if (url.protocol === 'http:') return { status: 'skipped', detail: doctor.tlsNone };
  const { signal, release } = limited(CONNECT_TIMEOUT, [context.signal]);
  const shown = await handshake(url, through, signal)
    .catch(error => {
      throw networkError(error, url.host);
    })
    .finally(release);
  return judged(shown, context, await extraCertificates(context));
}

function judged(shown: Handshake, context: Visit['context'], extra: ExtraCertificates) {
  const { doctor } = context.messages;
  const end = date(context, new Date(shown.validUntil).toISOString());
  if (shown.refusal !== undefined) {
    const detail = doctor.tlsRefused(shown.issuer, end, shown.refusal);
    const otherwise = extra.unreadable ? doctor.extraUnreadable(extra.unreadable) : doctor.tlsFix;
    return { status: 'fail' as const, detail, fix: refusals(doctor)[shown.refusal] ?? otherwise };
  }
  const detail = doctor.tls(shown.issuer, end);
  if (shown.validUntil - context.clock.now() < soon)
    return { status: 'warn' as const, detail, fix: doctor.tlsSoonFix };
  if (extra.unreadable)
    return { status: 'warn' as const, detail, fix: doctor.extraUnreadable(extra.unreadable) };
  return { status: 'ok' as const, detail };
}

/** What another certificate authority would not mend. */
function refusals(doctor: Visit['context']['messages']['doctor']): Record<string, string> {
  return {
    CERT_HAS_EXPIRED: doctor.tlsExpiredFix,
    CERT_NOT_YET_VALID: doctor.clockFix,
    ERR_TLS_CERT_ALTNAME_INVALID: doctor.tlsOtherHostFix,
  };
}

interface ExtraCertificates {
  /** The file of NODE_EXTRA_CA_CERTS, where it can't be read; Node then goes on without it. */
  unreadable?: string;
}

async function extraCertificates({ host }: Visit['context']): Promise<ExtraCertificates> {
  const file = host.env['NODE_EXTRA_CA_CERTS'];
  if (!file) return {};
  return access(file).then(
    () => ({}),
    () => ({ unreadable: file }),
  );
}

async function connection(visit: Visit): Promise<Finding> {
  const { context } = visit;
  const { clock: time, messages } = context;
  const url = resourceMetadataUrl(known(visit.apiUrl));
  const fetch = await contextFetch(context);
  const before = time.now();
  const { status, headers } = await fetch(url.href);
  const after = time.now();
  const date = Date.parse(headers.get('date') ?? '');
  // The header has whole seconds, cut off: on average it is half a second later.
  if (!Number.isNaN(date)) visit.times = { server: date + 500, here: (before + after) / 2 };
  return { status: 'ok', detail: messages.doctor.connection(url.host, status, Math.round(after - before)) };
}

async function clock({ context, times }: Visit): Promise<Finding> {
  const { doctor } = context.messages;
  if (!times) return { status: 'skipped', detail: doctor.clockUnknown };
  const skew = Math.round((times.here - times.server) / 1000);
  const detail = doctor.clock(skew);
  if (Math.abs(skew) <= skews.warn) return { status: 'ok', detail };
  return { status: Math.abs(skew) > skews.fail ? 'fail' : 'warn', detail, fix: doctor.clockFix };
}

async function discovery({ context, apiUrl }: Visit): Promise<Finding> {
  const { doctor } = context.messages;
  const fetch = await contextFetch(context);
  const issuer = await findIssuer(known(apiUrl), fetch);
  const server = await openServer(issuer, context.settings.clientId, fetch);
  const ways = { browser: offersCodeFlow(server), device: offersDeviceFlow(server) };
  const detail = doctor.discovery(issuer.href, ways);
  if (ways.browser || ways.device) return { status: 'ok', detail };
  return { status: 'warn', detail, fix: doctor.discoveryFix };
}
