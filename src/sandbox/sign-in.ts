import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Provider } from 'oidc-provider';
import type { Account } from '../api/schemas.js';
import { expiredPage, pageLanguage, signInPage } from './pages.js';

/** Where the sign-in page stands below the origin. */
export const signInPath = '/sign-in';

/** The page to which the authorization server sends a browser to ask its user: signing in and consent at once. */
export function createSignIn(provider: Provider, account: Account): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.use(`${signInPath}/*`, async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
    // No form-action: browsers apply it to the redirects after the form too, and those end at the client.
    c.header(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
  });

  app.on(['GET', 'POST'], `${signInPath}/:uid`, async c => {
    const { incoming, outgoing } = c.env;
    const acceptLanguage = c.req.header('Accept-Language');
    const interaction = await provider.interactionDetails(incoming, outgoing).catch(() => undefined);
    if (interaction?.uid !== c.req.param('uid')) {
      return c.html(await expiredPage(pageLanguage(acceptLanguage)), 400);
    }
    const { params } = interaction;
    const scope = String(params['scope'] ?? '');
    const client = await provider.Client.find(String(params['client_id']));
    if (c.req.method === 'GET' || !client) {
      const shown = { client: client?.clientName ?? '', scopes: scope.split(' '), account };
      return c.html(await signInPage(pageLanguage(acceptLanguage, params['ui_locales']), shown));
    }
    const { action } = await c.req.parseBody();
    if (action !== 'allow') {
      const denied = { error: 'access_denied', error_description: 'The user cancelled the sign-in.' };
      return c.redirect(await provider.interactionResult(incoming, outgoing, denied), 303);
    }
    const grant = new provider.Grant({ accountId: account.id, clientId: client.clientId });
    grant.addOIDCScope(scope);
    const result = { login: { accountId: account.id }, consent: { grantId: await grant.save() } };
    return c.redirect(await provider.interactionResult(incoming, outgoing, result), 303);
  });

  return app;
}
