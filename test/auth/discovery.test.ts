import { expect, test } from 'vitest';
import { findIssuer, openServer, resourceMetadataUrl } from '../../src/auth/discovery.js';
import type { AuthFetch } from '../../src/auth/http.js';
import { RemoError } from '../../src/errors.js';

const apiUrl = new URL('https://api.example/partner/v1');
const metadataUrl = 'https://api.example/.well-known/oauth-protected-resource/partner/v1';
const issuer = new URL('https://id.example/tenant');
const configurationUrl = 'https://id.example/tenant/.well-known/openid-configuration';

/** A server whose answers are these, by address. */
function serving(answers: Record<string, unknown>, status = 200): AuthFetch {
  return async url => {
    if (!(url in answers)) return new Response(null, { status: 404 });
    const answer = answers[url];
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return new Response(body, { status, headers: { 'content-type': 'application/json' } });
  };
}

async function fault(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    thrown => thrown,
  );
  if (!(error instanceof RemoError)) throw new Error('no RemoError', { cause: error });
  return { code: error.code, ...error.params };
}

test.each([
  ['https://api.example/partner/v1', metadataUrl],
  ['https://api.example', 'https://api.example/.well-known/oauth-protected-resource'],
  ['http://127.0.0.1:4010/a/b/', 'http://127.0.0.1:4010/.well-known/oauth-protected-resource/a/b'],
])('the metadata of %s is at %s', (api, expected) => {
  expect(resourceMetadataUrl(new URL(api)).href).toBe(expected);
});

test('the first authorization server is taken', async () => {
  const fetch = serving({
    [metadataUrl]: { resource: apiUrl.href, authorization_servers: [issuer.href, 'https://other.example'] },
  });
  expect((await findIssuer(apiUrl, fetch)).href).toBe(issuer.href);
});

test.each([
  ['a 404', undefined, { trouble: 'unreachable', detail: 'HTTP 404' }],
  ['a page', '<html>', { trouble: 'not_json' }],
  ['JSON cut off', '{"resource":', { trouble: 'not_json' }],
  ['another shape', { resource: 1 }, { trouble: 'not_json' }],
  ['no server', { resource: apiUrl.href }, { trouble: 'no_server' }],
  [
    'a server that is no address',
    { resource: apiUrl.href, authorization_servers: ['id'] },
    { trouble: 'no_server' },
  ],
  ['another resource', { resource: 'https://evil.example/partner/v1' }, { trouble: 'wrong_resource' }],
  ['a longer resource', { resource: `${apiUrl.href}/x` }, { trouble: 'wrong_resource' }],
  [
    'a server without TLS',
    { resource: apiUrl.href, authorization_servers: ['http://id.example'] },
    { trouble: 'insecure', detail: 'http://id.example/' },
  ],
  [
    'a server with a password in its address',
    { resource: apiUrl.href, authorization_servers: ['https://u:SECRETPW@id.example/as'] },
    { trouble: 'userinfo', detail: 'https://id.example/as' },
  ],
  [
    'another resource with a password in its address',
    { resource: 'https://u:SECRETPW@evil.example/partner' },
    { trouble: 'wrong_resource', detail: 'https://evil.example/partner' },
  ],
])('resource metadata: %s', async (_what, document, expected) => {
  const fetch = serving(document === undefined ? {} : { [metadataUrl]: document });
  expect(await fault(findIssuer(apiUrl, fetch))).toMatchObject({
    code: 'discovery',
    url: metadataUrl,
    ...expected,
  });
});

const metadata = {
  issuer: issuer.href,
  authorization_endpoint: 'https://id.example/auth',
  token_endpoint: 'https://id.example/token',
};

test.each([
  ['a 404', undefined, { trouble: 'unreachable', detail: 'HTTP 404' }],
  ['a page', '<html>', { trouble: 'not_json' }],
  ['no issuer', {}, { trouble: 'not_json' }],
  ['another issuer', { ...metadata, issuer: 'https://evil.example' }, { trouble: 'wrong_issuer' }],
  [
    'an endpoint without TLS',
    { ...metadata, token_endpoint: 'http://id.example/token' },
    { trouble: 'insecure' },
  ],
  ['an endpoint that is no address', { ...metadata, token_endpoint: '/token' }, { trouble: 'not_json' }],
  [
    'a revocation endpoint without TLS',
    { ...metadata, revocation_endpoint: 'http://id.example/revoke' },
    { trouble: 'insecure', detail: 'http://id.example/revoke' },
  ],
  [
    'an endpoint with a password in its address',
    { ...metadata, token_endpoint: 'https://u:SECRETPW@id.example/token' },
    { trouble: 'userinfo', detail: 'https://id.example/token' },
  ],
])('server metadata: %s', async (_what, document, expected) => {
  const fetch = serving(document === undefined ? {} : { [configurationUrl]: document });
  expect(await fault(openServer(issuer, 'remo-cli', fetch))).toMatchObject({
    code: 'discovery',
    url: configurationUrl,
    ...expected,
  });
});

test('an issuer with a trailing slash is the same server', async () => {
  const slashed = 'https://id.example/tenant/';
  const fetch = serving({ [configurationUrl]: { ...metadata, issuer: slashed } });
  const config = await openServer(new URL(slashed), 'remo-cli', fetch);
  expect(config.serverMetadata().issuer).toBe(slashed);
});

test('a network fault stays one', async () => {
  const broken: AuthFetch = async () => {
    throw new RemoError('network', { operation: 'signIn', trouble: 'dns', host: 'id.example', detail: '' });
  };
  expect(await fault(findIssuer(apiUrl, broken))).toMatchObject({ code: 'network', trouble: 'dns' });
  expect(await fault(openServer(issuer, 'remo-cli', broken))).toMatchObject({
    code: 'network',
    trouble: 'dns',
  });
});
