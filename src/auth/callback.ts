import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page that ends the sign-in in the browser. */
export interface Page {
  title: string;
  text: string;
}

/** The browser came back. */
export interface Arrival {
  url: URL;
  /** Shows the person how it went. Resolves when the page has been sent. */
  answer(page: Page): Promise<void>;
}

/** The place on this machine that the browser is sent back to (RFC 8252, section 7.3). */
export interface Callback {
  redirectUri: string;
  /** The first visit that carries the state. */
  arrival(state: string): Promise<Arrival>;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and a port that is free. Whatever is not GET /callback is not found; a callback
 * without the state of this sign-in gets the `stray` page, so that no other tab can end it.
 */
export async function openCallback(options: {
  lang: string;
  stray: Page;
  /** Called for each callback that is not of this sign-in. */
  onStray: () => void;
}): Promise<Callback> {
  const { lang, stray, onStray } = options;
  let expected: { state: string; arrive: (arrival: Arrival) => void } | undefined;
  const server = createServer((request, response) => {
    const url = new URL('/callback', redirectUri);
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
    url.search = query;
    if (request.method !== 'GET' || path !== url.pathname) {
      response.writeHead(404, { connection: 'close' }).end();
    } else if (expected && url.searchParams.get('state') === expected.state) {
      const { arrive } = expected;
      expected = undefined;
      arrive({ url, answer: page => send(response, 200, html(lang, page)) });
    } else {
      onStray();
      void send(response, 400, html(lang, stray));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  return {
    redirectUri,
    arrival: state => new Promise(arrive => (expected = { state, arrive })),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        // Browsers open connections ahead and keep them.
        server.closeAllConnections();
      }),
  };
}

async function send(response: ServerResponse, status: number, content: string): Promise<void> {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  });
  // A browser that has gone away by now missed a page, no more.
  const sent = once(response, 'close').catch(() => {});
  response.end(content);
  await sent;
}

function html(lang: string, { title, text }: Page): string {
  return `<!doctype html>
<html lang="${escapeHtml(lang)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
  body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto 0; padding: 0 1rem; }
  @media (prefers-color-scheme: dark) { body { background: #1b1b1f; color: #e8e8ea; } }
</style>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, found => `&#${found.charCodeAt(0)};`);
}
