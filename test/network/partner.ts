import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { type Authority, authority, type Identity } from '../support/certificates.js';
import { folderForTest } from '../support/program.js';
import { sandboxForTest } from '../support/sandbox.js';

/** A name that nothing but the proxy resolves (RFC 6761, section 6.2). */
export const host = 'backend.test';

export interface Backend {
  sandbox: Sandbox;
  /** Who issued its certificate. */
  issuer: Authority;
  /** Where the proxy finds it. */
  routes: Record<string, number>;
}

/** The sandbox as a backend somewhere on the Internet: https://backend.test, behind TLS. */
export async function backendForTest(days?: number): Promise<Backend> {
  const issuer = authority('Internet CA');
  const sandbox = await sandboxForTest({ autoApprove: true, publicOrigin: `https://${host}` });
  const front = https.createServer(issuer.issue(host, days), (request, response) => {
    const { method, url, headers } = request;
    const passed = http.request(
      { port: sandbox.port, method, path: url, headers: { ...headers, 'x-forwarded-proto': 'https' } },
      answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    request.pipe(passed.on('error', () => response.destroy()));
  });
  await once(front.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    front.closeAllConnections();
    front.close();
  });
  return { sandbox, issuer, routes: { [`${host}:443`]: (front.address() as AddressInfo).port } };
}

/** What a proxy was asked for, and what it answered. */
interface Tunnel {
  target: string;
  status: number;
}

interface ProxyOptions {
  routes: Record<string, number>;
  credentials?: string;
  inspects?: Record<string, Identity>;
}

/** A proxy in a process of its own, which ends with the test. */
export async function proxyForTest(options: ProxyOptions) {
  const script = fileURLToPath(new URL('./proxy-process.mjs', import.meta.url));
  const child = spawn(process.execPath, [script], {
    env: { PROXY: JSON.stringify(options) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    const exit = once(child, 'exit');
    child.kill();
    await exit;
  });
  const lines = createInterface(child.stdout);
  const [first] = await once(lines, 'line');
  const tunnels: Tunnel[] = [];
  lines.on('line', line => tunnels.push(JSON.parse(line)));
  return { address: `127.0.0.1:${JSON.parse(first).port}`, tunnels };
}

/** A file with the certificates of authorities, for NODE_EXTRA_CA_CERTS. */
export function trusting(...authorities: Authority[]): string {
  const file = path.join(folderForTest(), 'extra.pem');
  writeFileSync(file, authorities.map(({ cert }) => cert).join(''));
  return file;
}
