import type { NetworkTrouble } from '../errors.js';
import { limits } from './retry.js';

/** An attempt that got no whole answer. */
interface NetworkFailure {
  trouble: NetworkTrouble;
  /** A code such as ECONNREFUSED, where there is one. */
  detail: string;
  /** Whether the backend may have got the request. */
  sent: boolean;
  /** How often this is worth trying in all. */
  attempts: number;
}

// Codes of getaddrinfo(3), connect(2), OpenSSL's certificate checks and undici.
const noSuchHost = /^(ENOTFOUND|EAI_NONAME|EAI_NODATA)$/;
const unreachable = /^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/;
const late = /^(ETIMEDOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT)$/;
const broken =
  /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HPE_INVALID_EOF_STATE)$/;
const certificate =
  /CERT|^(UNABLE_TO_|CRL_|ERROR_IN_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|UND_ERR_PRX_TLS)/;
// The handshake failed, so nothing was sent; other errors of TLS can come in the middle of a connection.
const handshake = /^ERR_SSL_.*(VERSION|HANDSHAKE|UNSUPPORTED|PACKET_LENGTH|UNRECOGNIZED_NAME|HTTP_REQUEST)/;

/** Says what went wrong from what `fetch`, or reading its body, threw. */
export function networkFailure(thrown: unknown): NetworkFailure {
  const { code, name, detail, connecting, proxyStatus } = findings(thrown);
  const failure = (trouble: NetworkTrouble, sent: boolean, attempts: number) => ({
    trouble,
    detail,
    sent,
    attempts,
  });
  if (name === 'ProxyUnreachable') {
    const trouble = proxyStatus === 407 ? 'proxy_auth' : 'proxy';
    return failure(trouble, false, proxyStatus ? 1 : limits.doubtfulAttempts);
  }
  if (name === 'OutOfTime') return failure('timeout', true, limits.doubtfulAttempts);
  if (noSuchHost.test(code)) return failure('dns', false, 1);
  if (code === 'EAI_AGAIN') return failure('dns', false, limits.doubtfulAttempts);
  if (code === 'ECONNREFUSED') return failure('refused', false, limits.doubtfulAttempts);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return failure('timeout', false, limits.doubtfulAttempts);
  if (certificate.test(code) || handshake.test(code)) return failure('tls', false, 1);
  if (/^(EPROTO|ERR_SSL_|ERR_TLS_)/.test(code)) return failure('tls', true, 1);
  if (late.test(code)) return failure('timeout', !connecting, limits.doubtfulAttempts);
  if (broken.test(code)) return failure('reset', true, limits.attempts);
  if (unreachable.test(code)) return failure('other', !connecting, limits.doubtfulAttempts);
  return failure('other', true, limits.doubtfulAttempts);
}

/** Whether a failure may come right by itself, going by what an error tells of it. */
export function mayPass({ trouble, detail }: Pick<NetworkFailure, 'trouble' | 'detail'>): boolean {
  if (trouble === 'dns') return detail === 'EAI_AGAIN';
  return trouble !== 'tls' && trouble !== 'proxy_auth';
}

interface Findings {
  code: string;
  name: string;
  detail: string;
  connecting: boolean;
  proxyStatus: number | undefined;
}

/** The innermost cause that has a code (of several addresses tried, the first), else the outermost error. */
function findings(thrown: unknown): Findings {
  let found: Findings = { code: '', name: '', detail: '', connecting: false, proxyStatus: undefined };
  for (let error: unknown = thrown, depth = 0; error instanceof Error && depth < 5; depth++) {
    const { code, syscall, errors, status } = error as NodeJS.ErrnoException & {
      errors?: unknown[];
      status?: number;
    };
    const known = typeof code === 'string' ? code : '';
    found = {
      code: known || found.code,
      name: error.name,
      detail: (known || error.message || found.detail).replace(/[^\x20-\x7e]/g, '?').slice(0, 200),
      connecting: syscall === 'connect',
      proxyStatus: status,
    };
    // A proxy's failure has a cause like those of a direct connection; it is told apart by its name.
    if (error.name === 'ProxyUnreachable') break;
    error = error.cause ?? errors?.[0];
  }
  return found;
}
