import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { UserManagerSettings } from 'oidc-client-ts';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import type { TestCloud } from '../harness/cloud.ts';

/** The whole app: an unmodified `oidc-client-ts` that the test holds by `window.manager`. */
const SCRIPT = `
  import { UserManager, WebStorageStateStore } from 'oidc-client-ts';
  const settings = await (await fetch('/settings.json')).json();
  window.manager = new UserManager({
    ...settings,
    userStore: new WebStorageStateStore({ store: window.localStorage }),
  });
  if (new URLSearchParams(location.search).has('code')) {
    await window.manager.signinCallback();
    history.replaceState({}, '', '/');
  }
  document.body.dataset.ready = 'yes';
`;

const PAGE =
  '<!doctype html><html lang="en"><title>SPA</title><link rel="icon" href="data:,">' +
  '<body><script type="module" src="/app.js"></script></body></html>';

export interface SinglePageApp {
  readonly url: string;
  /** Set before the page is opened. */
  configure(settings: UserManagerSettings): void;
  close(): Promise<void>;
}

/** A static site on a free loopback port. */
export async function serveSinglePageApp(): Promise<SinglePageApp> {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: import.meta.dirname, loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  let settings: UserManagerSettings | undefined;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://any').pathname;
    if (path === '/app.js') {
      response.setHeader('content-type', 'text/javascript').end(outputFiles[0]?.text);
    } else if (path === '/settings.json') {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(settings));
    } else {
      response.setHeader('content-type', 'text/html').end(PAGE);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    configure: (given) => {
      settings = given;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Makes it an app of the cloud's. */
export async function registerSinglePageApp(cloud: TestCloud, app: SinglePageApp): Promise<void> {
  const scope = 'openid profile email offline_access';
  const client = await cloud.registerClient({
    client_name: 'A single-page app',
    redirect_uris: [app.url],
    post_logout_redirect_uris: [app.url],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
    scope,
  });
  app.configure({
    authority: cloud.issuer,
    client_id: client.client_id,
    redirect_uri: app.url,
    post_logout_redirect_uri: app.url,
    scope,
    loadUserInfo: true,
    revokeTokensOnSignout: true,
  });
}

/** Until the page is the app again, with whatever it came back with read. */
export async function untilReady(page: Page, app: SinglePageApp): Promise<void> {
  await page.waitForURL(app.url);
  await page.waitForSelector('body[data-ready]', { state: 'attached' });
}

const User = z.looseObject({
  access_token: z.string(),
  refresh_token: z.string(),
  profile: z.looseObject({ email: z.string(), sub: z.string() }),
});

/** Whom the app takes for signed in; throws for nobody. */
export async function readUser(page: Page): Promise<z.infer<typeof User>> {
  return User.parse(await page.evaluate('window.manager.getUser()'));
}
