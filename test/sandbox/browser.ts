/** A page as the browser got it. */
export interface Page {
  url: string;
  status: number;
  html: string;
}
interface Cookie {
  name: string;
  value: string;
  path: string;
}

/**
 * As much of a browser as signing in takes: cookies by path, redirects, forms without scripts. It stops where
 * it is sent to another origin, as to the CLI's own listener.
 */
export class Browser {
  private readonly cookies = new Map<string, Cookie>();

  constructor(
    private readonly origin: string,
    private readonly acceptLanguage = 'en',
  ) {}

  /** Opens an address. @throws Error after too many redirects */
  async open(address: string, init: RequestInit = {}): Promise<Page> {
    let url = new URL(address);
    let request = init;
    for (let hops = 0; hops < 10; hops += 1) {
      if (url.origin !== this.origin) return { url: url.href, status: 0, html: '' };
      const headers = {
        'Accept-Language': this.acceptLanguage,
        Accept: 'text/html',
        Cookie: this.cookieHeader(url),
      };
      const response = await fetch(url, { ...request, headers, redirect: 'manual' });
      for (const cookie of response.headers.getSetCookie()) this.keep(cookie);
      const location = response.headers.get('Location');
      const html = await response.text();
      if (location === null) return { url: url.href, status: response.status, html };
      url = new URL(location, url);
      request = {};
    }
    throw new Error('too many redirects');
  }

  /** Presses a button of the page's form; `filled` is what was typed in. */
  async submit(page: Page, filled: Record<string, string> = {}): Promise<Page> {
    const form = /<form[^>]*method="post"[^>]*>/i.exec(page.html)?.[0];
    if (!form) throw new Error(`no form: ${page.html}`);
    const action = attribute(form, 'action') ?? page.url;
    const body = new URLSearchParams();
    for (const [input] of page.html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
      body.append(attribute(input, 'name') ?? '', attribute(input, 'value') ?? '');
    }
    for (const [name, value] of Object.entries(filled)) body.append(name, value);
    return this.open(new URL(action, page.url).href, { method: 'POST', body });
  }

  private cookieHeader(url: URL): string {
    const sent = [...this.cookies.values()].filter(({ path }) => url.pathname.startsWith(path));
    return sent.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  private keep(header: string): void {
    const [pair = '', ...attributes] = header.split(/;\s*/);
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const path = attributes.find(text => /^path=/i.test(text))?.slice(5) ?? '/';
    const key = `${name} ${path}`;
    if (value === '') this.cookies.delete(key);
    else this.cookies.set(key, { name, value, path });
  }
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return value?.replaceAll('&amp;', '&').replaceAll('&quot;', '"');
}
