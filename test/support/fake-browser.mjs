// A browser for tests, started through $BROWSER with an address: opens it, keeps cookies, follows redirects,
// presses the button that FAKE_BROWSER_PRESSES names ("allow" unless told), and ends on the CLI's own page,
// which it writes to the file FAKE_BROWSER_PAGE. FAKE_BROWSER_STRAYS=1: asks for /favicon.ico there and
// brings back a callback of somebody else first.
import { writeFileSync } from 'node:fs';

const {
  FAKE_BROWSER_PRESSES: pressed = 'allow',
  FAKE_BROWSER_PAGE: pageFile,
  FAKE_BROWSER_STRAYS: strays,
} = process.env;
const start = process.argv.at(-1);
const cookies = new Map();

async function open(address, init = {}) {
  let url = new URL(address);
  let request = init;
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html', 'accept-language': 'en', cookie };
    const response = await fetch(url, { ...request, headers, redirect: 'manual' });
    for (const header of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    const html = await response.text();
    const location = response.headers.get('location');
    if (location === null) return { url: url.href, status: response.status, html };
    url = new URL(location, url);
    request = {};
    if (strays && url.pathname === '/callback') await stray(url);
  }
  throw new Error('too many redirects');
}

async function stray(callback) {
  const favicon = await fetch(new URL('/favicon.ico', callback));
  const foreign = new URL(callback);
  foreign.searchParams.set('state', 'somebody-elses');
  const answer = await fetch(foreign);
  if (favicon.status !== 404 || answer.status !== 400) process.exit(1);
}

const page = await open(start);
const form = /<form[^>]*method="post"[^>]*>/i.exec(page.html)?.[0];
if (!form) throw new Error(`no form: ${page.html}`);
const action = /\baction="([^"]*)"/.exec(form)?.[1]?.replaceAll('&amp;', '&') ?? page.url;
const end = await open(new URL(action, page.url).href, {
  method: 'POST',
  body: new URLSearchParams({ action: pressed }),
});
if (pageFile) writeFileSync(pageFile, end.html);
