import { counted, listed, number } from './formats.js';

interface SignIn {
  scope: string | undefined;
  /** Local date and time. */
  end: string | undefined;
  renews: boolean;
}

/** What `remo doctor` says. */
export const doctor = {
  statuses: { ok: 'ok', warn: 'warning', fail: 'failed', skipped: 'skipped' },
  columns: { check: 'Check', status: 'Result', detail: 'Found', fix: 'What to do' },
  checks: {
    node: 'Node.js',
    config: 'Settings file',
    settings: 'Settings',
    api_url: 'Backend address',
    proxy: 'Proxy',
    dns: 'Name (DNS)',
    tls: 'Certificate (TLS)',
    connection: 'Connection',
    clock: 'Clock',
    discovery: 'Sign-in server',
    credential_store: 'Credential store',
    sign_in: 'Sign-in',
    account: 'Account',
    terminal: 'Terminal',
  },
  languages: { en: 'English', ja: 'Japanese' },
  healthy: 'Everything that is needed works.',
  healthyBut: (warnings: number) =>
    `Everything that is needed works; ${counted(warnings, { one: 'warning', other: 'warnings' })}.`,
  failures: (count: number) =>
    `${counted(count, { one: 'check', other: 'checks' })} failed. Begin with the first.`,

  needs: (check: string) => `not looked at, as "${check}" has to be in order first`,
  late: (seconds: number) => `no result after ${seconds} s`,
  lateFix: 'Try again, or allow more time with --timeout.',

  node: (version: string, platform: string) => `${version} (${platform})`,
  nodeFix: (oldest: string) => `Install Node.js ${oldest} or newer.`,
  configNone: (path: string) => `${path} is not there, which is fine`,
  configUnknown: (path: string, keys: readonly string[]) =>
    `${path} holds what remo does not know: ${listed(keys)}`,
  configUnknownFix: 'See whether it is misspelt; remo config list shows what is known.',
  profile: (name: string, source: string | undefined) =>
    source === undefined ? `profile "${name}"` : `profile "${name}" (from ${source})`,
  profileFix: (name: string, known: readonly string[]) =>
    `There is no such profile yet; there are: ${listed(known)}. To make it: remo login --profile ${name} --api-url URL`,
  apiUrl: (url: string, source: string) => `${url} (from ${source})`,

  proxyNone: 'none (HTTPS_PROXY and HTTP_PROXY are not set)',
  proxy: (url: string, name: string, withCredentials: boolean) =>
    `${url} (from ${name}${withCredentials ? ', with a user name' : ''})`,
  proxyExempt: (host: string, name: string, entry: string) => `not used for ${host}: ${name} has "${entry}"`,
  proxyNotHere: (host: string) => `not used for ${host}: that is this machine`,
  dns: (host: string, addresses: readonly string[]) => `${host} is ${listed(addresses)}`,
  dnsAddress: (address: string) => `${address} needs no lookup`,
  dnsOfProxy: (found: string, host: string) => `proxy: ${found}; the proxy itself looks up ${host}`,
  tlsNone: 'plain http, which stays on this machine',
  tls: (issuer: string, end: string) => `issued by ${issuer}, valid until ${end}`,
  tlsRefused: (issuer: string, end: string, code: string) =>
    `not trusted (${code}): issued by ${issuer}, valid until ${end}`,
  tlsFix:
    'If a proxy of your company inspects traffic, get the certificate of its authority and name the file: NODE_EXTRA_CA_CERTS=company.pem. If not, sign in nowhere and ask the operator.',
  tlsExpiredFix: 'If the clock of this machine is right, the operator has to renew the certificate.',
  tlsOtherHostFix: 'The certificate is for another host. Check the address (--api-url) and the proxy.',
  tlsSoonFix: 'Tell the operator that it ends soon.',
  extraUnreadable: (file: string) =>
    `NODE_EXTRA_CA_CERTS names ${file}, which can't be read. Correct it or unset it.`,
  connection: (host: string, status: number, ms: number) =>
    `${host} answers (HTTP ${status}, ${number(ms)} ms)`,
  clock: (skew: number) =>
    Math.abs(skew) <= 1
      ? 'as the server has it'
      : `${number(Math.abs(skew))} s ${skew > 0 ? 'ahead of' : 'behind'} the server`,
  clockUnknown: 'the server does not tell its time',
  clockFix: 'Have the clock of this machine set by the network (NTP).',
  discovery: (issuer: string, ways: { browser: boolean; device: boolean }) => {
    const offered = [ways.browser ? 'browser' : '', ways.device ? 'device code' : ''].filter(Boolean);
    return `${issuer} (offers: ${listed(offered) || 'neither browser nor device code'})`;
  },
  discoveryFix:
    'Sign in with a token (remo login --with-token), or with REMO_CLIENT_ID and REMO_CLIENT_SECRET.',

  store: (kind: string, place: string) => `${kind}: ${place}`,
  storeNotNeeded: 'not needed, as REMO_TOKEN is set',
  signIn: (by: string, { scope, end, renews }: SignIn) =>
    [
      by,
      `scopes: ${scope ?? 'unknown'}`,
      end === undefined ? 'end unknown' : `until ${end}`,
      renews ? 'renews by itself' : 'does not renew',
    ].join('; '),
  signInUnseen: (by: string) => `${by}; what it permits is not known here`,
  scopesFix: (missing: readonly string[]) =>
    `Not granted: ${listed(missing)}. Without remo.reboot nothing can be rebooted. Sign in again, or ask your administrator.`,
  account: (name: string, email: string, partnerCode: string) =>
    `${name} (${email}), partner code ${partnerCode}`,

  terminal: (language: string, width: number, colour: boolean, locale: string) =>
    `${language}, ${width} columns, ${colour ? 'colour' : 'no colour'}${locale ? `, ${locale}` : ''}`,
  noTerminal: (language: string) => `${language}; the output does not go to a terminal`,
  utf8Fix: 'Japanese names may be unreadable. Use a locale with UTF-8, such as LANG=ja_JP.UTF-8.',
};
