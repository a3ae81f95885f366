import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { UserManagerSettings } from 'oidc-client-ts';

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
